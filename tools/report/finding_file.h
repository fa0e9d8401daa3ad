// Findings of a walk in a file, of any format, beside that of its rows:
//
//   rows.csv   rows.findings.csv, meanwhile .rows.findings.csv.inprogress
//
// A Parquet file cannot be cut and gone on with: until the end its findings are
// CSV lines in .rows.findings.parquet.csv.inprogress, then the table is made of
// them in one go.
#ifndef PTRSWEEP_TOOLS_REPORT_FINDING_FILE_H_
#define PTRSWEEP_TOOLS_REPORT_FINDING_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/files/output_file.h"
#include "scanner/walk/finding_sink.h"
#include "tools/row_files.h"

namespace tools {

// "night/rows.findings.csv" of "night/rows.csv", or of "night/rows", whose
// format was named.
std::string FindingsPathOf(const std::string& output, Format format);

// Where findings are, of a file that has a name to be given, until the end.
std::string FindingLinesPath(const io::OutputPlace& place, Format format);
// The same of what `path` names, which it is if it has no name to be given.
std::string UnfinishedFindings(const std::string& path, Format format);

// By which a walk that is gone on with is known to have its findings in the
// same place and format: of what lies beside `output`, the file of the rows,
// the name alone, for the folder may be moved. For people too.
absl::StatusOr<std::string> FindingsPlace(const std::string& path,
                                          Format format,
                                          const std::string& output);

// For messages; "-" is stdout.
std::string FindingsName(const std::string& path);

// A new one; "-" is stdout. What has no name to be given (stdout, a pipe) is
// written at once, and Sync() only flushes it. Errors name path and errno.
absl::StatusOr<std::unique_ptr<scanner::FindingSink>> OpenFindings(
    const std::string& path, Format format);
// That of a walk which ended early: goes on behind the first `octets` octets,
// of which Sync() spoke, and forgets the rest. What has no name is opened anew.
// kFailedPrecondition: it is not there, or shorter.
absl::StatusOr<std::unique_ptr<scanner::FindingSink>> ContinueFindings(
    const std::string& path, Format format, uint64_t octets);
// Octets there are to go on behind; UINT64_MAX if nothing can be said: the file
// has its name, or what `path` names has none.
absl::StatusOr<uint64_t> FindingsOctets(const std::string& path, Format format);
// Of a walk that had written everything, and may have been killed before its
// findings had their name: gives it to them.
absl::Status FinishFindings(const std::string& path, Format format,
                            uint64_t octets);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_FINDING_FILE_H_
