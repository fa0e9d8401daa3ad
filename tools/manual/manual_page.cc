#include "tools/manual/manual_page.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "io/formats/row.h"
#include "io/formats/status.h"
#include "scanner/advice/cause_text.h"
#include "scanner/advice/flag_text.h"
#include "scanner/audit/zone_verdict.h"
#include "scanner/verdict/actor.h"
#include "scanner/verdict/severity.h"
#include "scanner/walk/finding.h"
#include "tools/manual/mdoc.h"
#include "tools/manual/option_list.h"
#include "tools/report/finding_rows.h"
#include "tools/report/walk_summary.h"
#include "tools/report/zone_rows.h"

namespace tools {
namespace {

using Names = std::vector<std::string>;

// What the template must explain, each name by a line.
struct Vocabulary {
  absl::string_view word;  // behind @
  Names unexplained;
};

template <typename Value>
Names NamesOf(size_t count, absl::string_view (*name)(Value)) {
  Names names;
  for (size_t i = 0; i < count; ++i) {
    const absl::string_view text = name(static_cast<Value>(i));
    if (!text.empty()) names.emplace_back(text);
  }
  return names;
}

std::vector<Vocabulary> Vocabularies() {
  return {{"status", NamesOf(io::kStatusCount, io::StatusName)},
          {"verdict",
           NamesOf(scanner::kZoneVerdictCount, scanner::ZoneVerdictName)}};
}

std::string Severity(const io::Row& row, absl::string_view profile) {
  return std::string(scanner::SeverityName(
      scanner::RowSeverity(row, *scanner::ParseProfile(profile))));
}

// Who acts on a status, and what each profile makes of it.
std::string StatusNote(io::Status status) {
  io::Row row{.status = status};
  std::string hosting = Severity(row, "hosting");
  const std::string mail = Severity(row, "mail");
  const std::string infra = Severity(row, "infra");
  row.label = "-";
  const std::string labelled = Severity(row, "hosting");
  if (labelled != hosting) {
    hosting = absl::StrCat(labelled, ", without a label ", hosting);
  }
  const std::string severity = mail == hosting && mail == infra
                                   ? mail
                                   : absl::StrCat("mail ", mail, ", hosting ",
                                                  hosting, ", infra ", infra);
  return absl::StrCat(". Acts: ", scanner::WhoActs(status),
                      ". Severity: ", severity, ".");
}

std::string ListItem(absl::string_view name, absl::string_view text) {
  return absl::StrCat(".It Cm ", MdocArgument(name), "\n", MdocText(text));
}

std::string Capital(absl::string_view text) {
  return absl::StrCat(absl::AsciiStrToUpper(text.substr(0, 1)),
                      text.substr(std::min(text.size(), size_t{1})));
}

std::string ColumnList(std::span<const io::Column> columns) {
  std::string text = ".Bl -tag -width Ds\n";
  for (const io::Column& column : columns) {
    absl::StrAppend(&text, ".It Va ", MdocArgument(column.name), "\n",
                    MdocText(absl::StrCat(column.doc, ".")));
  }
  return text + ".El\n";
}

// Fills one template.
class PageFiller {
 public:
  explicit PageFiller(std::span<const CommandForm> commands)
      : commands_(commands), vocabularies_(Vocabularies()) {}

  // What stands for the line; nullopt: it is not understood.
  std::optional<std::string> Fill(absl::string_view line);

  // What is wrong in the end.
  Names Faults() const;

 private:
  std::optional<std::string> Columns(absl::string_view table) const;
  std::string Causes();
  std::string Flags();
  static std::string Kinds();
  std::optional<std::string> Item(absl::string_view word,
                                  absl::string_view name,
                                  absl::string_view text);

  std::span<const CommandForm> commands_;
  std::vector<Vocabulary> vocabularies_;
  Names faults_;
};

std::optional<std::string> PageFiller::Columns(absl::string_view table) const {
  if (table == "rows") return ColumnList(io::Columns());
  if (table == "zones") return ColumnList(ZoneColumns());
  if (table == "findings") return ColumnList(FindingColumns());
  return std::nullopt;
}

std::string PageFiller::Causes() {
  const scanner::CauseContext any = {.name = "the name in question"};
  std::string text = ".Bl -tag -width Ds\n";
  for (size_t i = 0; i < io::kCauseCount; ++i) {
    const auto cause = static_cast<io::Cause>(i);
    const absl::string_view name = io::CauseName(cause);
    if (name.empty()) continue;
    const std::string meaning = scanner::CauseText(cause, any);
    if (meaning.empty()) {
      faults_.push_back(absl::StrCat("no text of cause ", name));
    }
    absl::StrAppend(
        &text, ListItem(name, absl::StrCat(Capital(meaning), ". ",
                                           scanner::CauseFix(cause, any))));
  }
  return text + ".El\n";
}

std::string PageFiller::Flags() {
  std::string text = ".Bl -tag -width Ds\n";
  for (const io::Flag flag : io::FlagsByName()) {
    const absl::string_view name = io::FlagName(flag);
    const absl::string_view meaning = scanner::FlagPhrase(name);
    if (meaning.empty()) {
      faults_.push_back(absl::StrCat("no text of flag ", name));
    }
    absl::StrAppend(&text, ListItem(name, absl::StrCat(Capital(meaning), ".")));
  }
  return text + ".El\n";
}

std::string PageFiller::Kinds() {
  std::string text = ".Bl -tag -width Ds\n";
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const auto kind = static_cast<scanner::FindingKind>(i);
    absl::StrAppend(&text,
                    ListItem(scanner::FindingKindName(kind),
                             absl::StrCat(Capital(FindingMeaning(kind)), ".")));
  }
  return text + ".El\n";
}

std::optional<std::string> PageFiller::Item(absl::string_view word,
                                            absl::string_view name,
                                            absl::string_view text) {
  for (Vocabulary& vocabulary : vocabularies_) {
    if (vocabulary.word != word) continue;
    const auto found = std::find(vocabulary.unexplained.begin(),
                                 vocabulary.unexplained.end(), name);
    if (found == vocabulary.unexplained.end()) {
      faults_.push_back(absl::StrCat("a line for ", word, " ", name));
      return "";
    }
    vocabulary.unexplained.erase(found);
    const auto status = io::ParseStatus(name);
    const std::string note = word == "status" ? StatusNote(*status) : ".";
    return ListItem(name, absl::StrCat(text, note));
  }
  return std::nullopt;
}

std::optional<std::string> PageFiller::Fill(absl::string_view line) {
  if (line == "@synopsis") return SynopsisLines(commands_);
  if (line == "@commands") return CommandList(commands_);
  if (line == "@options") return OptionList(commands_);
  if (line == "@causes") return Causes();
  if (line == "@flags") return Flags();
  if (line == "@kinds") return Kinds();
  const std::vector<std::string> words =
      absl::StrSplit(line.substr(1), absl::MaxSplits(' ', 2));
  if (words.size() == 2 && words[0] == "columns") return Columns(words[1]);
  if (words.size() < 3) return std::nullopt;
  return Item(words[0], words[1], words[2]);
}

Names PageFiller::Faults() const {
  Names names = faults_;
  for (const Vocabulary& vocabulary : vocabularies_) {
    for (const std::string& name : vocabulary.unexplained) {
      names.push_back(absl::StrCat("no line for ", vocabulary.word, " ", name));
    }
  }
  return names;
}

}  // namespace

absl::StatusOr<Page> ManualPage(absl::string_view page_template,
                                std::span<const CommandForm> commands) {
  PageFiller filler(commands);
  Page page;
  for (const absl::string_view line :
       absl::StrSplit(page_template, '\n', absl::SkipEmpty())) {
    if (line[0] != '@') {
      absl::StrAppend(&page.text, line, "\n");
      continue;
    }
    const auto filled = filler.Fill(line);
    if (!filled) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", line, "' is not understood"));
    }
    page.text += *filled;
  }
  page.faults = filler.Faults();
  return page;
}

}  // namespace tools
