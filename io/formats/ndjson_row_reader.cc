#include "io/formats/ndjson_row_reader.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/row.h"
#include "io/formats/row_text.h"

namespace io {
namespace {

using nlohmann::json;

constexpr size_t kBatchRows = 512;

// nullptr if it is no text.
const std::string* TextOf(const json& value) {
  return value.get_ptr<const json::string_t*>();
}

bool SetText(const json& value, bool (RowParser::*set)(absl::string_view),
             RowParser* parser) {
  const std::string* const text = TextOf(value);
  return text != nullptr && (parser->*set)(*text);
}

bool SetNumber(const json& value, bool (RowParser::*set)(int64_t),
               RowParser* parser) {
  const auto* const number = value.get_ptr<const json::number_unsigned_t*>();
  return number != nullptr && *number <= UINT32_MAX &&
         (parser->*set)(static_cast<int64_t>(*number));
}

bool SetTime(const json& value, RowParser* parser) {
  const std::string* const text = TextOf(value);
  if (text == nullptr) return false;
  const std::optional<int64_t> time_us = ParseTimestamp(*text);
  if (time_us) parser->SetTime(*time_us);
  return time_us.has_value();
}

bool AddTexts(const json& list, bool (RowParser::*add)(absl::string_view),
              RowParser* parser) {
  if (!list.is_array()) return false;
  for (const json& value : list) {
    if (!SetText(value, add, parser)) return false;
  }
  return true;
}

bool AddForward(const json& list, RowParser* parser) {
  if (!list.is_array()) return false;
  for (const json& item : list) {
    if (!item.is_object() || item.size() != 3) return false;
    const auto name = item.find("name");
    const auto outcome = item.find("outcome");
    const auto addresses = item.find("addresses");
    if (name == item.end() || outcome == item.end() ||
        addresses == item.end() || !name->is_string() ||
        !outcome->is_string()) {
      return false;
    }
    if (!parser->AddForward(*TextOf(*name), *TextOf(*outcome)) ||
        !AddTexts(*addresses, &RowParser::AddForwardAddress, parser)) {
      return false;
    }
  }
  return true;
}

// Column i of Columns(). REQUIRES: the value is not null.
bool SetField(size_t i, const json& value, RowParser* parser) {
  switch (i) {
    case 0:
      return SetText(value, &RowParser::SetIp, parser);
    case 1:
      return SetText(value, &RowParser::SetStatus, parser);
    case 2:
      return SetText(value, &RowParser::SetCause, parser);
    case 3:
      return AddTexts(value, &RowParser::AddFlag, parser);
    case 4:
      parser->SetPtrKnown();
      return AddTexts(value, &RowParser::AddPtr, parser);
    case 5:
      return AddTexts(value, &RowParser::AddConfirmed, parser);
    case 6:
      return AddForward(value, parser);
    case 7:
      return SetNumber(value, &RowParser::SetTtl, parser);
    case 8:
      return SetText(value, &RowParser::SetRcode, parser);
    case 9:
      return SetText(value, &RowParser::SetZone, parser);
    case 10:
      return SetText(value, &RowParser::SetZoneMname, parser);
    case 11:
      return SetText(value, &RowParser::SetZoneRname, parser);
    case 12:
      return SetText(value, &RowParser::SetServer, parser);
    case 13:
      return SetNumber(value, &RowParser::SetQueries, parser);
    case 14:
      return SetNumber(value, &RowParser::SetRtt, parser);
    case 15:
      return SetTime(value, parser);
    case 16:
      return SetText(value, &RowParser::SetLabel, parser);
    case 17:
      return SetText(value, &RowParser::SetExpected, parser);
    default:
      return false;
  }
}

}  // namespace

NdjsonRowReader::NdjsonRowReader(std::unique_ptr<InputFile> file)
    : lines_(std::move(file)) {}

absl::StatusOr<bool> NdjsonRowReader::Next(RowBatch* batch) {
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

absl::Status NdjsonRowReader::ReadRow(absl::string_view line) {
  const json object = json::parse(line.begin(), line.end(), nullptr,
                                  /*allow_exceptions=*/false);
  if (!object.is_object() || object.size() != Columns().size()) {
    return lines_.Error("this is not one of ptrsweep's rows");
  }
  parser_.Start();
  for (size_t i = 0; i < Columns().size(); ++i) {
    const Column& column = Columns()[i];
    const auto value = object.find(std::string(column.name));
    if (value == object.end()) {
      return lines_.Error(absl::StrCat("column ", column.name, " is missing"));
    }
    if (value->is_null() ? column.nullable : SetField(i, *value, &parser_)) {
      continue;
    }
    return lines_.Error(absl::StrCat("column ", column.name,
                                     " has a value that it cannot have"));
  }
  return absl::OkStatus();
}

}  // namespace io
