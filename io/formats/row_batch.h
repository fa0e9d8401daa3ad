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

// Not thread-safe; passed from hand to hand. Keeps its memory over Clear().
class RowBatch {
 public:
  RowBatch() = default;
  RowBatch(const RowBatch&) = delete;
  RowBatch& operator=(const RowBatch&) = delete;

  // Copies the row and all it borrows, except label and expected, which must
  // outlive the batch (they belong to the label table).
  void Append(const Row& row);
  std::span<const Row> rows() const { return rows_; }
  size_t size() const { return rows_.size(); }
  void Clear();

 private:
  // Uninitialised octets for `size`, at a multiple of `alignment`, that stay
  // where they are until Clear().
  void* Allocate(size_t size, size_t alignment);
  template <typename T>
  std::span<const T> Copy(std::span<const T> values);
  dnswire::NameView Copy(dnswire::NameView name);

  static constexpr size_t kBlockOctets = 64 << 10;

  std::vector<Row> rows_;
  std::vector<std::unique_ptr<uint8_t[]>> blocks_;  // kBlockOctets each
  std::vector<std::unique_ptr<uint8_t[]>> large_;   // freed by Clear()
  size_t block_ = 0;  // in use
  size_t used_ = 0;   // of it
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_BATCH_H_
