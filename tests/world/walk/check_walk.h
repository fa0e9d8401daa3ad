// Compares rows and findings of `ptrsweep walk` with a case of truth-walk.json.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_CHECK_WALK_H_
#define PTRSWEEP_TESTS_WORLD_WALK_CHECK_WALK_H_

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/world/check.h"

namespace world {

struct WalkCheckResult {
  // One line each, rows first: "IP: ...", "KIND PREFIX: ...".
  std::vector<std::string> differences;
  size_t hosts = 0;     // rows as the truth has them
  size_t missed = 0;    // hosts without a row, of those that may be missed
  size_t findings = 0;  // as the truth has them
};

// `rows`, `findings`: NDJSON. Each host must have one row as in check.h, but
// for those of may_miss, which may have none; no other address may have one.
// Each finding that is not optional must be there, once unless it repeats, with
// the truth's zone, count and one of its causes, as far as the truth has them;
// no other may be there. A finding `unknown` is a difference of its own: that
// part was not walked.
WalkCheckResult CheckWalk(std::istream& rows, std::istream& findings,
                          const RowJson& walked);

// The case of that name, or null.
const RowJson* FindWalkCase(const RowJson& truth, const std::string& name);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_CHECK_WALK_H_
