// ParquetColumn: makes one column chunk of a row group, page by page.
//
// An entry is a value, or a place where one is missing (null, an empty list);
// its repetition level says whether it begins a row (0) or goes on with a list.
// A data page (v1) is, compressed as a whole:
//
//   [octets of levels (4, little-endian), repetition levels: RLE hybrid]
//   [octets of levels,                    definition levels: RLE hybrid]
//   values: PLAIN, or bit width (1 octet) and indices into the dictionary
//
// Levels that can only be 0 are left out. A chunk starts with a dictionary,
// unless the column is known for different values. It is dropped, and the
// chunk goes on PLAIN, when it does not pay, or with
// the page in which it would exceed kMaxDictionaryOctets; pages before that one
// keep it. Whether it pays is seen from the chunk's first kTrialValues values.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/parquet_statistics.h"
#include "io/parquet/rle_hybrid.h"
#include "io/parquet/text_dictionary.h"

namespace io {

// A page ends before the row that would be one too many, or at which its
// values take this much.
inline constexpr uint32_t kPageRows = 20'000;
inline constexpr size_t kPageOctets = 4 << 20;
inline constexpr size_t kTrialValues = 2'048;
// Of a page's levels: so many octets are put in front of PLAIN values where
// these lie.
inline constexpr size_t kLevelRoom = 4'096;

class ParquetColumn {
 public:
  // Both are borrowed. `distinct`: most values are different, no dictionary.
  ParquetColumn(const ParquetLeaf& leaf, bool distinct,
                PageCompressor* compressor);

  // REQUIRES: the leaf's type fits. `repetition` is 0 at a row's first entry.
  void AddText(absl::string_view text, uint8_t repetition = 0) {
    AddEntry(repetition, leaf_.max_definition);
    AddOctets(text);
  }
  // As AddText(): `put(char* to)` writes a text of at most `room` octets to
  // where it stays, and returns its size. REQUIRES: the column is distinct.
  template <typename Put>
  void PutText(size_t room, Put put) {
    AddEntry(0, leaf_.max_definition);
    page_octets_ += PutPlain(room, put);
  }
  void AddNumber(int64_t number);
  // An entry without value: that many of the path's elements are there.
  void AddMissing(uint8_t definition, uint8_t repetition = 0) {
    AddEntry(repetition, definition);
    ++chunk_.nulls;
  }

  // The pages go to *out, whose octets begin at `offset` in the file; then the
  // next chunk begins.
  ParquetChunk Finish(int64_t offset, std::string* out);

 private:
  // Octets in plain_.
  struct Place {
    size_t at = 0;
    size_t size = 0;
  };

  [[gnu::always_inline]] void AddEntry(uint8_t repetition, uint8_t definition) {
    if (repetition == 0) {
      if (page_rows_ == kPageRows || page_octets_ >= kPageOctets) EndPage();
      ++page_rows_;
    }
    ++page_entries_;
    if (leaf_.max_repetition > 0) repetitions_.Add(repetition);
    if (leaf_.max_definition > 0) definitions_.Add(definition);
  }
  void AddOctets(absl::string_view octets);
  void AppendPlain(absl::string_view octets);
  // As PutText(); the octets that the value takes.
  template <typename Put>
  size_t PutPlain(size_t room, Put put);
  // By the value at `place`, the page's last one.
  void WidenPage(Place place);
  absl::string_view At(Place place) const {
    return {plain_.get() + place.at, place.size};
  }
  static int64_t NumberAt(const char* octets) {
    int64_t number;
    std::memcpy(&number, octets, sizeof number);
    return number;
  }
  void GrowPlain(size_t octets);
  void DropDictionary();
  void JudgeDictionary();
  void EndPage();
  void AppendLevels(RleEncoder* levels, uint8_t max);
  void SetBounds();
  // The levels in raw_ and the PLAIN values behind them.
  absl::string_view JoinPlain();
  // Header and compressed page.
  void AppendPage(ParquetEncoding encoding, absl::string_view raw);
  void AppendDictionaryPage(std::string* out);

  const ParquetLeaf leaf_;
  const size_t prefix_octets_;  // of length, in front of a PLAIN value
  const bool distinct_;
  PageCompressor* const compressor_;

  // The chunk.
  ParquetChunk chunk_;
  bool use_dictionary_;
  bool dictionary_judged_ = false;
  TextDictionary dictionary_;
  OctetsRange octets_range_;  // of PLAIN pages
  NumberRange number_range_;
  std::string pages_;

  // The page.
  uint32_t page_rows_ = 0;
  uint32_t page_entries_ = 0;
  size_t page_octets_ = 0;  // of its values, as PLAIN has them
  RleEncoder repetitions_;
  RleEncoder definitions_;
  uint32_t page_ids_ = 0;  // values so far, with the dictionary
  RleEncoder ids_;         // these
  size_t plain_room_;
  size_t plain_size_ = kLevelRoom;  // of plain_, that room counted
  std::unique_ptr<char[]> plain_;   // without
  Place page_min_;                  // the smallest of these
  Place page_max_;                  // and the largest

  std::string raw_;  // a page before compression, or its levels
};

// Replaces *out by the row group of all that was added to `columns`, one a
// leaf; it begins at `offset` in the file.
ParquetRowGroup FinishGroup(std::span<ParquetColumn> columns, int64_t rows,
                            int64_t offset, std::string* out);

template <typename Put>
size_t ParquetColumn::PutPlain(size_t room, Put put) {
  if (plain_room_ - plain_size_ < prefix_octets_ + room) {
    GrowPlain(prefix_octets_ + room);
  }
  char* const to = plain_.get() + plain_size_;
  const size_t octets = put(to + prefix_octets_);
  const auto length = static_cast<uint32_t>(octets);
  std::memcpy(to, &length, prefix_octets_);
  if (leaf_.type == ParquetType::kInt64) {
    number_range_.Add(NumberAt(to));
  } else {
    WidenPage({plain_size_ + prefix_octets_, octets});
  }
  plain_size_ += prefix_octets_ + octets;
  return prefix_octets_ + octets;
}

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_H_
