// NameTypes: of the types that a signed zone's chain says are at a name, those
// that a walk acts upon (ITERATION.md 3.4).
#ifndef PTRSWEEP_SCANNER_WALK_NAME_TYPES_H_
#define PTRSWEEP_SCANNER_WALK_NAME_TYPES_H_

#include "dnswire/dnssec/nsec.h"
#include "dnswire/wire.h"

namespace scanner {

struct NameTypes {
  bool ptr : 1 = false;
  bool cname : 1 = false;
  bool dname : 1 = false;
  bool ns : 1 = false;
  bool soa : 1 = false;
  bool ds : 1 = false;

  static NameTypes Of(const dnswire::TypeBitmap& types) {
    return {.ptr = types.Has(dnswire::kTypePtr),
            .cname = types.Has(dnswire::kTypeCname),
            .dname = types.Has(dnswire::kTypeDname),
            .ns = types.Has(dnswire::kTypeNs),
            .soa = types.Has(dnswire::kTypeSoa),
            .ds = types.Has(dnswire::kTypeDs)};
  }
  // A delegation: what is below it is of another zone.
  bool is_cut() const { return ns && !soa; }
  friend bool operator==(const NameTypes&, const NameTypes&) = default;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_NAME_TYPES_H_
