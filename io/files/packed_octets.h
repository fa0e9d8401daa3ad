// Numbers and texts as the journal stores them: little-endian, each text behind
// its size. What one side puts the other takes, in the same order.
#ifndef PTRSWEEP_IO_FILES_PACKED_OCTETS_H_
#define PTRSWEEP_IO_FILES_PACKED_OCTETS_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace io {

class OctetPacker {
 public:
  template <std::unsigned_integral T>
  void Put(T value) {
    for (size_t i = 0; i < sizeof value; ++i) {
      octets_.push_back(static_cast<char>(value >> (8 * i)));
    }
  }
  void Put128(absl::uint128 value) {
    Put(absl::Uint128Low64(value));
    Put(absl::Uint128High64(value));
  }
  // 7 bits an octet, the low ones first, bit 7 set if more follow: an octet for
  // what is below 128.
  void PutShort(absl::uint128 value) {
    for (; value >= 0x80; value >>= 7) {
      octets_.push_back(static_cast<char>(absl::Uint128Low64(value) | 0x80));
    }
    octets_.push_back(static_cast<char>(absl::Uint128Low64(value)));
  }
  void PutRaw(absl::string_view octets) {
    octets_.append(octets.data(), octets.size());
  }
  // REQUIRES: fewer than 2^32 octets.
  void PutText(absl::string_view octets) {
    Put(static_cast<uint32_t>(octets.size()));
    PutRaw(octets);
  }
  const std::string& octets() const { return octets_; }

 private:
  std::string octets_;
};

// Once something is missing, everything is zero or empty, and ok() is false.
class OctetTaker {
 public:
  explicit OctetTaker(absl::string_view octets) : left_(octets) {}

  template <std::unsigned_integral T>
  T Take() {
    const absl::string_view octets = TakeRaw(sizeof(T));
    T value = 0;
    for (size_t i = octets.size(); i > 0; --i) {
      value = static_cast<T>(uint64_t{value} << 8 |
                             static_cast<uint8_t>(octets[i - 1]));
    }
    return value;
  }
  absl::uint128 Take128() {
    const auto low = Take<uint64_t>();
    return absl::MakeUint128(Take<uint64_t>(), low);
  }
  absl::uint128 TakeShort() {
    absl::uint128 value = 0;
    for (int shift = 0; ok_; shift += 7) {
      const auto octet = Take<uint8_t>();
      const absl::uint128 bits = octet & 0x7f;
      if (shift > 126 || ((bits << shift) >> shift) != bits) ok_ = false;
      if (!ok_) return 0;
      value |= bits << shift;
      if (octet < 0x80) break;
    }
    return value;
  }
  absl::string_view TakeRaw(size_t octets) {
    if (octets > left_.size()) ok_ = false;
    if (!ok_) return {};
    const absl::string_view taken = left_.substr(0, octets);
    left_.remove_prefix(octets);
    return taken;
  }
  absl::string_view TakeText() { return TakeRaw(Take<uint32_t>()); }

  bool ok() const { return ok_; }
  size_t left() const { return left_.size(); }
  // All was there, and nothing is left.
  bool IsDone() const { return ok_ && left_.empty(); }

 private:
  absl::string_view left_;
  bool ok_ = true;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_PACKED_OCTETS_H_
