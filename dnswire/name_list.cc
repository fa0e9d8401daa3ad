#include "dnswire/name_list.h"

#include <algorithm>

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
  packed_.push_back(static_cast<uint8_t>(name.size()));
  packed_.insert(packed_.end(), name.wire().begin(), name.wire().end());
  ++count_;
}

void NameList::SortUnique() {
  if (count_ < 2) return;
  const std::vector<uint8_t> old = packed_;
  const NameListView old_view(old, count_);
  std::vector<NameView> names(old_view.begin(), old_view.end());
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

void NameList::ShrinkTo(size_t octets) {
  if (packed_.capacity() <= octets) return;
  packed_ = std::vector<uint8_t>();
  count_ = 0;
}

}  // namespace dnswire
