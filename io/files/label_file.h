// Reads `--labels`: CSV with targets, labels and expected names (VERDICTS.md
// section 8).
#ifndef PTRSWEEP_IO_FILES_LABEL_FILE_H_
#define PTRSWEEP_IO_FILES_LABEL_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"

namespace io {

// A line of the file. Empty cells are empty strings.
struct LabelLine {
  dnswire::IpPrefix target;  // a range is not a target here
  std::string label;
  std::string expected;  // as name text: lower case, no final dot; checked
  size_t line = 0;       // where the record starts
};

struct LabelFile {
  std::vector<LabelLine> lines;
  // Names of the columns that are not ours, as carried text, for one warning.
  std::vector<std::string> ignored_columns;
};

// CSV by RFC 4180 in UTF-8, header required, columns in any order: `target`
// (ip, prefix, address) and one or both of `label` (tenant, customer) and
// `expected` (dns_name); their letter case and the blanks around cells do not
// count. A target with host bits (192.0.2.10/24) is that one address. expected
// is a host name, "*.NAME", for IPv4 a host name with {a} {b} {c} {d}, or "-".
// Errors: "SOURCE:LINE: ..." for a bad cell, a target given twice, a column
// missing or given twice, a record with more or fewer cells than the header or
// over 4,096 octets, text that is not UTF-8, and CSV that is none.
absl::StatusOr<LabelFile> ParseLabelFile(absl::string_view text,
                                         absl::string_view source);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_LABEL_FILE_H_
