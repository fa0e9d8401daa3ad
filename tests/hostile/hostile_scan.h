// Scans of all classes of misbehaviour: one server and one run of the binary
// for each group, all at the same time.
#ifndef PTRSWEEP_TESTS_HOSTILE_HOSTILE_SCAN_H_
#define PTRSWEEP_TESTS_HOSTILE_HOSTILE_SCAN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/support/misbehaviours.h"
#include "tests/support/program.h"

namespace hostile {

using Classes = std::vector<testing_support::Misbehaviour>;

struct GroupScan {
  std::string group;
  std::vector<size_t> classes;  // by index
  testing_support::ProgramResult result;
};

// `format` as in --format. Fails the test if a run takes too long.
std::vector<GroupScan> ScanAllGroups(const Classes& classes,
                                     const std::string& format);

}  // namespace hostile

#endif  // PTRSWEEP_TESTS_HOSTILE_HOSTILE_SCAN_H_
