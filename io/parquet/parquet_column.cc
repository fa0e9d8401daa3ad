#include "io/parquet/parquet_column.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <optional>
#include <utility>

#include "io/formats/row_text.h"
#include "io/parquet/crc32.h"
#include "io/parquet/thrift_compact.h"

namespace io {
namespace {

constexpr size_t kLengthOctets = 4;
constexpr size_t kFirstPlainOctets = 2 * kLevelRoom;

// BYTE_ARRAY: PLAIN puts the length in front.
size_t PrefixOctets(ParquetType type) {
  return type == ParquetType::kByteArray ? kLengthOctets : 0;
}

std::string NumberOctets(int64_t number) {
  static_assert(std::endian::native == std::endian::little);
  std::string octets(sizeof number, '\0');
  std::memcpy(octets.data(), &number, sizeof number);
  return octets;
}

void AppendLength(size_t length, std::string* out) {
  char octets[kLengthOctets];
  for (size_t i = 0; i < kLengthOctets; ++i) {
    octets[i] = static_cast<char>(length >> (8 * i));
  }
  out->append(octets, kLengthOctets);
}

int32_t Signed(size_t size) { return static_cast<int32_t>(size); }

// PageHeader up to the struct of its kind.
void BeginPageHeader(int32_t type, absl::string_view raw,
                     absl::string_view packed, ThriftWriter* writer) {
  writer->I32(1, type);
  writer->I32(2, Signed(raw.size()));
  writer->I32(3, Signed(packed.size()));
  writer->I32(4, std::bit_cast<int32_t>(Crc32(packed)));
}

}  // namespace

ParquetColumn::ParquetColumn(const ParquetLeaf& leaf, bool distinct,
                             PageCompressor* compressor)
    : leaf_(leaf),
      prefix_octets_(PrefixOctets(leaf.type)),
      distinct_(distinct),
      compressor_(compressor),
      use_dictionary_(!distinct),
      dictionary_(prefix_octets_),
      plain_room_(kFirstPlainOctets),
      plain_(std::make_unique_for_overwrite<char[]>(plain_room_)) {}

void ParquetColumn::AddNumber(int64_t number) {
  AddEntry(0, leaf_.max_definition);
  char octets[sizeof number];
  std::memcpy(octets, &number, sizeof number);
  AddOctets({octets, sizeof octets});
}

void ParquetColumn::AddOctets(absl::string_view octets) {
  page_octets_ += prefix_octets_ + octets.size();
  if (use_dictionary_) {
    const std::optional<uint32_t> id = dictionary_.Intern(octets);
    if (id) {
      ids_.Add(*id);
      ++page_ids_;
      if (!dictionary_judged_ && page_ids_ == kTrialValues) JudgeDictionary();
      return;
    }
    DropDictionary();
  }
  AppendPlain(octets);
}

void ParquetColumn::AppendPlain(absl::string_view octets) {
  PutPlain(octets.size(), [octets](char* to) {
    CopyText(octets.data(), octets.size(), to);
    return octets.size();
  });
}

// Addresses come in ascending order, and names often do.
void ParquetColumn::WidenPage(Place place) {
  if (place.at == kLevelRoom + prefix_octets_) {
    page_min_ = page_max_ = place;
  } else if (CompareOctets(At(place), At(page_max_)) > 0) {
    page_max_ = place;
  } else if (CompareOctets(At(place), At(page_min_)) < 0) {
    page_min_ = place;
  }
}

void ParquetColumn::GrowPlain(size_t octets) {
  plain_room_ = 2 * plain_room_ + octets;
  auto larger = std::make_unique_for_overwrite<char[]>(plain_room_);
  std::memcpy(larger.get(), plain_.get(), plain_size_);
  plain_ = std::move(larger);
}

// This page becomes PLAIN, and so do the next ones.
void ParquetColumn::DropDictionary() {
  ids_.TakeAll([this](uint32_t id) { AppendPlain(dictionary_.value(id)); });
  page_ids_ = 0;
  use_dictionary_ = false;
  if (!chunk_.has_dictionary) dictionary_.Clear();
}

// After the chunk's first values.
void ParquetColumn::JudgeDictionary() {
  dictionary_judged_ = true;
  const size_t bits = static_cast<size_t>(BitWidth(dictionary_.size()));
  const size_t octets = dictionary_.octets().size() + page_ids_ * bits / 8;
  if (octets >= page_octets_) DropDictionary();
}

void ParquetColumn::EndPage() {
  if (page_entries_ == 0) return;
  if (!dictionary_judged_ && page_ids_ > 0) JudgeDictionary();
  raw_.clear();
  AppendLevels(&repetitions_, leaf_.max_repetition);
  AppendLevels(&definitions_, leaf_.max_definition);
  if (page_ids_ == 0) {  // and so is one without values
    AppendPage(ParquetEncoding::kPlain, JoinPlain());
    chunk_.has_plain = true;
  } else {
    const int width = std::max(1, BitWidth(dictionary_.size() - 1));
    raw_.push_back(static_cast<char>(width));
    ids_.Finish(width, &raw_);
    AppendPage(ParquetEncoding::kRleDictionary, raw_);
    chunk_.has_dictionary = true;
  }
  chunk_.values += page_entries_;
  page_rows_ = page_entries_ = 0;
  page_octets_ = page_ids_ = 0;
  plain_size_ = kLevelRoom;
}

void ParquetColumn::AppendLevels(RleEncoder* levels, uint8_t max) {
  if (max == 0) return;
  const size_t start = raw_.size();
  AppendLength(0, &raw_);
  levels->Finish(BitWidth(max), &raw_);
  std::string length;
  AppendLength(raw_.size() - start - kLengthOctets, &length);
  raw_.replace(start, kLengthOctets, length);
}

absl::string_view ParquetColumn::JoinPlain() {
  if (plain_size_ > kLevelRoom && leaf_.type != ParquetType::kInt64) {
    octets_range_.Add(At(page_min_));
    octets_range_.Add(At(page_max_));
  }
  const size_t levels = raw_.size();
  if (levels > kLevelRoom) {
    return raw_.append(plain_.get() + kLevelRoom, plain_size_ - kLevelRoom);
  }
  char* const start = plain_.get() + kLevelRoom - levels;
  std::memcpy(start, raw_.data(), levels);
  return {start, levels + plain_size_ - kLevelRoom};
}

void ParquetColumn::AppendPage(ParquetEncoding encoding,
                               absl::string_view raw) {
  const absl::string_view packed = compressor_->Compress(raw);
  const size_t start = pages_.size();
  ThriftWriter writer(&pages_);
  BeginPageHeader(kParquetDataPage, raw, packed, &writer);
  writer.BeginStruct(5);  // data_page_header
  writer.I32(1, Signed(page_entries_));
  writer.I32(2, static_cast<int32_t>(encoding));
  writer.I32(3, static_cast<int32_t>(ParquetEncoding::kRle));
  writer.I32(4, static_cast<int32_t>(ParquetEncoding::kRle));
  writer.EndStruct();
  writer.EndStruct();
  chunk_.raw_octets += Signed(pages_.size() - start + raw.size());
  pages_.append(packed.data(), packed.size());
}

void ParquetColumn::AppendDictionaryPage(std::string* out) {
  const std::string& raw = dictionary_.octets();
  const absl::string_view packed = compressor_->Compress(raw);
  const size_t start = out->size();
  ThriftWriter writer(out);
  BeginPageHeader(kParquetDictionaryPage, raw, packed, &writer);
  writer.BeginStruct(7);  // dictionary_page_header
  writer.I32(1, Signed(dictionary_.size()));
  writer.I32(2, static_cast<int32_t>(ParquetEncoding::kPlain));
  writer.EndStruct();
  writer.EndStruct();
  chunk_.raw_octets += Signed(out->size() - start + raw.size());
  out->append(packed.data(), packed.size());
}

void ParquetColumn::SetBounds() {
  for (uint32_t id = 0; chunk_.has_dictionary && id < dictionary_.size();
       ++id) {
    if (leaf_.type == ParquetType::kInt64) {
      number_range_.Add(NumberAt(dictionary_.value(id).data()));
    } else {
      octets_range_.Add(dictionary_.value(id));
    }
  }
  if (!number_range_.empty()) {
    chunk_.min = ParquetBound{NumberOctets(number_range_.min())};
    chunk_.max = ParquetBound{NumberOctets(number_range_.max())};
  }
  if (!octets_range_.empty()) {
    chunk_.min = LowerBound(octets_range_.min());
    chunk_.max = UpperBound(octets_range_.max());
  }
}

ParquetChunk ParquetColumn::Finish(int64_t offset, std::string* out) {
  EndPage();
  SetBounds();
  const size_t start = out->size();
  chunk_.offset = offset;
  if (chunk_.has_dictionary) AppendDictionaryPage(out);
  chunk_.data_page_offset = offset + static_cast<int64_t>(out->size() - start);
  *out += pages_;
  chunk_.octets = static_cast<int64_t>(out->size() - start);
  pages_.clear();
  dictionary_.Clear();
  octets_range_.Clear();
  number_range_.Clear();
  use_dictionary_ = !distinct_;
  dictionary_judged_ = false;
  return std::exchange(chunk_, {});
}

ParquetRowGroup FinishGroup(std::span<ParquetColumn> columns, int64_t rows,
                            int64_t offset, std::string* out) {
  ParquetRowGroup group = {.rows = rows};
  out->clear();
  for (ParquetColumn& column : columns) {
    const auto start = static_cast<int64_t>(out->size());
    group.chunks.push_back(column.Finish(offset + start, out));
  }
  return group;
}

}  // namespace io
