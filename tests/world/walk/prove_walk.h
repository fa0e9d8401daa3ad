// Proves that what is walked is as truth-walk.json has it.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_PROVE_WALK_H_
#define PTRSWEEP_TESTS_WORLD_WALK_PROVE_WALK_H_

#include <cstddef>
#include <string>

#include "tests/world/judgement.h"
#include "tests/world/prove.h"
#include "tests/world/zone_model.h"

namespace world {

// Asks the servers of each IPv6 zone for its empty non-terminals, for
// `absent_names` names beside those that exist, below its wildcards and in what
// it makes up; floods those that limit their rate; walks small cases name by
// name; and finds every host of case "all" step by step from `root`.
void ProveWalk(const Model& model, const Json& truth, const std::string& root,
               size_t absent_names, Proof* proof);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_PROVE_WALK_H_
