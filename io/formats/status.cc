#include "io/formats/status.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace io {
namespace {

// Each table is indexed by its enum.
constexpr absl::string_view kStatusNames[] = {
    "skipped",  "reverse_timeout", "reverse_error", "undelegated",
    "no_ptr",   "bad_name",        "pass",          "forward_error",
    "mismatch", "no_forward",      "unconfirmed",
};
static_assert(std::size(kStatusNames) == kStatusCount);
static_assert(static_cast<size_t>(Status::kUnconfirmed) == kStatusCount - 1);

constexpr absl::string_view kCauseNames[] = {
    "",
    "special_use",
    "excluded",
    "budget",
    "breaker",
    "timeout",
    "unreachable",
    "unmatched",
    "all_ns_unreachable",
    "servfail",
    "refused",
    "resolver_refused",
    "notauth",
    "formerr",
    "notimp",
    "other_rcode",
    "malformed",
    "truncated",
    "loop",
    "chain_too_long",
    "lame",
    "ns_unresolvable",
    "dnssec_bogus",
    "blocked",
    "nxdomain",
    "nodata",
    "dangling_cname",
};
static_assert(std::size(kCauseNames) == kCauseCount);
static_assert(static_cast<size_t>(Cause::kDanglingCname) == kCauseCount - 1);

constexpr absl::string_view kFlagNames[] = {
    // reverse
    "multiple_ptr",
    "excess_ptr",
    "cname_chain",
    "dname",
    "classless",
    "ttl_low",
    "ttl_high",
    "stale",
    "special_use",
    "edge_address",
    "pruned",
    "reused",
    "local_zone",
    // unusable
    "root_name",
    "localhost",
    "missing_dot",
    "self_ptr",
    "arpa_name",
    "single_label",
    "ip_literal",
    "numeric_name",
    "illegal_chars",
    "internal_tld",
    // the judged name
    "underscore",
    "generic",
    "placeholder_name",
    "provider_default",
    "dynamic_name",
    "access_name",
    "static_name",
    "mail_name",
    "mac_in_name",
    "apex_name",
    "idn",
    "unexpected_name",
    "expected_ready",
    // forward
    "forward_partial",
    "forward_incomplete",
    "cname_target",
    "private_forward",
    "loopback_forward",
    "near_match",
    "forward_many",
    "multi_domain",
    // with an option
    "resolver_disagree",
    "other_family_only",
    "aaaa_unconfirmed",
};
static_assert(std::size(kFlagNames) == kFlagCount);
static_assert(static_cast<size_t>(Flag::kAaaaUnconfirmed) == kFlagCount - 1);
static_assert(kFlagCount <= 64, "FlagSet holds 64 bits");

constexpr absl::string_view kForwardOutcomeNames[] = {"confirmed", "differs",
                                                      "nxdomain", "nodata"};
static_assert(static_cast<size_t>(ForwardOutcome::kError) ==
              std::size(kForwardOutcomeNames));

constexpr std::array<Flag, kFlagCount> SortFlagsByName() {
  std::array<Flag, kFlagCount> flags = {};
  for (size_t i = 0; i < kFlagCount; ++i) flags[i] = static_cast<Flag>(i);
  std::sort(flags.begin(), flags.end(), [](Flag a, Flag b) {
    return kFlagNames[static_cast<size_t>(a)] <
           kFlagNames[static_cast<size_t>(b)];
  });
  return flags;
}

constexpr std::array<Flag, kFlagCount> kFlagsByName = SortFlagsByName();

// Bit of each flag by its place in kFlagsByName.
constexpr std::array<uint64_t, kFlagCount> kBitByName = [] {
  std::array<uint64_t, kFlagCount> bits = {};
  for (size_t i = 0; i < kFlagCount; ++i) {
    bits[static_cast<size_t>(kFlagsByName[i])] = uint64_t{1} << i;
  }
  return bits;
}();

// The enumerator whose name in `names` is `name`.
template <typename Enum, size_t N>
std::optional<Enum> Find(const absl::string_view (&names)[N],
                         absl::string_view name) {
  const auto* const found = std::find(names, names + N, name);
  if (found == names + N) return std::nullopt;
  return static_cast<Enum>(found - names);
}

}  // namespace

absl::string_view StatusName(Status status) {
  return kStatusNames[static_cast<size_t>(status)];
}

std::optional<Status> ParseStatus(absl::string_view name) {
  return Find<Status>(kStatusNames, name);
}

absl::string_view CauseName(Cause cause) {
  return kCauseNames[static_cast<size_t>(cause)];
}

std::optional<Cause> ParseCause(absl::string_view name) {
  return Find<Cause>(kCauseNames, name);
}

absl::string_view FlagName(Flag flag) {
  return kFlagNames[static_cast<size_t>(flag)];
}

std::optional<Flag> ParseFlag(absl::string_view name) {
  return Find<Flag>(kFlagNames, name);
}

absl::string_view ForwardOutcomeName(ForwardOutcome outcome) {
  return kForwardOutcomeNames[static_cast<size_t>(outcome)];
}

std::span<const Flag> FlagsByName() { return kFlagsByName; }

uint64_t BitsByName(FlagSet flags) {
  uint64_t by_name = 0;
  for (uint64_t bits = flags.bits(); bits != 0; bits &= bits - 1) {
    by_name |= kBitByName[static_cast<size_t>(std::countr_zero(bits))];
  }
  return by_name;
}

bool IsIndefinite(Status status, Cause cause) {
  switch (status) {
    case Status::kReverseTimeout:
    case Status::kReverseError:
    case Status::kForwardError:
      return true;
    case Status::kSkipped:
      return cause == Cause::kBudget || cause == Cause::kBreaker;
    default:
      return false;
  }
}

}  // namespace io
