// The order of rows within a row group: by ip_key.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"

namespace io {

// An address as a 128-bit number, IPv4 as ::ffff:a.b.c.d.
absl::uint128 IpKey(const dnswire::IpAddress& address);

// Sorts what was added by IpKey(). Radix sort by those octets in which the keys
// differ: three passes for a /8, sixteen at worst. What is moved is a word of
// the key and the entry's number: 8 octets, a mebioctet for a row group.
class KeyOrder {
 public:
  // REQUIRES: fewer than 2^32 are added.
  void Add(const dnswire::IpAddress& address, uint32_t value);
  // The values, those of equal keys in their order, and begins anew. Valid
  // until the next call.
  std::span<const uint32_t> Sort();

 private:
  static constexpr size_t kWords = 4;
  using Key = std::array<uint32_t, kWords>;  // the lowest word first
  struct Entry {
    uint32_t word;
    uint32_t number;
  };
  // Sorts entries_, which are numbers in an order so far, by that word.
  void SortByWord(size_t word);
  // From entries_ into sorted_ by one octet of the word, and swaps the two.
  void SortByOctet(int shift);

  std::vector<Key> keys_;         // by number
  std::vector<uint32_t> values_;  // the same
  Key differs_ = {};              // bits that are not the same in all
  std::vector<Entry> entries_;
  std::vector<Entry> sorted_;
  std::vector<uint32_t> order_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_ORDER_H_
