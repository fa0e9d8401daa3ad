// Rows of small tables (`zones`, findings of a walk) as CSV (RFC 4180), NDJSON
// and Parquet, in the manner of a scan's rows: lists are separated by spaces or
// arrays, null is an empty field or null. A table has its io::Column list; a
// row is a cell for each. Texts are printable ASCII.
#ifndef PTRSWEEP_TOOLS_REPORT_TABLE_CELLS_H_
#define PTRSWEEP_TOOLS_REPORT_TABLE_CELLS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_table.h"

namespace tools {

struct CellTime {
  int64_t us = 0;  // since 1970, UTC
  friend bool operator==(const CellTime&, const CellTime&) = default;
};
// Null, text, a number, a list, a time.
using Cell = std::variant<std::monostate, std::string, uint64_t,
                          std::vector<std::string>, CellTime>;

Cell TextOrNull(absl::string_view text);

void AppendCsvHeader(std::span<const io::Column> columns, std::string* out);
// One line each. REQUIRES: a cell for each column, null only where it may be.
void AppendCsvLine(std::span<const Cell> cells, std::string* out);
void AppendNdjsonLine(std::span<const io::Column> columns,
                      std::span<const Cell> cells, std::string* out);
// A row of a table of these columns.
absl::Status AddCells(std::span<const Cell> cells, io::ParquetTable* table);

// What AppendCsvLine() was given, from its fields; an empty text becomes null
// where that may be. nullopt: no such row.
std::optional<std::vector<Cell>> ParseCells(
    std::span<const io::Column> columns, std::span<const std::string> fields);

// What a Parquet file of a table tells of the run that makes it and ends now.
io::KeyValues TableMetadata(int64_t start_us);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_TABLE_CELLS_H_
