// Judge: evidence to verdict, the contract of VERDICTS.md. A pure function: no
// clock, no I/O, no other addresses.
#ifndef PTRSWEEP_SCANNER_VERDICT_JUDGE_H_
#define PTRSWEEP_SCANNER_VERDICT_JUDGE_H_

#include <optional>
#include <span>

#include "dnswire/name.h"
#include "io/formats/status.h"
#include "scanner/verdict/evidence.h"

namespace scanner {

struct Verdict {
  io::Status status = io::Status::kSkipped;
  io::Cause cause = io::Cause::kNone;
  io::FlagSet flags;
  // J of VERDICTS.md 1, if N is not empty. Borrows from the evidence.
  std::optional<dnswire::NameView> judged_name;
};

// F(n): what a forward result means for this target. REQUIRES: not kPending.
io::ForwardOutcome ForwardOutcomeOf(const ForwardEvidence& forward);

// REQUIRES: names are there if and only if reverse is kData, a SOA only if it
// is a negative; forward holds K, or nothing with ptr_only. Allocates nothing.
Verdict Judge(const Evidence& evidence);

// True if the lookup of expected_ready should be made before judging: a
// definite status, expected is one host name, it is not in N, and not
// ptr_only.
bool WantsExpectedLookup(const Evidence& evidence);

// True if names of K that exist should be asked for addresses of the other
// family (flag other_family_only): the status is no_forward.
bool WantsOtherFamily(const Evidence& evidence);

// The name whose IPv6 addresses should be asked for their PTR (flag
// aaaa_unconfirmed): J of an IPv4 address with status pass.
std::optional<dnswire::NameView> NameWithAaaa(const Evidence& evidence);

// True if two definite results differ: names, or that there are none. However
// the name is denied, it has no PTR (flag resolver_disagree).
bool ResolversDisagree(std::span<const ResolverEvidence> resolvers);

// Data or a denial.
constexpr bool IsDefinite(ReverseResult result) {
  return result == ReverseResult::kData || result == ReverseResult::kNxdomain ||
         result == ReverseResult::kNodata;
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_JUDGE_H_
