#include "io/formats/csv_row_reader.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "io/files/csv_reader.h"
#include "io/formats/csv_sink.h"
#include "io/formats/row_text.h"
#include "io/number.h"

namespace io {
namespace {

constexpr size_t kBatchRows = 512;

template <typename Add>
bool AddAll(absl::string_view list, char separator, Add add) {
  if (list.empty()) return true;
  for (const absl::string_view text : absl::StrSplit(list, separator)) {
    if (!add(text)) return false;
  }
  return true;
}

// name=outcome:addr,addr
bool AddForwardItem(absl::string_view item, RowParser* parser) {
  const size_t equals = item.find('=');
  if (equals == absl::string_view::npos) return false;
  const absl::string_view rest = item.substr(equals + 1);
  const size_t colon = rest.find(':');
  if (!parser->AddForward(item.substr(0, equals), rest.substr(0, colon))) {
    return false;
  }
  if (colon == absl::string_view::npos) return true;
  return AddAll(rest.substr(colon + 1), ',',
                [parser](absl::string_view address) {
                  return parser->AddForwardAddress(address);
                });
}

bool SetNumber(absl::string_view text, bool (RowParser::*set)(int64_t),
               RowParser* parser) {
  const auto number = ParseUnsigned(text, UINT32_MAX);
  return number && (parser->*set)(static_cast<int64_t>(*number));
}

bool SetTime(absl::string_view text, RowParser* parser) {
  const std::optional<int64_t> time_us = ParseTimestamp(text);
  if (time_us) parser->SetTime(*time_us);
  return time_us.has_value();
}

// Column i of Columns(). REQUIRES: the text is not empty.
bool SetField(size_t i, absl::string_view text, RowParser* parser) {
  const auto each = [parser](bool (RowParser::*add)(absl::string_view)) {
    return [parser, add](absl::string_view one) { return (parser->*add)(one); };
  };
  switch (i) {
    case 0:
      return parser->SetIp(text);
    case 1:
      return parser->SetStatus(text);
    case 2:
      return parser->SetCause(text);
    case 3:
      return AddAll(text, ' ', each(&RowParser::AddFlag));
    case 4:
      return AddAll(text, ' ', each(&RowParser::AddPtr));
    case 5:
      return AddAll(text, ' ', each(&RowParser::AddConfirmed));
    case 6:
      return AddAll(text, ' ', [parser](absl::string_view item) {
        return AddForwardItem(item, parser);
      });
    case 7:
      return SetNumber(text, &RowParser::SetTtl, parser);
    case 8:
      return parser->SetRcode(text);
    case 9:
      return parser->SetZone(text);
    case 10:
      return parser->SetZoneMname(text);
    case 11:
      return parser->SetZoneRname(text);
    case 12:
      return parser->SetServer(text);
    case 13:
      return SetNumber(text, &RowParser::SetQueries, parser);
    case 14:
      return SetNumber(text, &RowParser::SetRtt, parser);
    case 15:
      return SetTime(text, parser);
    case 16:
      return parser->SetLabel(text);
    case 17:
      return parser->SetExpected(text);
    default:
      return false;
  }
}

// Only of these it is not known whether a name exists (VERDICTS.md 2).
bool IsPtrKnown(Status status) {
  return status != Status::kSkipped && status != Status::kReverseTimeout &&
         status != Status::kReverseError;
}

}  // namespace

CsvRowReader::CsvRowReader(std::unique_ptr<InputFile> file)
    : lines_(std::move(file)) {}

absl::Status CsvRowReader::CheckHeader() {
  header_read_ = true;
  std::string header;
  CsvSink::AppendHeader(&header);
  absl::string_view line;
  const auto found = lines_.Next(&line);
  if (!found.ok()) return found.status();
  if (*found && line == absl::StripSuffix(header, "\n")) {
    return absl::OkStatus();
  }
  return lines_.Error("this is not the header of ptrsweep's rows");
}

absl::StatusOr<bool> CsvRowReader::Next(RowBatch* batch) {
  if (!header_read_) {
    absl::Status status = CheckHeader();
    if (!status.ok()) return status;
  }
  size_t rows = 0;
  for (; rows < kBatchRows; ++rows) {
    absl::string_view line;
    const auto found = lines_.Next(&line);
    if (!found.ok()) return found.status();
    if (!*found) break;
    absl::Status status = ReadRow(line);
    if (!status.ok()) return status;
    batch->Append(parser_.Finish());
  }
  return rows > 0;
}

absl::Status CsvRowReader::ReadRow(absl::string_view line) {
  CsvReader reader(line);
  const auto record = reader.Next(&fields_);
  if (!record.ok()) return lines_.Error(record.status().message());
  if (!*record || fields_.size() != Columns().size()) {
    return lines_.Error(absl::StrCat("there are not ", Columns().size(),
                                     " fields in this line"));
  }
  parser_.Start();
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Column& column = Columns()[i];
    const bool missing = fields_[i].empty();
    const bool may_miss =
        column.nullable || column.type == ColumnType::kTextList;
    if (missing ? may_miss : SetField(i, fields_[i], &parser_)) continue;
    return lines_.Error(absl::StrCat("column ", column.name,
                                     " has a value that it cannot have"));
  }
  const bool has_names =
      !fields_[4].empty() || !fields_[5].empty() || !fields_[6].empty();
  if (has_names || IsPtrKnown(parser_.status())) parser_.SetPtrKnown();
  return absl::OkStatus();
}

}  // namespace io
