// RowBatch: rows on their way to the writer, with everything they point to.
#ifndef PTRSWEEP_IO_FORMATS_ROW_BATCH_H_
#define PTRSWEEP_IO_FORMATS_ROW_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "io/formats/row.h"

namespace io {

// Not thread-safe; passed from hand to hand. What the rows point to lies in
// blocks that are filled from front to back and kept over Clear(), so a batch
// that is used again and again stops allocating.
class RowBatch {
 public:
  RowBatch() = default;
  RowBatch(const RowBatch&) = delete;
  RowBatch& operator=(const RowBatch&) = delete;

  // A new row, to be filled in in its place: a copy of so many small fields
  // waits for each of them. It belongs to the batch once Own() has copied what
  // it borrows.
  Row* Add() { return &rows_.emplace_back(); }
  void Own();
  // Copies the row and all it borrows.
  void Append(const Row& row) {
    rows_.push_back(row);
    Own();
  }
  // Valid until the next row or Clear(); what the rows point to, until Clear().
  std::span<const Row> rows() const { return rows_; }
  size_t size() const { return rows_.size(); }
  // Octets of memory that the rows take, about.
  size_t octets() const {
    return rows_.size() * sizeof(Row) + blocks_used_ * kBlockOctets +
           large_octets_;
  }
  void Clear();

 private:
  // Uninitialised octets, aligned for a ForwardItem, that stay where they are
  // until Clear().
  uint8_t* Allocate(size_t size);

  static constexpr size_t kBlockOctets = 64 << 10;
  static constexpr size_t kAlignment = alignof(ForwardItem);

  std::vector<Row> rows_;
  std::vector<std::unique_ptr<uint8_t[]>> blocks_;  // kBlockOctets each
  std::vector<std::unique_ptr<uint8_t[]>> large_;   // freed by Clear()
  size_t blocks_used_ = 0;  // the last of them is being filled
  size_t used_ = 0;         // octets of that one
  size_t large_octets_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_BATCH_H_
