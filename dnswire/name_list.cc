#include "dnswire/name_list.h"

#include <algorithm>
#include <cstring>

namespace dnswire {

NameView NameListView::operator[](size_t index) const {
  Iterator it = begin();
  while (index-- > 0) ++it;
  return *it;
}

bool NameListView::Contains(NameView name) const {
  return std::any_of(begin(), end(),
                     [name](NameView other) { return other.Equals(name); });
}

void NameList::Add(NameView name) {
  const size_t at = packed_.size();
  packed_.resize(at + 1 + name.size());
  packed_[at] = static_cast<uint8_t>(name.size());
  std::memcpy(&packed_[at + 1], name.wire().data(), name.size());
  ++count_;
}

void NameList::SortUnique(Sorter* sorter) {
  if (count_ < 2) return;
  sorter->packed_.assign(packed_.begin(), packed_.end());
  const NameListView old_view(sorter->packed_, count_);
  std::vector<NameView>& names = sorter->names_;
  names.assign(old_view.begin(), old_view.end());
  std::sort(names.begin(), names.end(),
            [](NameView a, NameView b) { return a.CompareText(b) < 0; });
  const auto end =
      std::unique(names.begin(), names.end(),
                  [](NameView a, NameView b) { return a.Equals(b); });
  Clear();
  std::for_each(names.begin(), end, [this](NameView name) { Add(name); });
}

void NameList::Truncate(size_t count) {
  size_t end = 0;
  for (size_t i = 0; i < count; ++i) end += size_t{1} + packed_[end];
  packed_.resize(end);
  count_ = count;
}

void NameList::Free() {
  packed_ = std::vector<uint8_t>();
  count_ = 0;
}

}  // namespace dnswire
