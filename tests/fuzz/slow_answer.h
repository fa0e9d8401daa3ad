// The obviously right reading of "Outcome" in WIRE.md 3, on a SlowMessage. It
// looks at every record for every name, and says only what a question came to.
#ifndef PTRSWEEP_TESTS_FUZZ_SLOW_ANSWER_H_
#define PTRSWEEP_TESTS_FUZZ_SLOW_ANSWER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/slow_message.h"

namespace fuzz {

// How a question was asked; names uncompressed and in lower case.
struct SlowQuestion {
  std::string name;
  uint16_t type = 0;
  bool iterative = false;
  std::string zone = {};                   // with iterative
  std::vector<std::string> previous = {};  // names met before, each once
};

struct SlowAnswer {
  std::string outcome;              // "data", "nxdomain", ..., "rcode5"
  std::vector<std::string> chain;   // reached by hops
  std::vector<SlowRecord> records;  // with data: of the asked type
};

SlowAnswer SlowResolve(const SlowMessage& message,
                       const SlowQuestion& question);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_SLOW_ANSWER_H_
