// RttHistogram: round trips in buckets that grow by a quarter of a power of
// two, so that a percentile is at most 19 % above the true one.
#ifndef PTRSWEEP_SCANNER_ASKING_RTT_HISTOGRAM_H_
#define PTRSWEEP_SCANNER_ASKING_RTT_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace scanner {

class RttHistogram {
 public:
  void Add(uint32_t rtt_us) {
    ++counts_[BucketOf(rtt_us)];
    ++total_;
  }
  void Merge(const RttHistogram& other) {
    for (size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
  }
  uint64_t total() const { return total_; }
  // The upper end, in microseconds, of the bucket that holds the `percent`-th
  // percentile; 0 without a sample.
  uint32_t Percentile(double percent) const {
    const double rank = static_cast<double>(total_) * percent / 100;
    uint64_t seen = 0;
    for (size_t i = 0; i < kBuckets; ++i) {
      seen += counts_[i];
      if (seen > 0 && static_cast<double>(seen) >= rank) return EndOf(i);
    }
    return 0;
  }

 private:
  static constexpr size_t kBuckets = 128;

  // Bucket 4 e + m holds (4 + m) 2^(e-2) to the next; the first four one each.
  static size_t BucketOf(uint32_t rtt_us) {
    if (rtt_us < 4) return rtt_us;
    const auto exponent = static_cast<uint32_t>(std::bit_width(rtt_us)) - 1;
    const uint32_t quarter = (rtt_us >> (exponent - 2)) & 3;
    return std::min<size_t>(4 * (exponent - 1) + quarter, kBuckets - 1);
  }
  static uint32_t EndOf(size_t bucket) {
    if (bucket < 4) return static_cast<uint32_t>(bucket) + 1;
    const size_t exponent = bucket / 4 + 1;
    const uint64_t end = (bucket % 4 + 5) << (exponent - 2);
    return static_cast<uint32_t>(std::min<uint64_t>(end, UINT32_MAX));
  }

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t total_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_RTT_HISTOGRAM_H_
