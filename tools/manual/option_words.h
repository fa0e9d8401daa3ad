// What the value of an option or an operand can be, as far as a shell can
// complete it.
#ifndef PTRSWEEP_TOOLS_MANUAL_OPTION_WORDS_H_
#define PTRSWEEP_TOOLS_MANUAL_OPTION_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/options/command_line.h"

namespace tools {

enum class ValueKind : uint8_t {
  kNone,   // takes no value
  kOther,  // a number, an address: nothing to offer
  kWords,  // one of `words`
  kList,   // some of them, joined by commas
  kFile,
  kFolder,
};

struct ValueForm {
  ValueKind kind = ValueKind::kOther;
  std::vector<std::string> words;
};

// Of an option of the command.
ValueForm ValueOf(const CommandForm& command, const OptionForm& option);
ValueForm ValueOf(const OperandForm& operand);

// "-t,--targets" taken apart; the long one is last.
std::vector<std::string> FlagsOf(const OptionForm& option);

// The help without what follows its first semicolon or colon: a menu has a
// line for it.
std::string ShortHelp(const std::string& help);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_MANUAL_OPTION_WORDS_H_
