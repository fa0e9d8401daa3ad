#include "io/parquet/parquet_table.h"

#include <utility>

namespace io {

ParquetTable::ParquetTable(std::unique_ptr<OutputFile> file,
                           std::span<const Column> columns)
    : file_(std::move(file)),
      schema_(MakeTableSchema(columns)),
      state_(schema_, 0),
      offset_(static_cast<int64_t>(kParquetMagic.size())) {
  for (const ParquetLeaf& leaf : schema_.leaves) {
    columns_.emplace_back(leaf, /*distinct=*/false, &compressor_);
  }
  // An error shows again with the next call.
  file_->Write(kParquetMagic).IgnoreError();
}

void ParquetTable::AddNull() { columns_[next_++].AddMissing(0); }

void ParquetTable::AddText(absl::string_view text) {
  columns_[next_++].AddText(text);
}

void ParquetTable::AddNumber(int64_t number) {
  columns_[next_++].AddNumber(number);
}

void ParquetTable::AddTexts(std::span<const std::string> texts) {
  const uint8_t full = schema_.leaves[next_].max_definition;
  ParquetColumn& column = columns_[next_++];
  if (texts.empty()) {
    // All of the path's elements but the repeated one.
    return column.AddMissing(static_cast<uint8_t>(full - 1));
  }
  uint8_t repetition = 0;
  for (const std::string& text : texts) {
    column.AddText(text, std::exchange(repetition, uint8_t{1}));
  }
}

absl::Status ParquetTable::EndRow() {
  next_ = 0;
  if (++rows_ < kRowGroupRows) return absl::OkStatus();
  return WriteGroup();
}

absl::Status ParquetTable::WriteGroup() {
  std::string octets;
  state_.Add(schema_,
             FinishGroup(columns_, std::exchange(rows_, 0), offset_, &octets));
  offset_ += static_cast<int64_t>(octets.size());
  return file_->Write(octets);
}

absl::Status ParquetTable::Finish(const KeyValues& metadata,
                                  absl::string_view tool_version) {
  absl::Status status = rows_ > 0 ? WriteGroup() : absl::OkStatus();
  status.Update(file_->Write(state_.EndOf(schema_, metadata, tool_version)));
  return status.ok() ? file_->Finish() : status;
}

}  // namespace io
