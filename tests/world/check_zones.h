// Compares what `ptrsweep zones` wrote with the zones of truth.json.
#ifndef PTRSWEEP_TESTS_WORLD_CHECK_ZONES_H_
#define PTRSWEEP_TESTS_WORLD_CHECK_ZONES_H_

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/world/check.h"

namespace world {

struct ZonesCheckResult {
  // One line each: "APEX: FIELD: truth ..., row ...", "APEX: no row", ...
  std::vector<std::string> differences;
  size_t compared = 0;     // zones
  size_t equal = 0;        // of them
  size_t undelegated = 0;  // addresses of the truth that a row covers rightly
};

// `rows`: NDJSON for the prefixes `targets`. Every zone of the truth with its
// apex in them must have a row, if its name is one that is visited, and so must
// the zones of the truth's addresses; of each verdict, flags, parent, serials
// and every server's result are as in the truth. Addresses that are undelegated
// lie below a row that says so, and no others.
//
// Left out: IPv6 zones below a target, and what a row says lies deeper than
// what was visited; ns_special_use, which the truth has not; zones that only a
// resolver has (verdict local); ent_broken may be missing, for it is found at
// random.
ZonesCheckResult CheckZones(std::istream& rows, const RowJson& truth,
                            const std::vector<std::string>& targets);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_CHECK_ZONES_H_
