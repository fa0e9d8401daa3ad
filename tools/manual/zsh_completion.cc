#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/manual/completion.h"
#include "tools/manual/option_words.h"

namespace tools {
namespace {

constexpr char kBegin[] = R"(#compdef ptrsweep

_ptrsweep() {
  local curcontext=$curcontext state line
  local -A opt_args
  _arguments -C \
    '(- *)'{-h,--help}'[Print this help message and exit]' \
    '(- *)--version[Display program version information and exit]' \
    '1:command:->command' '*::argument:->argument' && return
  case $state in
    command)
      local -a commands=(
)";

constexpr char kMiddle[] = R"(      )
      _describe -t commands command commands
      ;;
    argument)
      curcontext=${curcontext%:*}-$words[1]:
      case $words[1] in
)";

constexpr char kEnd[] = R"(      esac
      ;;
  esac
}

_ptrsweep "$@"
)";

// Inside single quotes, in a specification of _arguments: brackets end the
// explanation, colons its parts.
std::string Quoted(const std::string& text) {
  return absl::StrReplaceAll(text, {{"'", "'\\''"},
                                    {"\\", "\\\\"},
                                    {"[", "\\["},
                                    {"]", "\\]"},
                                    {":", "\\:"}});
}

// What completes such a value, after its name and a colon.
std::string Action(const ValueForm& value) {
  switch (value.kind) {
    case ValueKind::kNone:
    case ValueKind::kOther:
      break;
    case ValueKind::kWords:
      return absl::StrCat("(", absl::StrJoin(value.words, " "), ")");
    case ValueKind::kList:
      return absl::StrCat("_values -s , word ",
                          absl::StrJoin(value.words, " "));
    case ValueKind::kFile:
      return "_files";
    case ValueKind::kFolder:
      return "_files -/";
  }
  return "()";  // a blank here would keep options from being inserted
}

// One argument of _arguments: '(-t
// --targets)'{-t+,--targets=}'[help]:FILE:...'.
std::string OptionSpec(const CommandForm& command, const OptionForm& option) {
  const ValueForm value = ValueOf(command, option);
  std::vector<std::string> flags = FlagsOf(option);
  const std::string all = absl::StrJoin(flags, " ");
  if (value.kind != ValueKind::kNone) {
    for (std::string& flag : flags) {
      flag += flag.substr(0, 2) == "--" ? "=" : "+";
    }
  }
  const std::string alternatives =
      flags.size() == 1 ? flags[0]
                        : absl::StrCat("{", absl::StrJoin(flags, ","), "}");
  std::string spec =
      absl::StrCat(option.repeats ? "'*'" : absl::StrCat("'(", all, ")'"),
                   alternatives, "'[", Quoted(ShortHelp(option.help)), "]");
  if (value.kind != ValueKind::kNone) {
    absl::StrAppend(&spec, ":", Quoted(option.placeholder), ":", Action(value));
  }
  return spec + "'";
}

std::string CommandCase(const CommandForm& command) {
  std::string text =
      absl::StrCat("        ", command.name, ")\n          _arguments -s -S");
  for (const OptionForm& option : command.options) {
    absl::StrAppend(&text, " \\\n            ", OptionSpec(command, option));
  }
  for (const OperandForm& operand : command.operands) {
    absl::StrAppend(&text, " \\\n            '", operand.repeats ? "*" : "",
                    ":", operand.name, ":", Action(ValueOf(operand)), "'");
  }
  absl::StrAppend(&text, "\n          ;;\n");
  return text;
}

}  // namespace

std::string ZshCompletion(std::span<const CommandForm> commands) {
  std::string text = kBegin;
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, "        '", command.name, ":",
                    Quoted(command.description), "'\n");
  }
  absl::StrAppend(&text, kMiddle);
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, CommandCase(command));
  }
  absl::StrAppend(&text, kEnd);
  return text;
}

}  // namespace tools
