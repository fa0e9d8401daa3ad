// `ptrsweep scan` against a scripted server: files, exit codes, signals.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/io/temp_folder.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::Asked;
using testing_support::ProgramOptions;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::Replies;
using testing_support::RunProgram;
using testing_support::ScriptedServer;
using testing_support::TempFolder;

constexpr uint16_t kPtr = 12;

// Every address has the name host.example.net, which has 192.0.2.1 alone.
// Canaries that must not exist do not.
Replies OneHost(const Asked& asked) {
  if (asked.type == kPtr && absl::StrContains(asked.name, ".2.0.192.")) {
    return testing_support::Once(
        testing_support::PtrReply(asked, {"host.example.net"}));
  }
  if (asked.name != "host.example.net") {
    return testing_support::Once(testing_support::NegativeReply(
        asked, testing_support::rcode::kNxdomain,
        asked.type == kPtr ? "arpa" : "invalid"));
  }
  return testing_support::Once(testing_support::AReply(asked, {"192.0.2.1"}));
}

Replies Silence(const Asked&) { return {}; }

// A scan of `target` through `server` with further arguments.
ProgramResult Scan(const ScriptedServer& server,
                   std::vector<std::string> arguments,
                   const ProgramOptions& options = {}) {
  std::vector<std::string> command = {
      PTRSWEEP_BINARY, "scan", "--resolver",
      absl::StrCat("127.0.0.1:", server.port())};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunProgram(command, options);
}

size_t CountLines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(ScanCommandTest, WritesARowPerAddressAndASummaryThatAddsUp) {
  const ScriptedServer server(OneHost);
  const ProgramResult result = Scan(server, {"192.0.2.0/29"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(CountLines(result.out), 9u);
  EXPECT_THAT(result.out, StartsWith("ip,status,cause,flags,ptr,"));
  EXPECT_THAT(result.out, HasSubstr("\n192.0.2.1,pass,"));
  EXPECT_THAT(result.out, HasSubstr("\n192.0.2.7,mismatch,"));
  EXPECT_THAT(result.err, HasSubstr("8 of 8 addresses judged"));
  // Eight PTR, the one name that all share, and two canaries.
  EXPECT_THAT(result.err, HasSubstr("packets   11 sent"));
  EXPECT_THAT(Scan(server, {"192.0.2.0/29", "--no-canary"}).err,
              HasSubstr("packets   9 sent"));
}

// The server answers the PTR of random digits: whatever it says is doubtful.
TEST(ScanCommandTest, WarnsOfAResolverThatRewrites) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == kPtr) {
      return testing_support::Once(
          testing_support::PtrReply(asked, {"ad.example.net"}));
    }
    return testing_support::Once(testing_support::AReply(asked, {"192.0.2.9"}));
  });
  const ProgramResult result = Scan(server, {"192.0.2.0/29"});
  EXPECT_THAT(result.err, HasSubstr("answers names that cannot exist"));
  EXPECT_THAT(result.err, HasSubstr("rewriting"));
  EXPECT_THAT(result.err, HasSubstr("asked only if no other is left"));
}

// Excluded while the scan runs: the rest of them is not asked.
TEST(ScanCommandTest, ReadsExclusionsAgainOnSighup) {
  const TempFolder folder;
  const std::string list = folder.Path("exclude.txt");
  testing_support::WriteFileOctets(list, "# none yet\n");
  std::atomic<int> asked_so_far = 0;
  const ScriptedServer server([&](const Asked& asked) {
    ++asked_so_far;
    return OneHost(asked);
  });
  const ProgramResult result = Scan(
      server,
      {"192.0.2.0/24", "--exclude-file", list, "--rate", "100", "--no-canary"},
      {.running = [&](int pid) {
        while (asked_so_far < 10) std::this_thread::yield();
        testing_support::WriteFileOctets(list, "192.0.2.0/24\n");
        kill(pid, SIGHUP);
      }});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("exclusions read again"));
  EXPECT_THAT(result.out, HasSubstr(",skipped,excluded,"));
  EXPECT_EQ(CountLines(result.out), 257u);
  EXPECT_LT(asked_so_far, 200);
}

// Nobody is there: the first 5 s are enough to say so on stderr, and the rows
// are timeouts.
TEST(ScanCommandTest, GivesUpWhenAllResolversHaveGone) {
  std::atomic<int> asked_so_far = 0;
  const ScriptedServer server([&](const Asked& asked) -> Replies {
    return ++asked_so_far > 600 ? Replies() : OneHost(asked);
  });
  const ProgramResult result =
      Scan(server, {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
                    "--max-outage", "1s", "--rate", "200"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("no resolver answers any more; waiting"));
  EXPECT_THAT(result.err, HasSubstr("no resolver answered for longer than"));
}

TEST(ScanCommandTest, QuietSaysNothing) {
  const ScriptedServer server(OneHost);
  EXPECT_EQ(Scan(server, {"192.0.2.1", "--quiet"}).err, "");
}

TEST(ScanCommandTest, FileEndingChoosesTheFormat) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string path = folder.Path("rows.ndjson");
  EXPECT_EQ(Scan(server, {"192.0.2.1", "-o", path}).exit_code, 0);
  EXPECT_THAT(ReadFileOctets(path),
              StartsWith("{\"ip\":\"192.0.2.1\",\"status\":\"pass\","));
  EXPECT_THAT(folder.Names(), ElementsAre("rows.ndjson"));
  const std::string parquet = folder.Path("rows.parquet");
  EXPECT_EQ(Scan(server, {"192.0.2.1", "-o", parquet, "--seed", "5"}).exit_code,
            0);
  EXPECT_THAT(ReadFileOctets(parquet), StartsWith("PAR1"));
  EXPECT_THAT(ReadFileOctets(parquet), HasSubstr("ptrsweep.seed\x18\x01"
                                                 "5"));
}

// The 64 hex digits that follow the key in a Parquet file's footer; empty if
// there are none.
std::string DigestAt(absl::string_view key, const std::string& octets) {
  const std::string head = absl::StrCat(key, "\x18\x40");
  const size_t at = octets.find(head);
  return at == std::string::npos ? "" : octets.substr(at + head.size(), 64);
}

TEST(ScanCommandTest, AParquetFileTellsOfWhichRunItIs) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const auto scan = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"-o", folder.Path("rows.parquet")});
    EXPECT_EQ(Scan(server, all).exit_code, 0);
    return ReadFileOctets(folder.Path("rows.parquet"));
  };
  const std::string one = scan({"192.0.2.1", "--shards", "2", "--shard", "1"});
  EXPECT_THAT(one, HasSubstr("ptrsweep.shard\x18\x03"
                             "1/2"));
  const std::string whole = scan({"192.0.2.1"});
  EXPECT_THAT(whole, HasSubstr("ptrsweep.shard\x18\x03"
                               "0/1"));
  const std::string same = scan({"192.0.2.1-192.0.2.1", "--rate", "500"});
  const std::string other = scan({"192.0.2.2", "--ptr-only"});
  for (const auto* key :
       {"ptrsweep.targets_digest", "ptrsweep.options_digest"}) {
    EXPECT_EQ(DigestAt(key, whole).size(), 64u) << key;
    EXPECT_EQ(DigestAt(key, whole), DigestAt(key, same)) << key;
    EXPECT_NE(DigestAt(key, whole), DigestAt(key, other)) << key;
  }
}

TEST(ScanCommandTest, FailOnExitsWithOne) {
  const ScriptedServer server(OneHost);
  EXPECT_EQ(Scan(server, {"192.0.2.1", "--fail-on", "mismatch"}).exit_code, 0);
  EXPECT_EQ(Scan(server, {"192.0.2.2", "--fail-on", "mismatch"}).exit_code, 1);
  EXPECT_EQ(Scan(server, {"192.0.2.2", "--fail-on", "crit"}).exit_code, 1);
}

TEST(ScanCommandTest, TooManyUnknownExitsWithThreeButKeepsTheRows) {
  const TempFolder folder;
  const ScriptedServer server(Silence, {.tcp = false});
  const std::string path = folder.Path("rows.csv");
  const ProgramResult result =
      Scan(server, {"192.0.2.0/31", "--late-passes", "0", "-o", path});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("100.0 % of the rows are unknown"));
  EXPECT_THAT(ReadFileOctets(path),
              HasSubstr("192.0.2.0,reverse_timeout,timeout,"));
  EXPECT_EQ(Scan(server,
                 {"192.0.2.0/31", "--late-passes", "0", "--max-unknown", "100"})
                .exit_code,
            0);
}

TEST(ScanCommandTest, FullDiskNamesTheFileAndExitsWithFour) {
  const ScriptedServer server(OneHost);
  const ProgramResult result =
      Scan(server, {"192.0.2.0/24", "-o", "/dev/full", "--quiet"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("/dev/full: No space left on device"));
  EXPECT_EQ(CountLines(result.err), 1u);
  const ProgramResult to_stdout =
      Scan(server, {"192.0.2.0/24", "--quiet"}, {.stdout_path = "/dev/full"});
  EXPECT_EQ(to_stdout.exit_code, 4);
  EXPECT_THAT(to_stdout.err, HasSubstr("standard output: No space left"));
}

TEST(ScanCommandTest, FileSizeLimitLeavesNoFileUnderTheFinalName) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string path = folder.Path("rows.csv");
  const ProgramResult result =
      RunProgram({"/bin/bash", "-c",
                  absl::StrCat("ulimit -f 16; exec ", PTRSWEEP_BINARY,
                               " scan -q --resolver 127.0.0.1:", server.port(),
                               " -o ", path, " 192.0.0.0/20")});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat(path, ": File too large")));
  EXPECT_THAT(folder.Names(),
              ElementsAre(".rows.csv.inprogress", "rows.csv.journal"));
}

TEST(ScanCommandTest, ReaderThatGoesAwayEndsTheScanQuietly) {
  const ScriptedServer server(OneHost);
  const ProgramResult result = RunProgram(
      {"/bin/bash", "-o", "pipefail", "-c",
       absl::StrCat(PTRSWEEP_BINARY,
                    " scan -q --include-special --resolver 127.0.0.1:",
                    server.port(), " 192.0.0.0/16 | head -n 1")});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, StartsWith("ip,status,"));
}

TEST(ScanCommandTest, InterruptDrainsAndExitsWithThree) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string path = folder.Path("rows.csv");
  const ProgramResult result =
      Scan(server, {"192.0.2.0/24", "--rate", "20", "-o", path},
           {.running = [&server](int pid) {
             while (server.asked() < 5) {
               std::this_thread::sleep_for(std::chrono::milliseconds(1));
             }
             kill(pid, SIGINT);
           }});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("addresses have no row"));
  EXPECT_THAT(result.err, HasSubstr("(no row yet)"));
  // Whole rows, not yet under the final name.
  EXPECT_THAT(folder.Names(),
              ElementsAre(".rows.csv.inprogress", "rows.csv.journal"));
  const std::string rows = ReadFileOctets(folder.Path(".rows.csv.inprogress"));
  EXPECT_THAT(rows, testing::EndsWith("\n"));
  EXPECT_GE(CountLines(rows), 2u);
}

TEST(ScanCommandTest, SecondInterruptExitsAtOnce) {
  const ScriptedServer server(Silence);
  const auto start = std::chrono::steady_clock::now();
  const ProgramResult result =
      Scan(server, {"192.0.2.0/24"}, {.running = [&server](int pid) {
             while (server.asked() < 5) {
               std::this_thread::sleep_for(std::chrono::milliseconds(1));
             }
             kill(pid, SIGINT);
             std::this_thread::sleep_for(std::chrono::milliseconds(100));
             kill(pid, SIGINT);
           }});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

// Nobody reads, so the writer cannot end; signals are heeded all the same.
TEST(ScanCommandTest, SecondInterruptExitsThoughTheOutputBlocks) {
  const TempFolder folder;
  const std::string fifo = folder.Path("rows.fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const int reader = open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  const ScriptedServer server(OneHost);
  const ProgramResult result =
      Scan(server, {"192.0.0.0/20", "--include-special", "--ptr-only"},
           {.stdout_path = fifo, .running = [&server](int pid) {
              while (server.asked() < 4096) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
              }
              std::this_thread::sleep_for(std::chrono::milliseconds(500));
              kill(pid, SIGINT);
              std::this_thread::sleep_for(std::chrono::milliseconds(500));
              kill(pid, SIGINT);
            }});
  close(reader);
  EXPECT_EQ(result.exit_code, 3);
}

TEST(ScanCommandTest, ThreadsShareTheOutput) {
  const ScriptedServer server(OneHost);
  const ProgramResult result = Scan(
      server,
      {"192.0.0.0/20", "--include-special", "--threads", "3", "--verbose"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(CountLines(result.out), 4097u);
  EXPECT_THAT(result.err, HasSubstr("4,096 of 4,096 addresses judged"));
  EXPECT_THAT(result.err, HasSubstr("threads   3\n"));
  const ProgramResult full =
      Scan(server, {"192.0.0.0/20", "--include-special", "--threads", "3", "-o",
                    "/dev/full", "--quiet"});
  EXPECT_EQ(full.exit_code, 4);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: No space left on device"));
  EXPECT_EQ(CountLines(full.err), 1u);
}

TEST(ScanCommandTest, ShardsWithThreadsHaveEveryRowOnceTogether) {
  const ScriptedServer server(OneHost);
  std::vector<std::string> addresses;
  for (const char* shard : {"0", "1", "2"}) {
    const ProgramResult result =
        Scan(server, {"192.0.0.0/20", "--include-special", "--no-canary",
                      "--threads", "3", "--shards", "3", "--shard", shard});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.err,
                HasSubstr(absl::StrCat("shard ", shard, " (of 0 to 2): ")));
    const std::vector<std::string> lines =
        absl::StrSplit(result.out, '\n', absl::SkipEmpty());
    EXPECT_GT(lines.size(), 1u);
    for (size_t i = 1; i < lines.size(); ++i) {
      addresses.push_back(lines[i].substr(0, lines[i].find(',')));
    }
  }
  EXPECT_EQ(addresses.size(), 4096u);
  std::sort(addresses.begin(), addresses.end());
  EXPECT_EQ(std::unique(addresses.begin(), addresses.end()), addresses.end());
}

TEST(ScanCommandTest, StatusIsAppendedEverySecondAndPrintedOnSigusr1) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string path = folder.Path("status.ndjson");
  const ProgramResult result =
      Scan(server,
           {"192.0.2.0/24", "--rate", "100", "--no-canary", "--quiet",
            "--status-file", path},
           {.running = [&server](int pid) {
             while (server.asked() < 5) std::this_thread::yield();
             kill(pid, SIGUSR1);
           }});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, StartsWith("ptrsweep: "));
  EXPECT_THAT(result.err, HasSubstr(" of 256 rows "));
  EXPECT_EQ(CountLines(result.err), 1u);
  const std::string status = ReadFileOctets(path);
  EXPECT_GE(CountLines(status), 4u) << "three seconds and the end";
  const std::vector<std::string> lines =
      absl::StrSplit(status, '\n', absl::SkipEmpty());
  EXPECT_THAT(lines.front(), HasSubstr("\"state\":\"running\""));
  EXPECT_THAT(lines.back(), HasSubstr("\"state\":\"done\",\"exit_code\":0"));
  EXPECT_THAT(lines.back(), HasSubstr("\"targets\":256,\"rows\":256,"));
}

TEST(ScanCommandTest, StatusTellsOfFailureAndItsOwnLossIsOnlyAWarning) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string path = folder.Path("status.ndjson");
  EXPECT_EQ(
      Scan(server, {"192.0.2.1", "-o", "/dev/full", "--status-file", path})
          .exit_code,
      4);
  EXPECT_THAT(ReadFileOctets(path),
              HasSubstr("\"state\":\"failed\",\"exit_code\":4"));
  const ProgramResult full =
      Scan(server, {"192.0.2.1", "--status-file", "/dev/full"});
  EXPECT_EQ(full.exit_code, 0);
  EXPECT_THAT(full.err, HasSubstr("no more status: /dev/full: No space left"));
  EXPECT_EQ(
      Scan(server, {"192.0.2.1", "--status-file", "/nonexistent/s"}).exit_code,
      4);
  EXPECT_EQ(Scan(server, {"192.0.2.1", "--status-file", "-"}).exit_code, 2);
}

TEST(ScanCommandTest, TooFewOpenFilesForAllThreadsIsALine) {
  const ProgramResult result =
      RunProgram({"/bin/bash", "-c",
                  absl::StrCat("ulimit -n 256; exec ", PTRSWEEP_BINARY,
                               " scan -r 127.0.0.1 --threads 16 192.0.2.1")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(CountLines(result.err), 1u);
  EXPECT_THAT(result.err, HasSubstr("--threads 16 needs"));
  EXPECT_THAT(result.err, HasSubstr("the limit is 256"));
}

TEST(ScanCommandTest, LabelsAloneAreTargetsAndColumns) {
  const TempFolder folder;
  const ScriptedServer server(OneHost);
  const std::string labels = folder.Path("labels.csv");
  testing_support::WriteFileOctets(
      labels,
      "target,label,expected,owner\n192.0.2.1,acme,mail.example.net,x\n");
  const ProgramResult result = Scan(server, {"--labels", labels});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("column 'owner' is ignored"));
  EXPECT_THAT(result.out, HasSubstr("\n192.0.2.1,pass,,"));
  EXPECT_THAT(result.out, HasSubstr("unexpected_name"));
  EXPECT_THAT(result.out, HasSubstr(",acme,mail.example.net\n"));
  EXPECT_THAT(result.err, HasSubstr("labels    1 of 1 have rows\n"));
  EXPECT_THAT(result.err, HasSubstr("\n  acme                     "));
}

}  // namespace
}  // namespace tools
