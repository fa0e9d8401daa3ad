// Proves that the truth is what the servers say: asks them with ldns for
// everything the model knows (ITERATION.md 4.4).
#ifndef PTRSWEEP_TESTS_WORLD_PROVE_H_
#define PTRSWEEP_TESTS_WORLD_PROVE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/world/judgement.h"
#include "tests/world/zone_model.h"

namespace world {

// What was asked and found to be as the truth has it, and what was not.
struct Proof {
  size_t asked = 0;
  std::vector<std::string> contradictions;
};

// Every record set of every zone, at each server that serves it; the SOA at
// each server that a zone names, for its result; and `absent_names` invented
// names at each server, which must be denied by the zone they were put in.
void ProveAuthorities(const Model& model, size_t absent_names, Proof* proof);

// The flags of zones that their servers show when asked (prove_zones.cc).
void ProveZoneFlags(const Model& model, Proof* proof);

// The reverse name of every `stride`-th row of `truth` and every name in its
// forward column, at the resolver or at the server that was asked directly:
// rcode, names, aliases, addresses, zone.
void ProveRows(const Json& truth, const std::string& server, size_t stride,
               Proof* proof);

// The same of the truth for a scan that asks the authorities, step by step from
// `root`.
void ProveIteration(const Model& model, const Json& truth,
                    const std::string& root, size_t stride, Proof* proof);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_PROVE_H_
