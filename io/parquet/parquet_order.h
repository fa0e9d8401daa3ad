// The order of rows within a row group: by ip_key.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "io/formats/row.h"

namespace io {

// An address as a 128-bit number, IPv4 as ::ffff:a.b.c.d.
absl::uint128 IpKey(const dnswire::IpAddress& address);

// Sorts rows by IpKey(). Radix sort by those octets in which the keys differ:
// three passes for a /8, sixteen at worst.
class KeyOrder {
 public:
  // Places in `rows`, those of equal keys in their order. Valid until the next
  // call.
  std::span<const uint32_t> Sort(std::span<const Row> rows);

 private:
  struct Entry {
    uint64_t high;
    uint64_t low;
    uint32_t index;
  };
  // Sorts from entries_ into sorted_ by one octet, and swaps the two.
  template <uint64_t Entry::*kHalf>
  void SortByOctet(int shift);

  std::vector<Entry> entries_;
  std::vector<Entry> sorted_;
  std::vector<uint32_t> order_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
