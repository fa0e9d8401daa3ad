#include "tools/options/environment.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/formats/carried_text.h"

namespace tools {
namespace {

constexpr absl::string_view kPrefix = "PTRSWEEP_";

std::pair<absl::string_view, absl::string_view> Split(const char* entry) {
  return absl::StrSplit(entry, absl::MaxSplits('=', 1));
}

std::vector<OptionText> TextsOf(const Option& option, absl::string_view name,
                                absl::string_view value) {
  std::vector<OptionText> texts;
  const std::string origin(name);
  if (!IsList(option.kind)) {
    texts.emplace_back(std::string(value), origin);
    return texts;
  }
  for (const absl::string_view part : absl::StrSplit(value, ',')) {
    texts.emplace_back(std::string(part), origin);
  }
  return texts;
}

absl::Status CheckUnknown(absl::string_view variable,
                          std::span<const Option> options) {
  const Option* meant = NearestOption(options, variable.substr(kPrefix.size()));
  if (meant == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(io::CarriedText(variable), ": no such option; did you mean ",
                   meant->variable(), "?"));
}

}  // namespace

std::optional<absl::string_view> FindVariable(const char* const* environment,
                                              absl::string_view name) {
  for (; *environment != nullptr; ++environment) {
    const auto [variable, value] = Split(*environment);
    if (variable == name && !value.empty()) return value;
  }
  return std::nullopt;
}

absl::Status ReadEnvironment(const char* const* environment,
                             std::span<const Option> options) {
  absl::Status status;
  for (; *environment != nullptr; ++environment) {
    const auto [variable, value] = Split(*environment);
    if (!absl::StartsWith(variable, kPrefix) || value.empty()) continue;
    const auto option = std::find_if(
        options.begin(), options.end(),
        [name = variable](const Option& o) { return o.variable() == name; });
    if (option == options.end()) {
      status.Update(CheckUnknown(variable, options));
    } else {
      status.Update(Assign(*option, TextsOf(*option, variable, value)));
    }
  }
  return status;
}

}  // namespace tools
