// The findings of ITERATION.md 3.8 that a walk of the model must report.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_WALK_FINDINGS_H_
#define PTRSWEEP_TESTS_WORLD_WALK_WALK_FINDINGS_H_

#include <vector>

#include "tests/world/address.h"
#include "tests/world/judgement.h"
#include "tests/world/walk/name_tree.h"
#include "tests/world/zone_model.h"

namespace world {

// Objects {prefix, kind} and, where the truth decides them, zone, causes (one
// of which it must be), optional (right, and as right if it is not there) and
// repeats (may be there more than once). `starts`: what is walked.
Json FindingsTruth(const Model& model, const NameTree& tree,
                   const std::vector<Prefix>& starts);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_WALK_FINDINGS_H_
