#include "io/files/journal_format.h"

#include <gmock/gmock.h>

#include <string>

namespace io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

JournalHeader SomeHeader() {
  JournalHeader header;
  header.run_id = 0x0102030405060708;
  header.targets.fill(0xaa);
  header.options.fill(0x55);
  header.seed = 7;
  header.target_count = absl::MakeUint128(1, 2);
  return header;
}

JournalRecord RecordOf(uint64_t data_octets, const std::string& changes) {
  return {.data_octets = data_octets,
          .progress = "p",
          .changes = changes,
          .counters = "cc",
          .sink = changes + changes};
}

// A journal of records that speak of 10, 20 and 30 octets.
std::string ThreeRecords() {
  std::string octets = EncodeJournalHeader(SomeHeader());
  for (uint64_t seq = 0; seq < 3; ++seq) {
    octets += EncodeJournalRecord(
        RecordOf(10 * (seq + 1), std::string(1, static_cast<char>('a' + seq))),
        seq);
  }
  return octets;
}

TEST(JournalFormatTest, TheHeaderIsLaidOutAsWritten) {
  const std::string octets = EncodeJournalHeader(SomeHeader());
  EXPECT_EQ(octets.size(), 112u);
  EXPECT_EQ(octets.substr(0, 12), std::string("PTRSWEEP\1\0\0\0", 12));
  EXPECT_EQ(octets.substr(12, 8), "\x08\x07\x06\x05\x04\x03\x02\x01");
  EXPECT_EQ(octets.substr(84, 8), std::string("\7\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(octets.substr(92, 16),
            std::string("\2\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16));
}

TEST(JournalFormatTest, ReadsBackWhatWasWritten) {
  const auto content = ParseJournal(ThreeRecords(), 30);
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->header.run_id, SomeHeader().run_id);
  EXPECT_EQ(content->header.targets, SomeHeader().targets);
  EXPECT_EQ(content->header.options, SomeHeader().options);
  EXPECT_EQ(content->header.seed, 7u);
  EXPECT_EQ(content->header.target_count, SomeHeader().target_count);
  ASSERT_TRUE(content->has_record);
  EXPECT_EQ(content->last.data_octets, 30u);
  EXPECT_EQ(content->last.progress, "p");
  EXPECT_EQ(content->last.counters, "cc");
  EXPECT_FALSE(content->last.complete);
  EXPECT_THAT(content->changes, ElementsAre("a", "b", "c"));
  EXPECT_EQ(content->sink, "aabbcc");
  EXPECT_EQ(content->next_seq, 3u);
  EXPECT_EQ(content->octets, ThreeRecords().size());
}

TEST(JournalFormatTest, AJournalCutAnywhereEndsWithItsLastWholeRecord) {
  const std::string whole = ThreeRecords();
  const size_t header = 112;
  const size_t record = (whole.size() - header) / 3;
  for (size_t size = header; size < whole.size(); ++size) {
    const auto content = ParseJournal(whole.substr(0, size), 30);
    ASSERT_TRUE(content.ok()) << size;
    const size_t records = (size - header) / record;
    EXPECT_EQ(content->next_seq, records) << size;
    EXPECT_EQ(content->has_record, records > 0) << size;
    EXPECT_EQ(content->octets, header + records * record) << size;
    EXPECT_EQ(content->changes.size(), records) << size;
  }
}

TEST(JournalFormatTest, AnOctetThatChangedEndsItThere) {
  const std::string whole = ThreeRecords();
  const size_t record = (whole.size() - 112) / 3;
  for (size_t at = 112; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    const auto content = ParseJournal(changed, 30);
    ASSERT_TRUE(content.ok()) << at;
    EXPECT_EQ(content->next_seq, (at - 112) / record) << at;
  }
}

TEST(JournalFormatTest, TakesTheLastRecordThatTheOutputIsLongEnoughFor) {
  const auto content = ParseJournal(ThreeRecords(), 29);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->last.data_octets, 20u);
  EXPECT_THAT(content->changes, ElementsAre("a", "b"));
  EXPECT_EQ(content->sink, "aabb");
  EXPECT_EQ(content->next_seq, 2u);
}

// The test need not rule out the last ones.
TEST(JournalFormatTest, TakesTheLastRecordOfWhichTheTestHolds) {
  const auto content =
      ParseJournal(ThreeRecords(), 30, [](const JournalRecord& record) {
        return record.changes == "b" || record.changes == "a";
      });
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->last.data_octets, 20u);
  EXPECT_EQ(content->sink, "aabb");
  EXPECT_EQ(content->next_seq, 2u);
}

TEST(JournalFormatTest, RefusesRecordsOfWhichNoneFits) {
  const RecordTest kNever = [](const JournalRecord&) { return false; };
  for (const auto& content : {ParseJournal(ThreeRecords(), 9),
                              ParseJournal(ThreeRecords(), 30, kNever)}) {
    EXPECT_EQ(content.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(content.status().message(), HasSubstr("shorter"));
  }
}

TEST(JournalFormatTest, ARecordOutOfNumberIsNotTaken) {
  const std::string octets = EncodeJournalHeader(SomeHeader()) +
                             EncodeJournalRecord(RecordOf(1, "a"), 0) +
                             EncodeJournalRecord(RecordOf(1, "b"), 2);
  const auto content = ParseJournal(octets, 1);
  ASSERT_TRUE(content.ok());
  EXPECT_THAT(content->changes, ElementsAre("a"));
}

TEST(JournalFormatTest, AHeaderAloneIsAStart) {
  const auto content = ParseJournal(EncodeJournalHeader(SomeHeader()), 0);
  ASSERT_TRUE(content.ok());
  EXPECT_FALSE(content->has_record);
  EXPECT_THAT(content->changes, IsEmpty());
}

TEST(JournalFormatTest, ANewerVersionIsItsOwnError) {
  std::string octets = ThreeRecords();
  octets[8] = 2;
  const auto content = ParseJournal(octets, 30);
  EXPECT_EQ(content.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(content.status().message(), "has version 2, this ptrsweep knows 1");
}

TEST(JournalFormatTest, RefusesABrokenHeaderAndWhatIsNoJournal) {
  for (size_t at = 0; at < 112; ++at) {
    if (at >= 8 && at < 12) continue;  // the version
    std::string octets = ThreeRecords();
    octets[at] = static_cast<char>(octets[at] ^ 1);
    EXPECT_EQ(ParseJournal(octets, 30).status().code(),
              absl::StatusCode::kDataLoss)
        << at;
  }
  for (const size_t size : {0u, 7u, 11u, 111u}) {
    EXPECT_FALSE(ParseJournal(ThreeRecords().substr(0, size), 30).ok()) << size;
  }
}

}  // namespace
}  // namespace io
