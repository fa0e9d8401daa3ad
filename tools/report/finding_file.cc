#include "tools/report/finding_file.h"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "io/files/csv_reader.h"
#include "io/files/file_calls.h"
#include "io/files/input_file.h"
#include "io/files/line_reader.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/parquet/parquet_table.h"
#include "tools/report/finding_rows.h"
#include "tools/report/table_cells.h"
#include "tools/version.h"

namespace tools {
namespace {

using scanner::Finding;
using scanner::FindingSink;
using Kind = io::OutputPlace::Kind;

// CSV or NDJSON.
class LineFindings : public FindingSink {
 public:
  LineFindings(std::unique_ptr<io::OutputFile> file, Format format)
      : format_(format), file_(std::move(file)) {}

  // REQUIRES: nothing is written yet.
  absl::Status WriteHeader() {
    std::string text;
    if (format_ == Format::kCsv) AppendCsvHeader(FindingColumns(), &text);
    return file_->Write(text);
  }

  absl::Status Write(std::span<const Finding> findings) override {
    std::string text;
    for (const Finding& finding : findings) {
      if (format_ == Format::kCsv) {
        AppendCsvLine(FindingCells(finding), &text);
      } else {
        AppendNdjsonLine(FindingColumns(), FindingCells(finding), &text);
      }
    }
    return file_->Write(text);
  }

  absl::StatusOr<uint64_t> Sync() override {
    const bool is_file = !file_->temporary_path().empty();
    const absl::Status status = is_file ? file_->Sync() : file_->Flush();
    if (!status.ok()) return status;
    return file_->written_octets();
  }

  absl::Status Finish() override { return file_->Finish(); }

 private:
  const Format format_;
  const std::unique_ptr<io::OutputFile> file_;
};

// Parquet where there is no file to cut.
class TableFindings : public FindingSink {
 public:
  explicit TableFindings(std::unique_ptr<io::OutputFile> file)
      : start_us_(absl::ToUnixMicros(absl::Now())),
        table_(std::move(file), FindingColumns()) {}

  absl::Status Write(std::span<const Finding> findings) override {
    for (const Finding& finding : findings) {
      absl::Status status = Add(FindingCells(finding));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Add(const std::vector<Cell>& cells) {
    return AddCells(cells, &table_);
  }
  absl::StatusOr<uint64_t> Sync() override { return 0; }
  absl::Status Finish() override {
    return table_.Finish(TableMetadata(start_us_), kVersion);
  }

 private:
  const int64_t start_us_;
  io::ParquetTable table_;
};

// Where the lines are that the Parquet file `place` will be made of.
io::OutputPlace SpoolOf(const io::OutputPlace& place) {
  return {.kind = Kind::kFile,
          .given = place.given,
          .file = absl::StrCat(place.file, ".csv")};
}

// Parquet, of lines.
class SpooledFindings : public FindingSink {
 public:
  SpooledFindings(io::OutputPlace place, std::unique_ptr<LineFindings> lines)
      : place_(std::move(place)), lines_(std::move(lines)) {}

  absl::Status Write(std::span<const Finding> findings) override {
    return lines_->Write(findings);
  }
  absl::StatusOr<uint64_t> Sync() override { return lines_->Sync(); }

  absl::Status Finish() override {
    const auto octets = lines_->Sync();
    if (!octets.ok()) return octets.status();
    const std::string spool = SpoolOf(place_).TemporaryPath();
    absl::Status status = MakeTable(spool);
    if (!status.ok()) return status;
    if (unlink(spool.c_str()) != 0) {
      return io::FileError("remove", io::CarriedText(spool), errno);
    }
    return absl::OkStatus();
  }

 private:
  absl::Status MakeTable(const std::string& spool) {
    auto opened = io::InputFile::Open(spool);
    if (!opened.ok()) return opened.status();
    auto file = io::OutputFile::Open(place_);
    if (!file.ok()) return file.status();
    io::LineReader lines(*std::move(opened));
    TableFindings table(*std::move(file));
    absl::string_view line;
    auto more = lines.Next(&line);  // the header
    while (more.ok() && *more) {
      more = lines.Next(&line);
      if (!more.ok() || !*more) break;
      std::vector<std::string> fields;
      const auto record = io::CsvReader(line).Next(&fields);
      const auto cells = ParseCells(FindingColumns(), fields);
      if (!record.ok() || !cells) return lines.Error("not a finding");
      absl::Status status = table.Add(*cells);
      if (!status.ok()) return status;
    }
    return more.ok() ? table.Finish() : more.status();
  }

  const io::OutputPlace place_;
  const std::unique_ptr<LineFindings> lines_;
};

// The sink that writes `file`: of the lines, if there are any.
std::unique_ptr<FindingSink> SinkOf(const io::OutputPlace& place, Format format,
                                    std::unique_ptr<LineFindings> lines) {
  if (format != Format::kParquet) return lines;
  return std::make_unique<SpooledFindings>(place, std::move(lines));
}

// What is written until the end.
io::OutputPlace LinesPlace(const io::OutputPlace& place, Format format) {
  return format == Format::kParquet ? SpoolOf(place) : place;
}

Format LinesFormat(Format format) {
  return format == Format::kNdjson ? Format::kNdjson : Format::kCsv;
}

absl::StatusOr<std::unique_ptr<FindingSink>> OpenAt(
    const io::OutputPlace& place, Format format) {
  const bool is_file = place.kind == Kind::kFile;
  auto file = io::OutputFile::Open(is_file ? LinesPlace(place, format) : place);
  if (!file.ok()) return file.status();
  if (!is_file && format == Format::kParquet) {
    return std::make_unique<TableFindings>(*std::move(file));
  }
  auto lines =
      std::make_unique<LineFindings>(*std::move(file), LinesFormat(format));
  const absl::Status status = lines->WriteHeader();
  if (!status.ok()) return status;
  return SinkOf(place, format, std::move(lines));
}

absl::StatusOr<std::unique_ptr<FindingSink>> ContinueAt(
    const io::OutputPlace& place, Format format, uint64_t octets) {
  const io::OutputPlace lines_place = LinesPlace(place, format);
  const std::string path = lines_place.TemporaryPath();
  const auto size = io::SizeOfFile(path);
  if (!size || *size < octets) {
    return absl::FailedPreconditionError(absl::StrCat(
        io::CarriedText(path), size ? " is shorter than" : " is not there, but",
        " the journal says; remove the journal to start afresh"));
  }
  auto file = io::OutputFile::Continue(lines_place, octets);
  if (!file.ok()) return file.status();
  return SinkOf(
      place, format,
      std::make_unique<LineFindings>(*std::move(file), LinesFormat(format)));
}

}  // namespace

std::string FindingsPathOf(const std::string& output, Format format) {
  for (const char* ending : {".csv", ".ndjson", ".jsonl", ".parquet"}) {
    if (!absl::EndsWith(output, ending)) continue;
    return absl::StrCat(absl::StripSuffix(output, ending), ".findings", ending);
  }
  const char* ending = format == Format::kParquet  ? ".parquet"
                       : format == Format::kNdjson ? ".ndjson"
                                                   : ".csv";
  return absl::StrCat(output, ".findings", ending);
}

std::string FindingLinesPath(const io::OutputPlace& place, Format format) {
  return LinesPlace(place, format).TemporaryPath();
}

std::string UnfinishedFindings(const std::string& path, Format format) {
  const auto place = io::FindOutput(path);
  if (!place.ok() || place->kind != Kind::kFile) return path;
  return FindingLinesPath(*place, format);
}

absl::StatusOr<std::string> FindingsPlace(const std::string& path,
                                          Format format,
                                          const std::string& output) {
  const absl::string_view ending = format == Format::kParquet  ? " as Parquet"
                                   : format == Format::kNdjson ? " as NDJSON"
                                                               : " as CSV";
  const auto place = io::FindOutput(path);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile) {
    return absl::StrCat("standard output or a pipe", ending);
  }
  const auto rows = io::FindOutput(output);
  if (!rows.ok()) return rows.status();
  const std::string file = io::CanonicalPath(place->file);
  absl::string_view shown = file;
  if (rows->kind == Kind::kFile) {
    absl::ConsumePrefix(&shown, io::FolderOf(io::CanonicalPath(rows->file)));
  }
  return absl::StrCat(shown, ending);
}

std::string FindingsName(const std::string& path) {
  return path == "-" ? "standard output" : io::CarriedText(path);
}

absl::StatusOr<std::unique_ptr<FindingSink>> OpenFindings(
    const std::string& path, Format format) {
  const auto place = io::FindOutput(path);
  if (!place.ok()) return place.status();
  return OpenAt(*place, format);
}

absl::StatusOr<std::unique_ptr<FindingSink>> ContinueFindings(
    const std::string& path, Format format, uint64_t octets) {
  const auto place = io::FindOutput(path);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile) return OpenAt(*place, format);
  return ContinueAt(*place, format, octets);
}

absl::StatusOr<uint64_t> FindingsOctets(const std::string& path,
                                        Format format) {
  const auto place = io::FindOutput(path);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile) return UINT64_MAX;
  const auto size = io::SizeOfFile(FindingLinesPath(*place, format));
  if (size) return *size;
  return io::SizeOfFile(place->file) ? UINT64_MAX : 0;
}

absl::Status FinishFindings(const std::string& path, Format format,
                            uint64_t octets) {
  const auto place = io::FindOutput(path);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile ||
      !io::SizeOfFile(FindingLinesPath(*place, format))) {
    return absl::OkStatus();
  }
  auto findings = ContinueAt(*place, format, octets);
  return findings.ok() ? (*findings)->Finish() : findings.status();
}

}  // namespace tools
