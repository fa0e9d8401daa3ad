// truth.json: what must come out for every target of the world, and the facts
// about its zones (ITERATION.md 4.4), worked out from the model.
#ifndef PTRSWEEP_TESTS_WORLD_TRUTH_H_
#define PTRSWEEP_TESTS_WORLD_TRUTH_H_

#include <string>
#include <vector>

#include "tests/world/judgement.h"

namespace world {

// The row of one address, as far as the world decides it: the columns of
// OUTPUT.md 1 without those of the run (server, queries, rtt_us, time) and
// without ttl_s, which a cache lowers. Where the resolver's patience decides,
// `allowed` lists rows that are as right by the fields in which they differ.
Json TruthRow(const Case& subject);

// Longest prefix match in the model's labels, for label and expected
// separately (VERDICTS.md 8).
Expected ExpectedOf(const Model& model, const Address& ip);

struct TruthOptions {
  std::vector<std::string> lists;  // of targets
  Asked asked = Asked::kResolver;
  bool with_labels = false;    // as a scan with labels.csv sees it
  bool with_families = false;  // as one with --both-families --dual-stack
};
Json TruthOf(const Model& model, const TruthOptions& options);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_TRUTH_H_
