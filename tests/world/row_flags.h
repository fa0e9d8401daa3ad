// The flags of a row (VERDICTS.md 4).
#ifndef PTRSWEEP_TESTS_WORLD_ROW_FLAGS_H_
#define PTRSWEEP_TESTS_WORLD_ROW_FLAGS_H_

#include <set>
#include <string>

#include "tests/world/findings.h"
#include "tests/world/judgement.h"

namespace world {

std::set<std::string> FlagsOf(const Case& subject, const Findings& findings,
                              const std::string& status);

// `name` is what the label file expects (VERDICTS.md 8).
bool MatchesExpected(const std::string& expected, const std::string& name);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ROW_FLAGS_H_
