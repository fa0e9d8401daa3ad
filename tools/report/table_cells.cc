#include "tools/report/table_cells.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "io/formats/row_text.h"
#include "io/parquet/run_metadata.h"
#include "tools/version.h"

namespace tools {
namespace {

using Texts = std::vector<std::string>;

void AppendCsvText(absl::string_view text, std::string* out) {
  if (text.find_first_of(",\"") == absl::string_view::npos) {
    absl::StrAppend(out, text);
    return;
  }
  out->push_back('"');
  for (const char letter : text) {
    if (letter == '"') out->push_back('"');
    out->push_back(letter);
  }
  out->push_back('"');
}

void AppendCsv(const Cell& cell, std::string* out) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    AppendCsvText(*text, out);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    absl::StrAppend(out, *number);
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    AppendCsvText(absl::StrJoin(*list, " "), out);
  } else if (const auto* time = std::get_if<CellTime>(&cell)) {
    absl::StrAppend(out, io::TimeText(time->us));
  }
}

// Of what JSON escapes (RFC 8259 section 7) only these two can be in printable
// ASCII.
void AppendJsonText(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out->push_back('\\');
    out->push_back(letter);
  }
  out->push_back('"');
}

void AppendJson(const Cell& cell, std::string* out) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    AppendJsonText(*text, out);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    absl::StrAppend(out, *number);
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    out->push_back('[');
    for (const std::string& item : *list) {
      if (&item != list->data()) out->push_back(',');
      AppendJsonText(item, out);
    }
    out->push_back(']');
  } else if (const auto* time = std::get_if<CellTime>(&cell)) {
    AppendJsonText(io::TimeText(time->us), out);
  } else {
    absl::StrAppend(out, "null");
  }
}

void AddCell(const Cell& cell, io::ParquetTable* table) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    table->AddText(*text);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    table->AddNumber(static_cast<int64_t>(*number));
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    table->AddTexts(*list);
  } else if (const auto* time = std::get_if<CellTime>(&cell)) {
    table->AddNumber(time->us);
  } else {
    table->AddNull();
  }
}

std::optional<Cell> ParseCell(const io::Column& column,
                              const std::string& field) {
  if (column.type == io::ColumnType::kTextList) {
    return Texts(absl::StrSplit(field, ' ', absl::SkipEmpty()));
  }
  if (field.empty() && column.nullable) return Cell();
  switch (column.type) {
    case io::ColumnType::kInt: {
      uint64_t number = 0;
      if (!absl::SimpleAtoi(field, &number)) return std::nullopt;
      return number;
    }
    case io::ColumnType::kTimestamp: {
      const auto time_us = io::ParseTimestamp(field);
      if (!time_us) return std::nullopt;
      return CellTime{*time_us};
    }
    default:
      return field;
  }
}

}  // namespace

Cell TextOrNull(absl::string_view text) {
  return text.empty() ? Cell() : Cell(std::string(text));
}

void AppendCsvHeader(std::span<const io::Column> columns, std::string* out) {
  absl::StrAppend(
      out,
      absl::StrJoin(columns, ",",
                    [](std::string* text, const io::Column& column) {
                      absl::StrAppend(text, column.name);
                    }),
      "\n");
}

void AppendCsvLine(std::span<const Cell> cells, std::string* out) {
  for (const Cell& cell : cells) {
    if (&cell != cells.data()) out->push_back(',');
    AppendCsv(cell, out);
  }
  out->push_back('\n');
}

void AppendNdjsonLine(std::span<const io::Column> columns,
                      std::span<const Cell> cells, std::string* out) {
  for (size_t i = 0; i < cells.size(); ++i) {
    out->push_back(i == 0 ? '{' : ',');
    AppendJsonText(columns[i].name, out);
    out->push_back(':');
    AppendJson(cells[i], out);
  }
  absl::StrAppend(out, "}\n");
}

absl::Status AddCells(std::span<const Cell> cells, io::ParquetTable* table) {
  for (const Cell& cell : cells) AddCell(cell, table);
  return table->EndRow();
}

std::optional<std::vector<Cell>> ParseCells(
    std::span<const io::Column> columns, std::span<const std::string> fields) {
  if (fields.size() != columns.size()) return std::nullopt;
  std::vector<Cell> cells;
  for (size_t i = 0; i < fields.size(); ++i) {
    auto cell = ParseCell(columns[i], fields[i]);
    if (!cell) return std::nullopt;
    cells.push_back(*std::move(cell));
  }
  return cells;
}

io::KeyValues TableMetadata(int64_t start_us) {
  return {{"ptrsweep.schema_version", absl::StrCat(io::kRowSchemaVersion)},
          {"ptrsweep.tool_version", kVersion},
          {"ptrsweep.start", io::TimeText(start_us)},
          {"ptrsweep.end", io::TimeText(absl::ToUnixMicros(absl::Now()))}};
}

}  // namespace tools
