// The options of ptrsweep, each defined once: the command line, the environment
// and the configuration file are read by this table, and the help is made of
// it.
//
//   --max-in-flight 64          command line: the long flag
//   PTRSWEEP_MAX_IN_FLIGHT=64   environment: in capitals, _ instead of -
//   max-in-flight = 64          configuration file: the same name
//
// Values stay text, with where they were written; what they mean, and their
// limits, is scan_config's business.
#ifndef PTRSWEEP_TOOLS_OPTIONS_OPTION_TABLE_H_
#define PTRSWEEP_TOOLS_OPTIONS_OPTION_TABLE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/options/arguments.h"

namespace tools {

// What the configuration file must hold: text is a string, a number has no
// quotes, a list is an array of strings. The command line and the environment
// join the values of a list by commas.
enum class OptionKind : uint8_t {
  kFlag,
  kNumber,
  kText,
  kNumberOrText,
  kList,
  kNumberOrList,  // a list whose elements may be numbers, or one number
};
inline bool IsList(OptionKind kind) {
  return kind == OptionKind::kList || kind == OptionKind::kNumberOrList;
}

// Which commands have an option, each a bit: targets has those that say what to
// look at.
enum OptionUse : uint8_t {
  kUseScan = 1,
  kUseTargets = 2,
  kUseZones = 4,
  kUseWalk = 8,
  kUseExplain = 16,
  kUseCheck = 32,
};

struct Option {
  const char* flags;  // "-t,--targets": the long one is last
  OptionKind kind;
  const char* placeholder;  // of its value, in the help
  std::variant<bool*, OptionText*, std::vector<OptionText>*> value;
  const char* help;
  const char* group = "";    // heading of the help
  unsigned uses = kUseScan;  // of OptionUse

  // "targets": the name everywhere.
  absl::string_view name() const;
  // "PTRSWEEP_TARGETS".
  std::string variable() const;
};

// All options, by their groups, with the fields of *arguments they go into.
std::vector<Option> OptionsOf(ScanArguments* arguments);

// nullptr if there is no such option.
const Option* FindOption(std::span<const Option> options,
                         absl::string_view name);
// The option that was probably meant, if one is near: a letter or two are wrong
// in a word, or _ stands for -.
const Option* NearestOption(std::span<const Option> options,
                            absl::string_view name);

// The options that a command has, as given, all others at their default: what
// the environment or a configuration file says for other commands is not
// heeded.
ScanArguments OnlyOf(const ScanArguments& given, OptionUse use);

// "true" or "false".
std::optional<bool> ParseFlag(absl::string_view text);

// Gives the option what was written for it, instead of what it had: one text,
// for a list any number. Errors: a flag that is neither true nor false.
absl::Status Assign(const Option& option, std::vector<OptionText> texts);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_OPTION_TABLE_H_
