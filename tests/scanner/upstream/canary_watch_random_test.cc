// CanaryWatch against a model that knows only the order of events, whatever
// happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/upstream/canary_watch.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using io::kMillisecond;
using io::kNever;
using io::kSecond;
using io::TimeNs;
using Result = CanaryResult;

constexpr TimeNs kStart = 1000 * kSecond;

IpAddress Address(uint32_t i) { return IpAddress::V4(0xc6336400u + i); }
Name HostName(uint32_t i) {
  return *Name::Parse(absl::StrCat("h", i, ".test"));
}

// What happened, in order, and by that alone what may be believed.
class Model {
 public:
  void OnHold() { held_at_.push_back(++step_); }
  void OnProbe() { sent_at_ = ++step_; }
  void OnResult(Result result) {
    ++step_;
    if (result == Result::kDenied) denied_at_ = step_;
    if (result == Result::kGood) goods_.push_back({sent_at_, step_});
    if (result == Result::kGood) denial_before_good_.push_back(denied_at_);
  }
  // A good probe was sent after it was held, and since the good one before it
  // was held none was denied.
  bool MayBeVerified(size_t number) const {
    const uint64_t held = held_at_[number];
    uint64_t good_before = 0;
    for (size_t i = 0; i < goods_.size(); ++i) {
      if (goods_[i].answered_at < held) good_before = goods_[i].answered_at;
      if (goods_[i].sent_at > held) {
        return denial_before_good_[i] <= good_before;
      }
    }
    return false;
  }
  size_t size() const { return held_at_.size(); }

 private:
  struct Good {
    uint64_t sent_at;
    uint64_t answered_at;
  };
  uint64_t step_ = 0;
  uint64_t sent_at_ = 0;
  uint64_t denied_at_ = 0;
  std::vector<uint64_t> held_at_;
  std::vector<Good> goods_;
  std::vector<uint64_t> denial_before_good_;
};

// One server at random: moods in which canaries mostly come back good, denied
// or unusable, names learnt and dropped, packets and negatives, pauses.
class RandomRun {
 public:
  explicit RandomRun(uint32_t seed) : random_(seed), watch_(&names_, seed) {
    if (Chance(30)) names_.Configure(Address(900), HostName(900));
  }

  void Run() {
    for (int step = 0; step < 3000; ++step) Step();
    End();
  }
  const std::array<int, 5>& counts() const { return counts_; }

 private:
  bool Chance(uint32_t percent) { return random_() % 100 < percent; }

  void Step() {
    if (Chance(2)) mood_ = random_() % 4;
    if (Chance(3)) Learn();
    if (Chance(1)) names_.Drop(random_() % names_.next_id());
    if (Chance(40)) watch_.OnSent(now_);
    if (Chance(40)) Hold();
    if (Chance(3)) watch_.Hurry(now_);
    if (open_ && Chance(50)) Answer();
    if (Chance(70)) TakeProbe();
    if (Chance(70)) TakeRulings();
    Pass();
  }

  void Learn() {
    const uint32_t i = static_cast<uint32_t>(names_.next_id());
    if (Chance(70)) {
      names_.Learn(Address(i), HostName(i));
    } else {
      names_.LearnApex(HostName(i));
    }
  }

  void Hold() {
    EXPECT_EQ(watch_.Hold(now_), model_.size());
    model_.OnHold();
  }

  void TakeProbe() {
    const TimeNs due = watch_.NextTime();
    const auto probe = watch_.TakeProbe(now_);
    if (!probe) return;
    EXPECT_LE(due, now_) << "a probe before its time";
    open_ = true;
    must_exist_ =
        probe->kind == CanaryKind::kPtr || probe->kind == CanaryKind::kSoa;
    if (must_exist_) model_.OnProbe();
  }

  void Answer() {
    static constexpr Result kMoods[4][4] = {
        {Result::kGood, Result::kGood, Result::kGood, Result::kGood},
        {Result::kGood, Result::kGood, Result::kDenied, Result::kUnusable},
        {Result::kDenied, Result::kDenied, Result::kDenied, Result::kUnusable},
        {Result::kUnusable, Result::kUnusable, Result::kUnusable,
         Result::kUnusable},
    };
    const Result result = kMoods[mood_][random_() % 4];
    if (must_exist_) model_.OnResult(result);
    watch_.OnResult(result, now_);
    open_ = false;
  }

  void TakeRulings() {
    const TimeNs due = watch_.NextTime();
    while (const auto ruling = watch_.TakeRuling(now_)) {
      EXPECT_LE(due, now_) << "a ruling before its time";
      ASSERT_GT(ruling->below, ruled_);
      ASSERT_LE(ruling->below, model_.size());
      for (; ruled_ < ruling->below; ++ruled_) Check(ruling->kind);
    }
    EXPECT_EQ(watch_.held(), model_.size() - ruled_);
  }

  void Check(CanaryRuling::Kind kind) {
    ++counts_[static_cast<size_t>(kind)];
    if (kind == CanaryRuling::Kind::kVerified) {
      EXPECT_TRUE(model_.MayBeVerified(ruled_)) << "negative " << ruled_;
    }
    if (kind == CanaryRuling::Kind::kLied) {
      EXPECT_GT(watch_.lies(), 0u);
    }
  }

  // Time goes on: a little, or to when the watch wants to be woken.
  void Pass() {
    const TimeNs next = watch_.NextTime();
    if (Chance(90) || next == kNever) {
      now_ += static_cast<TimeNs>(random_() % 1000) * kMillisecond;
      return;
    }
    now_ = std::max(now_, next);
    TakeProbe();
    TakeRulings();
    EXPECT_GT(watch_.NextTime(), now_) << "woken for nothing";
  }

  // With a server that is well again nothing is left over.
  void End() {
    mood_ = 0;
    if (open_) Answer();
    for (int i = 0; i < 20 && watch_.held() > 0; ++i) {
      watch_.Hurry(now_);
      ASSERT_NE(watch_.NextTime(), kNever);
      now_ = std::max(now_, watch_.NextTime());
      TakeRulings();
      TakeProbe();
      if (open_) Answer();
    }
    TakeRulings();
    EXPECT_EQ(ruled_, model_.size());
    EXPECT_EQ(watch_.held(), 0u);
  }

  std::mt19937 random_;
  CanaryNames names_;
  CanaryWatch watch_;
  Model model_;
  TimeNs now_ = kStart;
  size_t mood_ = 0;
  bool open_ = false;
  bool must_exist_ = false;
  uint64_t ruled_ = 0;
  std::array<int, 5> counts_{};
};

TEST(CanaryWatchRandomTest, VerifiesNothingThatAModelWouldNotWhateverHappens) {
  std::array<int, 5> counts{};
  for (uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomRun run(seed);
    run.Run();
    if (testing::Test::HasFailure()) return;
    for (size_t i = 0; i < counts.size(); ++i) counts[i] += run.counts()[i];
  }
  // Each kind of ruling was under test.
  for (const int count : counts) EXPECT_GT(count, 1000);
}

}  // namespace
}  // namespace scanner
