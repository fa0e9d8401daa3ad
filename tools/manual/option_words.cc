#include "tools/manual/option_words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "io/formats/status.h"
#include "scanner/audit/zone_verdict.h"
#include "scanner/review/difference.h"
#include "scanner/verdict/severity.h"
#include "scanner/walk/finding.h"

namespace tools {
namespace {

using Texts = std::vector<std::string>;

// What options take, of one command or of every command that has them; of
// others the help may list the words.
struct OptionWords {
  absl::string_view command;  // empty: of each
  absl::string_view flag;
  Texts words;
};
const OptionWords kWords[] = {
    {"explain", "--format", {"text", "json"}},
    {"report", "--format", {"html", "text"}},
    {"", "--prune", {"verify", "trust", "off"}},
    {"", "--transport", {"auto", "4", "6"}},
    {"", "--cookies", {"auto", "on", "off"}},
    {"", "--case-random", {"auto", "on", "off"}},
    {"", "--offload", {"auto", "gso", "none"}},
};

Texts Statuses() {
  Texts words;
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    words.emplace_back(io::StatusName(static_cast<io::Status>(i)));
  }
  return words;
}

Texts ZoneFailWords() {
  Texts words = {"warn", "crit"};
  for (size_t i = 0; i < scanner::kZoneVerdictCount; ++i) {
    words.emplace_back(
        scanner::ZoneVerdictName(static_cast<scanner::ZoneVerdict>(i)));
  }
  for (size_t i = 0; i < scanner::kZoneFlagCount; ++i) {
    words.emplace_back(
        scanner::ZoneFlagName(static_cast<scanner::ZoneFlag>(i)));
  }
  return words;
}

Texts ChangeWords() {
  Texts words;
  for (size_t i = 0; i < scanner::kChangeCount; ++i) {
    const auto change = static_cast<scanner::Change>(i);
    if (change == scanner::Change::kSame) continue;  // nothing to be told of
    words.emplace_back(scanner::ChangeName(change));
  }
  return words;
}

Texts FailWordsOf(absl::string_view command) {
  if (command == "zones") return ZoneFailWords();
  if (command == "diff") return ChangeWords();
  Texts words;
  for (const absl::string_view word : scanner::FailWords()) {
    words.emplace_back(word);
  }
  if (command != "walk") return words;
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const absl::string_view kind =
        scanner::FindingKindName(static_cast<scanner::FindingKind>(i));
    // `undelegated` is a status too.
    if (std::find(words.begin(), words.end(), kind) == words.end()) {
      words.emplace_back(kind);
    }
  }
  return words;
}

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char octet) {
    return absl::ascii_islower(static_cast<unsigned char>(octet));
  });
}

// Of "csv, ndjson or parquet; default: ..." and of "What it means: mail,
// hosting or infra (mail)" the words; none of anything else.
Texts WordsInHelp(absl::string_view help) {
  help = help.substr(0, std::min(help.find("; "), help.find(" (")));
  const size_t colon = help.rfind(": ");
  if (colon != absl::string_view::npos) help.remove_prefix(colon + 2);
  const size_t last = help.rfind(" or ");
  if (last == absl::string_view::npos) return {};
  Texts words = absl::StrSplit(help.substr(0, last), ", ");
  words.emplace_back(help.substr(last + 4));
  if (!std::all_of(words.begin(), words.end(), IsWord)) return {};
  return words;
}

ValueKind KindOf(absl::string_view placeholder) {
  if (placeholder.empty()) return ValueKind::kNone;
  if (placeholder == "DIR") return ValueKind::kFolder;
  if (placeholder == "FILE" || placeholder == "PATH") return ValueKind::kFile;
  return ValueKind::kOther;
}

}  // namespace

ValueForm ValueOf(const CommandForm& command, const OptionForm& option) {
  const std::string flag = FlagsOf(option).back();
  if (flag == "--fail-on") {
    return {.kind = ValueKind::kList, .words = FailWordsOf(command.name)};
  }
  if (flag == "--where") return {.kind = ValueKind::kList, .words = Statuses()};
  for (const OptionWords& each : kWords) {
    if (each.flag == flag &&
        (each.command.empty() || each.command == command.name)) {
      return {.kind = ValueKind::kWords, .words = each.words};
    }
  }
  Texts words = WordsInHelp(option.help);
  if (!words.empty()) {
    return {.kind = ValueKind::kWords, .words = std::move(words)};
  }
  return {.kind = KindOf(option.placeholder)};
}

ValueForm ValueOf(const OperandForm& operand) {
  if (operand.name == "target") return {};
  return {.kind =
              operand.name == "folder" ? ValueKind::kFolder : ValueKind::kFile};
}

std::vector<std::string> FlagsOf(const OptionForm& option) {
  return absl::StrSplit(option.flags, ',');
}

std::string ShortHelp(const std::string& help) {
  return help.substr(0, std::min(help.find("; "), help.find(": ")));
}

}  // namespace tools
