// What an accepted response makes a question do (the retry table's left column
// and the cause a row may end with).
#ifndef PTRSWEEP_SCANNER_ASKING_RESPONSE_H_
#define PTRSWEEP_SCANNER_ASKING_RESPONSE_H_

#include "dnswire/answer.h"
#include "io/formats/status.h"
#include "scanner/asking/retry_policy.h"

namespace scanner {

struct Reaction {
  enum class Kind : uint8_t {
    kSettle,   // data, NXDOMAIN, NODATA
    kFollow,   // ask for the end of the alias chain
    kDescend,  // a referral: ask the servers of a zone below
    kFinal,    // a fault of the zone's content: `cause`
    kRetry,    // the try ended with `try_end`; remember `cause`
  };
  Kind kind = Kind::kRetry;
  TryEnd try_end = TryEnd::kOther;
  io::Cause cause = io::Cause::kNone;
};

// VERDICTS.md 1.1. `opt_refused`: the query had an OPT record and the response
// has none. `iterative`: it came from an authority, not from a resolver.
Reaction ReactionTo(const dnswire::Answer& answer, bool opt_refused,
                    bool iterative);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_RESPONSE_H_
