#include "io/formats/ndjson_row_reader.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/row.h"

namespace io {
namespace {

using nlohmann::json;

// nullptr if it is no text.
const std::string* TextOf(const json& value) {
  return value.get_ptr<const json::string_t*>();
}

bool SetText(const json& value, size_t column, RowParser* parser) {
  const std::string* const text = TextOf(value);
  return text != nullptr && parser->SetText(column, *text);
}

// Calls `add(text)` for each text of the list.
template <typename Add>
bool AddTexts(const json& list, Add add) {
  if (!list.is_array()) return false;
  for (const json& value : list) {
    const std::string* const text = TextOf(value);
    if (text == nullptr || !add(*text)) return false;
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
        !AddTexts(*addresses, [parser](absl::string_view address) {
          return parser->AddForwardAddress(address);
        })) {
      return false;
    }
  }
  return true;
}

// REQUIRES: the value is not null.
bool SetField(size_t column, const json& value, RowParser* parser) {
  switch (Columns()[column].type) {
    case ColumnType::kText:
      return SetText(value, column, parser);
    case ColumnType::kTextList:
      return AddTexts(value, [column, parser](absl::string_view text) {
        return parser->SetText(column, text);
      });
    case ColumnType::kForwardList:
      return AddForward(value, parser);
    case ColumnType::kInt: {
      const auto* const number =
          value.get_ptr<const json::number_unsigned_t*>();
      return number != nullptr && *number <= UINT32_MAX &&
             parser->SetInt(column, static_cast<int64_t>(*number));
    }
    case ColumnType::kTimestamp: {
      const std::string* const text = TextOf(value);
      return text != nullptr && parser->SetTimestamp(*text);
    }
  }
  return false;
}

}  // namespace

NdjsonRowReader::NdjsonRowReader(std::unique_ptr<InputFile> file)
    : LineRowReader(std::move(file)) {}

absl::Status NdjsonRowReader::ReadRow(absl::string_view line,
                                      RowParser* parser) {
  const json object = json::parse(line.begin(), line.end(), nullptr,
                                  /*allow_exceptions=*/false);
  if (!object.is_object() || object.size() != Columns().size()) {
    return lines().Error("this is not one of ptrsweep's rows");
  }
  for (size_t i = 0; i < Columns().size(); ++i) {
    const Column& column = Columns()[i];
    const auto value = object.find(std::string(column.name));
    if (value == object.end()) {
      return lines().Error(absl::StrCat("column ", column.name, " is missing"));
    }
    if (value->is_null() ? column.nullable : SetField(i, *value, parser)) {
      continue;
    }
    return BadColumn(column);
  }
  if (!object.find("ptr")->is_null()) parser->SetPtrKnown();
  return absl::OkStatus();
}

}  // namespace io
