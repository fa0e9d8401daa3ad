#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/manual/completion.h"
#include "tools/manual/option_words.h"

namespace tools {
namespace {

// The last word of a list is what is being written. bash has taken
// --option=value apart, at "=".
constexpr char kBegin[] = R"(# bash completion for ptrsweep
_ptrsweep_words() {
  local before=
  if [[ $1 == list && $current == *,* ]]; then before=${current%,*},; fi
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$2" -- "${current##*,}")
}

_ptrsweep_paths() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_ptrsweep() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' word
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
)";

constexpr char kEnd[] = R"(}
complete -F _ptrsweep ptrsweep
)";

// What completes such a value; empty: nothing is offered.
std::string Action(const ValueForm& value) {
  switch (value.kind) {
    case ValueKind::kNone:
    case ValueKind::kOther:
      break;
    case ValueKind::kWords:
      return absl::StrCat("_ptrsweep_words one '",
                          absl::StrJoin(value.words, " "), "'");
    case ValueKind::kList:
      return absl::StrCat("_ptrsweep_words list '",
                          absl::StrJoin(value.words, " "), "'");
    case ValueKind::kFile:
      return "_ptrsweep_paths -f";
    case ValueKind::kFolder:
      return "_ptrsweep_paths -d";
  }
  return "";
}

// The values of a command's options.
std::string ValueCases(const CommandForm& command) {
  std::string text;
  for (const OptionForm& option : command.options) {
    const ValueForm value = ValueOf(command, option);
    if (value.kind == ValueKind::kNone) continue;
    const std::string action = Action(value);
    absl::StrAppend(&text, "        ", absl::StrJoin(FlagsOf(option), " | "),
                    ") ", action, action.empty() ? "" : "; ", "return ;;\n");
  }
  return text;
}

std::string CommandCase(const CommandForm& command) {
  std::vector<std::string> flags;
  for (const OptionForm& option : command.options) {
    for (std::string& flag : FlagsOf(option)) flags.push_back(std::move(flag));
  }
  std::string text =
      absl::StrCat("    ", command.name, ")\n      case $previous in\n",
                   ValueCases(command), "      esac\n");
  absl::StrAppend(&text, "      if [[ $current == -* ]]; then\n",
                  "        _ptrsweep_words one '", absl::StrJoin(flags, " "),
                  "'\n");
  const std::string operands =
      command.operands.empty() ? "" : Action(ValueOf(command.operands[0]));
  if (!operands.empty()) {
    absl::StrAppend(&text, "      else\n        ", operands, "\n");
  }
  absl::StrAppend(&text, "      fi\n      ;;\n");
  return text;
}

}  // namespace

std::string BashCompletion(std::span<const CommandForm> commands) {
  std::vector<std::string> names = {"--help", "--version"};
  for (const CommandForm& command : commands) names.push_back(command.name);
  std::string text = absl::StrCat(kBegin, "  case $command in\n",
                                  "    '') _ptrsweep_words one '",
                                  absl::StrJoin(names, " "), "' ;;\n");
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, CommandCase(command));
  }
  absl::StrAppend(&text, "  esac\n", kEnd);
  return text;
}

}  // namespace tools
