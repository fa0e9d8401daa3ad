// CsvReader: the records of a CSV text, strictly by RFC 4180.
#ifndef PTRSWEEP_IO_FILES_CSV_READER_H_
#define PTRSWEEP_IO_FILES_CSV_READER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace io {

// Records end in LF or CR LF, the last one perhaps in neither; empty lines are
// skipped, and so is a UTF-8 byte order mark at the start. Quoted fields may
// hold commas, line ends and doubled quotes. The text must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(absl::string_view text);

  // Puts the next record's fields into *fields, reusing their memory; false at
  // the end. Errors, without file and line: an unclosed quote, text after a
  // closing quote, a quote inside an unquoted field, a lone carriage return.
  // REQUIRES: no error so far.
  absl::StatusOr<bool> Next(std::vector<std::string>* fields);

  // Of the last record, or of the fault: the line on which the record starts,
  // from 1, and its octets without line end.
  size_t line() const { return line_; }
  size_t record_octets() const { return record_octets_; }

 private:
  absl::Status ReadField(std::string* field);
  absl::Status ReadQuoted(std::string* field);
  absl::Status ReadPlain(std::string* field);
  bool AtRecordEnd() const;
  // Takes a line end off the text, if one is there.
  bool TakeLineEnd();

  absl::string_view text_;  // not yet read
  size_t line_ = 0;
  size_t next_line_ = 1;
  size_t record_octets_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_CSV_READER_H_
