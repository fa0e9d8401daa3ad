// NameMarks: what iteration remembers of names that are no zone cuts, by hash,
// for a while. Fixed memory: of four marks in one place the one that ends first
// goes, which costs a query, never correctness.
#ifndef PTRSWEEP_SCANNER_DELEGATION_NAME_MARKS_H_
#define PTRSWEEP_SCANNER_DELEGATION_NAME_MARKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "io/net/time.h"
#include "scanner/upstream/zero_array.h"

namespace scanner {

enum class NameMark : uint8_t {
  kNone,
  kTransparent,  // no zone begins here: its servers answered for below
  kAbsent,       // the root denies it, and all below (RFC 8020)
  kFailed,       // nobody could be asked about it just now
};

class NameMarks {
 public:
  // About `octets` in all.
  explicit NameMarks(size_t octets) : marks_(MarksIn(octets)) {}

  NameMark Find(uint64_t hash, io::TimeNs now) const {
    const Mark* const place = PlaceOf(hash);
    for (size_t i = 0; i < kWays; ++i) {
      if (place[i].hash == hash && place[i].ends_at > now) return place[i].mark;
    }
    return NameMark::kNone;
  }

  void Set(uint64_t hash, NameMark mark, io::TimeNs ends_at) {
    Mark* const place = PlaceOf(hash);
    Mark* taken = std::min_element(
        place, place + kWays,
        [](const Mark& a, const Mark& b) { return a.ends_at < b.ends_at; });
    for (size_t i = 0; i < kWays; ++i) {
      if (place[i].hash == hash) taken = place + i;
    }
    *taken = {.hash = hash, .ends_at = ends_at, .mark = mark};
  }

 private:
  static constexpr size_t kWays = 4;
  struct Mark {
    uint64_t hash = 0;
    io::TimeNs ends_at = 0;
    NameMark mark = NameMark::kNone;
  };

  static size_t MarksIn(size_t octets) {
    size_t places = 1;
    while (2 * places * kWays * sizeof(Mark) <= octets) places *= 2;
    return places * kWays;
  }
  const Mark* PlaceOf(uint64_t hash) const {
    return &marks_[(hash & (marks_.size() / kWays - 1)) * kWays];
  }
  Mark* PlaceOf(uint64_t hash) {
    return &marks_[(hash & (marks_.size() / kWays - 1)) * kWays];
  }

  ZeroArray<Mark> marks_;  // a power of two of places of kWays
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_NAME_MARKS_H_
