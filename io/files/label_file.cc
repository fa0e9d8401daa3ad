#include "io/files/label_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "io/files/csv_reader.h"
#include "io/files/expected_text.h"
#include "io/files/target_reader.h"
#include "io/files/target_text.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

enum class Field { kTarget, kLabel, kExpected };
constexpr size_t kFieldCount = 3;

struct Header {
  absl::string_view name;
  Field field;
};
constexpr Header kHeaders[] = {
    {"target", Field::kTarget},     {"ip", Field::kTarget},
    {"prefix", Field::kTarget},     {"address", Field::kTarget},
    {"label", Field::kLabel},       {"tenant", Field::kLabel},
    {"customer", Field::kLabel},    {"expected", Field::kExpected},
    {"dns_name", Field::kExpected},
};

std::optional<Field> FindField(absl::string_view name) {
  for (const Header& header : kHeaders) {
    if (absl::EqualsIgnoreCase(header.name, name)) return header.field;
  }
  return std::nullopt;
}

absl::Status NoRangeHere(absl::string_view cell) {
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(cell), ": a target here is an address or a prefix"));
}

// The work on one file; errors are without file and line until Parse() adds
// them.
class LabelFileParser {
 public:
  explicit LabelFileParser(absl::string_view text) : reader_(text) {}

  absl::Status Parse();
  LabelFile TakeFile() { return std::move(file_); }
  size_t line() const { return line_; }  // of the fault

 private:
  // The next record, checked as one; false at the end.
  absl::StatusOr<bool> Next();
  absl::Status ParseHeader();
  absl::Status ParseLine();
  absl::Status CheckTwice();
  // The trimmed cell of a field; empty if there is no such column.
  absl::string_view Cell(Field field) const;
  std::optional<size_t>& ColumnOf(Field field) {
    return columns_[static_cast<size_t>(field)];
  }

  CsvReader reader_;
  size_t line_ = 1;
  std::vector<std::string> cells_;
  size_t cell_count_ = 0;  // of the header
  std::array<std::optional<size_t>, kFieldCount> columns_;
  LabelFile file_;
};

absl::Status LabelFileParser::Parse() {
  absl::Status header = ParseHeader();
  if (!header.ok()) return header;
  for (;;) {
    const auto more = Next();
    if (!more.ok()) return more.status();
    if (!*more) return CheckTwice();
    absl::Status status = ParseLine();
    if (!status.ok()) return status;
  }
}

absl::StatusOr<bool> LabelFileParser::Next() {
  auto more = reader_.Next(&cells_);
  line_ = reader_.line();
  if (!more.ok() || !*more) return more;
  if (reader_.record_octets() > kMaxLineOctets) {
    return absl::InvalidArgumentError("the line is longer than 4,096 octets");
  }
  if (!std::all_of(cells_.begin(), cells_.end(),
                   [](const std::string& cell) { return IsValidUtf8(cell); })) {
    return absl::InvalidArgumentError("the line is not valid UTF-8");
  }
  return true;
}

absl::Status LabelFileParser::ParseHeader() {
  auto any = Next();
  if (!any.ok()) return any.status();
  if (!*any) cells_.clear();
  cell_count_ = cells_.size();
  for (size_t i = 0; i < cell_count_; ++i) {
    const absl::string_view name = Trim(cells_[i]);
    const auto field = FindField(name);
    if (!field) {
      file_.ignored_columns.push_back(CarriedText(name));
    } else if (ColumnOf(*field)) {
      return absl::InvalidArgumentError(
          absl::StrCat("columns ", Quoted(cells_[*ColumnOf(*field)]), " and ",
                       Quoted(cells_[i]), " mean the same"));
    } else {
      ColumnOf(*field) = i;
    }
  }
  if (!ColumnOf(Field::kTarget)) {
    return absl::InvalidArgumentError(
        "the header has no column target (or ip, prefix, address)");
  }
  if (!ColumnOf(Field::kLabel) && !ColumnOf(Field::kExpected)) {
    return absl::InvalidArgumentError(
        "the header has neither a column label (or tenant, customer) nor "
        "expected (or dns_name)");
  }
  return absl::OkStatus();
}

absl::Status LabelFileParser::ParseLine() {
  if (cells_.size() != cell_count_) {
    return absl::InvalidArgumentError(absl::StrCat(
        cells_.size(), " cells, but the header has ", cell_count_));
  }
  const absl::string_view cell = Cell(Field::kTarget);
  const auto target = ParseAddressAndLength(cell);
  if (!target.ok()) {
    return ParseTarget(cell).ok() ? NoRangeHere(cell) : target.status();
  }
  const dnswire::IpAddress address = target->address.Unmapped();
  const auto expected = ParseExpected(Cell(Field::kExpected), address.family());
  if (!expected.ok()) return expected.status();
  file_.lines.push_back(
      {.target = target->HasHostBits()
                     ? dnswire::IpPrefix::Covering(address, address.bits())
                     : target->Covering(),
       .label = std::string{Cell(Field::kLabel)},
       .expected = *expected,
       .line = line_});
  return absl::OkStatus();
}

// Sorted by target and line, equal targets are neighbours. Of several, the
// fault that comes first in the file is told.
absl::Status LabelFileParser::CheckTwice() {
  std::vector<std::pair<dnswire::IpPrefix, size_t>> targets;
  targets.reserve(file_.lines.size());
  for (const LabelLine& line : file_.lines) {
    targets.emplace_back(line.target, line.line);
  }
  std::sort(targets.begin(), targets.end());
  size_t fault = 0;  // index of the second of two; 0: none
  for (size_t i = 1; i < targets.size(); ++i) {
    const bool again = targets[i].first == targets[i - 1].first;
    if (again && (fault == 0 || targets[i].second < targets[fault].second)) {
      fault = i;
    }
  }
  if (fault == 0) return absl::OkStatus();
  line_ = targets[fault].second;
  return absl::InvalidArgumentError(
      absl::StrCat("target ", targets[fault].first.ToString(),
                   " was given on line ", targets[fault - 1].second));
}

absl::string_view LabelFileParser::Cell(Field field) const {
  const auto column = columns_[static_cast<size_t>(field)];
  return column ? Trim(cells_[*column]) : absl::string_view();
}

}  // namespace

absl::StatusOr<LabelFile> ParseLabelFile(absl::string_view text,
                                         absl::string_view source) {
  LabelFileParser parser(text);
  const absl::Status status = parser.Parse();
  if (!status.ok()) return LineError(source, parser.line(), status.message());
  return parser.TakeFile();
}

}  // namespace io
