// Evidence: all that was seen of one address, and all that Judge may use.
#ifndef PTRSWEEP_SCANNER_VERDICT_EVIDENCE_H_
#define PTRSWEEP_SCANNER_VERDICT_EVIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/status.h"

namespace scanner {

// How the PTR lookup ended.
enum class ReverseResult : uint8_t {
  kSkipped,  // not asked: cause of status skipped
  kTimeout,  // no response was accepted: cause of the timeout family
  kError,    // responses came, none was an answer: an error cause
  kNxdomain,
  kNodata,
  kData,
};

// How the lookup of one name of K ended. kPending never reaches Judge.
enum class ForwardResult : uint8_t {
  kPending,
  kData,
  kNxdomain,
  kNodata,
  kError,  // timeout family included; the cause says which
};

// One name of K. `addresses`: those of the target's family, ascending,
// distinct, at most kKeptAddresses of them and then with the target among them
// if it was in the answer.
struct ForwardEvidence {
  dnswire::NameView name;
  ForwardResult result = ForwardResult::kPending;
  io::Cause cause = io::Cause::kNone;
  bool cname = false;          // the lookup went through an alias
  bool has_target = false;     // the target is among all its addresses
  uint32_t address_count = 0;  // distinct ones in the answer
  std::span<const dnswire::IpAddress> addresses;
};
inline constexpr size_t kKeptAddresses = 50;

// What one of the resolvers that are compared says of the PTR.
struct ResolverEvidence {
  ReverseResult result = ReverseResult::kSkipped;
  dnswire::NameListView names;  // as Evidence::names, of kData
};

// What the PTR lookup of an IPv6 address of the judged name came to.
struct AaaaEvidence {
  ReverseResult result = ReverseResult::kSkipped;
  bool has_name = false;  // the judged one is among its names
};

// The SOA of a negative PTR answer.
struct NegativeSoa {
  dnswire::NameView owner;
  dnswire::NameView mname;
  dnswire::NameView rname;
};

inline constexpr size_t kAskedAaaa = 10;

// What options had asked beside.
struct CheckEvidence {
  // The resolvers that are compared, in their order: Evidence::names is that of
  // the first whose result is definite.
  std::span<const ResolverEvidence> resolvers;
  // Names of K asked for addresses of the other family, if none has one of its
  // own.
  std::span<const ForwardEvidence> other_family;
  // The lowest IPv6 addresses, kAskedAaaa at most, of the judged name of an
  // IPv4 target that passes.
  std::span<const AaaaEvidence> aaaa;
};

// A value of views, valid while the lookup that gathered it is.
struct Evidence {
  dnswire::IpAddress target;
  ReverseResult reverse = ReverseResult::kSkipped;
  io::Cause reverse_cause = io::Cause::kNone;  // of kSkipped, kTimeout, kError

  // The reverse alias chain: targets of its hops in order, lower case.
  dnswire::NameListView chain;
  bool dname = false;
  bool stale = false;          // of the deciding PTR response
  bool authoritative = false;  // AA of it
  bool pruned = false;         // it spoke of a name above; not asked
  bool reused = false;         // an earlier scan's: its zone has not changed
  std::optional<uint32_t> ttl_s;
  std::optional<NegativeSoa> soa;

  // N: distinct PTR names, lower case, sorted by text. `ptr_cut`: more came
  // than a row may hold (WIRE.md section 9).
  dnswire::NameListView names;
  bool ptr_cut = false;

  bool ptr_only = false;
  // K, in N's order, settled. Empty with ptr_only.
  std::span<const ForwardEvidence> forward;

  // As in the label file ("" none): a host name, "*.NAME", a pattern with {a},
  // or "-". `expected_extra`: the lookup of the expected name that is not in N
  // (flag expected_ready), if it was made.
  absl::string_view expected;
  const ForwardEvidence* expected_extra = nullptr;

  const CheckEvidence* checks = nullptr;  // with options only
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_EVIDENCE_H_
