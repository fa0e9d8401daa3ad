#include "tools/manual/option_list.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/manual/mdoc.h"
#include "tools/manual/option_words.h"

namespace tools {
namespace {

// An option as some commands have it.
struct SharedOption {
  const OptionForm* option;
  std::vector<std::string> commands;
};
struct Section {
  std::string heading;
  std::vector<SharedOption> options;
};

bool SaysTheSame(const OptionForm& a, const OptionForm& b) {
  return a.flags == b.flags && a.placeholder == b.placeholder &&
         a.help == b.help;
}

Section* SectionOf(const std::string& heading, std::vector<Section>* sections) {
  for (Section& section : *sections) {
    if (section.heading == heading) return &section;
  }
  return &sections->emplace_back(Section{.heading = heading});
}

// CLI11's name for what has no heading.
bool IsUngrouped(const OptionForm& option) {
  return option.group == "Options" || option.group == "OPTIONS";
}

// To an option that says the same, whatever its heading, or as a new one.
void Add(const CommandForm& command, const OptionForm& option,
         std::vector<Section>* sections) {
  for (Section& section : *sections) {
    for (SharedOption& shared : section.options) {
      if (!SaysTheSame(*shared.option, option)) continue;
      shared.commands.push_back(command.name);
      return;
    }
  }
  SectionOf(IsUngrouped(option) ? "Others" : option.group, sections)
      ->options.push_back({&option, {command.name}});
}

std::vector<Section> Sections(std::span<const CommandForm> commands) {
  std::vector<Section> sections;
  for (const CommandForm& command : commands) {
    for (const OptionForm& option : command.options) {
      if (!IsUngrouped(option)) Add(command, option, &sections);
    }
  }
  for (const CommandForm& command : commands) {
    for (const OptionForm& option : command.options) {
      if (IsUngrouped(option)) Add(command, option, &sections);
    }
  }
  return sections;
}

std::string OptionItem(const SharedOption& shared) {
  std::vector<std::string> flags;
  for (const std::string& flag : FlagsOf(*shared.option)) {
    flags.push_back(absl::StrCat("Fl ", flag.substr(1)));
  }
  std::string item = absl::StrCat(".It ", absl::StrJoin(flags, " , "));
  if (!shared.option->placeholder.empty()) {
    absl::StrAppend(&item, " Ar ", MdocArgument(shared.option->placeholder));
  }
  return absl::StrCat(item, "\n", MdocText(shared.option->help), ".Pq ",
                      absl::StrJoin(shared.commands, ", "), "\n");
}

std::string Operands(const CommandForm& command) {
  std::string text;
  for (const OperandForm& operand : command.operands) {
    absl::StrAppend(&text, operand.required ? ".Ar " : ".Op Ar ",
                    MdocArgument(operand.name), operand.repeats ? " ..." : "",
                    "\n");
  }
  return text;
}

}  // namespace

std::string SynopsisLines(std::span<const CommandForm> commands) {
  std::string text;
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, ".Nm\n.Cm ", MdocArgument(command.name),
                    "\n.Op Ar options\n", Operands(command));
  }
  return text;
}

std::string CommandList(std::span<const CommandForm> commands) {
  std::string text = ".Bl -tag -width Ds\n";
  for (const CommandForm& command : commands) {
    absl::StrAppend(&text, ".It Cm ", MdocArgument(command.name), "\n",
                    MdocText(absl::StrCat(command.description, ".")));
    for (const OperandForm& operand : command.operands) {
      absl::StrAppend(&text, ".Ar ", MdocArgument(operand.name), " :\n",
                      MdocText(absl::StrCat(operand.help, ".")));
    }
  }
  return text + ".El\n";
}

std::string OptionList(std::span<const CommandForm> commands) {
  std::string text;
  for (const Section& section : Sections(commands)) {
    absl::StrAppend(&text, ".Ss ", section.heading, "\n.Bl -tag -width Ds\n");
    for (const SharedOption& option : section.options) {
      text += OptionItem(option);
    }
    text += ".El\n";
  }
  return text;
}

}  // namespace tools
