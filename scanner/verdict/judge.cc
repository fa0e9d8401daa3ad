#include "scanner/verdict/judge.h"

#include <algorithm>
#include <cassert>
#include <memory>

#include "scanner/verdict/expectation.h"
#include "scanner/verdict/judge_flags.h"
#include "scanner/verdict/name_rules.h"
#include "scanner/verdict/soa_rules.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::Cause;
using io::Flag;
using io::ForwardOutcome;
using io::Status;

bool IsNegative(ReverseResult result) {
  return result == ReverseResult::kNxdomain || result == ReverseResult::kNodata;
}

NamesSeen LookAtNames(const Evidence& evidence) {
  NamesSeen seen;
  NameShape other;
  for (const NameView name : evidence.names) {
    NameShape& shape = seen.usable == 0 ? seen.first_shape : other;
    std::construct_at(&shape, name);
    const io::FlagSet flags =
        UnusableFlags(evidence.target, evidence.chain, name, shape);
    seen.unusable_flags.AddAll(flags);
    if (!flags.empty()) continue;
    if (++seen.usable > 1 && !seen.multi_domain) {
      seen.multi_domain = !shape.domain.Equals(seen.first_shape.domain);
    }
  }
  return seen;
}

ForwardSeen LookAtForward(const Evidence& evidence) {
  ForwardSeen seen;
  const auto keep_first = [](const ForwardEvidence*& kept,
                             const ForwardEvidence& forward) {
    if (kept == nullptr) kept = &forward;
  };
  for (const ForwardEvidence& forward : evidence.forward) {
    switch (ForwardOutcomeOf(forward)) {
      case ForwardOutcome::kConfirmed:
        keep_first(seen.confirmed, forward);
        break;
      case ForwardOutcome::kDiffers:
        keep_first(seen.differs, forward);
        break;
      case ForwardOutcome::kNxdomain:
      case ForwardOutcome::kNodata:
        keep_first(seen.negative, forward);
        break;
      case ForwardOutcome::kError:
        keep_first(seen.failed, forward);
        break;
    }
  }
  return seen;
}

Status NegativeStatus(const Evidence& evidence) {
  const bool undelegated = evidence.chain.empty() && evidence.soa &&
                           !IsLocalZone(*evidence.soa) &&
                           IsRegistrySoa(*evidence.soa);
  return undelegated ? Status::kUndelegated : Status::kNoPtr;
}

Status NamedStatus(const Evidence& evidence, const NamesSeen& names,
                   const ForwardSeen& forward) {
  if (names.usable == 0) return Status::kBadName;
  if (evidence.ptr_only) return Status::kUnconfirmed;
  if (forward.confirmed != nullptr) return Status::kPass;
  if (forward.failed != nullptr) return Status::kForwardError;
  if (forward.differs != nullptr) return Status::kMismatch;
  return Status::kNoForward;
}

Status StatusOf(const Evidence& evidence, const NamesSeen& names,
                const ForwardSeen& forward) {
  switch (evidence.reverse) {
    case ReverseResult::kSkipped:
      return Status::kSkipped;
    case ReverseResult::kTimeout:
      return Status::kReverseTimeout;
    case ReverseResult::kError:
      return Status::kReverseError;
    case ReverseResult::kNxdomain:
    case ReverseResult::kNodata:
      return NegativeStatus(evidence);
    case ReverseResult::kData:
      break;
  }
  return NamedStatus(evidence, names, forward);
}

Cause NegativeCause(const Evidence& evidence) {
  if (!evidence.chain.empty()) return Cause::kDanglingCname;
  return evidence.reverse == ReverseResult::kNxdomain ? Cause::kNxdomain
                                                      : Cause::kNodata;
}

Cause CauseOf(const Evidence& evidence, Status status,
              const ForwardSeen& forward) {
  if (IsNegative(evidence.reverse)) return NegativeCause(evidence);
  if (evidence.reverse != ReverseResult::kData) return evidence.reverse_cause;
  return status == Status::kForwardError ? forward.failed->cause : Cause::kNone;
}

// J. With ptr_only nothing of K was asked and its first name is U's.
std::optional<NameView> JudgedName(const Evidence& evidence,
                                   const NamesSeen& names,
                                   const ForwardSeen& forward) {
  if (evidence.names.empty()) return std::nullopt;
  if (forward.confirmed != nullptr) return forward.confirmed->name;
  if (forward.differs != nullptr) return forward.differs->name;
  if (names.usable > 0) return names.first_shape.name;
  return *evidence.names.begin();
}

// Every status but the indefinite ones and skipped.
bool HasDefiniteStatus(const Evidence& evidence) {
  if (IsNegative(evidence.reverse)) return true;
  if (evidence.reverse != ReverseResult::kData) return false;
  const ForwardSeen forward = LookAtForward(evidence);
  return forward.confirmed != nullptr || forward.failed == nullptr;
}

bool FitsExpectedLookup(const Evidence& evidence, const Expectation& expected) {
  return expected.kind() == Expectation::Kind::kHostName &&
         !evidence.ptr_only && HasDefiniteStatus(evidence) &&
         !evidence.names.Contains(expected.name());
}

bool IsExpectedReady(const Evidence& evidence, const Expectation& expected) {
  return evidence.expected_extra != nullptr &&
         ForwardOutcomeOf(*evidence.expected_extra) ==
             ForwardOutcome::kConfirmed &&
         FitsExpectedLookup(evidence, expected);
}

void AddExpectationFlags(const Evidence& evidence, Verdict* verdict) {
  if (evidence.expected.empty()) return;
  const Expectation expected(evidence.expected, evidence.target);
  if (IsUnexpected(evidence, verdict->status, expected)) {
    verdict->flags.Add(Flag::kUnexpectedName);
  }
  if (IsExpectedReady(evidence, expected)) {
    verdict->flags.Add(Flag::kExpectedReady);
  }
}

}  // namespace

ForwardOutcome ForwardOutcomeOf(const ForwardEvidence& forward) {
  switch (forward.result) {
    case ForwardResult::kData:
      return forward.has_target ? ForwardOutcome::kConfirmed
                                : ForwardOutcome::kDiffers;
    case ForwardResult::kNxdomain:
      return ForwardOutcome::kNxdomain;
    case ForwardResult::kNodata:
      return ForwardOutcome::kNodata;
    case ForwardResult::kPending:
      assert(false);
      break;
    case ForwardResult::kError:
      break;
  }
  return ForwardOutcome::kError;
}

Verdict Judge(const Evidence& evidence) {
  assert(evidence.names.empty() == (evidence.reverse != ReverseResult::kData));
  const NamesSeen names = LookAtNames(evidence);
  const ForwardSeen forward = LookAtForward(evidence);
  assert(evidence.forward.size() <= names.usable);
  assert(!evidence.forward.empty() || evidence.ptr_only || names.usable == 0);
  Verdict verdict;
  verdict.status = StatusOf(evidence, names, forward);
  verdict.cause = CauseOf(evidence, verdict.status, forward);
  verdict.judged_name = JudgedName(evidence, names, forward);
  verdict.flags = names.unusable_flags;
  verdict.flags.AddAll(ReverseFlags(evidence, names));
  if (names.usable > 0) {
    const NameView name = *verdict.judged_name;
    verdict.flags.AddAll(
        name.Equals(names.first_shape.name)
            ? JudgedNameFlags(evidence.target, names.first_shape)
            : JudgedNameFlags(evidence.target, NameShape(name)));
  }
  verdict.flags.AddAll(ForwardFlags(evidence, verdict.status, names, forward));
  AddExpectationFlags(evidence, &verdict);
  return verdict;
}

bool WantsExpectedLookup(const Evidence& evidence) {
  if (evidence.expected.empty()) return false;
  return FitsExpectedLookup(evidence,
                            Expectation(evidence.expected, evidence.target));
}

bool WantsOtherFamily(const Evidence& evidence) {
  if (evidence.forward.empty()) return false;
  return NamedStatus(evidence, {.usable = evidence.forward.size()},
                     LookAtForward(evidence)) == Status::kNoForward;
}

std::optional<NameView> NameWithAaaa(const Evidence& evidence) {
  if (!evidence.target.is_v4()) return std::nullopt;
  const ForwardEvidence* const confirmed = LookAtForward(evidence).confirmed;
  if (confirmed == nullptr) return std::nullopt;
  return confirmed->name;
}

bool ResolversDisagree(std::span<const ResolverEvidence> resolvers) {
  const ResolverEvidence* first = nullptr;
  for (const ResolverEvidence& resolver : resolvers) {
    if (!IsDefinite(resolver.result)) continue;
    if (first == nullptr) {
      first = &resolver;
    } else if (!std::ranges::equal(first->names.packed(),
                                   resolver.names.packed())) {
      return true;
    }
  }
  return false;
}

}  // namespace scanner
