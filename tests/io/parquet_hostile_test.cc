// ParquetReader on files whose lengths, checksums and frames are right, and
// whose contents are not: a few octets that ask for much memory.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/thrift_compact.h"
#include "tests/fuzz/parquet_maker.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using fuzz::MadeChunk;
using fuzz::MadePage;
using testing::HasSubstr;
using testing_support::ReadParquet;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

constexpr size_t kMiB = 1 << 20;

// "" if it can be read.
std::string ErrorOf(const std::string& octets, std::vector<std::string>* rows) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("rows"), octets);
  return std::string(ReadParquet(folder.Path("rows"), rows).message());
}

std::string ErrorOf(const std::string& octets) {
  std::vector<std::string> rows;
  return ErrorOf(octets, &rows);
}

// Resident octets of this process at their highest.
size_t PeakOctets() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) * 1024;
}

// Sanitizers keep what was freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kFreedMemoryIsKept = true;
#else
constexpr bool kFreedMemoryIsKept = false;
#endif

void ExpectPeakGrewLess(size_t before, size_t octets) {
  if (kFreedMemoryIsKept) return;
  EXPECT_LT(PeakOctets() - before, octets);
}

TEST(ParquetHostileTest, TheMadeFileItselfIsSound) {
  std::vector<std::string> rows;
  EXPECT_EQ(ErrorOf(fuzz::MakeParquet(3, fuzz::SoundChunks(3)), &rows), "");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[2], HasSubstr(R"({"ip":"192.0.2.2","status":"no_ptr",)"));
}

// Of two rows; the label's page is `page`.
std::string WithLabels(const MadePage& page) {
  std::vector<MadeChunk> chunks = fuzz::SoundChunks(2);
  chunks[kLabelLeaf] = {page};
  return fuzz::MakeParquet(2, chunks);
}

TEST(ParquetHostileTest, PagesSayNoMoreThanTheyMay) {
  const MadePage sound = fuzz::SoundChunks(2)[kLabelLeaf][0];
  struct Case {
    MadePage page;
    std::string error;
  };
  const auto with = [&](auto change) {
    MadePage page = sound;
    change(&page);
    return page;
  };
  const Case cases[] = {
      {sound, ""},
      {with([](MadePage* page) { page->raw_octets = kMaxPageOctets + 1; }),
       "a page is too large"},
      {with([](MadePage* page) { page->raw_octets = kMaxPageOctets; }),
       "a page cannot be decompressed"},
      {with([](MadePage* page) { page->raw_octets = -1; }),
       "a page is too large"},
      {with([](MadePage* page) { page->entries = kMaxPageEntries + 1; }),
       "a page has an impossible number of values"},
      {with([](MadePage* page) { page->entries = kMaxPageEntries; }),
       "a page's levels are damaged"},
  };
  for (const Case& c : cases) {
    const std::string error = ErrorOf(WithLabels(c.page));
    if (c.error.empty()) {
      EXPECT_EQ(error, "");
    } else {
      EXPECT_THAT(error, HasSubstr(absl::StrCat(
                             "/rows: row group 0: column label: ", c.error)));
    }
  }
}

// A few kilobytes each, 60 MiB when they are unpacked: of all columns, pages
// and dictionaries, it would be 2.5 GiB.
TEST(ParquetHostileTest, ColumnsHaveRoomTogether) {
  std::vector<MadeChunk> chunks = fuzz::SoundChunks(1);
  for (const ParquetLeafId leaf :
       {kCauseLeaf, kRcodeLeaf, kZoneLeaf, kZoneMnameLeaf, kZoneRnameLeaf}) {
    MadePage page = {.is_dictionary = true,
                     .entries = 1,
                     .octets = std::string(60 * kMiB, '\0'),
                     .packed = true};
    const size_t size = page.octets.size() - 4;
    for (size_t i = 0; i < 4; ++i) {
      page.octets[i] = static_cast<char>(size >> (8 * i));
    }
    chunks[leaf].insert(chunks[leaf].begin(), std::move(page));
  }
  const std::string file = fuzz::MakeParquet(1, chunks);
  EXPECT_LT(file.size(), kMiB);
  const size_t before = PeakOctets();
  EXPECT_THAT(ErrorOf(file),
              HasSubstr("column zone_rname: the columns' pages are too large "
                        "together"));
  ExpectPeakGrewLess(before, 300 * kMiB);
}

// ---- the footer

// FileMetaData that begins with a list of `count` structs without fields.
std::string EmptyStructs(int field, size_t count) {
  std::string footer;
  ThriftWriter writer(&footer);
  writer.BeginList(field, ThriftType::kStruct, count);
  for (size_t i = 0; i < count; ++i) {
    writer.BeginStructElement();
    writer.EndStruct();
  }
  writer.EndStruct();
  return fuzz::WrapFooter(std::string(kParquetMagic), footer);
}

// A struct of an octet would take 3 KB as a row group, 64 octets as metadata,
// 40 as an element of the schema.
TEST(ParquetHostileTest, AFooterTakesLittleMoreThanItsOctets) {
  constexpr size_t kSchema = 2;
  constexpr size_t kGroups = 4;
  constexpr size_t kMetadata = 5;
  const size_t before = PeakOctets();
  for (const size_t field : {kSchema, kGroups, kMetadata}) {
    EXPECT_THAT(ErrorOf(EmptyStructs(static_cast<int>(field), 4 * kMiB)),
                HasSubstr("the footer is damaged"))
        << field;
  }
  ExpectPeakGrewLess(before, 64 * kMiB);
}

// Row groups of 21 chunks of which nothing is said.
TEST(ParquetHostileTest, ChunksWithoutMetadataAreDamage) {
  const ParquetSchema schema = MakeParquetSchema();
  std::string footer;
  ThriftWriter writer(&footer);
  constexpr size_t kGroups = 100'000;
  writer.BeginList(4, ThriftType::kStruct, kGroups);
  for (size_t group = 0; group < kGroups; ++group) {
    writer.BeginStructElement();
    writer.BeginList(1, ThriftType::kStruct, schema.leaves.size());
    for (size_t leaf = 0; leaf < schema.leaves.size(); ++leaf) {
      writer.BeginStructElement();
      writer.EndStruct();
    }
    writer.EndStruct();
  }
  writer.EndStruct();
  const size_t before = PeakOctets();
  EXPECT_THAT(ErrorOf(fuzz::WrapFooter(std::string(kParquetMagic), footer)),
              HasSubstr("the footer is damaged"));
  ExpectPeakGrewLess(before, 64 * kMiB);
}

}  // namespace
}  // namespace io
