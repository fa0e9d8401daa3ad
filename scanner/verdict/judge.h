// Judge: evidence to verdict, the contract of VERDICTS.md. A pure function: no
// clock, no I/O, no other addresses.
#ifndef PTRSWEEP_SCANNER_VERDICT_JUDGE_H_
#define PTRSWEEP_SCANNER_VERDICT_JUDGE_H_

#include <optional>

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

// F(n): what a forward result means for this target.
io::ForwardOutcome ForwardOutcomeOf(const ForwardEvidence& forward);

Verdict Judge(const Evidence& evidence);

// True if the lookup of expected_ready should be made before judging: a
// definite status, expected is one host name, it is not in N, and not
// ptr_only. REQUIRES: evidence.expected_extra is null.
bool WantsExpectedLookup(const Evidence& evidence);

// The negative SOA is one of locally served space (flag local_zone), or of a
// registry (status undelegated); VERDICTS.md sections 2 and 4.1.
bool IsLocalZone(const NegativeSoa& soa);
bool IsRegistrySoa(const NegativeSoa& soa);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_JUDGE_H_
