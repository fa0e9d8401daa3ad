#include "io/parquet/parquet_reader.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/parquet/parquet_order.h"

namespace io {
namespace {

constexpr uint64_t kTailOctets = 8;  // length and kParquetMagic
constexpr size_t kBatchRows = 512;
constexpr size_t kBatchOctets = 4 << 20;

// Definition levels, as ParquetEncoder has them.
constexpr uint8_t kNull = 0;
constexpr uint8_t kEmpty = 1;
constexpr uint8_t kNoAddresses = 2;

uint32_t LengthIn(absl::string_view tail) {
  uint32_t length;
  std::memcpy(&length, tail.data(), sizeof length);
  return length;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ParquetReader>> ParquetReader::Open(
    absl::string_view path) {
  auto file = InputFile::Open(path);
  if (!file.ok()) return file.status();
  std::unique_ptr<ParquetReader> reader(new ParquetReader(*std::move(file)));
  absl::Status status = reader->ReadFooterOf(*reader->file_);
  status.Update(reader->CheckGroups());
  if (!status.ok()) return status;
  return reader;
}

ParquetReader::ParquetReader(std::unique_ptr<InputFile> file)
    : file_(std::move(file)), schema_(MakeParquetSchema()) {
  for (const ParquetLeaf& leaf : schema_.leaves) {
    columns_.emplace_back(leaf, &decompressor_, &room_);
  }
}

absl::Status ParquetReader::Error(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(file_->name(), ": ", what));
}

absl::Status ParquetReader::ColumnError(size_t leaf) const {
  const absl::string_view fault = columns_[leaf].error();
  return Error(absl::StrCat(
      "row group ", next_group_ - 1, ": column ",
      PathText(schema_.leaves[leaf]), ": ",
      fault.empty() ? "a value is missing, or is none of this column" : fault));
}

absl::Status ParquetReader::ReadFooterOf(const InputFile& file) {
  if (file.size() < kParquetMagic.size() + kTailOctets) {
    return Error("not a Parquet file, or not finished");
  }
  std::string octets;
  absl::Status status = file.Read(0, kParquetMagic.size(), &octets);
  if (!status.ok()) return status;
  std::string tail;
  status = file.Read(file.size() - kTailOctets, kTailOctets, &tail);
  if (!status.ok()) return status;
  if (octets != kParquetMagic ||
      absl::string_view(tail).substr(4) != kParquetMagic) {
    return Error("not a Parquet file, or not finished");
  }
  const uint32_t length = LengthIn(tail);
  if (length > file.size() - kTailOctets - kParquetMagic.size()) {
    return Error("the footer is longer than the file");
  }
  status = file.Read(file.size() - kTailOctets - length, length, &octets);
  if (!status.ok()) return status;
  auto footer = ReadFooter(schema_, octets);
  if (!footer.ok()) return Error(footer.status().message());
  footer_ = *std::move(footer);
  return absl::OkStatus();
}

// Chunks lie one behind the other: no file can make us read more than it has.
absl::Status ParquetReader::CheckGroups() {
  int64_t end = static_cast<int64_t>(kParquetMagic.size());
  int64_t rows = 0;
  const auto size = static_cast<int64_t>(file_->size());
  for (const ParquetRowGroup& group : footer_.groups) {
    if (group.rows <= 0 || group.rows > kRowGroupRows) {
      return Error("a row group has an impossible number of rows");
    }
    rows += group.rows;
    for (const ParquetChunk& chunk : group.chunks) {
      if (chunk.offset < end || chunk.octets < 0 || chunk.offset > size ||
          chunk.octets > size - chunk.offset || chunk.values < group.rows) {
        return Error("a column chunk has an impossible place or size");
      }
      end = chunk.offset + chunk.octets;
    }
  }
  if (rows == footer_.rows) return absl::OkStatus();
  return Error("the row groups have another number of rows than the file");
}

absl::Status ParquetReader::StartGroup() {
  const ParquetRowGroup& group = footer_.groups[next_group_++];
  rows_left_ = group.rows;
  for (size_t leaf = 0; leaf < columns_.size(); ++leaf) {
    absl::Status status = StartColumn(group, leaf);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ParquetReader::StartColumn(const ParquetRowGroup& group,
                                        size_t leaf) {
  const ParquetChunk& chunk = group.chunks[leaf];
  std::string octets;
  absl::Status status =
      file_->Read(static_cast<uint64_t>(chunk.offset),
                  static_cast<uint64_t>(chunk.octets), &octets);
  if (!status.ok()) return status;
  columns_[leaf].Start(std::move(octets), chunk.has_dictionary, chunk.values);
  return absl::OkStatus();
}

absl::Status ParquetReader::FinishGroup() {
  for (size_t leaf = 0; leaf < columns_.size(); ++leaf) {
    if (columns_[leaf].AtEnd()) continue;
    return Error(absl::StrCat("row group ", next_group_ - 1, ": column ",
                              PathText(schema_.leaves[leaf]),
                              " has more rows than ip_key"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ParquetReader::Next(RowBatch* batch) {
  if (rows_left_ == 0) {
    if (next_group_ == footer_.groups.size()) return false;
    absl::Status status = StartGroup();
    if (!status.ok()) return status;
  }
  for (size_t i = 0; i < kBatchRows && batch->octets() < kBatchOctets; ++i) {
    absl::Status status = ReadRow();
    if (!status.ok()) return status;
    batch->Append(parser_.Finish());
    if (--rows_left_ > 0) continue;
    status = FinishGroup();
    if (!status.ok()) return status;
    break;
  }
  return true;
}

absl::StatusOr<bool> ParquetReader::NextKeys(std::vector<absl::uint128>* keys) {
  if (next_group_ == footer_.groups.size()) return false;
  const ParquetRowGroup& group = footer_.groups[next_group_++];
  absl::Status status = StartColumn(group, kIpKeyLeaf);
  if (!status.ok()) return status;
  ParquetColumnReader& column = columns_[kIpKeyLeaf];
  for (int64_t row = 0; row < group.rows; ++row) {
    if (!column.Next()) return ColumnError(kIpKeyLeaf);
    keys->push_back(Key());
  }
  if (!column.AtEnd()) return ColumnError(kIpKeyLeaf);
  return true;
}

absl::Status ParquetReader::ReadRow() {
  parser_.Start();
  if (ReadScalars() && ReadLists() && ReadKey()) return absl::OkStatus();
  return ColumnError(bad_leaf_);
}

bool ParquetReader::ReadScalars() {
  return ReadScalar(kIpLeaf, &RowParser::SetIp) &&
         ReadScalar(kStatusLeaf, &RowParser::SetStatus) &&
         ReadScalar(kCauseLeaf, &RowParser::SetCause) &&
         ReadNumber(kTtlLeaf, &RowParser::SetTtl) &&
         ReadScalar(kRcodeLeaf, &RowParser::SetRcode) &&
         ReadScalar(kZoneLeaf, &RowParser::SetZone) &&
         ReadScalar(kZoneMnameLeaf, &RowParser::SetZoneMname) &&
         ReadScalar(kZoneRnameLeaf, &RowParser::SetZoneRname) &&
         ReadScalar(kServerLeaf, &RowParser::SetServer) &&
         ReadNumber(kQueriesLeaf, &RowParser::SetQueries) &&
         ReadNumber(kRttLeaf, &RowParser::SetRtt) && ReadTime() &&
         ReadScalar(kLabelLeaf, &RowParser::SetLabel) &&
         ReadScalar(kExpectedLeaf, &RowParser::SetExpected);
}

bool ParquetReader::ReadScalar(ParquetLeafId leaf,
                               bool (RowParser::*set)(absl::string_view)) {
  bad_leaf_ = leaf;
  ParquetColumnReader& column = columns_[leaf];
  if (!column.Next()) return false;
  return !column.has_value() || (parser_.*set)(column.value());
}

bool ParquetReader::ReadNumber(ParquetLeafId leaf,
                               bool (RowParser::*set)(int64_t)) {
  bad_leaf_ = leaf;
  ParquetColumnReader& column = columns_[leaf];
  if (!column.Next()) return false;
  return !column.has_value() || (parser_.*set)(column.number());
}

bool ParquetReader::ReadTime() {
  bad_leaf_ = kTimeLeaf;
  if (!columns_[kTimeLeaf].Next()) return false;
  parser_.SetTime(columns_[kTimeLeaf].number());
  return true;
}

absl::uint128 ParquetReader::Key() const {
  absl::uint128 key = 0;
  for (const char octet : columns_[kIpKeyLeaf].value()) {
    key = key << 8 | static_cast<uint8_t>(octet);
  }
  return key;
}

// ip says the same.
bool ParquetReader::ReadKey() {
  bad_leaf_ = kIpKeyLeaf;
  return columns_[kIpKeyLeaf].Next() && Key() == IpKey(parser_.ip());
}

bool ParquetReader::ReadTexts(ParquetLeafId leaf,
                              bool (RowParser::*add)(absl::string_view),
                              bool* known) {
  bad_leaf_ = leaf;
  ParquetColumnReader& column = columns_[leaf];
  if (!column.Next()) return false;
  *known = column.definition() != kNull;
  if (!column.has_value()) return !column.HasMore(1);
  if (!(parser_.*add)(column.value())) return false;
  while (column.HasMore(1)) {
    if (!column.Next() || !column.has_value()) return false;
    if (!(parser_.*add)(column.value())) return false;
  }
  return true;
}

bool ParquetReader::ReadForward(bool* known) {
  const ParquetColumnReader& names = columns_[kForwardNameLeaf];
  if (!ReadForwardItem()) return false;
  *known = names.definition() != kNull;
  while (names.HasMore(1)) {
    if (names.definition() <= kEmpty || !ReadForwardItem()) return false;
  }
  bad_leaf_ = kForwardOutcomeLeaf;
  if (columns_[kForwardOutcomeLeaf].HasMore(1)) return false;
  bad_leaf_ = kForwardAddressesLeaf;
  return !columns_[kForwardAddressesLeaf].HasMore(1);
}

// Goes to the next entry of all three columns. They agree where an item is.
bool ParquetReader::ReadForwardItem() {
  ParquetColumnReader& names = columns_[kForwardNameLeaf];
  ParquetColumnReader& outcomes = columns_[kForwardOutcomeLeaf];
  ParquetColumnReader& addresses = columns_[kForwardAddressesLeaf];
  bad_leaf_ = kForwardNameLeaf;
  if (!names.Next()) return false;
  bad_leaf_ = kForwardOutcomeLeaf;
  if (!outcomes.Next() || outcomes.definition() != names.definition() ||
      outcomes.repetition() != names.repetition()) {
    return false;
  }
  bad_leaf_ = kForwardAddressesLeaf;
  if (!addresses.Next() || addresses.repetition() != names.repetition()) {
    return false;
  }
  if (!names.has_value()) return addresses.definition() == names.definition();
  if (!parser_.AddForward(names.value(), outcomes.value())) return false;
  return ReadForwardAddresses();
}

bool ParquetReader::ReadForwardAddresses() {
  ParquetColumnReader& column = columns_[kForwardAddressesLeaf];
  if (!column.has_value()) {
    return column.definition() == kNoAddresses && !column.HasMore(2);
  }
  if (!parser_.AddForwardAddress(column.value())) return false;
  while (column.HasMore(2)) {
    if (!column.Next() || !column.has_value()) return false;
    if (!parser_.AddForwardAddress(column.value())) return false;
  }
  return true;
}

bool ParquetReader::ReadLists() {
  bool flags = false;
  bool ptr = false;
  bool confirmed = false;
  bool forward = false;
  if (!ReadTexts(kFlagsLeaf, &RowParser::AddFlag, &flags) ||
      !ReadTexts(kPtrLeaf, &RowParser::AddPtr, &ptr) ||
      !ReadTexts(kConfirmedLeaf, &RowParser::AddConfirmed, &confirmed) ||
      !ReadForward(&forward)) {
    return false;
  }
  if (ptr) parser_.SetPtrKnown();
  bad_leaf_ = kPtrLeaf;  // all three are known, or none is
  return ptr == confirmed && ptr == forward;
}

}  // namespace io
