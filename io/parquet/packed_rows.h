// PackedRows: the rows of a row group until they are sorted.
//
// They are written in the order in which they came and read in that of their
// addresses, each from another place, so what counts is how many cache lines a
// row takes. A Row of a RowBatch takes five, and two to four for what it
// borrows; here one of an address with a name takes three, in one piece:
//
//   head, a Forward for each name looked up, their addresses, the packed names
//   of ptr and of confirmed, forward names, zone, zone_mname, zone_rname,
//   label, expected
//
// Blocks are huge pages if the kernel has some: with small ones every row read
// is a miss of the TLB, a tenth of what a row costs.
//
// What is the same again is left out: confirmed if it is ptr, the i-th forward
// name if it is the i-th of ptr. Servers are few, and numbered.
#ifndef PTRSWEEP_IO_PARQUET_PACKED_ROWS_H_
#define PTRSWEEP_IO_PARQUET_PACKED_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "io/formats/row.h"
#include "io/net/endpoint.h"

namespace io {

class PackedRows {
 public:
  // Which row; of the value nothing else is said.
  using Handle = uint32_t;

  PackedRows() = default;
  PackedRows(const PackedRows&) = delete;
  PackedRows& operator=(const PackedRows&) = delete;

  // Copies the row and all it borrows.
  Handle Append(const Row& row);
  size_t size() const { return size_; }
  // Octets of memory that the rows take.
  size_t octets() const { return octets_; }
  // Puts a row together. Valid until the next call; what it borrows, until
  // Clear().
  const Row& Get(Handle handle);
  // Says that Get() will be called soon.
  void Prefetch(Handle handle) const;
  // The memory stays.
  void Clear();

 private:
  struct Head;
  struct Forward {
    uint32_t address_count;
    ForwardOutcome outcome;
    Cause cause;
    uint8_t name_octets;  // 0: that of ptr
  };
  class Writer;
  class Reader;

  // A handle is a block's number and a place in it, in units of kAlignment.
  static constexpr size_t kBlockOctets = 2 << 20;
  static constexpr size_t kAlignment = 8;
  static constexpr int kPlaceBits = 18;

  struct Free {
    void operator()(uint8_t* octets) const;
  };
  struct Block {
    explicit Block(size_t wanted);

    size_t size;  // a multiple of kBlockOctets
    std::unique_ptr<uint8_t, Free> octets;
  };

  Head HeadOf(const Row& row);
  // Into packed_forward_; the octets that forward takes.
  size_t PackForward(const Row& row);
  void TakeForward(const Head& head, Reader* reader);
  Handle Allocate(size_t size);
  uint8_t* At(Handle handle) const {
    constexpr Handle kPlaces = (Handle{1} << kPlaceBits) - 1;
    return blocks_[handle >> kPlaceBits].octets.get() +
           kAlignment * (handle & kPlaces);
  }
  uint32_t NumberOf(const Endpoint& server);

  std::vector<Block> blocks_;
  size_t blocks_used_ = 0;  // the last of them is being filled
  size_t used_ = 0;         // octets of that one
  size_t octets_ = 0;
  size_t size_ = 0;
  std::vector<Endpoint> servers_;

  std::vector<Forward> packed_forward_;  // of Append()
  Row row_;                              // of Get()
  std::vector<ForwardItem> forward_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PACKED_ROWS_H_
