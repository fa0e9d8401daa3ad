// Which cause a lookup ends with when no data and no denial came: a fixed
// order over all that was seen, so that the cause does not depend on the order
// of packets (VERDICTS.md 1.1).
#ifndef PTRSWEEP_SCANNER_VERDICT_CAUSE_ORDER_H_
#define PTRSWEEP_SCANNER_VERDICT_CAUSE_ORDER_H_

#include <cstdint>

#include "io/formats/status.h"

namespace scanner {

// The causes seen for one question, over all its tries, servers and passes.
// Add one per try that failed: kTimeout or kUnreachable for the try itself,
// the error of an accepted response, kUnmatched for a question that a rejected
// reply was seen for.
class CauseSet {
 public:
  constexpr CauseSet() = default;
  constexpr void Add(io::Cause cause) { bits_ |= Bit(cause); }
  constexpr void AddAll(CauseSet other) { bits_ |= other.bits_; }
  constexpr CauseSet Without(io::Cause cause) const {
    return FromBits(bits_ & ~Bit(cause));
  }
  constexpr bool Has(io::Cause cause) const {
    return (bits_ & Bit(cause)) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }
  // As a number, to be stored.
  constexpr uint32_t bits() const { return bits_; }
  static constexpr CauseSet FromBits(uint32_t bits) {
    CauseSet set;
    set.bits_ = bits;
    return set;
  }
  friend constexpr bool operator==(CauseSet, CauseSet) = default;

 private:
  static_assert(io::kCauseCount <= 32);
  static constexpr uint32_t Bit(io::Cause cause) {
    return uint32_t{1} << static_cast<int>(cause);
  }

  uint32_t bits_ = 0;
};

// Errors of accepted responses, the most telling first.
inline constexpr io::Cause kErrorOrder[] = {
    io::Cause::kMalformed,        io::Cause::kLoop,
    io::Cause::kChainTooLong,     io::Cause::kTruncated,
    io::Cause::kDnssecBogus,      io::Cause::kBlocked,
    io::Cause::kAllNsUnreachable, io::Cause::kLame,
    io::Cause::kServfail,         io::Cause::kRefused,
    io::Cause::kResolverRefused,  io::Cause::kNotauth,
    io::Cause::kNotimp,           io::Cause::kFormerr,
    io::Cause::kOtherRcode,
};

// The cause of a failed lookup. `any_response`: some response was accepted; if
// it was but brought no error (an alias whose target then stayed silent), the
// silence decides. kUnreachable needs it on every try, so one try that timed
// out beats it. Nothing seen at all is kTimeout.
constexpr io::Cause DecidingCause(CauseSet seen, bool any_response) {
  if (any_response) {
    for (const io::Cause cause : kErrorOrder) {
      if (seen.Has(cause)) return cause;
    }
  }
  for (const io::Cause cause :
       {io::Cause::kNsUnresolvable, io::Cause::kUnmatched,
        io::Cause::kAllNsUnreachable, io::Cause::kTimeout}) {
    if (seen.Has(cause)) return cause;
  }
  return seen.Has(io::Cause::kUnreachable) ? io::Cause::kUnreachable
                                           : io::Cause::kTimeout;
}

// Whether that cause means silence (reverse_timeout) or an error. The same
// word all_ns_unreachable is silence if we asked every server ourselves and an
// error if a resolver reports it.
constexpr bool IsTimeoutFamily(io::Cause cause, bool any_response) {
  return cause == io::Cause::kTimeout || cause == io::Cause::kUnreachable ||
         cause == io::Cause::kUnmatched ||
         (cause == io::Cause::kAllNsUnreachable && !any_response);
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_CAUSE_ORDER_H_
