#include "io/parquet/parquet_order.h"

namespace io {

absl::uint128 IpKey(const dnswire::IpAddress& address) {
  if (!address.is_v4()) return address.value();
  return uint64_t{0xffff} << 32 | address.v4();
}

void KeyOrder::Add(const dnswire::IpAddress& address, uint32_t value) {
  const absl::uint128 key = IpKey(address);
  const uint64_t low = absl::Uint128Low64(key);
  const uint64_t high = absl::Uint128High64(key);
  keys_.push_back({static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32),
                   static_cast<uint32_t>(high),
                   static_cast<uint32_t>(high >> 32)});
  values_.push_back(value);
  for (size_t word = 0; word < kWords; ++word) {
    differs_[word] |= keys_.back()[word] ^ keys_.front()[word];
  }
}

std::span<const uint32_t> KeyOrder::Sort() {
  entries_.resize(keys_.size());
  sorted_.resize(keys_.size());
  for (size_t i = 0; i < keys_.size(); ++i) {
    entries_[i].number = static_cast<uint32_t>(i);
  }
  for (size_t word = 0; word < kWords; ++word) {
    if (differs_[word] != 0) SortByWord(word);
  }
  order_.clear();
  for (const Entry& entry : entries_) order_.push_back(values_[entry.number]);
  keys_.clear();
  values_.clear();
  differs_ = {};
  return order_;
}

void KeyOrder::SortByWord(size_t word) {
  for (Entry& entry : entries_) entry.word = keys_[entry.number][word];
  for (int shift = 0; shift < 32; shift += 8) {
    if ((differs_[word] >> shift & 0xff) != 0) SortByOctet(shift);
  }
}

void KeyOrder::SortByOctet(int shift) {
  std::array<uint32_t, 257> starts = {};
  for (const Entry& entry : entries_) {
    ++starts[(entry.word >> shift & 0xff) + 1];
  }
  for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  for (const Entry& entry : entries_) {
    sorted_[starts[entry.word >> shift & 0xff]++] = entry;
  }
  entries_.swap(sorted_);
}

}  // namespace io
