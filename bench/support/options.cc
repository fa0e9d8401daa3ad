#include "bench/support/options.h"

#include <algorithm>
#include <optional>

#include "io/number.h"

namespace bench {
namespace {

bool SetValue(const Option& option, absl::string_view text) {
  if (auto* const* const out = std::get_if<std::string*>(&option.value)) {
    **out = std::string(text);
    return true;
  }
  const std::optional<uint64_t> number = io::ParseUnsigned(text, UINT32_MAX);
  if (!number) return false;
  *std::get<uint32_t*>(option.value) = static_cast<uint32_t>(*number);
  return true;
}

}  // namespace

bool ParseOptions(int argc, char** argv, std::span<const Option> options) {
  for (int i = 1; i < argc; ++i) {
    const absl::string_view name = argv[i];
    const auto option = std::ranges::find(options, name, &Option::name);
    if (option == options.end()) return false;
    if (bool* const* const flag = std::get_if<bool*>(&option->value)) {
      **flag = true;
    } else if (++i == argc || !SetValue(*option, argv[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace bench
