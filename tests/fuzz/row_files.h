// Files of rows for fuzz targets: written to memory, read by the readers of the
// product, and told as text.
#ifndef PTRSWEEP_TESTS_FUZZ_ROW_FILES_H_
#define PTRSWEEP_TESTS_FUZZ_ROW_FILES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "io/files/input_file.h"
#include "io/formats/row_reader.h"

namespace fuzz {

// A file without a place on the disk.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  // Replaces what it holds.
  void Set(absl::string_view octets) const;
  // By which this process can open it.
  const std::string& path() const { return path_; }

 private:
  int fd_;
  std::string path_;
};

enum class TextFormat { kCsv, kNdjson };

// All rows as text, without a header. The rows read before an error are there.
absl::Status ReadAll(io::RowReader* reader, TextFormat format,
                     std::string* text);
// Of a file with this text; for CSV the header comes in front of it.
absl::Status ReadAllOf(const MemoryFile& file, absl::string_view text,
                       TextFormat format, TextFormat out_format,
                       std::string* out);

// Rows are UTF-8 without control octets but line feeds (labels are carried
// text, all else is ASCII), and are read again as they are.
void CheckRowText(const MemoryFile& file, const std::string& text,
                  TextFormat format);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_ROW_FILES_H_
