// The DNS messages of Truth's world, fast: no allocation, no library.
//
// It answers as a recursive resolver would that knows all: names of its world,
// negatives with the SOA of the zone (/24 in reverse, example.net forward), SOA
// at those apexes, NS at the root; NXDOMAIN with the root's SOA for all else.
// What is no sound query gets what a name server gives it.
#ifndef PTRSWEEP_TESTS_SUPPORT_TRUTH_REPLY_H_
#define PTRSWEEP_TESTS_SUPPORT_TRUTH_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "tests/support/truth.h"

namespace testing_support {

// No reply is longer.
inline constexpr size_t kMaxTruthReply = 640;

// Writes the reply to `query` and returns its size; 0 for what gets none: too
// short for a header, or a response. REQUIRES: out.size() >= kMaxTruthReply.
size_t MakeTruthReply(const Truth& truth, std::span<const uint8_t> query,
                      std::span<uint8_t> out);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_TRUTH_REPLY_H_
