// Numbers as messages list them: "3,7-9", which is also what sbatch --array
// takes.
#ifndef PTRSWEEP_TOOLS_DATASET_NUMBER_RANGES_H_
#define PTRSWEEP_TOOLS_DATASET_NUMBER_RANGES_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tools {

// First and last of each, ascending.
using NumberRanges = std::vector<std::pair<uint64_t, uint64_t>>;

NumberRanges RangesOf(const std::set<uint64_t>& numbers);
// What 0 to count-1 has and `numbers` lacks; costs nothing for what lacks.
NumberRanges GapsOf(const std::set<uint64_t>& numbers, uint64_t count);
std::string RangesText(const NumberRanges& ranges);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DATASET_NUMBER_RANGES_H_
