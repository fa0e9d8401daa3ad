#include "scanner/verdict/severity.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/formats/carried_text.h"
#include "io/nearest_word.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;
using io::FlagSet;
using io::Row;
using io::Status;

constexpr FlagSet SetOf(std::initializer_list<Flag> flags) {
  FlagSet set;
  for (const Flag flag : flags) set.Add(flag);
  return set;
}

// Flags that are warn whatever else the row says. The unusable ones, generic
// and unexpected_name have rules of their own; all others are info.
constexpr FlagSet kWarnFlags = SetOf(
    {Flag::kMultiplePtr, Flag::kExcessPtr, Flag::kUnderscore,
     Flag::kPlaceholderName, Flag::kProviderDefault, Flag::kForwardPartial,
     Flag::kPrivateForward, Flag::kLoopbackForward, Flag::kAaaaUnconfirmed});

// The same, in profile infra too. Unusable ones are crit on a bad_name row,
// where the status says so itself, by profile.
FlagSet LastingWarnFlags() {
  FlagSet flags = AllUnusableFlags();
  flags.Add(Flag::kResolverDisagree);
  return flags;
}

// One line of the table in VERDICTS.md 2. `unlabelled`: hosting, an address
// without a label.
struct StatusSeverities {
  Severity mail;
  Severity labelled;
  Severity unlabelled;
  Severity infra;
};

constexpr StatusSeverities Alike(Severity severity) {
  return {severity, severity, severity, severity};
}

constexpr StatusSeverities SeveritiesOf(Status status) {
  switch (status) {
    case Status::kPass:
      return Alike(Severity::kOk);
    case Status::kSkipped:
    case Status::kUnconfirmed:
      return Alike(Severity::kInfo);
    case Status::kReverseTimeout:
    case Status::kReverseError:
    case Status::kForwardError:
      return Alike(Severity::kWarn);
    case Status::kUndelegated:
    case Status::kNoPtr:
      return {Severity::kCrit, Severity::kCrit, Severity::kInfo,
              Severity::kWarn};
    case Status::kBadName:
    case Status::kMismatch:
    case Status::kNoForward:
      break;
  }
  return {Severity::kCrit, Severity::kCrit, Severity::kWarn, Severity::kWarn};
}

Severity ByProfile(const StatusSeverities& severities, bool labelled,
                   Profile profile) {
  switch (profile) {
    case Profile::kHosting:
      return labelled ? severities.labelled : severities.unlabelled;
    case Profile::kInfra:
      return severities.infra;
    case Profile::kMail:
      break;
  }
  return severities.mail;
}

bool IsWithoutPtr(Status status) {
  return status == Status::kUndelegated || status == Status::kNoPtr;
}

Severity FlagsSeverity(const Row& row, Profile profile) {
  if (row.flags.empty()) return Severity::kOk;
  const Severity warn =
      profile == Profile::kInfra ? Severity::kInfo : Severity::kWarn;
  Severity severity = Severity::kInfo;
  const bool plain_generic =
      row.flags.Has(Flag::kGeneric) && !row.flags.Has(Flag::kMailName);
  if (plain_generic || row.flags.HasAny(kWarnFlags)) {
    severity = std::max(severity, warn);
  }
  if (row.flags.HasAny(LastingWarnFlags())) {
    severity = std::max(severity, Severity::kWarn);
  }
  if (row.flags.Has(Flag::kUnexpectedName)) {
    const bool none_wanted = row.expected == "-";
    severity =
        std::max(severity, none_wanted ? Severity::kWarn : Severity::kCrit);
  }
  return severity;
}

absl::Status UnknownWord(absl::string_view word) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", io::ShownText(word),
      "\" is no status, flag, \"warn\" or \"crit\"; ", "did you mean \"",
      io::NearestWord(word, FailWords()), "\"?"));
}

}  // namespace

std::optional<Profile> ParseProfile(absl::string_view name) {
  if (name == "mail") return Profile::kMail;
  if (name == "hosting") return Profile::kHosting;
  if (name == "infra") return Profile::kInfra;
  return std::nullopt;
}

absl::string_view SeverityName(Severity severity) {
  constexpr absl::string_view kNames[] = {"ok", "info", "warn", "crit"};
  return kNames[static_cast<size_t>(severity)];
}

Severity StatusSeverity(const Row& row, Profile profile) {
  constexpr FlagSet kNotHosts = SetOf({Flag::kEdgeAddress, Flag::kLocalZone});
  if (IsWithoutPtr(row.status)) {
    if (row.expected == "-") return Severity::kOk;
    if (row.flags.HasAny(kNotHosts)) return Severity::kInfo;
  }
  if (row.status == Status::kSkipped &&
      (row.cause == Cause::kBudget || row.cause == Cause::kBreaker)) {
    return Severity::kWarn;
  }
  return ByProfile(SeveritiesOf(row.status), !row.label.empty(), profile);
}

Severity RowSeverity(const Row& row, Profile profile) {
  return std::max(StatusSeverity(row, profile), FlagsSeverity(row, profile));
}

std::vector<absl::string_view> FailWords() {
  std::vector<absl::string_view> words = {"warn", "crit"};
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    words.push_back(io::StatusName(static_cast<Status>(i)));
  }
  for (const Flag flag : io::FlagsByName()) words.push_back(FlagName(flag));
  return words;
}

absl::StatusOr<FailCondition> FailCondition::Parse(absl::string_view list) {
  FailCondition condition;
  for (const absl::string_view word : absl::StrSplit(list, ',')) {
    if (word == "warn") {
      condition.severity_ = Severity::kWarn;
    } else if (word == "crit") {
      condition.severity_ = condition.severity_.value_or(Severity::kCrit);
    } else if (const auto status = io::ParseStatus(word)) {
      condition.statuses_ |= uint32_t{1} << static_cast<int>(*status);
    } else if (const auto flag = io::ParseFlag(word)) {
      condition.flags_.Add(*flag);
    } else {
      return UnknownWord(word);
    }
  }
  return condition;
}

bool FailCondition::Fails(const Row& row, Profile profile) const {
  return ((statuses_ >> static_cast<int>(row.status)) & 1) != 0 ||
         row.flags.HasAny(flags_) ||
         (severity_ && RowSeverity(row, profile) >= *severity_);
}

}  // namespace scanner
