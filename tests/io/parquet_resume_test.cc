// Parquet files that are gone on with: ParquetSink::Sync and ParquetState.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "tests/io/hostile_rows.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing_support::HostileRows;
using testing_support::ReadFileOctets;
using testing_support::ReadParquet;
using testing_support::RowTexts;
using testing_support::TempFolder;

constexpr RowGroupLimits kTenRows = {.rows = 10};

// A state and the length of its file.
struct Recorded {
  uint64_t octets = 0;
  uint64_t rows = 0;
  std::string state;
};

Recorded RecordedOf(const absl::StatusOr<SyncedRows>& synced) {
  EXPECT_TRUE(synced.ok()) << synced.status();
  if (!synced.ok()) return {};
  return {synced->octets, synced->rows, std::string(synced->state)};
}

class ParquetResumeTest : public testing::Test {
 protected:
  std::unique_ptr<ParquetSink> Begin(RowGroupLimits limits = kTenRows) {
    return std::make_unique<ParquetSink>(
        OutputFile::Open(place_).value(),
        RunMetadata{.tool_version = "1", .start_us = 1'000'000}, limits);
  }
  std::unique_ptr<ParquetSink> GoOn(const Recorded& recorded) {
    auto state = ParquetState::Parse(recorded.state, recorded.octets);
    EXPECT_TRUE(state.ok()) << state.status();
    return std::make_unique<ParquetSink>(
        OutputFile::Continue(place_, recorded.octets).value(),
        RunMetadata{.tool_version = "1", .start_us = 9'000'000}, kTenRows,
        *std::move(state));
  }
  std::span<const Row> Rows(size_t from, size_t to) const {
    return std::span(rows_).subspan(from, to - from);
  }
  // Of a file of all rows.
  std::vector<std::string> Expected() const {
    std::vector<Row> rows = rows_;
    for (size_t at = 0; at < rows.size(); at += 10) {
      std::stable_sort(
          rows.begin() + static_cast<std::ptrdiff_t>(at),
          rows.begin() +
              static_cast<std::ptrdiff_t>(std::min(rows.size(), at + 10)),
          [](const Row& a, const Row& b) { return IpKey(a.ip) < IpKey(b.ip); });
    }
    return RowTexts(rows);
  }

  const TempFolder folder_;
  const OutputPlace place_ = FindOutput(folder_.Path("rows")).value();
  HostileRows source_{17};
  const std::vector<Row> rows_ = source_.Make(64);
};

TEST_F(ParquetResumeTest, SyncTellsOfWholeRowGroups) {
  const auto sink = Begin();
  const Recorded none = RecordedOf(sink->Sync(SyncTo::kParts));
  EXPECT_EQ(none.octets, 4u);
  EXPECT_EQ(none.rows, 0u);
  ASSERT_TRUE(sink->Write(Rows(0, 25)).ok());
  const Recorded two = RecordedOf(sink->Sync(SyncTo::kParts));
  EXPECT_EQ(two.rows, 20u);
  EXPECT_EQ(two.octets, ReadFileOctets(place_.TemporaryPath()).size());
  EXPECT_TRUE(absl::StartsWith(two.state, none.state));
  const auto state = ParquetState::Parse(two.state, two.octets);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->rows(), 20);
  EXPECT_EQ(state->group_count(), 2u);
  EXPECT_EQ(state->start_us(), 1'000'000);
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kParts)).state, two.state);
}

TEST_F(ParquetResumeTest, SyncOfAllRowsEndsTheRowGroup) {
  const auto sink = Begin();
  ASSERT_TRUE(sink->Write(Rows(0, 25)).ok());
  const Recorded all = RecordedOf(sink->Sync(SyncTo::kRows));
  EXPECT_EQ(all.rows, 25u);
  EXPECT_EQ(ParquetState::Parse(all.state, all.octets)->group_count(), 3u);
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kRows)).octets, all.octets);
}

TEST_F(ParquetResumeTest, SyncEndsARowGroupThatIsOld) {
  const auto sink = Begin({.age = std::chrono::nanoseconds(0)});
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kParts)).octets, 4u);
  ASSERT_TRUE(sink->Write(Rows(0, 3)).ok());
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kParts)).rows, 3u);
}

TEST_F(ParquetResumeTest, SyncToTheEndLeavesNothingButTheName) {
  const auto sink = Begin();
  ASSERT_TRUE(sink->Write(rows_).ok());
  const Recorded end = RecordedOf(sink->Sync(SyncTo::kEnd));
  EXPECT_EQ(end.rows, 64u);
  const std::string octets = ReadFileOctets(place_.TemporaryPath());
  EXPECT_EQ(end.octets, octets.size());
  ASSERT_TRUE(sink->Finish().ok());
  EXPECT_TRUE(ReadFileOctets(place_.file) == octets);
  std::vector<std::string> texts;
  ASSERT_TRUE(ReadParquet(place_.file, &texts).ok());
  EXPECT_TRUE(texts == Expected());
}

TEST_F(ParquetResumeTest, AFileThatIsGoneOnWithIsAsIfItHadNeverStopped) {
  for (const size_t stop : {0u, 9u, 10u, 25u, 60u, 64u}) {
    Recorded recorded;
    {
      const auto sink = Begin();
      ASSERT_TRUE(sink->Write(Rows(0, stop)).ok());
      recorded = RecordedOf(sink->Sync(SyncTo::kParts));
      ASSERT_TRUE(sink->Write(Rows(stop, 64)).ok());
      ASSERT_TRUE(sink->Flush().ok());  // more than was recorded
    }
    ASSERT_EQ(recorded.rows, stop / 10 * 10);
    const auto sink = GoOn(recorded);
    ASSERT_TRUE(sink->Write(Rows(recorded.rows, 64)).ok());
    ASSERT_TRUE(sink->Finish().ok());
    std::vector<std::string> texts;
    const absl::Status read = ReadParquet(place_.file, &texts);
    ASSERT_TRUE(read.ok()) << read;
    EXPECT_TRUE(texts == Expected()) << stop;
    EXPECT_THAT(
        ParquetReader::Open(place_.file).value()->metadata(),
        Contains(Pair("ptrsweep.start", "1970-01-01T00:00:01.000000Z")));
  }
}

TEST_F(ParquetResumeTest, ItsOctetsAreThoseOfAFileThatNeverStopped) {
  Recorded whole;
  Recorded half;
  {
    const auto sink = Begin();
    ASSERT_TRUE(sink->Write(Rows(0, 30)).ok());
    half = RecordedOf(sink->Sync(SyncTo::kParts));
    ASSERT_TRUE(sink->Write(Rows(30, 64)).ok());
    whole = RecordedOf(sink->Sync(SyncTo::kRows));
  }
  const std::string octets = ReadFileOctets(place_.TemporaryPath());
  const auto sink = GoOn(half);
  ASSERT_TRUE(sink->Write(Rows(30, 64)).ok());
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kRows)).state, whole.state);
  EXPECT_TRUE(ReadFileOctets(place_.TemporaryPath()) == octets);
}

TEST_F(ParquetResumeTest, RowsOfARunCountFromItsStart) {
  Recorded recorded;
  {
    const auto sink = Begin();
    ASSERT_TRUE(sink->Write(Rows(0, 25)).ok());
    recorded = RecordedOf(sink->Sync(SyncTo::kParts));
  }
  const auto sink = GoOn(recorded);
  EXPECT_EQ(RecordedOf(sink->Sync(SyncTo::kParts)).rows, 0u);
  ASSERT_TRUE(sink->Write(Rows(20, 35)).ok());
  const Recorded more = RecordedOf(sink->Sync(SyncTo::kParts));
  EXPECT_EQ(more.rows, 10u);
  EXPECT_TRUE(absl::StartsWith(more.state, recorded.state));
}

// ---- states that are not to be believed

class ParquetStateTest : public ParquetResumeTest {
 protected:
  ParquetStateTest() {
    const auto sink = Begin();
    EXPECT_TRUE(sink->Write(Rows(0, 30)).ok());
    good_ = RecordedOf(sink->Sync(SyncTo::kParts));
  }

  static constexpr size_t kHeadOctets = 12;
  Recorded good_;
};

TEST_F(ParquetStateTest, APartOfAStateIsNone) {
  for (size_t size = 0; size < good_.state.size(); ++size) {
    const auto state =
        ParquetState::Parse(good_.state.substr(0, size), good_.octets);
    EXPECT_EQ(state.status().code(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST_F(ParquetStateTest, AFileOfAnotherLengthIsNotItsFile) {
  for (const uint64_t octets :
       {uint64_t{0}, uint64_t{3}, good_.octets - 1, good_.octets + 1}) {
    const auto state = ParquetState::Parse(good_.state, octets);
    EXPECT_THAT(std::string(state.status().message()),
                HasSubstr("says nothing sensible"))
        << octets;
  }
}

TEST_F(ParquetStateTest, OtherColumnsAreSaidToBe) {
  std::string octets = good_.state;
  octets[0] = static_cast<char>(octets[0] ^ 1);
  EXPECT_THAT(
      std::string(ParquetState::Parse(octets, good_.octets).status().message()),
      HasSubstr("other columns"));
}

// Place and size of each chunk.
std::vector<int64_t> Layout(const ParquetState& state) {
  const ParquetSchema schema = MakeParquetSchema();
  ThriftReader reader(state.groups());
  std::vector<int64_t> layout;
  while (reader.consumed() < state.groups().size()) {
    for (const ParquetChunk& chunk : ReadRowGroup(schema, &reader).chunks) {
      layout.insert(layout.end(), {chunk.offset, chunk.octets});
    }
  }
  return layout;
}

// Statistics are not looked at; that a record is as it was written is its CRC's
// business.
TEST_F(ParquetStateTest, NoFlippedBitGivesOtherRowGroups) {
  const std::vector<int64_t> layout =
      Layout(*ParquetState::Parse(good_.state, good_.octets));
  for (size_t bit = 8 * kHeadOctets; bit < 8 * good_.state.size(); ++bit) {
    std::string octets = good_.state;
    octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ 1 << bit % 8);
    const auto state = ParquetState::Parse(octets, good_.octets);
    if (!state.ok()) continue;
    ASSERT_EQ(state->rows(), 30) << bit;
    ASSERT_EQ(state->group_count(), 3u) << bit;
    ASSERT_TRUE(Layout(*state) == layout) << bit;
  }
}

TEST_F(ParquetStateTest, ChanceIsNoState) {
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    std::string octets = good_.state.substr(0, kHeadOctets);
    for (size_t size = 1 + random() % 300; size > 0; --size) {
      octets.push_back(static_cast<char>(random()));
    }
    ASSERT_FALSE(ParquetState::Parse(octets, good_.octets).ok()) << i;
  }
}

}  // namespace
}  // namespace io
