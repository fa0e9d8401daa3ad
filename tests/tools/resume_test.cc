// Exactly once: what is resumed, what is refused. Kills: kill_at_call_test and
// tests/kill; disks that fail: fault_test.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/tools/resume_fixture.h"

namespace tools {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::Asked;
using testing_support::kKilled;
using testing_support::NoNames;
using testing_support::ProgramOptions;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::ScriptedServer;
using testing_support::SomeBroken;
using testing_support::WriteFileOctets;

class ResumeTest : public testing_support::ResumeFixture {
 protected:
  ResumeTest() : ResumeFixture("out") {}
};

TEST_F(ResumeTest, AFinishedScanLeavesTheOutputAlone) {
  const ScriptedServer server(NoNames);
  EXPECT_EQ(Scan(server, "", {"192.0.2.0/26"}).exit_code, 0);
  ExpectEachOnce(64);
  EXPECT_EQ(Scan(server, "", {"192.0.2.0/27"}).exit_code, 0);
  ExpectEachOnce(32);
  EXPECT_EQ(Scan(server, "", {"192.0.2.0/26", "--resume"}).exit_code, 0);
  ExpectEachOnce(64);
}

TEST_F(ResumeTest, AnUnfinishedRunIsNotWrittenOver) {
  const ScriptedServer server(NoNames);
  EXPECT_EQ(
      Scan(server, "kill:40", {"192.0.2.0/26", "--rate", "400"}).exit_code,
      kKilled);
  const auto names = folder_.Names();
  const std::string journal = ReadFileOctets(JournalPath());
  const std::string rows = ReadFileOctets(TemporaryPath());
  const ProgramResult refused = Scan(server, "", {"192.0.2.0/26"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("out.journal"), HasSubstr("--resume"),
                    HasSubstr("remove the journal")));
  EXPECT_EQ(folder_.Names(), names);
  EXPECT_EQ(ReadFileOctets(JournalPath()), journal);
  EXPECT_EQ(ReadFileOctets(TemporaryPath()), rows);
}

TEST_F(ResumeTest, OtherTargetsOrOptionsAreRefusedAndNothingIsTouched) {
  const ScriptedServer server(NoNames);
  const ScriptedServer other(NoNames);
  EXPECT_EQ(
      Scan(server, "kill:60", {"192.0.2.0/26", "--rate", "400"}).exit_code,
      kKilled);
  const std::string journal = ReadFileOctets(JournalPath()) + "torn";
  WriteFileOctets(JournalPath(), journal);
  const std::string rows = ReadFileOctets(TemporaryPath());
  struct Case {
    const ScriptedServer* server;
    std::vector<std::string> more;
    std::string says;
  };
  const Case cases[] = {
      {&server, {"192.0.2.0/25"}, "other targets"},
      {&server, {"192.0.2.0/26", "--seed", "1"}, "other targets"},
      {&server, {"192.0.2.0/26", "-x", "192.0.2.1"}, "other targets"},
      {&server, {"192.0.2.0/26", "--ptr-only"}, "other options"},
      {&server, {"192.0.2.0/26", "--both-families"}, "other options"},
      {&server, {"192.0.2.0/26", "--dual-stack"}, "other options"},
      {&server, {"192.0.2.0/26", "--late-passes", "2"}, "other options"},
      {&server, {"192.0.2.0/26", "-f", "ndjson"}, "other options"},
      {&other, {"192.0.2.0/26"}, "other options or resolvers"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> more = c.more;
    more.push_back("--resume");
    const ProgramResult refused = Scan(*c.server, "", more);
    EXPECT_EQ(refused.exit_code, 4) << c.says;
    EXPECT_THAT(refused.err, HasSubstr(c.says));
    EXPECT_EQ(ReadFileOctets(JournalPath()), journal);
    EXPECT_EQ(ReadFileOctets(TemporaryPath()), rows);
  }
  const std::vector<std::string> same = {"192.0.2.0-192.0.2.63", "--rate",
                                         "9999", "--resume"};
  EXPECT_EQ(Scan(server, "", same).exit_code, 0);
  ExpectEachOnce(64);
}

TEST_F(ResumeTest, AJournalWhoseOutputIsGoneIsRefused) {
  const ScriptedServer server(NoNames);
  Scan(server, "kill:60", {"192.0.2.0/26", "--rate", "400"});
  std::filesystem::remove(TemporaryPath());
  const ProgramResult refused = Scan(server, "", {"192.0.2.0/26", "--resume"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("out.journal"));
  EXPECT_THAT(folder_.Names(), ElementsAre("out.journal"));
}

TEST_F(ResumeTest, AnotherProcessThatHoldsTheJournalIsRespected) {
  const ScriptedServer server(NoNames);
  Scan(server, "kill:60", {"192.0.2.0/26", "--rate", "400"});
  const int fd = open(JournalPath().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(fd, LOCK_EX | LOCK_NB), 0);
  const ProgramResult refused = Scan(server, "", {"192.0.2.0/26", "--resume"});
  close(fd);
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("another run is writing"));
}

TEST_F(ResumeTest, StdoutCannotBeResumed) {
  const ScriptedServer server(NoNames);
  for (const char* output : {"-", "/dev/null"}) {
    output_ = output;
    const ProgramResult result = Scan(server, "", {"192.0.2.0/26", "--resume"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("--resume needs a file"));
  }
}

TEST_F(ResumeTest, ASignalDrainsRecordsAndSaysHowToGoOn) {
  const ScriptedServer server(SomeBroken);
  ProgramOptions stop;
  stop.running = [](int pid) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    kill(pid, SIGINT);
  };
  const std::vector<std::string> targets = {
      "192.0.2.0/24", "--rate",        "200", "--late-pause",
      "10ms",         "--max-unknown", "100"};
  const ProgramResult stopped = Scan(server, "", targets, stop);
  EXPECT_EQ(stopped.exit_code, 3);
  EXPECT_THAT(stopped.err, HasSubstr("--resume goes on with them"));
  std::vector<std::string> resumed = targets;
  resumed.insert(resumed.end(), {"--resume", "--rate", "0"});
  resumed.erase(resumed.begin() + 1, resumed.begin() + 3);
  EXPECT_EQ(Scan(server, "", resumed).exit_code, 0);
  ExpectEachOnce(256);
}

TEST_F(ResumeTest, MaxTimeStopsWithACodeOfItsOwn) {
  const ScriptedServer server(NoNames);
  const ProgramResult stopped = Scan(
      server, "", {"192.0.2.0/24", "--rate", "100", "--max-time", "300ms"});
  EXPECT_EQ(stopped.exit_code, 75) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("--max-time is over"));
  EXPECT_EQ(Scan(server, "", {"192.0.2.0/24", "--resume"}).exit_code, 0);
  ExpectEachOnce(256);
}

TEST_F(ResumeTest, EarlierRowsCountForTheExitCode) {
  std::atomic<bool> has_names = false;
  const ScriptedServer server([&](const Asked& asked) {
    if (!has_names) return NoNames(asked);
    return testing_support::Once(
        testing_support::PtrReply(asked, {"host.example.net"}));
  });
  const std::vector<std::string> common = {"192.0.2.0/26", "--ptr-only",
                                           "--fail-on", "no_ptr", "--rate"};
  std::vector<std::string> first = common;
  first.insert(first.end(), {"100", "--max-time", "300ms"});
  EXPECT_EQ(Scan(server, "", first).exit_code, 75);
  has_names = true;
  std::vector<std::string> second = common;
  second.insert(second.end(), {"0", "--resume"});
  EXPECT_EQ(Scan(server, "", second).exit_code, 1);
  EXPECT_THAT(ReadFileOctets(path_), HasSubstr(",unconfirmed,"));
  ExpectEachOnce(64);
}

}  // namespace
}  // namespace tools
