// Who must act on a row (VERDICTS.md section 2).
#ifndef PTRSWEEP_SCANNER_VERDICT_ACTOR_H_
#define PTRSWEEP_SCANNER_VERDICT_ACTOR_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "io/formats/status.h"

namespace scanner {

enum class Actor : uint8_t {
  kNobody,
  kOperator,  // who runs ptrsweep
  kResolver,  // its operator
  kRegistry,  // the holder's account there
  kReverseOwner,
  kReverseDns,
  kForwardOrReverseOwner,
  kForwardDns,
};

// In words for a summary.
constexpr absl::string_view WhoActs(Actor actor) {
  switch (actor) {
    case Actor::kNobody:
      return "nobody";
    case Actor::kOperator:
      return "who runs the scan";
    case Actor::kResolver:
      return "operator of the resolver";
    case Actor::kRegistry:
      return "address holder, at the registry";
    case Actor::kReverseOwner:
      return "owner of the reverse zone";
    case Actor::kReverseDns:
      return "operator of the reverse zone's name servers";
    case Actor::kForwardOrReverseOwner:
      return "owner of the domain or of the reverse zone";
    case Actor::kForwardDns:
      return "operator of the domain's name servers";
  }
  return "";
}

// As VERDICTS.md names them: "reverse_owner".
constexpr absl::string_view ActorName(Actor actor) {
  switch (actor) {
    case Actor::kNobody:
      return "nobody";
    case Actor::kOperator:
      return "operator";
    case Actor::kResolver:
      return "resolver";
    case Actor::kRegistry:
      return "registry";
    case Actor::kReverseOwner:
      return "reverse_owner";
    case Actor::kReverseDns:
      return "reverse_dns";
    case Actor::kForwardOrReverseOwner:
      return "forward_owner or reverse_owner";
    case Actor::kForwardDns:
      return "forward_dns";
  }
  return "";
}

// By the status alone, as a summary has it: resolver_refused and blocked, of
// which it does not tell, are the resolver operator's.
constexpr Actor ActorOf(io::Status status) {
  switch (status) {
    case io::Status::kSkipped:
      return Actor::kOperator;
    case io::Status::kReverseTimeout:
    case io::Status::kReverseError:
      return Actor::kReverseDns;
    case io::Status::kUndelegated:
      return Actor::kRegistry;
    case io::Status::kNoPtr:
    case io::Status::kBadName:
      return Actor::kReverseOwner;
    case io::Status::kForwardError:
      return Actor::kForwardDns;
    case io::Status::kMismatch:
    case io::Status::kNoForward:
      return Actor::kForwardOrReverseOwner;
    case io::Status::kPass:
    case io::Status::kUnconfirmed:
      break;
  }
  return Actor::kNobody;
}

constexpr absl::string_view WhoActs(io::Status status) {
  return WhoActs(ActorOf(status));
}

// Of a row. A name that leads back but is not the expected one is for the owner
// of the reverse zone to replace, and so is any name where none is wanted.
inline Actor ActorOf(const io::Row& row) {
  if (row.cause == io::Cause::kResolverRefused ||
      row.cause == io::Cause::kBlocked) {
    return Actor::kResolver;
  }
  const bool no_ptr = row.status == io::Status::kNoPtr ||
                      row.status == io::Status::kUndelegated;
  if (no_ptr && row.expected == "-") return Actor::kNobody;
  const Actor actor = ActorOf(row.status);
  const bool unexpected = row.flags.Has(io::Flag::kUnexpectedName);
  const bool replace =
      unexpected && (actor == Actor::kNobody || row.expected == "-");
  return replace ? Actor::kReverseOwner : actor;
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_ACTOR_H_
