// Exactly once for Parquet, which is recorded by row groups: of 16 rows in
// scan_crasher, so that some are whole when it is killed.
#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "io/files/journal_format.h"
#include "io/parquet/parquet_reader.h"
#include "tests/tools/resume_fixture.h"

namespace tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::kKilled;
using testing_support::NoNames;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::ScriptedServer;
using testing_support::SomeBroken;
using testing_support::WriteFileOctets;

class ResumeParquetTest : public testing_support::ResumeFixture {
 protected:
  ResumeParquetTest() : ResumeFixture("out.parquet") {}

  // ip to forward, sorted: what does not depend on the hour.
  std::vector<std::string> Verdicts() {
    std::vector<std::string> lines = absl::StrSplit(Rows(), '\n');
    for (std::string& line : lines) {
      const std::vector<std::string> fields = absl::StrSplit(line, ',');
      line = absl::StrJoin(
          fields.begin(),
          fields.begin() + std::min<std::ptrdiff_t>(7, std::ssize(fields)),
          ",");
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  // Of the finished file; "" if it does not say.
  std::string Start() {
    const auto reader = io::ParquetReader::Open(path_);
    EXPECT_TRUE(reader.ok()) << reader.status();
    for (const auto& [key, value] : (*reader)->metadata()) {
      if (key == "ptrsweep.start") return value;
    }
    return "";
  }
  io::JournalContent Journal() {
    return io::ParseJournal(ReadFileOctets(JournalPath()), UINT64_MAX).value();
  }
  // Of 64 addresses, 16 or more in whole row groups. A slow machine records
  // before that, with the first octets of the file only.
  void BeginAndKill(const ScriptedServer& server) {
    for (int call = 60; call < 400; call += 4) {
      StartAgain();
      const ProgramResult killed = Scan(server, absl::StrCat("kill:", call),
                                        {"192.0.2.0/26", "--rate", "400"});
      ASSERT_EQ(killed.exit_code, kKilled) << "no row group in a whole scan";
      if (Journal().has_record && Journal().last.data_octets > 1000) return;
    }
  }
};

std::string Now() {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(),
                          absl::UTCTimeZone());
}

TEST_F(ResumeParquetTest, AResumedFileHasTheRowsOfAnUninterruptedOne) {
  const ScriptedServer server(SomeBroken);
  const std::vector<std::string> targets = {"192.0.2.0/26", "--late-pause",
                                            "10ms", "--max-unknown", "100"};
  ASSERT_EQ(Scan(server, "", targets).exit_code, 0);
  const std::vector<std::string> expected = Verdicts();
  StartAgain();
  BeginAndKill(server);
  std::vector<std::string> more = targets;
  more.push_back("--resume");
  ASSERT_EQ(Scan(server, "", more).exit_code, 0);
  ExpectEachOnce(64);
  EXPECT_EQ(Verdicts(), expected);
}

TEST_F(ResumeParquetTest, TheStartIsThatOfTheFirstRun) {
  const ScriptedServer server(NoNames);
  BeginAndKill(server);
  const std::string between = Now();
  ASSERT_EQ(Scan(server, "", {"192.0.2.0/26", "--resume"}).exit_code, 0);
  EXPECT_LT(Start(), between);
  EXPECT_THAT(Start(), Not(IsEmpty()));
}

// However few there are: a row group of ptrsweep itself has 131,072.
TEST_F(ResumeParquetTest, AStoppedScanKeepsAllItsRows) {
  const ScriptedServer server(NoNames);
  const ProgramResult stopped = Scan(
      server, "", {"192.0.2.0/24", "--rate", "100", "--max-time", "400ms"});
  EXPECT_EQ(stopped.exit_code, 75) << stopped.err;
  const std::string between = Now();
  ASSERT_EQ(Scan(server, "", {"192.0.2.0/24", "--resume"}).exit_code, 0);
  ExpectEachOnce(256);
  int earlier = 0;
  for (const absl::string_view line : absl::StrSplit(Rows(), '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    if (fields.size() > 15 && fields[15] < between) ++earlier;
  }
  EXPECT_GT(earlier, 20);
}

TEST_F(ResumeParquetTest, AFileThatIsWholeOnlyGetsItsName) {
  const ScriptedServer server(NoNames);
  for (const char* plan :
       {"fail:rename:1:30", "fail:unlink:3:5", "fail:fsync:3:5"}) {
    StartAgain();
    EXPECT_EQ(Scan(server, plan, {"192.0.2.0/26"}).exit_code, 4) << plan;
    EXPECT_TRUE(Journal().last.complete) << plan;
    const std::string octets =
        ReadFileOctets(folder_.Names()[0] == name_ ? path_ : TemporaryPath());
    const ProgramResult resumed =
        Scan(server, "", {"192.0.2.0/26", "--resume"});
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_TRUE(ReadFileOctets(path_) == octets) << plan;
    ExpectEachOnce(64);
  }
}

TEST_F(ResumeParquetTest, FailedCallsStopTheScanAndARecordedPartIsKept) {
  const ScriptedServer server(NoNames);
  for (const char* plan : {"fail:write:2:28", "fail:write:4:28",
                           "fail:fdatasync:2:5", "fail:fdatasync:4:5"}) {
    StartAgain();
    const ProgramResult failed =
        Scan(server, plan, {"192.0.2.0/26", "--rate", "400"});
    EXPECT_EQ(failed.exit_code, 4) << plan;
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1);
    EXPECT_EQ(Scan(server, "", {"192.0.2.0/26", "--resume"}).exit_code, 0);
    ExpectEachOnce(64);
  }
}

TEST_F(ResumeParquetTest, AStateThatSaysNothingSensibleIsRefused) {
  const ScriptedServer server(NoNames);
  BeginAndKill(server);
  const io::JournalContent content = Journal();
  io::JournalRecord record = content.last;
  record.sink = "nothing sensible";
  const std::string journal = io::EncodeJournalHeader(content.header) +
                              io::EncodeJournalRecord(record, 0) + "torn";
  WriteFileOctets(JournalPath(), journal);
  const std::string rows = ReadFileOctets(TemporaryPath()) + "more";
  WriteFileOctets(TemporaryPath(), rows);
  const ProgramResult refused = Scan(server, "", {"192.0.2.0/26", "--resume"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("out.parquet.journal"),
                                 HasSubstr("other columns")));
  EXPECT_TRUE(ReadFileOctets(JournalPath()) == journal);
  EXPECT_TRUE(ReadFileOctets(TemporaryPath()) == rows);
}

}  // namespace
}  // namespace tools
