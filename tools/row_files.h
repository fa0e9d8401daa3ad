// Files of rows, in any of the formats.
#ifndef PTRSWEEP_TOOLS_ROW_FILES_H_
#define PTRSWEEP_TOOLS_ROW_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "io/files/output_file.h"
#include "io/formats/row_reader.h"
#include "io/formats/row_sink.h"
#include "io/parquet/run_metadata.h"
#include "tools/options/arguments.h"

namespace tools {

enum class Format { kCsv, kNdjson, kParquet };

// By --format, else by the ending of --output, else CSV.
absl::StatusOr<Format> ChooseFormat(const OptionText& name,
                                    const std::string& output);

// Only Parquet keeps the metadata.
std::unique_ptr<io::RowSink> MakeSink(std::unique_ptr<io::OutputFile> file,
                                      Format format, io::RunMetadata run);
// The format is seen from the file's first octets.
absl::StatusOr<std::unique_ptr<io::RowReader>> OpenRows(
    const std::string& path);

// The files of a run's rows: `path`, or of a folder DIR/date=YYYY-MM-DD of a
// dataset the parts of all shards, or of a folder shard=NN its parts.
absl::StatusOr<std::vector<std::string>> RowFilesOf(const std::string& path);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_ROW_FILES_H_
