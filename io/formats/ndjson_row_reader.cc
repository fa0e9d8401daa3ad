#include "io/formats/ndjson_row_reader.h"

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/row.h"

namespace io {
namespace {

// Of Columns(); their number if it is none. `guess`: where it is in the files
// that we write.
size_t ColumnOf(absl::string_view key, size_t guess) {
  const std::span<const Column> columns = Columns();
  if (guess < columns.size() && columns[guess].name == key) return guess;
  size_t i = 0;
  while (i < columns.size() && columns[i].name != key) ++i;
  return i;
}

size_t PtrColumn() {
  static const size_t column = ColumnOf("ptr", 0);
  return column;
}

}  // namespace

NdjsonRowReader::NdjsonRowReader(std::unique_ptr<InputFile> file)
    : LineRowReader(std::move(file)) {}

absl::Status NdjsonRowReader::ReadRow(absl::string_view line,
                                      RowParser* parser) {
  const size_t count = Columns().size();
  JsonCursor cursor(line);
  uint32_t seen = 0;  // a bit for each column
  size_t next = 0;
  const Column* bad = nullptr;
  const bool taken = cursor.TakeObject(&key_room_, [&](absl::string_view key) {
    const size_t column = ColumnOf(key, next);
    if (column == count || (seen >> column & 1) != 0) return false;
    seen |= uint32_t{1} << column;
    next = column + 1;
    if (ReadField(column, &cursor, parser)) return true;
    bad = &Columns()[column];
    return false;
  });
  if (bad != nullptr) return BadColumn(*bad);
  if (!taken || !cursor.AtEnd() || seen == 0) {
    return lines().Error("this is not one of ptrsweep's rows");
  }
  const auto missing = static_cast<size_t>(std::countr_one(seen));
  if (missing == count) return absl::OkStatus();
  return lines().Error(
      absl::StrCat("column ", Columns()[missing].name, " is missing"));
}

bool NdjsonRowReader::ReadField(size_t column, JsonCursor* cursor,
                                RowParser* parser) {
  if (cursor->TakeNull()) return Columns()[column].nullable;
  if (column == PtrColumn()) parser->SetPtrKnown();
  return ReadValue(column, cursor, parser);
}

bool NdjsonRowReader::ReadValue(size_t column, JsonCursor* cursor,
                                RowParser* parser) {
  absl::string_view text;
  uint32_t number = 0;
  switch (Columns()[column].type) {
    case ColumnType::kText:
      return cursor->TakeString(&room_, &text) && parser->SetText(column, text);
    case ColumnType::kTextList:
      return cursor->TakeList([&] {
        return cursor->TakeString(&room_, &text) &&
               parser->SetText(column, text);
      });
    case ColumnType::kForwardList:
      return cursor->TakeList([&] { return ReadForwardItem(cursor, parser); });
    case ColumnType::kInt:
      return cursor->TakeNumber(&number) && parser->SetInt(column, number);
    case ColumnType::kTimestamp:
      return cursor->TakeString(&room_, &text) && parser->SetTimestamp(text);
  }
  return false;
}

// The parser wants the name first, wherever it stands.
bool NdjsonRowReader::ReadForwardItem(JsonCursor* cursor, RowParser* parser) {
  absl::string_view text;
  bool has_name = false;
  bool has_outcome = false;
  bool has_addresses = false;
  size_t count = 0;
  const auto take_address = [&] {
    if (!cursor->TakeString(&room_, &text)) return false;
    if (count == addresses_.size()) addresses_.emplace_back();
    addresses_[count++].assign(text.data(), text.size());
    return count <= kMaxRowElements;
  };
  const auto take_text = [&](bool* has, std::string* out) {
    if (std::exchange(*has, true)) return false;
    if (!cursor->TakeString(&room_, &text)) return false;
    out->assign(text.data(), text.size());
    return true;
  };
  const bool taken = cursor->TakeObject(&key_room_, [&](absl::string_view key) {
    if (key == "name") return take_text(&has_name, &name_);
    if (key == "outcome") return take_text(&has_outcome, &outcome_);
    return key == "addresses" && !std::exchange(has_addresses, true) &&
           cursor->TakeList(take_address);
  });
  if (!taken || !has_name || !has_outcome || !has_addresses ||
      !parser->AddForward(name_, outcome_)) {
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    if (!parser->AddForwardAddress(addresses_[i])) return false;
  }
  return true;
}

}  // namespace io
