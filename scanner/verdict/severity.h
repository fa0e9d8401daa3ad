// Severity of statuses and flags by profile (VERDICTS.md sections 2 and 4),
// and --fail-on.
#ifndef PTRSWEEP_SCANNER_VERDICT_SEVERITY_H_
#define PTRSWEEP_SCANNER_VERDICT_SEVERITY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "io/formats/status.h"

namespace scanner {

enum class Severity : uint8_t { kOk, kInfo, kWarn, kCrit };
enum class Profile : uint8_t { kMail, kHosting, kInfra };

std::optional<Profile> ParseProfile(absl::string_view name);
absl::string_view SeverityName(Severity severity);

// Of a row's status, without its flags.
Severity StatusSeverity(const io::Row& row, Profile profile);
// The highest of status and flags of a row.
Severity RowSeverity(const io::Row& row, Profile profile);

// The words that FailCondition knows.
std::vector<absl::string_view> FailWords();

// What --fail-on waits for: status names, flag names, "warn" (that or higher),
// "crit".
class FailCondition {
 public:
  FailCondition() = default;  // nothing fails
  // Comma-separated. Errors name the unknown word and the nearest known one.
  static absl::StatusOr<FailCondition> Parse(absl::string_view list);

  bool Fails(const io::Row& row, Profile profile) const;

 private:
  uint32_t statuses_ = 0;  // bit per Status
  io::FlagSet flags_;
  std::optional<Severity> severity_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_SEVERITY_H_
