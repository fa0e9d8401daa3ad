// truth-walk.json: for each prefix that is walked what must come of it, from
// the model.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_WALK_TRUTH_H_
#define PTRSWEEP_TESTS_WORLD_WALK_WALK_TRUTH_H_

#include <string>

#include "tests/world/judgement.h"
#include "tests/world/zone_model.h"

namespace world {

// {version, seed, cases}; a case is {name, prefix, hosts, may_miss, complete,
// nodes, limit, findings} as README.md describes it.
Json WalkTruthOf(const Model& model);

// Lines "NAME PREFIX".
std::string WalkCasesText();
// Addresses for --known, one a line.
std::string KnownAddressesText(const Model& model);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_WALK_TRUTH_H_
