#include "io/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace io {

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row[b.size()];
}

absl::string_view NearestWord(absl::string_view word,
                              std::span<const absl::string_view> words) {
  return *std::min_element(words.begin(), words.end(),
                           [word](absl::string_view a, absl::string_view b) {
                             return EditDistance(word, a) <
                                    EditDistance(word, b);
                           });
}

}  // namespace io
