#include "scanner/asking/response.h"

#include "dnswire/wire.h"

namespace scanner {
namespace {

using Kind = Reaction::Kind;

Reaction Retry(TryEnd end, io::Cause cause) {
  return {.kind = Kind::kRetry, .try_end = end, .cause = cause};
}

// A resolver tells with an extended error why it failed (RFC 8914).
io::Cause ServfailCause(const dnswire::Answer& answer) {
  if (answer.dnssec_bogus) return io::Cause::kDnssecBogus;
  if (answer.no_reachable_ns) return io::Cause::kAllNsUnreachable;
  return io::Cause::kServfail;
}

Reaction ReactionToRcode(const dnswire::Answer& answer, bool opt_refused,
                         bool iterative) {
  // A server older than EDNS cannot tell what it dislikes (RFC 6891 section 7).
  const TryEnd other = opt_refused ? TryEnd::kNoEdns : TryEnd::kOther;
  switch (answer.rcode) {
    case dnswire::kRcodeServfail:
      return Retry(TryEnd::kServfail,
                   iterative ? io::Cause::kServfail : ServfailCause(answer));
    case dnswire::kRcodeRefused:
      return Retry(TryEnd::kRefused, iterative ? io::Cause::kRefused
                                               : io::Cause::kResolverRefused);
    case dnswire::kRcodeNotauth:
      return Retry(TryEnd::kRefused, io::Cause::kNotauth);
    case dnswire::kRcodeFormerr:
      return Retry(other, io::Cause::kFormerr);
    case dnswire::kRcodeNotimp:
      return Retry(other, io::Cause::kNotimp);
    case dnswire::kRcodeBadvers:
      return Retry(TryEnd::kNoEdns, io::Cause::kOtherRcode);
    case dnswire::kRcodeBadcookie:
      return Retry(TryEnd::kBadCookie, io::Cause::kOtherRcode);
    default:
      return Retry(TryEnd::kOther, io::Cause::kOtherRcode);
  }
}

}  // namespace

Reaction ReactionTo(const dnswire::Answer& answer, bool opt_refused,
                    bool iterative) {
  switch (answer.outcome) {
    case dnswire::Outcome::kData:
    case dnswire::Outcome::kNxdomain:
    case dnswire::Outcome::kNodata:
      return {.kind = Kind::kSettle};
    case dnswire::Outcome::kFollow:
      return {.kind = Kind::kFollow};
    case dnswire::Outcome::kLoop:
      return {.kind = Kind::kFinal, .cause = io::Cause::kLoop};
    case dnswire::Outcome::kChainTooLong:
      return {.kind = Kind::kFinal, .cause = io::Cause::kChainTooLong};
    case dnswire::Outcome::kMalformed:
      return Retry(TryEnd::kMalformed, io::Cause::kMalformed);
    case dnswire::Outcome::kTruncated:
      return Retry(TryEnd::kTruncated, io::Cause::kTruncated);
    case dnswire::Outcome::kBlocked:
      return Retry(TryEnd::kRefused, io::Cause::kBlocked);
    case dnswire::Outcome::kReferral:
      if (iterative) return {.kind = Kind::kDescend};
      return Retry(TryEnd::kOther, io::Cause::kLame);
    case dnswire::Outcome::kLame:
      return Retry(TryEnd::kOther, io::Cause::kLame);
    case dnswire::Outcome::kRcode:
      return ReactionToRcode(answer, opt_refused, iterative);
  }
  return Retry(TryEnd::kOther, io::Cause::kOtherRcode);
}

}  // namespace scanner
