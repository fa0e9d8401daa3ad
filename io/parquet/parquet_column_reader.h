// ParquetColumnReader: the entries of one column chunk, as ParquetColumn made
// them, from octets that may be hostile.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_READER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_schema.h"

namespace io {

// No page of ours is larger: kPageOctets, and the longest row.
inline constexpr int64_t kMaxPageOctets = 64 << 20;
// Of these a value has five octets or more, and every row one entry.
inline constexpr int64_t kMaxPageEntries = 1 << 20;
// What the largest pages of all columns come to, in memory: of ours,
// kPageOctets and a dictionary each, and the longest row. A page of a few
// octets may say that it has kMaxPageOctets, and mean it.
inline constexpr int64_t kMaxHeldOctets = 256 << 20;

// What columns that are read side by side may still take.
struct PageRoom {
  int64_t octets = kMaxHeldOctets;
};

// Holds one page at a time. Sticky: after a fault there are no more entries,
// and error() says what is wrong.
class ParquetColumnReader {
 public:
  // All are borrowed.
  ParquetColumnReader(const ParquetLeaf& leaf, PageDecompressor* decompressor,
                      PageRoom* room);

  // Begins a chunk: `octets` from its first page on.
  void Start(std::string octets, bool has_dictionary, int64_t entries);

  // Goes to the next entry. False if there is none, or at a fault.
  bool Next();
  // True if the entry after this one belongs to the same row, at this
  // repetition level or a deeper one. A row's entries lie in one page.
  bool HasMore(uint8_t repetition) const {
    return at_ + 1 < definitions_.size() && repetitions_[at_ + 1] >= repetition;
  }
  uint8_t definition() const { return definitions_[at_]; }
  uint8_t repetition() const { return repetitions_[at_]; }
  bool has_value() const { return definition() == leaf_.max_definition; }
  // Valid as long as the row. REQUIRES: has_value().
  absl::string_view value() const { return values_[value_at_ - 1]; }
  int64_t number() const;  // of an INT64 leaf

  // All entries were read.
  bool AtEnd() const { return entries_left_ == 0 && at_ + 1 >= page_entries(); }
  // "" if nothing is wrong; never a file's octets.
  absl::string_view error() const { return error_; }

 private:
  struct PageHeader {
    int64_t type = -1;
    int64_t raw_octets = -1;
    int64_t octets = -1;
    int64_t crc = -1;
    bool has_crc = false;
    int64_t entries = -1;
    int64_t encoding = -1;
  };
  struct Page {
    std::string octets;
    int64_t room = 0;  // that it takes: as many as it ever had
  };

  size_t page_entries() const { return definitions_.size(); }
  bool Fail(absl::string_view what);
  bool ReadHeader(PageHeader* header);
  // Header and page, decompressed into page->octets.
  bool ReadPage(PageHeader* header, Page* page);
  bool MakeRoom(int64_t octets, Page* page);
  bool ReadDictionary();
  bool ReadDataPage();
  bool TakeLevels(absl::string_view* page, uint8_t max,
                  std::vector<uint8_t>* levels);
  bool SplitPlain(absl::string_view octets, size_t count,
                  std::vector<absl::string_view>* values);
  bool TakeIndices(absl::string_view octets, size_t count);

  const ParquetLeaf leaf_;
  PageDecompressor* const decompressor_;
  PageRoom* const room_;
  std::string chunk_;
  size_t chunk_at_ = 0;
  int64_t entries_left_ = 0;  // in pages not yet read
  absl::string_view error_;

  bool has_dictionary_ = false;
  Page dictionary_page_;
  std::vector<absl::string_view> dictionary_;

  Page page_;
  std::vector<uint8_t> repetitions_;
  std::vector<uint8_t> definitions_;
  std::vector<absl::string_view> values_;
  std::vector<uint32_t> indices_;
  size_t at_ = 0;        // the entry; page_entries() before the first page
  size_t value_at_ = 0;  // values up to and with that one
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_COLUMN_READER_H_
