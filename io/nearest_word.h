// "Did you mean ...?": the known word that is nearest to one that is not.
#ifndef PTRSWEEP_IO_NEAREST_WORD_H_
#define PTRSWEEP_IO_NEAREST_WORD_H_

#include <cstddef>
#include <span>

#include "absl/strings/string_view.h"

namespace io {

// The number of single-character edits between two words (Levenshtein).
size_t EditDistance(absl::string_view a, absl::string_view b);

// The first of those with the least distance. REQUIRES: !words.empty().
absl::string_view NearestWord(absl::string_view word,
                              std::span<const absl::string_view> words);

}  // namespace io

#endif  // PTRSWEEP_IO_NEAREST_WORD_H_
