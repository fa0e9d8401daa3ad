// Compares what ptrsweep wrote with truth.json, row by row.
#ifndef PTRSWEEP_TESTS_WORLD_CHECK_H_
#define PTRSWEEP_TESTS_WORLD_CHECK_H_

#include <cstddef>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace world {

// Objects are equal whatever the order of their keys.
using RowJson = nlohmann::json;

struct CheckResult {
  // One line each: "IP: FIELD: truth ..., row ...", "IP: no row", ...
  std::vector<std::string> differences;
  size_t equal = 0;    // rows as the truth has them
  size_t wrong = 0;    // addresses with a row that differs
  size_t missing = 0;  // addresses without a row
  size_t pruned = 0;   // of all rows, those that were inferred rightly
  size_t extra = 0;    // rows of no target, second rows, lines that are no row
};

// `rows`: NDJSON. Every address of the truth's targets must have one row, and
// each of its fields must be as in the truth or in one of its `allowed`
// alternatives; fields the truth does not speak of are not looked at. In a
// target that is `prunable` a row may have the flag pruned. With
// `targets`: only the truth's targets of those prefixes.
CheckResult CheckRows(std::istream& rows, const RowJson& truth,
                      const std::vector<std::string>& targets);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_CHECK_H_
