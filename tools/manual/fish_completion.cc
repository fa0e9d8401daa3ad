#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/manual/completion.h"
#include "tools/manual/option_words.h"

namespace tools {
namespace {

constexpr char kBegin[] = R"(# fish completion for ptrsweep
complete -c ptrsweep -f
complete -c ptrsweep -n __fish_use_subcommand -s h -l help -d 'Print this help message and exit'
complete -c ptrsweep -n __fish_use_subcommand -l version -d 'Display program version information and exit'
)";

std::string Quoted(const std::string& text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// Flags of `complete` for such a value.
std::string Action(const ValueForm& value) {
  const std::string words = absl::StrJoin(value.words, " ");
  switch (value.kind) {
    case ValueKind::kNone:
      break;
    case ValueKind::kOther:
      return " -x";
    case ValueKind::kWords:
      return absl::StrCat(" -x -a ", Quoted(words));
    case ValueKind::kList:  // what is behind the last comma is completed
      return absl::StrCat(
          " -x -a ", Quoted(absl::StrCat("(__fish_append , ", words, ")")));
    case ValueKind::kFile:
      return " -r -F";
    case ValueKind::kFolder:
      return " -x -a '(__fish_complete_directories)'";
  }
  return "";
}

std::string CommandLines(const CommandForm& command) {
  std::string text =
      absl::StrCat("complete -c ptrsweep -n __fish_use_subcommand -a ",
                   command.name, " -d ", Quoted(command.description), "\n");
  const std::string begin =
      absl::StrCat("complete -c ptrsweep -n '__fish_seen_subcommand_from ",
                   command.name, "'");
  for (const OptionForm& option : command.options) {
    absl::StrAppend(&text, begin);
    for (const std::string& flag : FlagsOf(option)) {
      const bool is_long = flag.substr(0, 2) == "--";
      absl::StrAppend(&text, is_long ? " -l " : " -s ",
                      flag.substr(is_long ? 2 : 1));
    }
    absl::StrAppend(&text, Action(ValueOf(command, option)), " -d ",
                    Quoted(ShortHelp(option.help)), "\n");
  }
  for (const OperandForm& operand : command.operands) {
    const ValueForm value = ValueOf(operand);
    if (value.kind == ValueKind::kOther) continue;
    absl::StrAppend(&text, begin,
                    value.kind == ValueKind::kFile ? " -F" : Action(value),
                    "\n");
  }
  return text;
}

}  // namespace

std::string FishCompletion(std::span<const CommandForm> commands) {
  std::string text = kBegin;
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, CommandLines(command));
  }
  return text;
}

}  // namespace tools
