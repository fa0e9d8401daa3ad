#include "tests/fuzz/row_files.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "io/formats/csv_row_reader.h"
#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_row_reader.h"
#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"
#include "tests/fuzz/require.h"

namespace fuzz {

MemoryFile::MemoryFile()
    : fd_(memfd_create("rows", MFD_CLOEXEC)),
      path_(absl::StrCat("/proc/self/fd/", fd_)) {
  Require(fd_ >= 0, "there is a file in memory");
}

MemoryFile::~MemoryFile() { close(fd_); }

void MemoryFile::Set(absl::string_view octets) const {
  const bool set =
      ftruncate(fd_, 0) == 0 && pwrite(fd_, octets.data(), octets.size(), 0) ==
                                    static_cast<ssize_t>(octets.size());
  Require(set, "a file in memory can be written");
}

absl::Status ReadAll(io::RowReader* reader, TextFormat format,
                     std::string* text) {
  io::RowBatch batch;
  while (true) {
    batch.Clear();
    const auto more = reader->Next(&batch);
    for (const io::Row& row : batch.rows()) {
      if (format == TextFormat::kCsv) {
        io::CsvSink::AppendRow(row, text);
      } else {
        io::NdjsonSink::AppendRow(row, text);
      }
    }
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
  }
}

absl::Status ReadAllOf(const MemoryFile& file, absl::string_view text,
                       TextFormat format, TextFormat out_format,
                       std::string* out) {
  std::string octets;
  if (format == TextFormat::kCsv) io::CsvSink::AppendHeader(&octets);
  octets.append(text.data(), text.size());
  file.Set(octets);
  auto input = io::InputFile::Open(file.path());
  Require(input.ok(), "a file in memory can be opened");
  std::unique_ptr<io::RowReader> reader;
  if (format == TextFormat::kCsv) {
    reader = std::make_unique<io::CsvRowReader>(*std::move(input));
  } else {
    reader = std::make_unique<io::NdjsonRowReader>(*std::move(input));
  }
  return ReadAll(reader.get(), out_format, out);
}

void CheckRowText(const MemoryFile& file, const std::string& text,
                  TextFormat format) {
  Require(std::none_of(text.begin(), text.end(),
                       [](char c) {
                         return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7f;
                       }),
          "rows have no control octets");
  Require(io::IsValidUtf8(text), "rows are UTF-8");
  std::string again;
  const absl::Status status = ReadAllOf(file, text, format, format, &again);
  Require(status.ok(), "rows that were written are read");
  Require(again == text, "and are the same rows");
}

}  // namespace fuzz
