// Command lines of the measuring tools: `--name VALUE` and `--name`, each with
// the variable that it sets.
#ifndef PTRSWEEP_BENCH_SUPPORT_OPTIONS_H_
#define PTRSWEEP_BENCH_SUPPORT_OPTIONS_H_

#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"

namespace bench {

struct Option {
  absl::string_view name;                              // with its dashes
  std::variant<bool*, uint32_t*, std::string*> value;  // bool: takes no VALUE
};

// Sets what argv says. False for an option that is not in `options`, lacks its
// VALUE, or wants a number and has none.
bool ParseOptions(int argc, char** argv, std::span<const Option> options);

}  // namespace bench

#endif  // PTRSWEEP_BENCH_SUPPORT_OPTIONS_H_
