// "a, b and c": names in a sentence.
#ifndef PTRSWEEP_SCANNER_VERDICT_LISTED_H_
#define PTRSWEEP_SCANNER_VERDICT_LISTED_H_

#include <span>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace scanner {

inline std::string Listed(std::span<const std::string> names) {
  if (names.size() < 2) return names.empty() ? "" : names[0];
  return absl::StrCat(absl::StrJoin(names.first(names.size() - 1), ", "),
                      " and ", names.back());
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_LISTED_H_
