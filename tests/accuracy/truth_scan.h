// A scan of Truth's world by the real binary, compared with the truth.
#ifndef PTRSWEEP_TESTS_ACCURACY_TRUTH_SCAN_H_
#define PTRSWEEP_TESTS_ACCURACY_TRUTH_SCAN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/sockets.h"
#include "tests/support/truth.h"
#include "tests/support/truth_check.h"

namespace testing_support {

inline constexpr int kExitComplete = 0;
inline constexpr int kExitIncomplete = 3;

struct TruthScanOptions {
  uint32_t addresses = 0;  // from 10.0.0.0 on
  std::vector<std::string> arguments = {};
  // As in ProgramOptions.
  std::function<void(int pid)> running = nullptr;
  std::chrono::seconds limit{120};
};

struct TruthScan {
  ProgramResult result;
  TruthCounts counts;
  std::string examples;                      // of wrong rows
  std::map<std::string, uint64_t> counters;  // of the summary, by name
  double seconds = 0;
};

// Prints what came of it. Expects a row for each address and no other.
TruthScan ScanTruth(const Truth& truth, const SocketAddress& resolver,
                    const TruthScanOptions& options);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_ACCURACY_TRUTH_SCAN_H_
