// Input: a text, read as a target, as a target list, as CSV and as a label
// file. Ranges are ordered; errors are one harmless line; what was read is read
// again from its own text.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "io/files/csv_reader.h"
#include "io/files/label_file.h"
#include "io/files/target_reader.h"
#include "io/files/target_text.h"
#include "tests/fuzz/error_line.h"

namespace {

using dnswire::IpPrefix;
using dnswire::IpRange;
using fuzz::Require;

// A range as ParseTarget takes it. Prefixes that hold the IPv4-mapped block
// have no text as first-last, because mapped addresses mean IPv4.
std::string Format(const IpRange& range) {
  for (int length = 0; length <= range.first.bits(); ++length) {
    const auto prefix = IpPrefix::Make(range.first, length);
    if (prefix && prefix->last() == range.last) return prefix->ToString();
  }
  return absl::StrCat(range.first.ToString(), "-", range.last.ToString());
}

void CheckRange(const IpRange& range) {
  Require(range.first.family() == range.last.family(), "one family");
  Require(range.first <= range.last, "a range is ordered");
  Require(!range.last.is_v4() || (range.last.value() >> 32) == 0,
          "an IPv4 range has 32 bits");
  const auto again = io::ParseTarget(Format(range));
  Require(again.ok() && *again == range, "a range is read from its text");
}

void CheckTarget(absl::string_view text) {
  const auto range = io::ParseTarget(text);
  if (range.ok()) {
    CheckRange(*range);
  } else {
    fuzz::CheckErrorLine(range.status(), "");
  }
}

void CheckList(absl::string_view text) {
  const auto list = io::ParseTargetLines(text, "list");
  if (!list.ok()) return fuzz::CheckErrorLine(list.status(), "list:");
  std::string formatted;
  for (const IpRange& range : *list) {
    CheckRange(range);
    absl::StrAppend(&formatted, Format(range), "\n");
  }
  Require(list->size() <= size_t{1} + static_cast<size_t>(std::count(
                                          text.begin(), text.end(), '\n')),
          "a line is one target at most");
  const auto again = io::ParseTargetLines(formatted, "list");
  Require(again.ok() && *again == *list, "a list is read from its text");
}

std::string CsvLine(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    absl::StrAppend(&line, line.empty() ? "" : ",", "\"",
                    absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
  }
  return line + "\n";
}

// Any text comes back from a quoted cell.
void CheckQuoted(absl::string_view text) {
  const std::vector<std::string> record = {std::string(text), "last"};
  const std::string line = CsvLine(record);
  std::vector<std::string> fields;
  const auto more = io::CsvReader(line).Next(&fields);
  Require(more.ok() && *more && fields == record, "a quoted cell is read");
}

void CheckCsv(absl::string_view text) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> fields;
  std::string formatted;
  io::CsvReader reader(text);
  for (;;) {
    const auto more = reader.Next(&fields);
    if (!more.ok()) fuzz::CheckErrorLine(more.status(), "");
    if (!more.ok() || !*more) break;
    records.push_back(fields);
    formatted += CsvLine(fields);
  }
  io::CsvReader again(formatted);
  for (const std::vector<std::string>& record : records) {
    const auto more = again.Next(&fields);
    Require(more.ok() && *more && fields == record, "CSV is read again");
  }
  const auto more = again.Next(&fields);
  Require(more.ok() && !*more, "and nothing more of it");
}

bool SameCells(const io::LabelLine& a, const io::LabelLine& b) {
  return a.target == b.target && a.label == b.label && a.expected == b.expected;
}

void CheckLabels(absl::string_view text) {
  const auto file = io::ParseLabelFile(text, "labels");
  if (!file.ok()) return fuzz::CheckErrorLine(file.status(), "labels:");
  std::string formatted = "target,label,expected\n";
  std::set<IpPrefix> targets;
  size_t line = 1;
  size_t longest = 0;
  for (const io::LabelLine& cells : file->lines) {
    Require(cells.line > line, "lines are in order");
    line = cells.line;
    Require(targets.insert(cells.target).second, "a target is given once");
    const std::string record =
        CsvLine({cells.target.ToString(), cells.label, cells.expected});
    longest = std::max(longest, record.size());
    formatted += record;
  }
  if (longest > io::kMaxLineOctets) return;  // its quotes are too much
  const auto again = io::ParseLabelFile(formatted, "labels");
  Require(again.ok(), "a label file is read again");
  Require(std::equal(file->lines.begin(), file->lines.end(),
                     again->lines.begin(), again->lines.end(), SameCells),
          "with the same cells");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  CheckTarget(text);
  CheckList(text);
  CheckCsv(text);
  CheckQuoted(text);
  CheckLabels(text);
  return 0;
}
