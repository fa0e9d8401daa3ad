#include "scanner/walk/finding.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scanner/verdict/listed.h"

namespace scanner {
namespace {

// Indexed by the enum.
constexpr absl::string_view kKindNames[] = {
    "wildcard",   "wildcard_dense", "wildcard_hole", "synthesized",
    "ent_broken", "redirect",       "redirect_loop", "cut",
    "lame",       "unreachable",    "no_servers",    "undelegated",
    "empty",      "unknown",        "budget",        "excluded",
};
static_assert(std::size(kKindNames) == kFindingKindCount);
static_assert(static_cast<size_t>(FindingKind::kExcluded) ==
              kFindingKindCount - 1);

// Names of those that do not serve: "ns.example.net/192.0.2.1=refused".
std::vector<std::string> FailingServers(const Finding& finding) {
  std::vector<std::string> names;
  for (const std::string& server : finding.servers) {
    if (absl::EndsWith(server, "=ok")) continue;
    std::string name = server.substr(0, server.find_first_of("/="));
    const bool known =
        std::find(names.begin(), names.end(), name) != names.end();
    if (!known) names.push_back(std::move(name));
  }
  return names;
}

// "ns1.example.net and ns2.example.net do not ".
std::string ServersDoNot(const Finding& finding) {
  const std::vector<std::string> names = FailingServers(finding);
  if (names.empty()) {
    return finding.zone.empty()
               ? "Its servers do not "
               : absl::StrCat("The servers of ", finding.zone, " do not ");
  }
  return absl::StrCat(Listed(names),
                      names.size() == 1 ? " does not " : " do not ");
}

std::string ZoneOf(const Finding& finding) {
  return finding.zone.empty()
             ? absl::StrCat("the zone of ", finding.prefix.ToString())
             : finding.zone;
}

std::string SpecialUseFix(const Finding& finding) {
  return absl::StrCat("The servers of ", ZoneOf(finding),
                      " are in special-use address space: use "
                      "--allow-special-servers to ask them.");
}

// Who can act is whoever edits the zone.
std::string ZoneFix(const Finding& finding) {
  const std::string zone = ZoneOf(finding);
  const std::string prefix = finding.prefix.ToString();
  switch (finding.kind) {
    case FindingKind::kWildcard:
      return absl::StrCat(
          "If addresses without a host should have no name, "
          "remove the wildcard from ",
          zone, ".");
    case FindingKind::kWildcardHole:
      return absl::StrCat(
          "If addresses without a host should have the "
          "wildcard's name, add one below ",
          prefix, " to ", zone,
          ": the hosts there have taken it away (RFC 4592).");
    case FindingKind::kEntBroken:
      return absl::StrCat(
          "The servers of ", zone,
          " deny names that have others below them (RFC 8020): rectify the "
          "zone or replace the server; name hosts with --known FILE.");
    case FindingKind::kRedirectLoop:
      return absl::StrCat("Correct the DNAME of ", prefix, " in ", zone,
                          ": it leads nowhere.");
    case FindingKind::kEmpty:
      return absl::StrCat("If ", prefix,
                          " has hosts, add their PTR records to ", zone, ".");
    default:
      return "";
  }
}

// Who can act is whoever runs its servers or the zone above.
std::string DelegationFix(const Finding& finding) {
  const std::string zone = ZoneOf(finding);
  switch (finding.kind) {
    case FindingKind::kLame:
      return absl::StrCat(ServersDoNot(finding), "serve ", zone,
                          ": load it there or change the delegation in the "
                          "zone above.");
    case FindingKind::kUnreachable:
      return absl::StrCat(ServersDoNot(finding), "answer.");
    case FindingKind::kNoServers:
      return absl::StrCat("Correct the NS names of ", zone,
                          " in the zone above: none has an address.");
    case FindingKind::kUndelegated:
      return absl::StrCat("Register name servers for ",
                          finding.prefix.ToString(), ".");
    default:
      return "";
  }
}

// Who can act is whoever walks.
std::string WalkFix(const Finding& finding) {
  const std::string prefix = finding.prefix.ToString();
  switch (finding.kind) {
    case FindingKind::kWildcardDense:
      return absl::StrCat("Use --exhaustive to look at each wildcard of ",
                          prefix, ": hosts may lie below.");
    case FindingKind::kSynthesized:
      return absl::StrCat("Name the hosts of ", prefix,
                          " that matter to ptrsweep scan: a walk cannot tell "
                          "them from names that are made up.");
    case FindingKind::kUnknown:
      return absl::StrCat("Run again; then check the servers of ",
                          ZoneOf(finding), ".");
    case FindingKind::kBudget:
      return absl::StrCat(
          "Raise --zone-budget or --max-queries to look at the "
          "rest of ",
          prefix, ".");
    default:
      return "";
  }
}

}  // namespace

absl::string_view FindingKindName(FindingKind kind) {
  return kKindNames[static_cast<size_t>(kind)];
}

std::optional<FindingKind> ParseFindingKind(absl::string_view name) {
  const auto* found =
      std::find(std::begin(kKindNames), std::end(kKindNames), name);
  if (found == std::end(kKindNames)) return std::nullopt;
  return static_cast<FindingKind>(found - std::begin(kKindNames));
}

bool IsIncomplete(FindingKind kind) {
  switch (kind) {
    case FindingKind::kWildcardDense:
    case FindingKind::kSynthesized:  // hosts look like what is made up
    case FindingKind::kEntBroken:
    case FindingKind::kLame:
    case FindingKind::kUnreachable:
    case FindingKind::kNoServers:
    case FindingKind::kUnknown:
    case FindingKind::kBudget:
    case FindingKind::kExcluded:
      return true;
    case FindingKind::kWildcard:  // hosts below one were looked for
    case FindingKind::kWildcardHole:
    case FindingKind::kRedirect:      // the other tree was walked
    case FindingKind::kRedirectLoop:  // nobody can look names up there
    case FindingKind::kCut:
    case FindingKind::kUndelegated:
    case FindingKind::kEmpty:
      return false;
  }
  return true;
}

std::string FixText(const Finding& finding) {
  if (finding.cause == io::Cause::kSpecialUse) return SpecialUseFix(finding);
  std::string text = ZoneFix(finding);
  if (text.empty()) text = DelegationFix(finding);
  if (text.empty()) text = WalkFix(finding);
  return text;
}

}  // namespace scanner
