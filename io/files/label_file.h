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
  std::string expected;  // as written, checked, in lower case
  size_t line = 0;
};

struct LabelFile {
  std::vector<LabelLine> lines;
  std::vector<std::string> ignored_columns;  // names, for one warning
};

// CSV by RFC 4180 in UTF-8, header required, columns in any order: `target`
// (ip, prefix, address), `label` (tenant, customer), `expected` (dns_name). A
// target with host bits (192.0.2.10/24) is that one address. expected is a
// host name, "*.NAME", for IPv4 a host name with {a} {b} {c} {d}, or "-".
// Errors: "SOURCE:LINE: ..." for a bad cell, a target given twice, a column
// missing or given twice, an unclosed quote.
absl::StatusOr<LabelFile> ParseLabelFile(absl::string_view text,
                                         absl::string_view source);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_LABEL_FILE_H_
