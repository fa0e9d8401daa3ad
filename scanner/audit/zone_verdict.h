// What a zone's evidence means: verdict, flags, severity (the tables of
// VERDICTS.md section 6). Pure functions. Names are output text: they never
// change meaning, new ones are only appended.
#ifndef PTRSWEEP_SCANNER_AUDIT_ZONE_VERDICT_H_
#define PTRSWEEP_SCANNER_AUDIT_ZONE_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/verdict/severity.h"

namespace scanner {

// In the order of the table: the first that fits.
enum class ZoneVerdict : uint8_t {
  kUnknown,
  kLocal,
  kUndelegated,
  kNoServers,
  kUnreachable,
  kLame,
  kDegraded,
  kHealthy,
};
inline constexpr size_t kZoneVerdictCount = 8;

enum class ZoneFlag : uint8_t {
  // warn
  kSingleNs,
  kNsMismatch,
  kNsUnresolvable,
  kEntBroken,
  kOddSoa,
  // info
  kNsCname,
  kNsSpecialUse,
  kSerialMismatch,
  kNoTcp,
  kNoEdns,
  kRecursiveNs,
  kWildcard,
  kSynthesized,
  kServedByYou,
};
inline constexpr size_t kZoneFlagCount = 14;

class ZoneFlagSet {
 public:
  constexpr ZoneFlagSet() = default;
  constexpr void Add(ZoneFlag flag) { bits_ |= Bit(flag); }
  constexpr bool Has(ZoneFlag flag) const { return (bits_ & Bit(flag)) != 0; }
  constexpr bool HasAny(ZoneFlagSet other) const {
    return (bits_ & other.bits_) != 0;
  }
  friend constexpr bool operator==(ZoneFlagSet, ZoneFlagSet) = default;

 private:
  static constexpr uint32_t Bit(ZoneFlag flag) {
    return uint32_t{1} << static_cast<int>(flag);
  }

  uint32_t bits_ = 0;
};

absl::string_view ZoneVerdictName(ZoneVerdict verdict);
std::optional<ZoneVerdict> ParseZoneVerdict(absl::string_view name);
// No server of the zone answers for it: lame, unreachable, no_servers.
bool ServesNobody(ZoneVerdict verdict);
absl::string_view ZoneFlagName(ZoneFlag flag);
std::optional<ZoneFlag> ParseZoneFlag(absl::string_view name);
// The flags' names, sorted.
std::vector<absl::string_view> NamesOf(ZoneFlagSet flags);
// "ok", "not_auth", "refused".
absl::string_view ServerResultText(const ServerEvidence& server);
// "ns.example.net/192.0.2.1=ok"; without an address "ns.example.net=...".
std::string ServerText(const ServerEvidence& server);

struct ZoneJudgement {
  ZoneVerdict verdict = ZoneVerdict::kUnknown;
  io::Cause cause = io::Cause::kNone;  // of kUnknown
  ZoneFlagSet flags;
};
ZoneJudgement JudgeZone(const ZoneEvidence& evidence);

Severity SeverityOf(ZoneVerdict verdict);
Severity SeverityOf(ZoneFlag flag);
// The highest of verdict and flags.
Severity SeverityOf(const ZoneJudgement& judgement);

// What `zones --fail-on` waits for: verdicts, zone flags, "warn" (that or
// higher), "crit".
class ZoneFailCondition {
 public:
  ZoneFailCondition() = default;  // nothing fails
  // Comma-separated. Errors name the unknown word and the nearest known one.
  static absl::StatusOr<ZoneFailCondition> Parse(absl::string_view list);

  bool Fails(const ZoneJudgement& judgement) const;

 private:
  uint32_t verdicts_ = 0;  // bit per ZoneVerdict
  ZoneFlagSet flags_;
  std::optional<Severity> severity_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_ZONE_VERDICT_H_
