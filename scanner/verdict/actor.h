// Who must act on a status (VERDICTS.md section 2).
#ifndef PTRSWEEP_SCANNER_VERDICT_ACTOR_H_
#define PTRSWEEP_SCANNER_VERDICT_ACTOR_H_

#include "absl/strings/string_view.h"
#include "io/formats/status.h"

namespace scanner {

// In words for a summary; resolver_refused and blocked, of which a status
// alone does not tell, are the resolver operator's.
constexpr absl::string_view WhoActs(io::Status status) {
  switch (status) {
    case io::Status::kSkipped:
      return "who runs the scan";
    case io::Status::kReverseTimeout:
    case io::Status::kReverseError:
      return "operator of the reverse zone's name servers";
    case io::Status::kUndelegated:
      return "address holder, at the registry";
    case io::Status::kNoPtr:
    case io::Status::kBadName:
      return "owner of the reverse zone";
    case io::Status::kForwardError:
      return "operator of the domain's name servers";
    case io::Status::kMismatch:
    case io::Status::kNoForward:
      return "owner of the domain or of the reverse zone";
    case io::Status::kPass:
    case io::Status::kUnconfirmed:
      return "nobody";
  }
  return "";
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_ACTOR_H_
