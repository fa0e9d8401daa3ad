// 2001:db8::/32 as `ptrsweep walk` is tested with it (ITERATION.md 4.3, second
// table): 64 /48 of its own, and 2001:db8:a001::/48 to a020, each with a
// difficulty of its own.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_WALK_NETWORKS_H_
#define PTRSWEEP_TESTS_WORLD_WALK_WALK_NETWORKS_H_

#include <string>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/zone_model.h"

namespace world {

// One prefix to be walked.
struct WalkCase {
  std::string name;
  std::string prefix;
};

// "a001" to "a020"; "all" is the /32; the rest are other lengths.
std::vector<WalkCase> WalkCases();

// The servers of the next. REQUIRES: example.net is there.
void AddWalkServers(Model* model);
void AddWalkNetworks(Model* model);

// The zones of a001 to a020 whose servers fail or which make trouble
// (walk_faults.cc), and the others.
void AddWalkFaults(Model* model);

// Addresses that a walk is told of (--known): some of those that no walk finds.
std::vector<Address> KnownAddresses(const Model& model);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_WALK_NETWORKS_H_
