#include "scanner/audit/zone_verdict.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/formats/carried_text.h"
#include "io/nearest_word.h"
#include "scanner/delegation/referral.h"
#include "scanner/verdict/soa_rules.h"

namespace scanner {
namespace {

constexpr std::array<absl::string_view, kZoneVerdictCount> kVerdictNames = {
    "unknown",     "local", "undelegated", "no_servers",
    "unreachable", "lame",  "degraded",    "healthy"};

constexpr std::array<absl::string_view, kZoneFlagCount> kFlagNames = {
    "single_ns",   "ns_mismatch",   "ns_unresolvable", "ent_broken",
    "odd_soa",     "ns_cname",      "ns_special_use",  "serial_mismatch",
    "no_tcp",      "no_edns",       "recursive_ns",    "wildcard",
    "synthesized", "served_by_you",
};
// Flags before this one are warn.
constexpr ZoneFlag kFirstInfo = ZoneFlag::kNsCname;

bool IsSilent(const ServerEvidence& server) {
  return server.result == ServerResult::kTimeout ||
         (server.result == ServerResult::kError &&
          server.cause == io::Cause::kUnreachable);
}

NegativeSoa ViewOf(const ZoneSoa& soa) {
  return {.owner = soa.owner, .mname = soa.mname, .rname = soa.rname};
}

struct ServerCounts {
  size_t all = 0;
  size_t ok = 0;
  size_t silent = 0;
  size_t special_use = 0;
  size_t unresolvable = 0;
  size_t lookup_failed = 0;

  size_t asked() const {
    return all - special_use - unresolvable - lookup_failed;
  }
};

ServerCounts CountServers(const std::vector<ServerEvidence>& servers) {
  ServerCounts counts;
  for (const ServerEvidence& server : servers) {
    ++counts.all;
    if (server.result == ServerResult::kOk) ++counts.ok;
    if (IsSilent(server)) ++counts.silent;
    if (server.result == ServerResult::kSpecialUse) ++counts.special_use;
    if (server.result == ServerResult::kUnresolvable) ++counts.unresolvable;
    if (server.result == ServerResult::kLookupFailed) ++counts.lookup_failed;
  }
  return counts;
}

// What could not be asked; kNone: it was.
io::Cause WhyUnknown(const ZoneEvidence& evidence, const ServerCounts& counts) {
  if (evidence.kind == ZoneEvidence::Kind::kFailed) return evidence.cause;
  if (evidence.kind == ZoneEvidence::Kind::kAbsent) return io::Cause::kNone;
  if (counts.asked() > 0) return io::Cause::kNone;
  if (counts.special_use > 0) return io::Cause::kSpecialUse;
  if (counts.lookup_failed > 0) return io::Cause::kNsUnresolvable;
  return evidence.unroutable ? io::Cause::kUnreachable : io::Cause::kNone;
}

// Of servers that were asked. Names without address count against a zone that
// works; of one that does not, the others decide.
ZoneVerdict VerdictOf(const ServerCounts& counts) {
  if (counts.unresolvable == counts.all) return ZoneVerdict::kNoServers;
  if (counts.silent == counts.asked()) return ZoneVerdict::kUnreachable;
  if (counts.ok == 0) return ZoneVerdict::kLame;
  const bool all_ok = counts.ok == counts.asked() &&
                      counts.unresolvable + counts.lookup_failed == 0;
  return all_ok ? ZoneVerdict::kHealthy : ZoneVerdict::kDegraded;
}

// Of a longer set the parent's referral is kept in part.
bool DiffersFromParent(const ZoneEvidence& evidence) {
  const std::vector<std::string>& parent = evidence.parent_ns;
  const std::vector<std::string>& apex = evidence.apex_ns;
  if (parent.empty() || apex.empty()) return false;
  if (parent.size() < Referral::kMaxNames) return parent != apex;
  return !std::includes(apex.begin(), apex.end(), parent.begin(), parent.end());
}

bool SerialsDiffer(const std::vector<ServerEvidence>& servers) {
  std::optional<uint32_t> first;
  for (const ServerEvidence& server : servers) {
    if (!server.serial) continue;
    if (!first) first = server.serial;
    if (*first != *server.serial) return true;
  }
  return false;
}

ZoneFlagSet FlagsOf(const ZoneEvidence& evidence) {
  ZoneFlagSet flags;
  const auto add_if = [&flags](bool holds, ZoneFlag flag) {
    if (holds) flags.Add(flag);
  };
  const auto& names =
      evidence.parent_ns.empty() ? evidence.apex_ns : evidence.parent_ns;
  add_if(names.size() == 1, ZoneFlag::kSingleNs);
  add_if(DiffersFromParent(evidence), ZoneFlag::kNsMismatch);
  add_if(evidence.denies_empty, ZoneFlag::kEntBroken);
  add_if(evidence.odd_soa, ZoneFlag::kOddSoa);
  add_if(SerialsDiffer(evidence.servers), ZoneFlag::kSerialMismatch);
  add_if(evidence.wildcard, ZoneFlag::kWildcard);
  add_if(evidence.synthesized, ZoneFlag::kSynthesized);
  add_if(evidence.served_by_you, ZoneFlag::kServedByYou);
  for (const ServerEvidence& server : evidence.servers) {
    add_if(server.result == ServerResult::kUnresolvable,
           ZoneFlag::kNsUnresolvable);
    add_if(server.odd_soa, ZoneFlag::kOddSoa);
    add_if(server.cname, ZoneFlag::kNsCname);
    add_if(server.special_use, ZoneFlag::kNsSpecialUse);
    add_if(server.no_tcp, ZoneFlag::kNoTcp);
    add_if(server.no_edns, ZoneFlag::kNoEdns);
    add_if(server.recursive, ZoneFlag::kRecursiveNs);
  }
  return flags;
}

template <typename Value, size_t kSize>
std::optional<Value> Find(const std::array<absl::string_view, kSize>& names,
                          absl::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

absl::Status UnknownWord(absl::string_view word) {
  std::vector<absl::string_view> known = {"warn", "crit"};
  for (const absl::string_view name : kVerdictNames) known.push_back(name);
  for (const absl::string_view name : kFlagNames) known.push_back(name);
  return absl::InvalidArgumentError(
      absl::StrCat("\"", io::ShownText(word),
                   "\" is no verdict or flag of zones, \"warn\" or \"crit\"; "
                   "did you mean \"",
                   io::NearestWord(word, known), "\"?"));
}

}  // namespace

absl::string_view ZoneVerdictName(ZoneVerdict verdict) {
  return kVerdictNames[static_cast<size_t>(verdict)];
}

bool ServesNobody(ZoneVerdict verdict) {
  return verdict == ZoneVerdict::kLame ||
         verdict == ZoneVerdict::kUnreachable ||
         verdict == ZoneVerdict::kNoServers;
}

std::optional<ZoneVerdict> ParseZoneVerdict(absl::string_view name) {
  return Find<ZoneVerdict>(kVerdictNames, name);
}

absl::string_view ZoneFlagName(ZoneFlag flag) {
  return kFlagNames[static_cast<size_t>(flag)];
}

std::optional<ZoneFlag> ParseZoneFlag(absl::string_view name) {
  return Find<ZoneFlag>(kFlagNames, name);
}

std::vector<absl::string_view> NamesOf(ZoneFlagSet flags) {
  std::vector<absl::string_view> names;
  for (size_t i = 0; i < kZoneFlagCount; ++i) {
    if (flags.Has(static_cast<ZoneFlag>(i))) names.push_back(kFlagNames[i]);
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::string_view ServerResultText(const ServerEvidence& server) {
  switch (server.result) {
    case ServerResult::kOk:
      return "ok";
    case ServerResult::kNoSoa:
      return "no_soa";
    case ServerResult::kNotAuth:
      return "not_auth";
    case ServerResult::kNxdomain:
      return "nxdomain";
    case ServerResult::kTimeout:
      return "timeout";
    case ServerResult::kSpecialUse:
      return "special_use";
    case ServerResult::kUnresolvable:
      return "unresolvable";
    case ServerResult::kLookupFailed:
      return "lookup_failed";
    case ServerResult::kError:
      break;
  }
  return io::CauseName(server.cause);
}

std::string ServerText(const ServerEvidence& server) {
  return absl::StrCat(server.name, server.address ? "/" : "",
                      server.address ? server.address->ToString() : "", "=",
                      ServerResultText(server));
}

ZoneJudgement JudgeZone(const ZoneEvidence& evidence) {
  ZoneJudgement judgement = {.flags = FlagsOf(evidence)};
  const ServerCounts counts = CountServers(evidence.servers);
  judgement.cause = WhyUnknown(evidence, counts);
  if (judgement.cause != io::Cause::kNone) return judgement;
  const bool absent = evidence.kind == ZoneEvidence::Kind::kAbsent;
  if (evidence.soa && IsLocalZone(ViewOf(*evidence.soa))) {
    judgement.verdict = ZoneVerdict::kLocal;
  } else {
    judgement.verdict = absent ? ZoneVerdict::kUndelegated : VerdictOf(counts);
  }
  return judgement;
}

Severity SeverityOf(ZoneVerdict verdict) {
  switch (verdict) {
    case ZoneVerdict::kHealthy:
      return Severity::kOk;
    case ZoneVerdict::kLocal:
      return Severity::kInfo;
    case ZoneVerdict::kUnknown:
    case ZoneVerdict::kDegraded:
      return Severity::kWarn;
    case ZoneVerdict::kUndelegated:
    case ZoneVerdict::kNoServers:
    case ZoneVerdict::kUnreachable:
    case ZoneVerdict::kLame:
      break;
  }
  return Severity::kCrit;
}

Severity SeverityOf(ZoneFlag flag) {
  return flag < kFirstInfo ? Severity::kWarn : Severity::kInfo;
}

Severity SeverityOf(const ZoneJudgement& judgement) {
  Severity severity = SeverityOf(judgement.verdict);
  for (size_t i = 0; i < kZoneFlagCount; ++i) {
    const auto flag = static_cast<ZoneFlag>(i);
    if (judgement.flags.Has(flag)) {
      severity = std::max(severity, SeverityOf(flag));
    }
  }
  return severity;
}

absl::StatusOr<ZoneFailCondition> ZoneFailCondition::Parse(
    absl::string_view list) {
  ZoneFailCondition condition;
  for (const absl::string_view word : absl::StrSplit(list, ',')) {
    if (word == "warn") {
      condition.severity_ = Severity::kWarn;
    } else if (word == "crit") {
      condition.severity_ = condition.severity_.value_or(Severity::kCrit);
    } else if (const auto verdict = ParseZoneVerdict(word)) {
      condition.verdicts_ |= uint32_t{1} << static_cast<int>(*verdict);
    } else if (const auto flag = ParseZoneFlag(word)) {
      condition.flags_.Add(*flag);
    } else {
      return UnknownWord(word);
    }
  }
  return condition;
}

bool ZoneFailCondition::Fails(const ZoneJudgement& judgement) const {
  return ((verdicts_ >> static_cast<int>(judgement.verdict)) & 1) != 0 ||
         judgement.flags.HasAny(flags_) ||
         (severity_ && SeverityOf(judgement) >= *severity_);
}

}  // namespace scanner
