#include "tools/dataset/number_ranges.h"

#include "absl/strings/str_cat.h"

namespace tools {

std::string RangesText(const NumberRanges& ranges) {
  std::string text;
  for (const auto& [first, last] : ranges) {
    absl::StrAppend(&text, text.empty() ? "" : ",", first);
    if (last > first) absl::StrAppend(&text, "-", last);
  }
  return text;
}

NumberRanges RangesOf(const std::set<uint64_t>& numbers) {
  NumberRanges ranges;
  for (const uint64_t number : numbers) {
    if (!ranges.empty() && ranges.back().second + 1 == number) {
      ranges.back().second = number;
    } else {
      ranges.emplace_back(number, number);
    }
  }
  return ranges;
}

NumberRanges GapsOf(const std::set<uint64_t>& numbers, uint64_t count) {
  NumberRanges gaps;
  uint64_t next = 0;
  for (const uint64_t number : numbers) {
    if (number >= count) break;
    if (number > next) gaps.emplace_back(next, number - 1);
    next = number + 1;
  }
  if (next < count) gaps.emplace_back(next, count - 1);
  return gaps;
}

}  // namespace tools
