// Runs a program as a user would: arguments, standard input, what it prints,
// how it ends.
#ifndef PTRSWEEP_TESTS_SUPPORT_PROGRAM_H_
#define PTRSWEEP_TESTS_SUPPORT_PROGRAM_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace testing_support {

struct ProgramResult {
  int exit_code = -1;  // 128 and the signal, if one ended it
  std::string out;
  std::string err;
};

struct ProgramOptions {
  std::string in;           // standard input
  std::string stdout_path;  // instead of ProgramResult::out
  // Called in the parent once the program runs, with its pid.
  std::function<void(int pid)> running;
  // The program is killed after this, and the test fails.
  std::chrono::seconds limit{60};
};

// `command`: program path and arguments.
ProgramResult RunProgram(const std::vector<std::string>& command,
                         const ProgramOptions& options = {});

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_PROGRAM_H_
