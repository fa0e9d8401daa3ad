// Rows through a Parquet file and back.
#ifndef PTRSWEEP_TESTS_IO_PARQUET_SUPPORT_H_
#define PTRSWEEP_TESTS_IO_PARQUET_SUPPORT_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"
#include "io/parquet/parquet_reader.h"
#include "io/parquet/parquet_sink.h"

namespace testing_support {

inline void WriteParquet(const std::string& path,
                         const std::vector<io::Row>& rows,
                         io::RunMetadata run = {.tool_version = "9.8.7"}) {
  auto file = io::OutputFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  io::ParquetSink sink(*std::move(file), std::move(run));
  ASSERT_TRUE(sink.Write(rows).ok());
  ASSERT_TRUE(sink.Finish().ok());
}

// NDJSON of a row: all its values as text.
inline std::string RowText(const io::Row& row) {
  std::string text;
  io::NdjsonSink::AppendRow(row, &text);
  return text;
}

inline std::vector<std::string> RowTexts(const std::vector<io::Row>& rows) {
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (const io::Row& row : rows) texts.push_back(RowText(row));
  return texts;
}

// The texts of all rows of a file, in its order; or the error.
inline absl::Status ReadTexts(io::RowReader* reader,
                              std::vector<std::string>* texts) {
  io::RowBatch batch;
  while (true) {
    batch.Clear();
    const auto more = reader->Next(&batch);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    for (const io::Row& row : batch.rows()) texts->push_back(RowText(row));
  }
}

inline absl::Status ReadParquet(const std::string& path,
                                std::vector<std::string>* texts) {
  auto reader = io::ParquetReader::Open(path);
  if (!reader.ok()) return reader.status();
  return ReadTexts(reader->get(), texts);
}

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_IO_PARQUET_SUPPORT_H_
