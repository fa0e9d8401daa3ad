// ParquetStatistics: the smallest and the largest value of a column chunk
// (parquet.thrift, Statistics.min_value and max_value).
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_STATISTICS_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_STATISTICS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

// Longer values are given as bounds of at most so many octets.
inline constexpr size_t kMaxStatisticOctets = 64;

struct ParquetBound {
  std::string octets;
  bool exact = true;  // is_min_value_exact, is_max_value_exact
};

// Bounds of text: at most kMaxStatisticOctets, valid UTF-8 if `text` is.
ParquetBound LowerBound(absl::string_view text);
// nullopt if no text of that length is above `text`.
std::optional<ParquetBound> UpperBound(absl::string_view text);

// <0, 0, >0 in bytewise order; for texts that are short and have much in
// common.
inline int CompareOctets(absl::string_view a, absl::string_view b) {
  const size_t common = a.size() < b.size() ? a.size() : b.size();
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= common; at += sizeof(uint64_t)) {
    uint64_t left;
    uint64_t right;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    if (left == right) continue;
    return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
  }
  return a.substr(at).compare(b.substr(at));
}

// Of octets in bytewise order.
class OctetsRange {
 public:
  void Add(absl::string_view value);
  bool empty() const { return empty_; }
  const std::string& min() const { return min_; }
  const std::string& max() const { return max_; }
  void Clear() { *this = {}; }

 private:
  bool empty_ = true;
  std::string min_;
  std::string max_;
};

// Of signed numbers.
class NumberRange {
 public:
  void Add(int64_t value) {
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
  }
  bool empty() const { return min_ > max_; }
  int64_t min() const { return min_; }
  int64_t max() const { return max_; }
  void Clear() { *this = {}; }

 private:
  int64_t min_ = INT64_MAX;
  int64_t max_ = INT64_MIN;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_STATISTICS_H_
