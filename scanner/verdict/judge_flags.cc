#include "scanner/verdict/judge_flags.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "dnswire/reverse.h"
#include "scanner/targets/special_use.h"
#include "scanner/verdict/generic_name.h"
#include "scanner/verdict/judge.h"
#include "scanner/verdict/soa_rules.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::NameView;
using io::Flag;
using io::FlagSet;
using io::ForwardOutcome;
using io::Status;

constexpr uint32_t kLowTtl = 300;
constexpr uint32_t kHighTtl = 86400;

void AddIf(bool condition, Flag flag, FlagSet* flags) {
  if (condition) flags->Add(flag);
}

// Often a network or broadcast address, or a subnet-router anycast address
// (RFC 4291 section 2.6.1): seldom a host.
bool IsEdgeAddress(const IpAddress& address) {
  if (!address.is_v4()) return absl::Uint128Low64(address.value()) == 0;
  return address.octet(3) == 0 || address.octet(3) == 255;
}

// RFC 2317: the alias leads below the reverse name of the address's own /24.
bool IsClassless(const Evidence& evidence) {
  if (!evidence.target.is_v4() || evidence.chain.empty()) return false;
  uint8_t wire[dnswire::kMaxReverseOctets];
  const size_t size = dnswire::EncodeReverseName(evidence.target, wire);
  const NameView block = NameView::FromValidWire({wire, size}).parent();
  return (*evidence.chain.begin()).IsBelow(block);
}

void AddTtlFlags(const Evidence& evidence, FlagSet* flags) {
  if (evidence.names.empty() || !evidence.ttl_s) return;
  AddIf(evidence.authoritative && *evidence.ttl_s < kLowTtl, Flag::kTtlLow,
        flags);
  AddIf(*evidence.ttl_s > kHighTtl, Flag::kTtlHigh, flags);
}

// Same /24 or /64.
bool IsNear(const IpAddress& a, const IpAddress& b) {
  if (a.family() != b.family()) return false;
  return a.is_v4()
             ? a.v4() >> 8 == b.v4() >> 8
             : absl::Uint128High64(a.value()) == absl::Uint128High64(b.value());
}

void AddAddressFlags(const Evidence& evidence, const ForwardEvidence& forward,
                     Status status, FlagSet* flags) {
  for (const IpAddress& address : forward.addresses) {
    const bool loopback = IsLoopback(address);
    AddIf(loopback, Flag::kLoopbackForward, flags);
    AddIf(!loopback && IsSpecialUse(address), Flag::kPrivateForward, flags);
    AddIf(status == Status::kMismatch && IsNear(address, evidence.target),
          Flag::kNearMatch, flags);
  }
}

bool HasOtherFamily(const CheckEvidence& checks) {
  return std::any_of(checks.other_family.begin(), checks.other_family.end(),
                     [](const ForwardEvidence& forward) {
                       return forward.result == ForwardResult::kData;
                     });
}

bool HasUnconfirmedAaaa(const CheckEvidence& checks) {
  return std::any_of(checks.aaaa.begin(), checks.aaaa.end(),
                     [](const AaaaEvidence& address) {
                       return IsDefinite(address.result) && !address.has_name;
                     });
}

// A name of K fits the expectation, and it leads back or may do so.
bool MatchMayLeadBack(const Evidence& evidence, const Expectation& expected) {
  return std::any_of(evidence.forward.begin(), evidence.forward.end(),
                     [&](const ForwardEvidence& forward) {
                       const ForwardOutcome outcome = ForwardOutcomeOf(forward);
                       return (outcome == ForwardOutcome::kConfirmed ||
                               outcome == ForwardOutcome::kError) &&
                              expected.Matches(forward.name);
                     });
}

}  // namespace

FlagSet ReverseFlags(const Evidence& evidence, const NamesSeen& names) {
  FlagSet flags;
  const bool beyond_k =
      !evidence.ptr_only && names.usable > evidence.forward.size();
  AddIf(evidence.names.size() >= 2, Flag::kMultiplePtr, &flags);
  AddIf(beyond_k || evidence.ptr_cut, Flag::kExcessPtr, &flags);
  AddIf(!evidence.chain.empty(), Flag::kCnameChain, &flags);
  AddIf(evidence.dname, Flag::kDname, &flags);
  AddIf(IsClassless(evidence), Flag::kClassless, &flags);
  AddTtlFlags(evidence, &flags);
  AddIf(evidence.stale, Flag::kStale, &flags);
  AddIf(IsSpecialUse(evidence.target), Flag::kSpecialUse, &flags);
  AddIf(IsEdgeAddress(evidence.target), Flag::kEdgeAddress, &flags);
  AddIf(evidence.pruned, Flag::kPruned, &flags);
  AddIf(evidence.reused, Flag::kReused, &flags);
  AddIf(evidence.soa && IsLocalZone(*evidence.soa), Flag::kLocalZone, &flags);
  AddIf(evidence.checks != nullptr &&
            ResolversDisagree(evidence.checks->resolvers),
        Flag::kResolverDisagree, &flags);
  return flags;
}

FlagSet JudgedNameFlags(const IpAddress& target, const NameShape& shape) {
  FlagSet flags = ClassifyName(target, shape).flags;
  AddIf(shape.underscore, Flag::kUnderscore, &flags);
  AddIf(shape.name.size() == shape.domain.size(), Flag::kApexName, &flags);
  AddIf(shape.ace_label, Flag::kIdn, &flags);
  return flags;
}

FlagSet ForwardFlags(const Evidence& evidence, Status status,
                     const NamesSeen& names, const ForwardSeen& forward) {
  FlagSet flags;
  const bool pass = status == Status::kPass;
  AddIf(pass && (!names.unusable_flags.empty() || forward.differs != nullptr ||
                 forward.negative != nullptr),
        Flag::kForwardPartial, &flags);
  AddIf(pass && forward.failed != nullptr, Flag::kForwardIncomplete, &flags);
  AddIf(names.multi_domain, Flag::kMultiDomain, &flags);
  if (const CheckEvidence* const checks = evidence.checks; checks != nullptr) {
    AddIf(status == Status::kNoForward && HasOtherFamily(*checks),
          Flag::kOtherFamilyOnly, &flags);
    AddIf(pass && HasUnconfirmedAaaa(*checks), Flag::kAaaaUnconfirmed, &flags);
  }
  for (const ForwardEvidence& name : evidence.forward) {
    AddIf(name.cname, Flag::kCnameTarget, &flags);
    AddIf(name.address_count > kKeptAddresses, Flag::kForwardMany, &flags);
    AddAddressFlags(evidence, name, status, &flags);
  }
  return flags;
}

bool IsUnexpected(const Evidence& evidence, Status status,
                  const Expectation& expected) {
  if (expected.kind() == Expectation::Kind::kNone) return false;
  if (evidence.names.empty()) return false;
  if (expected.kind() == Expectation::Kind::kNoPtr) return true;
  if (status == Status::kPass) return !MatchMayLeadBack(evidence, expected);
  return std::none_of(
      evidence.names.begin(), evidence.names.end(),
      [&expected](NameView name) { return expected.Matches(name); });
}

}  // namespace scanner
