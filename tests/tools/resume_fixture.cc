#include "tests/tools/resume_fixture.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/kill/comparable_rows.h"

namespace testing_support {
namespace {

constexpr uint16_t kPtr = 12;

}  // namespace

Replies NoNames(const Asked& asked) {
  return Once(NegativeReply(asked, rcode::kNxdomain,
                            asked.type == kPtr ? "arpa" : "invalid"));
}

Replies SomeBroken(const Asked& asked) {
  const int octet = std::atoi(asked.name.c_str());
  if (asked.type == kPtr && octet % 8 == 5) {
    return Once(RcodeReply(asked, rcode::kServfail));
  }
  return NoNames(asked);
}

ResumeFixture::ResumeFixture(const std::string& name)
    : name_(name), path_(folder_.Path(name)), output_(path_) {}

ProgramResult ResumeFixture::Scan(const ScriptedServer& server,
                                  const std::string& plan,
                                  std::vector<std::string> more,
                                  const ProgramOptions& options) {
  std::vector<std::string> command = {PTRSWEEP_BINARY};
  if (!plan.empty()) command = {SCAN_CRASHER, plan};
  command.insert(
      command.end(),
      {"scan", "--resolver", absl::StrCat("127.0.0.1:", server.port()),
       "--output", output_, "--record-every", "20ms", "-q", "--no-canary"});
  command.insert(command.end(), more.begin(), more.end());
  return RunProgram(command, options);
}

std::string ResumeFixture::Rows() {
  const ProgramResult cat = RunProgram({PTRSWEEP_BINARY, "cat", path_}, {});
  EXPECT_EQ(cat.exit_code, 0) << cat.err;
  return cat.out;
}

void ResumeFixture::ExpectEachOnce(size_t addresses) {
  ASSERT_THAT(folder_.Names(), testing::ElementsAre(name_));
  const bool is_text = !absl::EndsWith(name_, ".parquet");
  const ComparableRows read =
      ReadComparable(is_text ? ReadFileOctets(path_) : Rows());
  EXPECT_EQ(read.torn, 0u);
  EXPECT_EQ(read.repeated, 0u);
  EXPECT_EQ(read.rows.size(), addresses);
}

void ResumeFixture::StartAgain() {
  for (const std::string& name : folder_.Names()) {
    std::filesystem::remove(folder_.Path(name));
  }
}

bool ResumeFixture::SurvivesKillAt(const ScriptedServer& server,
                                   const std::string& plan,
                                   const std::vector<std::string>& more) {
  StartAgain();
  const ProgramResult first = Scan(server, plan, more);
  if (first.exit_code == 0) return false;
  EXPECT_EQ(first.exit_code, kKilled) << plan << ": " << first.err;
  std::vector<std::string> again = more;
  again.push_back("--resume");
  const ProgramResult second = Scan(server, "", again);
  EXPECT_EQ(second.exit_code, 0) << plan << ": " << second.err;
  ExpectEachOnce(64);
  return true;
}

int ResumeFixture::KillAtEvery(const std::string& how, int first, int stride) {
  const ScriptedServer server(NoNames);
  int kills = 0;
  for (int call = first;; call += stride) {
    const std::string plan = absl::StrCat(how, ":", call);
    if (!SurvivesKillAt(server, plan, {"192.0.2.0/26", "--rate", "400"})) {
      return kills;
    }
    ++kills;
    if (HasFailure()) return kills;
  }
}

void ResumeFixture::KillManyTimes(uint32_t first_call, uint32_t spread) {
  const ScriptedServer server(SomeBroken);
  std::mt19937 random(7);
  const std::vector<std::string> common = {"192.0.2.0/24",
                                           "198.51.100.0/24",
                                           "203.0.113.0/25",
                                           "--rate",
                                           "1000",
                                           "--late-pause",
                                           "10ms"};
  uint32_t kills = 0;
  int exit_code = kKilled;
  // Later each time: on a slow machine more of the calls are records.
  for (; exit_code == kKilled && kills < 200; ++kills) {
    std::vector<std::string> more = common;
    more.insert(more.end(),
                {"--resume", "--threads", std::to_string(1 + random() % 4),
                 "--max-unknown", "100"});
    const uint64_t call = first_call + random() % spread + uint64_t{10} * kills;
    exit_code = Scan(server, absl::StrCat("kill:", call), more).exit_code;
  }
  EXPECT_EQ(exit_code, 0);
  EXPECT_GT(kills, 2U);
  ExpectEachOnce(640);
}

FormatResumeFixture::FormatResumeFixture()
    : ResumeFixture(absl::StrCat("out.", GetParam())) {}

}  // namespace testing_support
