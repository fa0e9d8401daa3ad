// LineReader: a file's lines, one after the other.
#ifndef PTRSWEEP_IO_FILES_LINE_READER_H_
#define PTRSWEEP_IO_FILES_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/input_file.h"

namespace io {

class LineReader {
 public:
  // A longer line is an error.
  static constexpr size_t kMaxLineOctets = 64 << 20;

  explicit LineReader(std::unique_ptr<InputFile> file);

  // The next line without its LF, valid until the next call; false at the end.
  // A last line without LF is an error: a file that was cut off.
  absl::StatusOr<bool> Next(absl::string_view* line);
  // An error about the last line: "FILE:LINE: ...".
  absl::Status Error(absl::string_view what) const;

 private:
  absl::Status Fill();

  const std::unique_ptr<InputFile> file_;
  std::string buffer_;
  size_t at_ = 0;        // of the next line, in the buffer
  uint64_t offset_ = 0;  // of the buffer's end, in the file
  uint64_t line_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_LINE_READER_H_
