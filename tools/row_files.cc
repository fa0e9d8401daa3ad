#include "tools/row_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/files/file_calls.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/formats/csv_row_reader.h"
#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_row_reader.h"
#include "io/formats/ndjson_sink.h"
#include "io/parquet/parquet_reader.h"
#include "io/parquet/parquet_sink.h"

namespace tools {
namespace {

bool IsFolder(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

absl::Status AddParts(const std::string& shard,
                      std::vector<std::string>* files) {
  std::vector<std::string> names;
  absl::Status status = io::ListFolder(shard, &names);
  for (const std::string& name : names) {
    if (io::ParsePartName(name)) files->push_back(io::JoinPath(shard, name));
  }
  return status;
}

}  // namespace

absl::StatusOr<Format> ChooseFormat(const OptionText& name,
                                    const std::string& output) {
  if (name.text == "csv") return Format::kCsv;
  if (name.text == "ndjson") return Format::kNdjson;
  if (name.text == "parquet") return Format::kParquet;
  if (!name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name.origin, ": '", io::ShownText(name.text),
                     "' is not an output format (csv, ndjson, parquet)"));
  }
  if (absl::EndsWith(output, ".parquet")) return Format::kParquet;
  const bool ndjson =
      absl::EndsWith(output, ".ndjson") || absl::EndsWith(output, ".jsonl");
  return ndjson ? Format::kNdjson : Format::kCsv;
}

std::unique_ptr<io::RowSink> MakeSink(std::unique_ptr<io::OutputFile> file,
                                      Format format, io::RunMetadata run) {
  switch (format) {
    case Format::kCsv:
      break;
    case Format::kNdjson:
      return std::make_unique<io::NdjsonSink>(std::move(file));
    case Format::kParquet:
      return std::make_unique<io::ParquetSink>(std::move(file), std::move(run));
  }
  return std::make_unique<io::CsvSink>(std::move(file));
}

absl::StatusOr<std::unique_ptr<io::RowReader>> OpenRows(
    const std::string& path) {
  auto file = io::InputFile::Open(path);
  if (!file.ok()) return file.status();
  std::string start;
  absl::Status status = (*file)->Read(
      0, std::min<uint64_t>((*file)->size(), io::kParquetMagic.size()), &start);
  if (!status.ok()) return status;
  std::unique_ptr<io::RowReader> reader;
  if (start == io::kParquetMagic) {
    auto parquet = io::ParquetReader::Open(path);
    if (!parquet.ok()) return parquet.status();
    reader = *std::move(parquet);
  } else if (start.empty() || start[0] == '{') {
    reader = std::make_unique<io::NdjsonRowReader>(*std::move(file));
  } else {
    reader = std::make_unique<io::CsvRowReader>(*std::move(file));
  }
  return reader;
}

absl::StatusOr<std::vector<std::string>> RowFilesOf(const std::string& path) {
  if (!IsFolder(path)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  std::vector<std::string> shards;
  absl::Status status = AddParts(path, &files);
  if (status.ok()) status = io::ListFolder(path, &shards);
  for (const std::string& shard : shards) {
    if (!absl::StartsWith(shard, io::kShardPrefix)) continue;
    if (status.ok()) status = AddParts(io::JoinPath(path, shard), &files);
  }
  if (!status.ok()) return status;
  if (!files.empty()) return files;
  return absl::NotFoundError(absl::StrCat(
      io::CarriedText(path),
      ": neither a file of rows nor a DIR/date=YYYY-MM-DD with parts in it"));
}

}  // namespace tools
