// What makes a PTR name unusable (VERDICTS.md 4.2), and which names are looked
// up.
#ifndef PTRSWEEP_SCANNER_VERDICT_NAME_RULES_H_
#define PTRSWEEP_SCANNER_VERDICT_NAME_RULES_H_

#include <cstddef>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/status.h"
#include "scanner/verdict/name_shape.h"

namespace scanner {

// Every flag of section 4.2 that fits `name` as a PTR of `target`; empty: the
// name is usable. `name` in lower case, `shape` its own; `chain`: the reverse
// alias targets. Allocates nothing.
io::FlagSet UnusableFlags(const dnswire::IpAddress& target,
                          dnswire::NameListView chain, dnswire::NameView name,
                          const NameShape& shape);
inline io::FlagSet UnusableFlags(const dnswire::IpAddress& target,
                                 dnswire::NameListView chain,
                                 dnswire::NameView name) {
  return UnusableFlags(target, chain, name, NameShape(name));
}
// All flags of section 4.2.
io::FlagSet AllUnusableFlags();
// How many labels of a name with flag missing_dot are the zone's own, which was
// appended to what the zone file has; 0 for a name without the flag. As above.
int AppendedLabels(const dnswire::IpAddress& target,
                   dnswire::NameListView chain, dnswire::NameView name);

// The registrable domain R of a name (VERDICTS.md 5.1), which is in lower case.
inline dnswire::NameView RegistrableDomain(dnswire::NameView name) {
  return NameShape(name).domain;
}

// Calls `visit(NameView)` for each name of K: the first `max_names` usable
// names of N in its order.
template <typename Visit>
void ForEachNameToAsk(const dnswire::IpAddress& target,
                      dnswire::NameListView chain, dnswire::NameListView names,
                      size_t max_names, Visit visit) {
  for (const dnswire::NameView name : names) {
    if (max_names == 0) return;
    if (!UnusableFlags(target, chain, name).empty()) continue;
    visit(name);
    --max_names;
  }
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_NAME_RULES_H_
