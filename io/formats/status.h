// The vocabulary of a row: status, cause, flags, forward outcomes. Their names
// are output text: they never change meaning, new ones are only appended
// (VERDICTS.md).
#ifndef PTRSWEEP_IO_FORMATS_STATUS_H_
#define PTRSWEEP_IO_FORMATS_STATUS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

// VERDICTS.md section 2; the values are its numbers.
enum class Status : uint8_t {
  kSkipped = 0,
  kReverseTimeout = 1,
  kReverseError = 2,
  kUndelegated = 3,
  kNoPtr = 4,
  kBadName = 5,
  kPass = 6,
  kForwardError = 7,
  kMismatch = 8,
  kNoForward = 9,
  kUnconfirmed = 10,
};
inline constexpr size_t kStatusCount = 11;

// VERDICTS.md section 3. kNone is an empty cause.
enum class Cause : uint8_t {
  kNone,
  // skipped
  kSpecialUse,
  kExcluded,
  kBudget,
  kBreaker,
  // timeout family
  kTimeout,
  kUnreachable,
  kUnmatched,
  kAllNsUnreachable,  // also an error, seen by a resolver
  // errors
  kServfail,
  kRefused,
  kResolverRefused,
  kNotauth,
  kFormerr,
  kNotimp,
  kOtherRcode,
  kMalformed,
  kTruncated,
  kLoop,
  kChainTooLong,
  kLame,
  kNsUnresolvable,
  kDnssecBogus,
  kBlocked,
  // negatives
  kNxdomain,
  kNodata,
  kDanglingCname,
};
inline constexpr size_t kCauseCount = 27;

// VERDICTS.md section 4: the flags that a row can carry when it is written.
enum class Flag : uint8_t {
  // 4.1 reverse
  kMultiplePtr,
  kExcessPtr,
  kCnameChain,
  kDname,
  kClassless,
  kTtlLow,
  kTtlHigh,
  kStale,
  kSpecialUse,
  kEdgeAddress,
  kPruned,  // inferred from an NXDOMAIN above, not asked
  kReused,  // the reverse part is an earlier scan's
  kLocalZone,
  // 4.2 unusable, in the order that decides the explanation
  kRootName,
  kLocalhost,
  kMissingDot,
  kSelfPtr,
  kArpaName,
  kSingleLabel,
  kIpLiteral,
  kNumericName,
  kIllegalChars,
  kInternalTld,
  // 4.3 the judged name
  kUnderscore,
  kGeneric,
  kPlaceholderName,
  kProviderDefault,
  kDynamicName,
  kAccessName,
  kStaticName,
  kMailName,
  kMacInName,
  kApexName,
  kIdn,
  kUnexpectedName,
  kExpectedReady,
  // 4.4 forward
  kForwardPartial,
  kForwardIncomplete,
  kCnameTarget,
  kPrivateForward,
  kLoopbackForward,
  kNearMatch,
  kForwardMany,
  kMultiDomain,
  // of 4.1 and 4.4, with an option
  kResolverDisagree,
  kOtherFamilyOnly,
  kAaaaUnconfirmed,
};
inline constexpr size_t kFlagCount = 47;

// A set of flags.
class FlagSet {
 public:
  constexpr FlagSet() = default;
  constexpr void Add(Flag flag) { bits_ |= Bit(flag); }
  constexpr void AddAll(FlagSet other) { bits_ |= other.bits_; }
  constexpr bool Has(Flag flag) const { return (bits_ & Bit(flag)) != 0; }
  constexpr bool HasAny(FlagSet other) const {
    return (bits_ & other.bits_) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }
  // A bit for each flag, by its value.
  constexpr uint64_t bits() const { return bits_; }
  friend constexpr bool operator==(FlagSet, FlagSet) = default;

 private:
  static constexpr uint64_t Bit(Flag flag) {
    return uint64_t{1} << static_cast<int>(flag);
  }

  uint64_t bits_ = 0;
};

// F(n) of VERDICTS.md 1, for column `forward`. kError: the cause says which.
enum class ForwardOutcome : uint8_t {
  kConfirmed,
  kDiffers,
  kNxdomain,
  kNodata,
  kError,
};

// Names as in the output; the reverse gives nullopt for an unknown name.
absl::string_view StatusName(Status status);
std::optional<Status> ParseStatus(absl::string_view name);
absl::string_view CauseName(Cause cause);  // "" for kNone
std::optional<Cause> ParseCause(absl::string_view name);
absl::string_view FlagName(Flag flag);
std::optional<Flag> ParseFlag(absl::string_view name);
absl::string_view ForwardOutcomeName(ForwardOutcome outcome);  // not kError

// All flags in the order of their names, as lists of flags are printed.
std::span<const Flag> FlagsByName();
// The set with a bit for each flag by its place in FlagsByName().
uint64_t BitsByName(FlagSet flags);

// Calls `visit(Flag)` for each flag of the set in the order of their names.
template <typename Visit>
void ForEachFlagByName(FlagSet flags, Visit visit) {
  for (uint64_t bits = BitsByName(flags); bits != 0; bits &= bits - 1) {
    visit(FlagsByName()[static_cast<size_t>(std::countr_zero(bits))]);
  }
}

// The "unknown" of --max-unknown: reverse_timeout, reverse_error,
// forward_error, and skipped for budget or breaker.
bool IsIndefinite(Status status, Cause cause);

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_STATUS_H_
