// Finding: what a walk found out about a prefix, beside the rows of its hosts
// (ITERATION.md 3.8). Kinds are output text: they never change meaning, new
// ones are only appended.
#ifndef PTRSWEEP_SCANNER_WALK_FINDING_H_
#define PTRSWEEP_SCANNER_WALK_FINDING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "io/formats/status.h"

namespace scanner {

enum class FindingKind : uint8_t {
  kWildcard,       // names below `prefix` match one: `count` children of it do
  kWildcardDense,  // wildcards in every part of it: not looked at one by one
  kWildcardHole,   // in a wildcard's prefix, but names that are not there have
                   // lost it, for hosts exist below
  kSynthesized,    // the server makes a name for every address
  kEntBroken,      // names that exist are denied together with those above them
  kRedirect,       // DNAME: its names are in another tree
  kRedirectLoop,   // DNAMEs that lead nowhere
  kCut,            // delegated to a zone of its own
  kLame,           // delegated to servers that do not serve it
  kUnreachable,    // delegated to servers that do not answer
  kNoServers,      // delegated to servers without an address
  kUndelegated,    // nobody has this prefix, says the registry's zone
  kEmpty,          // exists, and has no names
  kUnknown,        // could not be looked at
  kBudget,         // not looked at any further: the budget is spent
  kExcluded,       // not looked at: that was asked for, or it makes no sense
};
inline constexpr size_t kFindingKindCount = 16;

absl::string_view FindingKindName(FindingKind kind);
std::optional<FindingKind> ParseFindingKind(absl::string_view name);
// Names of `prefix` may exist that the walk has no row for.
bool IsIncomplete(FindingKind kind);

struct Finding {
  dnswire::IpPrefix prefix;
  FindingKind kind = FindingKind::kUnknown;
  std::string zone;  // apex, as text; empty: none is known
  io::Cause cause = io::Cause::kNone;
  std::vector<std::string> servers;  // "ns.example.net/192.0.2.1=refused"
  uint8_t depth = 0;                 // nibbles of the names it speaks of
  uint64_t count = 0;                // of them
  std::string example;               // a name or address of them; or empty
  std::string detail;                // more of it, for people; or empty
  uint64_t queries = 0;              // asked of the zone until then
  int64_t time_us = 0;               // UTC, microseconds since 1970
};

// What to do about it, and who: a sentence for people (ITERATION.md 3.8). Empty
// for what is as it should be.
std::string FixText(const Finding& finding);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_FINDING_H_
