#include "io/parquet/parquet_column_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "io/parquet/crc32.h"
#include "io/parquet/rle_hybrid.h"
#include "io/parquet/thrift_compact.h"

namespace io {
namespace {

constexpr size_t kLengthOctets = 4;
constexpr int kMaxIndexBits = 32;
// Levels, value and index.
constexpr int64_t kEntryOctets = 24;

// A little-endian length. REQUIRES: four octets.
uint32_t LengthAt(absl::string_view octets) {
  static_assert(std::endian::native == std::endian::little);
  uint32_t length;
  std::memcpy(&length, octets.data(), sizeof length);
  return length;
}

// Octets of each value; 0 if they say so themselves.
size_t FixedOctets(ParquetType type) {
  if (type == ParquetType::kFixedLenByteArray) return kIpKeyOctets;
  return type == ParquetType::kInt64 ? sizeof(int64_t) : 0;
}

}  // namespace

ParquetColumnReader::ParquetColumnReader(const ParquetLeaf& leaf,
                                         PageDecompressor* decompressor,
                                         PageRoom* room)
    : leaf_(leaf), decompressor_(decompressor), room_(room) {}

void ParquetColumnReader::Start(std::string octets, bool has_dictionary,
                                int64_t entries) {
  chunk_ = std::move(octets);
  chunk_at_ = 0;
  entries_left_ = entries;
  has_dictionary_ = has_dictionary;
  dictionary_.clear();
  repetitions_.clear();
  definitions_.clear();
  values_.clear();
  at_ = 0;
  value_at_ = 0;
}

bool ParquetColumnReader::Fail(absl::string_view what) {
  error_ = what;
  entries_left_ = 0;
  repetitions_.clear();
  definitions_.clear();
  return false;
}

bool ParquetColumnReader::Next() {
  if (at_ + 1 < page_entries()) {
    ++at_;
  } else {
    if (entries_left_ == 0) return false;
    if (has_dictionary_ && dictionary_.empty() && !ReadDictionary()) {
      return false;
    }
    if (!ReadDataPage()) return false;
  }
  if (has_value()) ++value_at_;
  return true;
}

int64_t ParquetColumnReader::number() const {
  int64_t number;
  std::memcpy(&number, value().data(), sizeof number);
  return number;
}

bool ParquetColumnReader::ReadHeader(PageHeader* header) {
  ThriftReader reader(absl::string_view(chunk_).substr(chunk_at_));
  reader.BeginStruct();
  while (reader.NextField()) {
    switch (reader.id()) {
      case 1:
        header->type = reader.Int();
        break;
      case 2:
        header->raw_octets = reader.Int();
        break;
      case 3:
        header->octets = reader.Int();
        break;
      case 4:
        header->crc = reader.Int();
        header->has_crc = true;
        break;
      case 5:  // data_page_header
      case 7:  // dictionary_page_header
        reader.Struct();
        while (reader.NextField()) {
          if (reader.id() == 1) {
            header->entries = reader.Int();
          } else if (reader.id() == 2) {
            header->encoding = reader.Int();
          } else {
            reader.Skip();
          }
        }
        break;
      default:
        reader.Skip();
    }
  }
  chunk_at_ += reader.consumed();
  return reader.ok();
}

bool ParquetColumnReader::MakeRoom(int64_t octets, Page* page) {
  const int64_t more = octets - page->room;
  if (more <= 0) return true;
  if (more > room_->octets) return false;
  room_->octets -= more;
  page->room = octets;
  return true;
}

bool ParquetColumnReader::ReadPage(PageHeader* header, Page* page) {
  if (!ReadHeader(header)) return Fail("a page header is damaged");
  const size_t left = chunk_.size() - chunk_at_;
  if (header->octets < 0 || static_cast<uint64_t>(header->octets) > left) {
    return Fail("a page reaches beyond its chunk");
  }
  if (header->raw_octets < 0 || header->raw_octets > kMaxPageOctets) {
    return Fail("a page is too large");
  }
  if (header->entries <= 0 || header->entries > kMaxPageEntries) {
    return Fail("a page has an impossible number of values");
  }
  if (!MakeRoom(header->raw_octets + header->entries * kEntryOctets, page)) {
    return Fail("the columns' pages are too large together");
  }
  const auto packed = absl::string_view(chunk_).substr(
      chunk_at_, static_cast<size_t>(header->octets));
  chunk_at_ += packed.size();
  if (!header->has_crc || static_cast<uint32_t>(header->crc) != Crc32(packed)) {
    return Fail("a page's checksum is wrong");
  }
  return decompressor_->Decompress(
             packed, static_cast<size_t>(header->raw_octets), &page->octets) ||
         Fail("a page cannot be decompressed");
}

bool ParquetColumnReader::ReadDictionary() {
  PageHeader header;
  if (!ReadPage(&header, &dictionary_page_)) return false;
  if (header.type != kParquetDictionaryPage ||
      header.encoding != static_cast<int64_t>(ParquetEncoding::kPlain)) {
    return Fail("the dictionary is of another kind");
  }
  return SplitPlain(dictionary_page_.octets,
                    static_cast<size_t>(header.entries), &dictionary_);
}

bool ParquetColumnReader::ReadDataPage() {
  PageHeader header;
  if (!ReadPage(&header, &page_)) return false;
  if (header.type != kParquetDataPage) return Fail("a page is of another kind");
  if (header.entries > entries_left_) {
    return Fail("a page has more values than its chunk");
  }
  entries_left_ -= header.entries;
  repetitions_.assign(static_cast<size_t>(header.entries), 0);
  definitions_.assign(static_cast<size_t>(header.entries), 0);
  absl::string_view rest = page_.octets;
  if (!TakeLevels(&rest, leaf_.max_repetition, &repetitions_) ||
      !TakeLevels(&rest, leaf_.max_definition, &definitions_)) {
    return Fail("a page's levels are damaged");
  }
  if (repetitions_[0] != 0) return Fail("a row begins in another page");
  at_ = 0;
  value_at_ = 0;
  const auto count = static_cast<size_t>(std::count(
      definitions_.begin(), definitions_.end(), leaf_.max_definition));
  if (header.encoding == static_cast<int64_t>(ParquetEncoding::kPlain)) {
    return SplitPlain(rest, count, &values_);
  }
  if (header.encoding !=
      static_cast<int64_t>(ParquetEncoding::kRleDictionary)) {
    return Fail("a page is encoded in another way");
  }
  return TakeIndices(rest, count);
}

bool ParquetColumnReader::TakeLevels(absl::string_view* page, uint8_t max,
                                     std::vector<uint8_t>* levels) {
  if (max == 0) return true;
  if (page->size() < kLengthOctets) return false;
  const uint32_t length = LengthAt(*page);
  page->remove_prefix(kLengthOctets);
  if (length > page->size()) return false;
  const size_t count = levels->size();
  levels->clear();
  const bool decoded =
      DecodeRle(page->substr(0, length), BitWidth(max), count, max, levels);
  page->remove_prefix(length);
  return decoded;
}

bool ParquetColumnReader::SplitPlain(absl::string_view octets, size_t count,
                                     std::vector<absl::string_view>* values) {
  const size_t fixed = FixedOctets(leaf_.type);
  values->clear();
  for (; count > 0; --count) {
    size_t size = fixed;
    if (fixed == 0) {
      if (octets.size() < kLengthOctets) return Fail("a value is cut off");
      size = LengthAt(octets);
      octets.remove_prefix(kLengthOctets);
    }
    if (size > octets.size()) return Fail("a value is cut off");
    values->push_back(octets.substr(0, size));
    octets.remove_prefix(size);
  }
  return octets.empty() || Fail("octets follow the last value");
}

bool ParquetColumnReader::TakeIndices(absl::string_view octets, size_t count) {
  if (octets.empty() || dictionary_.empty()) {
    return Fail("a page has no dictionary");
  }
  const auto width = static_cast<uint8_t>(octets[0]);
  octets.remove_prefix(1);
  indices_.clear();
  if (width > kMaxIndexBits ||
      !DecodeRle(octets, width, count,
                 static_cast<uint32_t>(dictionary_.size() - 1), &indices_)) {
    return Fail("a page's indices are not in the dictionary");
  }
  values_.clear();
  for (const uint32_t index : indices_) values_.push_back(dictionary_[index]);
  return true;
}

}  // namespace io
