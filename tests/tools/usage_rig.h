// The program as a user calls it, and what it says of a mistake.
#ifndef PTRSWEEP_TESTS_TOOLS_USAGE_RIG_H_
#define PTRSWEEP_TESTS_TOOLS_USAGE_RIG_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace tools {

inline constexpr char kPtrsweep[] = PTRSWEEP_BINARY;

inline testing_support::ProgramResult Ptrsweep(
    std::vector<std::string> arguments,
    const testing_support::ProgramOptions& options = {}) {
  arguments.insert(arguments.begin(), kPtrsweep);
  return testing_support::RunProgram(arguments, options);
}

inline void ExpectOneLine(const std::string& text, const std::string& culprit) {
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_THAT(text, testing::StartsWith("ptrsweep: "));
  EXPECT_THAT(text, testing::HasSubstr(culprit));
}

}  // namespace tools

#endif  // PTRSWEEP_TESTS_TOOLS_USAGE_RIG_H_
