#include "io/formats/line_row_reader.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

constexpr size_t kBatchRows = 512;

}  // namespace

LineRowReader::LineRowReader(std::unique_ptr<InputFile> file)
    : lines_(std::move(file)) {}

absl::StatusOr<bool> LineRowReader::Next(RowBatch* batch) {
  size_t rows = 0;
  for (; rows < kBatchRows; ++rows) {
    absl::string_view line;
    const auto found = lines_.Next(&line);
    if (!found.ok()) return found.status();
    if (!*found) break;
    parser_.Start();
    absl::Status status = ReadRow(line, &parser_);
    if (!status.ok()) return status;
    batch->Append(parser_.Finish());
  }
  return rows > 0;
}

absl::Status LineRowReader::BadColumn(const Column& column) const {
  return lines_.Error(
      absl::StrCat("column ", column.name, " has a value that it cannot have"));
}

}  // namespace io
