// What must be said of the world's zones (VERDICTS.md 6), and what asking for
// its targets may cost (ITERATION.md 2.8), from the model.
#ifndef PTRSWEEP_TESTS_WORLD_ZONE_TRUTH_H_
#define PTRSWEEP_TESTS_WORLD_ZONE_TRUTH_H_

#include <set>
#include <string>
#include <vector>

#include "tests/world/judgement.h"
#include "tests/world/zone_model.h"

namespace world {

// Per zone: apex, parent, servers with the result of asking each for the SOA,
// verdict, flags, serials, honesty (ITERATION.md 2.3), hosts. For one who may
// ask special-use servers, from the root down.
Json ZonesTruth(const Model& model);

std::string ZoneVerdict(const Model& model, const Zone& zone);
// ns_special_use left out: nearly all zones have it.
std::set<std::string> ZoneFlags(const Model& model, const Zone& zone);
// "signed", "honest", "unknown" or "broken".
std::string HonestyOf(const Model& model, const Zone& zone);

// Per target whose servers all work or are all silent, and that consists of
// whole /24: what a scan by own iteration with --ptr-only may send in all.
Json LimitsTruth(const Model& model, const std::vector<Target>& targets);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ZONE_TRUTH_H_
