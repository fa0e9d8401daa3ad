#include "scanner/walk/walk_fail_condition.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "io/formats/carried_text.h"
#include "io/nearest_word.h"

namespace scanner {
namespace {

absl::Status UnknownWord(absl::string_view word) {
  std::vector<absl::string_view> words = FailWords();
  for (size_t i = 0; i < kFindingKindCount; ++i) {
    words.push_back(FindingKindName(static_cast<FindingKind>(i)));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", io::ShownText(word),
      "\" is no kind of finding, status, flag, \"warn\" or \"crit\"; did you "
      "mean \"",
      io::NearestWord(word, words), "\"?"));
}

}  // namespace

absl::StatusOr<WalkFailCondition> WalkFailCondition::Parse(
    absl::string_view list) {
  WalkFailCondition condition;
  const std::vector<absl::string_view> row_words = FailWords();
  std::vector<absl::string_view> of_rows;
  for (const absl::string_view word : absl::StrSplit(list, ',')) {
    const auto kind = ParseFindingKind(word);
    if (kind) condition.kinds_ |= uint32_t{1} << static_cast<int>(*kind);
    const bool is_of_rows =
        std::find(row_words.begin(), row_words.end(), word) != row_words.end();
    if (is_of_rows) of_rows.push_back(word);
    if (!kind && !is_of_rows) return UnknownWord(word);
  }
  if (of_rows.empty()) return condition;
  const auto rows = FailCondition::Parse(absl::StrJoin(of_rows, ","));
  if (!rows.ok()) return rows.status();
  condition.rows_ = *rows;
  return condition;
}

}  // namespace scanner
