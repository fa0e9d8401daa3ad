#include "io/parquet/parquet_order.h"

#include <array>
#include <cstddef>

namespace io {

absl::uint128 IpKey(const dnswire::IpAddress& address) {
  if (!address.is_v4()) return address.value();
  return uint64_t{0xffff} << 32 | address.v4();
}

void KeyOrder::Add(const dnswire::IpAddress& address, uint32_t value) {
  const absl::uint128 key = IpKey(address);
  entries_.push_back(
      {absl::Uint128High64(key), absl::Uint128Low64(key), value});
  high_differs_ |= entries_.back().high ^ entries_.front().high;
  low_differs_ |= entries_.back().low ^ entries_.front().low;
}

std::span<const uint32_t> KeyOrder::Sort() {
  sorted_.resize(entries_.size());
  for (int shift = 0; shift < 64; shift += 8) {
    if ((low_differs_ >> shift & 0xff) != 0) SortByOctet<&Entry::low>(shift);
  }
  for (int shift = 0; shift < 64; shift += 8) {
    if ((high_differs_ >> shift & 0xff) != 0) SortByOctet<&Entry::high>(shift);
  }
  order_.clear();
  for (const Entry& entry : entries_) order_.push_back(entry.value);
  entries_.clear();
  high_differs_ = low_differs_ = 0;
  return order_;
}

template <uint64_t KeyOrder::Entry::*kHalf>
void KeyOrder::SortByOctet(int shift) {
  std::array<uint32_t, 257> starts = {};
  for (const Entry& entry : entries_) {
    ++starts[(entry.*kHalf >> shift & 0xff) + 1];
  }
  for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  for (const Entry& entry : entries_) {
    sorted_[starts[entry.*kHalf >> shift & 0xff]++] = entry;
  }
  entries_.swap(sorted_);
}

}  // namespace io
