#include "scanner/audit/zone_row.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/verdict/listed.h"

namespace scanner {
namespace {

// RFC 1982 section 3.2: `a` comes before `b`.
bool IsOlder(uint32_t a, uint32_t b) {
  return a != b && static_cast<uint32_t>(b - a) < 0x80000000U;
}

template <typename Wanted>
std::vector<std::string> NamesWhere(const ZoneEvidence& evidence,
                                    Wanted wanted) {
  std::vector<std::string> names;
  for (const ServerEvidence& server : evidence.servers) {
    if (!wanted(server)) continue;
    const bool known =
        std::find(names.begin(), names.end(), server.name) != names.end();
    if (!known) names.push_back(server.name);
  }
  return names;
}

bool Fails(const ServerEvidence& server) {
  return server.result != ServerResult::kOk &&
         server.result != ServerResult::kSpecialUse;
}

// Who is meant to act, with the verb that fits.
std::string Names(const std::vector<std::string>& names) {
  return names.empty() ? "its servers" : Listed(names);
}

absl::string_view Do(const std::vector<std::string>& names) {
  return names.size() == 1 ? " does not " : " do not ";
}

std::string ParentOr(const ZoneEvidence& evidence) {
  return evidence.parent.empty() ? "the parent zone" : evidence.parent;
}

std::string UnknownFix(const ZoneRow& row) {
  switch (row.judgement.cause) {
    case io::Cause::kNodata:
      return absl::StrCat("The delegations of ", row.prefix.ToString(),
                          " lie deeper: name longer prefixes.");
    case io::Cause::kSpecialUse:
      return absl::StrCat("The servers of ", row.evidence.zone,
                          " are in special-use address space: use "
                          "--allow-special-servers to ask them.");
    default:
      return absl::StrCat("Run again; then check the servers of ",
                          ParentOr(row.evidence), ".");
  }
}

std::string FlagText(ZoneFlag flag, const ZoneRow& row) {
  const ZoneEvidence& evidence = row.evidence;
  switch (flag) {
    case ZoneFlag::kSingleNs:
      return "Add a second name server.";
    case ZoneFlag::kNsMismatch:
      return absl::StrCat("Make both NS sets the same: ", ParentOr(evidence),
                          " has ", Names(evidence.parent_ns),
                          ", the zone itself ", Names(evidence.apex_ns), ".");
    case ZoneFlag::kNsUnresolvable:
      return absl::StrCat(
          "Give ",
          Names(NamesWhere(evidence,
                           [](const ServerEvidence& server) {
                             return server.result ==
                                    ServerResult::kUnresolvable;
                           })),
          " an address or remove it; a free name can be taken over.");
    case ZoneFlag::kEntBroken:
      return "Its servers deny names below which there are others (RFC 8020): "
             "resolvers may then deny these too.";
    case ZoneFlag::kOddSoa:
      return "It is denied with the SOA of a zone above it: load the zone "
             "itself.";
    default:
      return "";
  }
}

}  // namespace

size_t ServersOk(const ZoneEvidence& evidence) {
  return static_cast<size_t>(
      std::count_if(evidence.servers.begin(), evidence.servers.end(),
                    [](const ServerEvidence& server) {
                      return server.result == ServerResult::kOk;
                    }));
}

std::optional<std::pair<uint32_t, uint32_t>> SerialRange(
    const ZoneEvidence& evidence) {
  std::optional<std::pair<uint32_t, uint32_t>> range;
  for (const ServerEvidence& server : evidence.servers) {
    if (!server.serial) continue;
    if (!range) range = {*server.serial, *server.serial};
    if (IsOlder(*server.serial, range->first)) range->first = *server.serial;
    if (IsOlder(range->second, *server.serial)) range->second = *server.serial;
  }
  return range;
}

std::vector<std::string> ServerTexts(const ZoneEvidence& evidence) {
  std::vector<std::string> texts;
  for (const ServerEvidence& server : evidence.servers) {
    texts.push_back(ServerText(server));
  }
  return texts;
}

std::string FixText(const ZoneRow& row) {
  const ZoneEvidence& evidence = row.evidence;
  const std::vector<std::string> failing = NamesWhere(evidence, Fails);
  switch (row.judgement.verdict) {
    case ZoneVerdict::kUnknown:
      return UnknownFix(row);
    case ZoneVerdict::kLocal:
      return "Use --iterative to see the public DNS.";
    case ZoneVerdict::kUndelegated:
      return absl::StrCat("Register name servers for ", row.prefix.ToString(),
                          ".");
    case ZoneVerdict::kNoServers:
      return absl::StrCat("Correct the NS names of ", evidence.zone, " at ",
                          ParentOr(evidence), ".");
    case ZoneVerdict::kUnreachable:
      return absl::StrCat(Names(failing), Do(failing), "answer.");
    case ZoneVerdict::kLame:
      return absl::StrCat(Names(failing), Do(failing), "serve ", evidence.zone,
                          ": load it there or change the delegation at ",
                          ParentOr(evidence), ".");
    case ZoneVerdict::kDegraded:
      return absl::StrCat("Repair or remove ", Names(failing), ".");
    case ZoneVerdict::kHealthy:
      break;
  }
  return "";
}

std::vector<std::string> FlagTexts(const ZoneRow& row) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < kZoneFlagCount; ++i) {
    const auto flag = static_cast<ZoneFlag>(i);
    if (!row.judgement.flags.Has(flag)) continue;
    if (SeverityOf(flag) < Severity::kWarn) continue;
    texts.push_back(FlagText(flag, row));
  }
  return texts;
}

}  // namespace scanner
