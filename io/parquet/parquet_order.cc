#include "io/parquet/parquet_order.h"

#include <array>
#include <cstddef>

namespace io {

absl::uint128 IpKey(const dnswire::IpAddress& address) {
  if (!address.is_v4()) return address.value();
  return uint64_t{0xffff} << 32 | address.v4();
}

std::span<const uint32_t> KeyOrder::Sort(std::span<const Row> rows) {
  entries_.clear();
  sorted_.resize(rows.size());
  uint64_t high_differs = 0;
  uint64_t low_differs = 0;
  for (const Row& row : rows) {
    const absl::uint128 key = IpKey(row.ip);
    const auto index = static_cast<uint32_t>(entries_.size());
    entries_.push_back(
        {absl::Uint128High64(key), absl::Uint128Low64(key), index});
    high_differs |= entries_.back().high ^ entries_.front().high;
    low_differs |= entries_.back().low ^ entries_.front().low;
  }
  for (int shift = 0; shift < 64; shift += 8) {
    if ((low_differs >> shift & 0xff) != 0) SortByOctet<&Entry::low>(shift);
  }
  for (int shift = 0; shift < 64; shift += 8) {
    if ((high_differs >> shift & 0xff) != 0) SortByOctet<&Entry::high>(shift);
  }
  order_.clear();
  for (const Entry& entry : entries_) order_.push_back(entry.index);
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
