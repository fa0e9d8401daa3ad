// G4 and G5 of WIRE.md section 12: kill -9 at random moments, and what is asked
// again because of it. Kills at every call: tests/tools/kill_at_call_test.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/io/temp_folder.h"
#include "tests/kill/kill_rig.h"

namespace testing_support {
namespace {

// Queries of a whole scan, about.
constexpr uint64_t kQueries = 7500;

// PTRSWEEP_KILL_SEED, or by chance.
uint32_t Seed() {
  const char* const given = std::getenv("PTRSWEEP_KILL_SEED");
  return given == nullptr
             ? std::random_device()()
             : static_cast<uint32_t>(std::strtoul(given, nullptr, 10));
}

// Jobs one after the other, each killed 1 to 5 times, run to its end and
// compared with a run that nothing disturbs.
class Killer {
 public:
  Killer(const std::string& format, uint32_t seed)
      : random_(seed), rig_(format, 7) {}

  void Kill(int kills) {
    expected_ = rig_.UndisturbedRows();
    ASSERT_EQ(expected_.rows.size(), kKillAddresses);
    while (kills_ < kills && !testing::Test::HasFailure()) {
      RunJob();
      ++jobs_;
    }
  }

  int kills() const { return kills_; }
  size_t jobs() const { return jobs_; }
  // Rows in which the network lost every try of a question.
  size_t timeouts() const { return timeouts_; }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  // A moment of the scan: after so many answers, sometimes very few, and a few
  // milliseconds, so that it may be one when nothing is answered.
  ProgramResult RunAndKill(const std::string& folder,
                           const std::vector<std::string>& more,
                           uint64_t moment) {
    const std::chrono::microseconds pause(Below(20'000));
    return rig_.Run(folder, more, [moment, pause](uint64_t answered) {
      if (answered < moment) return false;
      std::this_thread::sleep_for(pause);
      return true;
    });
  }

  // One run of a job, with settings that may change; its exit code.
  int RunOnce(const std::string& folder, bool kills, uint64_t* answered) {
    const uint64_t left = kQueries - std::min(kQueries - 1, *answered);
    const uint64_t moment = Below(Below(4) == 0 ? 300 : left);
    const std::vector<std::string> more = {"--rate",
                                           "6000",
                                           "--record-every",
                                           Below(2) == 0 ? "10ms" : "200ms",
                                           "--threads",
                                           std::to_string(1 + Below(3)),
                                           "--resolver-window",
                                           "4096"};
    const ProgramResult result = kills ? RunAndKill(folder, more, moment)
                                       : rig_.Run(folder, more, nullptr);
    EXPECT_TRUE(result.exit_code == kExitKilled || result.exit_code == 0)
        << result.exit_code << ": " << result.err;
    *answered += moment;
    return result.exit_code;
  }

  void RunJob() {
    const TempFolder folder;
    const std::string path = folder.Path("");
    const int last = kills_ + static_cast<int>(1 + Below(5));
    uint64_t answered = 0;
    while (RunOnce(path, kills_ < last, &answered) == kExitKilled) ++kills_;
    const ComparableRows rows = rig_.ReadRows(path);
    EXPECT_EQ(rows.torn, 0u);
    EXPECT_EQ(rows.repeated, 0u);
    EXPECT_EQ(DifferenceOf(rows, expected_, &timeouts_), "");
  }

  std::mt19937 random_;
  KillRig rig_;
  ComparableRows expected_;
  int kills_ = 0;
  size_t jobs_ = 0;
  size_t timeouts_ = 0;
};

// Several at a time: most of a job is waiting for what was lost.
void KillAtRandom(const std::string& format, int kills) {
  constexpr size_t kKillers = 4;
  const uint32_t seed = Seed();
  std::printf("PTRSWEEP_KILL_SEED=%u gives the same plan\n", seed);
  std::vector<std::unique_ptr<Killer>> killers;
  for (uint32_t i = 0; i < kKillers; ++i) {
    killers.push_back(std::make_unique<Killer>(format, seed + i));
  }
  std::vector<std::thread> threads;
  threads.reserve(kKillers);
  for (const auto& killer : killers) {
    threads.emplace_back([&] {
      killer->Kill((kills + static_cast<int>(kKillers) - 1) /
                   static_cast<int>(kKillers));
    });
  }
  for (std::thread& thread : threads) thread.join();
  int done = 0;
  size_t rows = 0;
  size_t timeouts = 0;
  for (const auto& killer : killers) {
    done += killer->kills();
    rows += killer->jobs() * kKillAddresses;
    timeouts += killer->timeouts();
  }
  std::printf("%d kills, %zu rows compared, %zu of them with a timeout\n", done,
              rows, timeouts);
  EXPECT_GE(done, kills);
  EXPECT_LE(timeouts, rows / 100);
}

class KillTest : public testing::TestWithParam<const char*> {};

const auto kFormatName = [](const auto& tested) {
  return std::string(tested.param);
};

INSTANTIATE_TEST_SUITE_P(Formats, KillTest, testing::Values("csv", "ndjson"),
                         kFormatName);

TEST_P(KillTest, RandomKillsLoseNothingAndDoubleNothing) {
  KillAtRandom(GetParam(), 25);
}

size_t CountOfBoth(const std::set<std::string>& a,
                   const std::set<std::string>& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  return both.size();
}

// G5. An address is asked again if it was in flight, or its row not recorded:
// of the interval between two records (1 s), 0.1 s that a row may wait to be
// handed over, and what the disk takes.
TEST_P(KillTest, RepeatsAreThoseInFlightAndOfASecond) {
  constexpr size_t kInFlight = 256;
  constexpr size_t kRate = 1500;
  constexpr uint64_t kAnswers = 2500;
  KillRig rig(GetParam(), 7);
  const TempFolder folder;
  const std::vector<std::string> more = {"--rate", std::to_string(kRate),
                                         "--max-in-flight",
                                         std::to_string(kInFlight)};
  std::set<std::string> before;
  for (const bool kills : {true, true, false}) {
    std::function<bool(uint64_t)> kill_when;
    if (kills) {
      kill_when = [](uint64_t answered) { return answered >= kAnswers; };
    }
    const ProgramResult result = rig.Run(folder.Path(""), more, kill_when);
    ASSERT_EQ(result.exit_code, kills ? kExitKilled : 0) << result.err;
    const std::set<std::string> asked = rig.TakeAsked();
    const size_t repeats = CountOfBoth(asked, before);
    std::printf("%zu of %zu addresses asked again\n", repeats, before.size());
    EXPECT_LE(repeats, kInFlight + kRate);
    // Without a journal it would be all of them.
    EXPECT_LE(repeats, before.size() * 3 / 4);
    before.insert(asked.begin(), asked.end());
  }
  EXPECT_EQ(rig.ReadRows(folder.Path("")).rows.size(), kKillAddresses);
}

class KillNightlyTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Formats, KillNightlyTest,
                         testing::Values("csv", "ndjson"), kFormatName);

TEST_P(KillNightlyTest, AThousandRandomKillsInTwoFormats) {
  KillAtRandom(GetParam(), 500);
}

}  // namespace
}  // namespace testing_support
