#include "io/formats/row_batch.h"

#include <cstring>
#include <optional>
#include <type_traits>

namespace io {

void RowBatch::Append(const Row& row) {
  const auto copy = [this](std::optional<dnswire::NameView>& name) {
    if (name) name = Copy(*name);
  };
  Row& own = rows_.emplace_back(row);
  own.ptr = Copy(row.ptr);
  own.confirmed = Copy(row.confirmed);
  own.forward = CopyForward(row.forward);
  copy(own.zone);
  copy(own.zone_mname);
  copy(own.zone_rname);
  own.label = Copy(row.label);
  own.expected = Copy(row.expected);
}

void RowBatch::Clear() {
  rows_.clear();
  large_.clear();
  blocks_used_ = 0;
  used_ = 0;
}

void* RowBatch::Allocate(size_t size, size_t alignment) {
  if (size > kBlockOctets) {
    large_.push_back(std::make_unique_for_overwrite<uint8_t[]>(size));
    return large_.back().get();
  }
  size_t start = (used_ + alignment - 1) / alignment * alignment;
  if (blocks_used_ == 0 || start + size > kBlockOctets) {
    if (blocks_used_ == blocks_.size()) {
      blocks_.push_back(
          std::make_unique_for_overwrite<uint8_t[]>(kBlockOctets));
    }
    ++blocks_used_;
    start = 0;
  }
  used_ = start + size;
  return blocks_[blocks_used_ - 1].get() + start;
}

template <typename T>
std::span<T> RowBatch::AllocateArray(size_t count) {
  static_assert(std::is_trivially_destructible_v<T>);
  return {static_cast<T*>(Allocate(count * sizeof(T), alignof(T))), count};
}

template <typename T>
std::span<const T> RowBatch::Copy(std::span<const T> values) {
  if (values.empty()) return {};
  const std::span<T> own = AllocateArray<T>(values.size());
  std::uninitialized_copy(values.begin(), values.end(), own.begin());
  return own;
}

std::span<const ForwardItem> RowBatch::CopyForward(
    std::span<const ForwardItem> items) {
  if (items.empty()) return {};
  const std::span<ForwardItem> own = AllocateArray<ForwardItem>(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    new (&own[i]) ForwardItem(items[i]);
    own[i].name = Copy(items[i].name);
    own[i].addresses = Copy(items[i].addresses);
  }
  return own;
}

dnswire::NameView RowBatch::Copy(dnswire::NameView name) {
  return dnswire::NameView::FromValidWire(Copy(name.wire()));
}

dnswire::NameListView RowBatch::Copy(dnswire::NameListView names) {
  return {Copy(names.packed()), names.size()};
}

absl::string_view RowBatch::Copy(absl::string_view text) {
  const std::span<const char> own =
      Copy(std::span<const char>(text.data(), text.size()));
  return {own.data(), own.size()};
}

}  // namespace io
