// CrossChecks: what options make a lookup ask beside its own questions: the PTR
// of each resolver (--compare-resolvers), the names of K for the other family
// (--both-families), the PTRs of the IPv6 addresses of the judged name
// (--dual-stack). A lookup without them has none.
#ifndef PTRSWEEP_SCANNER_ENGINE_CROSS_CHECKS_H_
#define PTRSWEEP_SCANNER_ENGINE_CROSS_CHECKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "scanner/asking/slab.h"
#include "scanner/upstream/route.h"
#include "scanner/verdict/evidence.h"

namespace scanner {

// Slots of Waiter that mean none of Gathered::forward: the IPv6 addresses of
// the judged name, and from kOtherFamilySlot on the names of `other_family`.
inline constexpr uint16_t kAaaaSlot = 0x7fff;
inline constexpr uint16_t kOtherFamilySlot = 0x8000;
constexpr bool IsCheckSlot(uint16_t slot) { return slot >= kAaaaSlot; }

struct CrossChecks {
  struct Resolver {
    bool asked = false;
    ReverseResult result = ReverseResult::kSkipped;
    dnswire::NameList names;
    uint32_t epoch = 0;  // Lookup::epoch, this one's part of it
  };
  struct OtherName {
    size_t name = 0;  // its place in Gathered::asked
    ForwardResult result = ForwardResult::kPending;
  };
  struct Aaaa {
    dnswire::IpAddress address;
    AaaaEvidence found;
  };

  std::vector<Resolver> resolvers;  // by index
  // The first of them whose answer is definite, whose it is that is judged.
  uint32_t judged_resolver = kNil;
  bool direct = true;  // each answered at the first try, without alias

  bool families_asked = false;
  std::vector<OtherName> other_family;

  bool aaaa_asked = false;
  bool aaaa_ptrs_asked = false;
  size_t judged_name = 0;  // its place in Gathered::asked
  std::vector<Aaaa> aaaa;  // ascending

  // What `liar` denied is not believed; nor are the PTRs of IPv6 addresses,
  // whoever denied them.
  void DropDenials(ServerIndex liar) {
    if (liar < resolvers.size()) DropDenial(&resolvers[liar].result);
    for (Aaaa& address : aaaa) DropDenial(&address.found.result);
  }
  void Clear() {
    for (Resolver& resolver : resolvers) {
      resolver.asked = false;
      resolver.result = ReverseResult::kSkipped;
      resolver.names.Clear();
    }
    judged_resolver = kNil;
    direct = true;
    families_asked = aaaa_asked = aaaa_ptrs_asked = false;
    judged_name = 0;
    other_family.clear();
    aaaa.clear();
  }

 private:
  static void DropDenial(ReverseResult* result) {
    if (*result == ReverseResult::kData) return;
    *result = ReverseResult::kError;
  }
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_CROSS_CHECKS_H_
