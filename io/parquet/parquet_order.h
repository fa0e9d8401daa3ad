// The order of rows within a row group: by ip_key.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"

namespace io {

// An address as a 128-bit number, IPv4 as ::ffff:a.b.c.d.
absl::uint128 IpKey(const dnswire::IpAddress& address);

// Sorts what was added by IpKey(). Radix sort by those octets in which the keys
// differ: three passes for a /8, sixteen at worst.
class KeyOrder {
 public:
  void Add(const dnswire::IpAddress& address, uint32_t value);
  // The values, those of equal keys in their order, and begins anew. Valid
  // until the next call.
  std::span<const uint32_t> Sort();

 private:
  struct Entry {
    uint64_t high;
    uint64_t low;
    uint32_t value;
  };
  // Sorts from entries_ into sorted_ by one octet, and swaps the two.
  template <uint64_t Entry::*kHalf>
  void SortByOctet(int shift);

  std::vector<Entry> entries_;
  std::vector<Entry> sorted_;
  std::vector<uint32_t> order_;
  uint64_t high_differs_ = 0;
  uint64_t low_differs_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
