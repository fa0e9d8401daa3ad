// Input: the format (its first octet: even CSV, odd NDJSON), then the rows. CSV
// has its header in front. Whatever is read is written as harmless text, and
// read from that as the same rows; in the other format too.
#include <algorithm>
#include <string>

#include "tests/fuzz/error_line.h"
#include "tests/fuzz/row_files.h"

namespace {

using fuzz::Require;
using fuzz::TextFormat;

size_t CountLines(absl::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::MemoryFile file;
  if (size == 0) return 0;
  const auto format = data[0] % 2 == 0 ? TextFormat::kCsv : TextFormat::kNdjson;
  const absl::string_view text(reinterpret_cast<const char*>(data + 1),
                               size - 1);
  std::string rows;
  const absl::Status status = ReadAllOf(file, text, format, format, &rows);
  if (!status.ok()) fuzz::CheckErrorLine(status, file.path() + ":");
  Require(CountLines(rows) <= CountLines(text), "a line is one row at most");
  CheckRowText(file, rows, format);
  // NDJSON keeps all that CSV has.
  std::string ndjson;
  Require(ReadAllOf(file, rows, format, TextFormat::kNdjson, &ndjson).ok(),
          "rows are read a third time");
  CheckRowText(file, ndjson, TextFormat::kNdjson);
  return 0;
}
