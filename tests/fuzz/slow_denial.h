// The obviously right judge of denials, written from ITERATION.md 3.4 and the
// RFCs and compared with dnswire's. Names are lists of labels from the root on,
// hashes are strings, SHA-1 is that of ldns. Shares no code with dnswire.
#ifndef PTRSWEEP_TESTS_FUZZ_SLOW_DENIAL_H_
#define PTRSWEEP_TESTS_FUZZ_SLOW_DENIAL_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/fuzz/slow_message.h"

namespace fuzz {

// Labels in lower case, the root's first: compares in canonical order.
using SlowLabels = std::vector<std::string>;
// REQUIRES: `wire` is a whole uncompressed name.
SlowLabels SlowLabelsOf(const std::string& wire);

struct SlowNsec {
  SlowLabels owner;
  SlowLabels next;
  std::set<int> types;
};
struct SlowNsec3 {
  SlowLabels zone;
  std::string hash, next, salt;  // octets
  int flags = 0;
  int iterations = 0;
  std::set<int> types;
};

// nullopt where the decoder must refuse the record.
std::optional<SlowNsec> SlowReadNsec(const SlowRecord& record);
std::optional<SlowNsec3> SlowReadNsec3(const SlowRecord& record);

// "none", "not real", "nsec" or "nsec3".
std::string SlowDenial(const SlowMessage& message, const SlowLabels& name,
                       const SlowLabels& zone);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_SLOW_DENIAL_H_
