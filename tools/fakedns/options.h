// The command line of fakedns.
#ifndef PTRSWEEP_TOOLS_FAKEDNS_OPTIONS_H_
#define PTRSWEEP_TOOLS_FAKEDNS_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tests/support/disturbances.h"

namespace fakedns {

struct Options {
  uint16_t port = 0;  // 0: one of the kernel's choice
  uint64_t seed = 0;
  bool list = false;
  bool help = false;
  bool tcp = true;
  std::chrono::seconds run_time{600};
  testing_support::Disturbances disturbances;
};

// What --help prints.
extern const char kUsage[];

// The options, or what is wrong with them.
std::variant<Options, std::string> ParseOptions(
    const std::vector<std::string>& arguments);

}  // namespace fakedns

#endif  // PTRSWEEP_TOOLS_FAKEDNS_OPTIONS_H_
