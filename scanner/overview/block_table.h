// BlockTable: rows counted by block (/24, IPv6 /48), in bounded memory, and for
// not too many IPv4 blocks the status of every address.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_BLOCK_TABLE_H_
#define PTRSWEEP_SCANNER_OVERVIEW_BLOCK_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "scanner/overview/tally.h"

namespace scanner {

inline constexpr int kBlockLengthV4 = 24;
inline constexpr int kBlockLengthV6 = 48;

// The addresses of a /24, a nibble each, the even one in the low half: 0 is no
// row, else the status' number plus 1.
class BlockGrid {
 public:
  static constexpr size_t kOctets = 128;

  void Set(uint8_t last_octet, io::Status status) {
    uint8_t& pair = nibbles_[last_octet / 2];
    const auto code = static_cast<uint8_t>(static_cast<uint8_t>(status) + 1);
    pair = last_octet % 2 == 0
               ? static_cast<uint8_t>((pair & 0xf0) | code)
               : static_cast<uint8_t>((pair & 0x0f) | code << 4);
  }
  uint8_t Code(uint8_t last_octet) const {
    const uint8_t pair = nibbles_[last_octet / 2];
    return last_octet % 2 == 0 ? pair & 0x0f : pair >> 4;
  }
  const std::array<uint8_t, kOctets>& nibbles() const { return nibbles_; }

 private:
  std::array<uint8_t, kOctets> nibbles_{};
};

struct Block {
  dnswire::IpPrefix prefix;
  Tally tally;
  BlockGrid grid;  // of IPv4, while has_grids()
};

class BlockTable {
 public:
  // More blocks of a family than this, and they are joined: by four in IPv4, so
  // that a Hilbert map stays one, by sixteen in IPv6.
  static constexpr size_t kMaxBlocks = 65536;
  // More than this, and their grids are given up: two million addresses.
  static constexpr size_t kMaxGrids = 8192;

  explicit BlockTable(dnswire::Family family)
      : length_(family == dnswire::Family::kV4 ? kBlockLengthV4
                                               : kBlockLengthV6),
        step_(family == dnswire::Family::kV4 ? 2 : 4),
        has_grids_(family == dnswire::Family::kV4) {}

  // REQUIRES: an address of the family.
  void Add(const dnswire::IpAddress& address, const Judged& row);
  // Ascending. Called last.
  void Sort();

  const std::vector<Block>& blocks() const { return blocks_; }
  int length() const { return length_; }
  bool has_grids() const { return has_grids_; }

 private:
  Block* Find(const dnswire::IpAddress& address);
  void Join();

  int length_;
  int step_;
  bool has_grids_;
  std::vector<Block> blocks_;
  absl::flat_hash_map<dnswire::IpAddress, uint32_t> index_;  // by first address
  uint32_t last_ = 0;  // rows come block by block, often
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_BLOCK_TABLE_H_
