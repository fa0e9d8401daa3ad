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

// Of octets in bytewise order.
class OctetsRange {
 public:
  void Add(absl::string_view value) {
    const uint64_t prefix = Prefix(value);
    if (prefix <= min_prefix_ || prefix >= max_prefix_) Widen(value, prefix);
  }
  bool empty() const { return empty_; }
  const std::string& min() const { return min_; }
  const std::string& max() const { return max_; }
  void Clear() { *this = {}; }

 private:
  // The first eight octets as a number: its order is that of the values, but
  // for those that are equal in it.
  static uint64_t Prefix(absl::string_view value) {
    uint64_t prefix = 0;
    if (value.size() >= sizeof prefix) {
      std::memcpy(&prefix, value.data(), sizeof prefix);
    } else {
      std::memcpy(&prefix, value.data(), value.size());
    }
    return __builtin_bswap64(prefix);
  }
  void Widen(absl::string_view value, uint64_t prefix);

  bool empty_ = true;
  uint64_t min_prefix_ = UINT64_MAX;
  uint64_t max_prefix_ = 0;
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
