#include "tools/cat_command.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_batch.h"
#include "io/formats/status.h"
#include "tools/exit_code.h"
#include "tools/row_files.h"

namespace tools {
namespace {

using Statuses = std::vector<io::Status>;  // empty: all

absl::StatusOr<Statuses> ParseWhere(const std::vector<std::string>& names) {
  Statuses statuses;
  for (const std::string& name : names) {
    const auto status = io::ParseStatus(name);
    if (!status) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--where: '", io::CarriedText(name), "' is not a status"));
    }
    statuses.push_back(*status);
  }
  return statuses;
}

bool IsWanted(const io::Row& row, const Statuses& statuses) {
  return statuses.empty() || std::find(statuses.begin(), statuses.end(),
                                       row.status) != statuses.end();
}

absl::Status Copy(io::RowReader* reader, const Statuses& statuses,
                  io::RowSink* sink) {
  io::RowBatch batch;
  while (true) {
    batch.Clear();
    const auto more = reader->Next(&batch);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    for (const io::Row& row : batch.rows()) {
      if (!IsWanted(row, statuses)) continue;
      absl::Status status = sink->Write({&row, 1});
      if (!status.ok()) return status;
    }
  }
}

absl::Status CopyFiles(const CatArguments& arguments, const Statuses& statuses,
                       Format format) {
  // All can be opened before the first row comes out.
  std::vector<std::unique_ptr<io::RowReader>> readers;
  for (const std::string& path : arguments.files) {
    auto reader = OpenRows(path);
    if (!reader.ok()) return reader.status();
    readers.push_back(*std::move(reader));
  }
  const auto place = io::FindOutput(arguments.output);
  if (!place.ok()) return place.status();
  auto file = io::OutputFile::Open(*place);
  if (!file.ok()) return file.status();
  const auto sink = MakeSink(*std::move(file), format, {});
  for (const auto& reader : readers) {
    absl::Status status = Copy(reader.get(), statuses, sink.get());
    if (!status.ok()) return status;
  }
  return sink->Finish();
}

}  // namespace

int RunCatCommand(const CatArguments& arguments) {
  const auto statuses = ParseWhere(arguments.where);
  if (!statuses.ok()) return ReportError(statuses.status());
  const auto format =
      ChooseFormat(OptionText(arguments.format, "--format"), arguments.output);
  if (!format.ok()) return ReportError(format.status());
  if (*format == Format::kParquet) {
    return ReportError(
        absl::InvalidArgumentError("cat writes csv or ndjson, not parquet"));
  }
  const absl::Status status = CopyFiles(arguments, *statuses, *format);
  if (status.ok()) return kExitComplete;
  ReportError(status);
  return kExitFile;
}

}  // namespace tools
