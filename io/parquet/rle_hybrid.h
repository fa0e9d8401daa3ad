// The RLE / bit-packing hybrid of Parquet (parquet-format, Encodings.md), for
// levels and for indices into a dictionary:
//
//   run        = varint(count << 1), value in ceil(width / 8) octets
//   bit-packed = varint(groups << 1 | 1), groups of 8 values of `width` bits,
//                lowest bit first; the last group filled up with zeros
//
// Example, width 1: ten times 1, then 0 1 0 is 14 01 03 02.
#ifndef PTRSWEEP_IO_PARQUET_RLE_HYBRID_H_
#define PTRSWEEP_IO_PARQUET_RLE_HYBRID_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace io {

// Bits that the values 0..max take.
int BitWidth(uint32_t max);

class RleEncoder {
 public:
  void Add(uint32_t value) {
    if (value != value_) EndRun(value);
    ++run_;
  }
  // Appends all that was added, `width` (1 to 32) bits a value, and begins
  // anew.
  void Finish(int width, std::string* out);
  // Calls `take(value)` with all that was added, in order, and begins anew.
  template <typename Take>
  void TakeAll(Take take) {
    EndRun(0);
    size_t at = 0;
    for (const Stretch& stretch : stretches_) {
      for (uint32_t i = 0; i < stretch.count; ++i) {
        take(stretch.literal ? literals_[at++] : stretch.value);
      }
    }
    Discard();
  }
  // Begins anew.
  void Discard();

 private:
  // A stretch: `count` times `value`, or that many of literals_.
  struct Stretch {
    uint32_t count;
    uint32_t value;
    bool literal;
  };
  void EndRun(uint32_t next);
  void AddLiterals(uint32_t count, uint32_t value);

  uint32_t value_ = 0;
  uint32_t run_ = 0;
  std::vector<Stretch> stretches_;
  std::vector<uint32_t> literals_;
};

// Appends exactly `count` values of `width` (0 to 32) bits to *out, which are
// at most `max`. False if `octets` does not hold them; what follows them is
// not looked at.
template <typename T>
bool DecodeRle(absl::string_view octets, int width, size_t count, uint32_t max,
               std::vector<T>* out);

extern template bool DecodeRle(absl::string_view, int, size_t, uint32_t,
                               std::vector<uint8_t>*);
extern template bool DecodeRle(absl::string_view, int, size_t, uint32_t,
                               std::vector<uint32_t>*);

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_RLE_HYBRID_H_
