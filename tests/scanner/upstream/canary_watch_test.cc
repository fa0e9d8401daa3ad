#include "scanner/upstream/canary_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using io::kNever;
using io::kSecond;
using io::TimeNs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Result = CanaryResult;

constexpr TimeNs kStart = 1000 * kSecond;

constexpr absl::string_view NameOf(CanaryRuling::Kind kind) {
  switch (kind) {
    case CanaryRuling::Kind::kVerified:
      return "verified";
    case CanaryRuling::Kind::kUnverified:
      return "unverified";
    case CanaryRuling::Kind::kAskAgain:
      return "ask again";
    case CanaryRuling::Kind::kContradicted:
      return "contradicted";
    case CanaryRuling::Kind::kLied:
      return "lied";
  }
  return "?";
}

IpAddress Address(uint32_t i) { return IpAddress::V4(0xc6336400u + i); }
Name HostName(uint32_t i) {
  return *Name::Parse(absl::StrCat("h", i, ".test"));
}

// A watch and a clock. Probes are answered at once unless a test says else.
class Watched {
 public:
  // `learnt` PTR answers are known: 198.51.100.1 is h1.test and so on.
  explicit Watched(uint32_t learnt, CanaryNames* names = nullptr)
      : names_(names != nullptr ? names : &own_names_), watch_(names_, 7) {
    for (uint32_t i = 1; i <= learnt; ++i) {
      names_->Learn(Address(i), HostName(i));
    }
  }

  void Configure(uint32_t i) {
    ASSERT_TRUE(names_->Configure(Address(i), HostName(i)));
  }
  void Learn(uint32_t i) { names_->Learn(Address(i), HostName(i)); }
  // Answers the two that must not exist, so that tests need not.
  void PassStart() {
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(watch_.TakeProbe(now_));
      watch_.OnResult(Result::kGood, now_);
    }
  }

  void Sleep(TimeNs time) { now_ += time; }
  void Hold(int count = 1) {
    for (int i = 0; i < count; ++i) watch_.Hold(now_);
  }
  // What is probed now: "PTR 198.51.100.1", "SOA h1.test", "" for nothing. The
  // probe stays open.
  std::string Take() {
    const auto probe = watch_.TakeProbe(now_);
    if (!probe) return "";
    switch (probe->kind) {
      case CanaryKind::kPtr:
        return absl::StrCat("PTR ", probe->address.ToString());
      case CanaryKind::kSoa:
        return absl::StrCat("SOA ", probe->name.ToText());
      default:
        return absl::StrCat("not ", probe->name.ToText());
    }
  }
  void Answer(Result result) { watch_.OnResult(result, now_); }
  // Goes on to the next probe, takes it and answers it at once.
  std::string Probe(Result result) {
    Collect();
    now_ = std::max(now_, watch_.NextTime());
    std::string taken = Take();
    EXPECT_NE(taken, "") << "nothing to probe";
    if (!taken.empty()) Answer(result);
    Collect();
    return taken;
  }
  // Those since the last call: "verified 5": those below 5.
  std::vector<std::string> Rulings() {
    Collect();
    return std::exchange(rulings_, {});
  }
  bool lying() const { return watch_.lying(now_); }
  TimeNs UntilNext() const {
    const TimeNs next = watch_.NextTime();
    return next == kNever ? kNever : std::max<TimeNs>(next - now_, 0);
  }

  CanaryWatch& operator*() { return watch_; }
  CanaryWatch* operator->() { return &watch_; }
  TimeNs now() const { return now_; }

 private:
  void Collect() {
    while (const auto ruling = watch_.TakeRuling(now_)) {
      rulings_.push_back(
          absl::StrCat(NameOf(ruling->kind), " ", ruling->below));
    }
  }

  CanaryNames own_names_;
  CanaryNames* names_;
  CanaryWatch watch_;
  TimeNs now_ = kStart;
  std::vector<std::string> rulings_;
};

// Hurries, and answers three probes with a denial: the server lies.
void FindLying(Watched* w) {
  w->Hold();
  w->operator->()->Hurry(w->now());
  for (int i = 0; i < 3; ++i) w->Probe(Result::kDenied);
  ASSERT_TRUE(w->lying());
}

std::vector<std::string> FiveGoodProbes(Watched* w) {
  std::vector<std::string> probes;
  for (int i = 0; i < 5; ++i) {
    w->Hold();
    probes.push_back(w->Probe(Result::kGood));
  }
  return probes;
}

// --- The start -------------------------------------------------------------

TEST(CanaryWatchTest, BeginsWithTwoNamesThatMustNotExist) {
  Watched w(3);
  EXPECT_EQ(w.UntilNext(), 0);
  const auto first = w->TakeProbe(w.now());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, CanaryKind::kMustNotPtr);
  EXPECT_EQ(first->name.ToText().size(), 16u + 13u);
  EXPECT_TRUE(absl::EndsWith(first->name.ToText(), ".in-addr.arpa"));
  EXPECT_EQ(w.Take(), "") << "one at a time";
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Answer(Result::kGood);
  const auto second = w->TakeProbe(w.now());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kind, CanaryKind::kMustNotA);
  EXPECT_EQ(second->name.ToText().size(), 16u + 8u);
  EXPECT_TRUE(absl::EndsWith(second->name.ToText(), ".invalid"));
  EXPECT_NE(first->name.ToText().substr(0, 16),
            second->name.ToText().substr(0, 16));
  w.Answer(Result::kGood);
  EXPECT_EQ(w.Take(), "");
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, SaltDecidesTheDigits) {
  CanaryNames names;
  CanaryWatch a(&names, 1);
  CanaryWatch b(&names, 2);
  EXPECT_NE(a.TakeProbe(kStart)->name.ToText(),
            b.TakeProbe(kStart)->name.ToText());
}

TEST(CanaryWatchTest, RewritesIfANameThatMustNotExistHasData) {
  struct Case {
    Result ptr;
    Result a;
    bool rewriting;
  };
  const Case kCases[] = {
      {Result::kGood, Result::kGood, false},
      {Result::kUnusable, Result::kUnusable, false},
      {Result::kDenied, Result::kGood, true},
      {Result::kGood, Result::kDenied, true},
      {Result::kDenied, Result::kUnusable, true},
  };
  for (const Case& c : kCases) {
    Watched w(3);
    w.Probe(c.ptr);
    w.Probe(c.a);
    EXPECT_EQ(w->rewriting(), c.rewriting);
    EXPECT_FALSE(w.lying());
    EXPECT_EQ(w.UntilNext(), kNever) << "only once";
  }
}

TEST(CanaryWatchTest, ADenialOfAMustExistIsNoRewriting) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_FALSE(w->rewriting());
}

TEST(CanaryWatchTest, ProbesAConfiguredNameAtTheStart) {
  Watched w(3);
  w.Configure(9);
  w.PassStart();
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_EQ(w.Take(), "PTR 198.51.100.9");
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANegativeHeldAtTheStartWaitsItsTime) {
  Watched w(0);
  w.Hold();
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.PassStart();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
}

// --- When a probe is due ----------------------------------------------------

TEST(CanaryWatchTest, ProbesEveryTwoSecondsOfActivity) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Sleep(2 * kSecond - 1);
  w->OnSent(w.now());
  EXPECT_EQ(w.Take(), "");
  w.Sleep(1);
  EXPECT_NE(w.Take(), "");
  w.Sleep(kSecond / 2);
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), 3 * kSecond / 2) << "from the probe's start";
}

TEST(CanaryWatchTest, TheProbesOwnPacketsAreNoActivity) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Sleep(2 * kSecond);
  EXPECT_NE(w.Take(), "");
  w->OnSent(w.now());
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANegativeIsActivityToo) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
}

TEST(CanaryWatchTest, ProbesAfterFiveThousandNegatives) {
  Watched w(3);
  w.PassStart();
  w.Hold(4999);
  EXPECT_EQ(w.Take(), "");
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_NE(w.Take(), "");
  w.Hold(4999);
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 5000"));
  EXPECT_EQ(w.Take(), "") << "4,999 since the start of the last one";
  w.Hold();
  EXPECT_NE(w.Take(), "");
}

TEST(CanaryWatchTest, HurryProbesAtOnceIfNegativesAreHeld) {
  Watched w(3);
  w.PassStart();
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Hold();
  EXPECT_EQ(w.Take(), "");
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_NE(w.Take(), "");
  w->Hurry(w.now());
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
  EXPECT_EQ(w.UntilNext(), kNever) << "nothing is left to hurry for";
}

TEST(CanaryWatchTest, HurryWhileAProbeIsOpenCallsForAnotherIfItDoesNotCover) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Take();
  w.Hold();
  w->Hurry(w.now());
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
  EXPECT_NE(w.Take(), "");
}

TEST(CanaryWatchTest, HurryDoesNotShortenTheWaitAfterAFailure) {
  for (const Result result : {Result::kDenied, Result::kUnusable}) {
    Watched w(3);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    w.Probe(result);
    w->Hurry(w.now());
    EXPECT_EQ(w.UntilNext(), kSecond);
  }
}

// --- What is probed ---------------------------------------------------------

TEST(CanaryWatchTest, ChoosesConfiguredBeforePtrBeforeApexInTurn) {
  CanaryNames names;
  names.LearnApex(HostName(21));
  names.LearnApex(HostName(22));
  Watched w(0, &names);
  w.PassStart();
  EXPECT_THAT(FiveGoodProbes(&w),
              ElementsAre("SOA h21.test", "SOA h22.test", "SOA h21.test",
                          "SOA h22.test", "SOA h21.test"));
  for (uint32_t i = 1; i <= 3; ++i) w.Learn(i);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.1", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.1", "PTR 198.51.100.2"));
  w.Configure(8);
  w.Configure(9);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.8", "PTR 198.51.100.9", "PTR 198.51.100.8",
                  "PTR 198.51.100.9", "PTR 198.51.100.8"));
}

TEST(CanaryWatchTest, AProbeCarriesAddressAndName) {
  Watched w(1);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  const auto probe = w->TakeProbe(w.now());
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->address, Address(1));
  EXPECT_EQ(probe->name.ToText(), "h1.test");
}

// --- Good -------------------------------------------------------------------

TEST(CanaryWatchTest, AGoodCanaryVerifiesWhatWasHeldBeforeItWasSent) {
  Watched w(3);
  w.PassStart();
  EXPECT_EQ(w->Hold(w.now()), 0u);
  EXPECT_EQ(w->Hold(w.now()), 1u);
  w.Sleep(2 * kSecond);
  EXPECT_NE(w.Take(), "");
  EXPECT_EQ(w->Hold(w.now()), 2u);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w->held(), 3u);
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
  EXPECT_EQ(w->held(), 1u);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, IsFullAtTenThousand) {
  Watched w(3);
  w.PassStart();
  w.Hold(9999);
  EXPECT_FALSE(w->full());
  w.Hold();
  EXPECT_TRUE(w->full());
  w.Probe(Result::kGood);
  EXPECT_FALSE(w->full());
}

// --- No candidate -----------------------------------------------------------

TEST(CanaryWatchTest, WithoutACandidateNegativesAreUnverifiedWhenItIsTime) {
  Watched w(0);
  w.PassStart();
  w.Hold(3);
  w.Sleep(2 * kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 3"));
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 4"));
  w.Hold(5000);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 5004"));
  w.Hold(4999);
  EXPECT_THAT(w.Rulings(), IsEmpty());
}

TEST(CanaryWatchTest, WithoutACandidateActivityAloneWakesOnce) {
  Watched w(0);
  w.PassStart();
  w->OnSent(w.now());
  w.Sleep(w.UntilNext());
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANameLearntInTimeVerifies) {
  Watched w(0);
  w.PassStart();
  w.Hold();
  w.Sleep(kSecond);
  w.Learn(1);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
}

// --- Denied -----------------------------------------------------------------

TEST(CanaryWatchTest, ThreeDeniedNamesInThreeSecondsAreALie) {
  Watched w(5);
  w.PassStart();
  w.Hold(2);
  w.Sleep(2 * kSecond);
  const TimeNs begin = w.now();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_FALSE(w.lying());
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.3");
  EXPECT_EQ(w.now(), begin + 2 * kSecond);
  EXPECT_TRUE(w.lying());
  EXPECT_EQ(w->lies(), 1u);
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 3"));
}

TEST(CanaryWatchTest, WhatArrivesWhileItLiesIsLied) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 1"));
  w.Sleep(59 * kSecond);
  w.Hold(2);
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_EQ(w->held(), 0u);
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 3"));
}

TEST(CanaryWatchTest, RulingsNotTakenInTimeStayApart) {
  Watched w(3);
  w.PassStart();
  for (const Result result :
       {Result::kGood, Result::kDenied, Result::kDenied, Result::kDenied}) {
    w.Hold();
    w->Hurry(w.now());
    w.Sleep(kSecond);
    w.Take();
    w.Answer(result);
  }
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1", "lied 4"));
}

TEST(CanaryWatchTest, ALieEndsAfterAMinuteAndWhatTheNextCanarySays) {
  struct Case {
    const char* label;
    Result result;
    bool lying;
    uint64_t lies;
    std::vector<std::string> rulings;
    TimeNs until_next;
  };
  const Case kCases[] = {
      {"good", Result::kGood, false, 1, {"contradicted 2"}, kNever},
      {"denied", Result::kDenied, true, 2, {"lied 2"}, 60 * kSecond},
      {"unusable", Result::kUnusable, false, 1, {}, kSecond},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Watched w(5);
    w.PassStart();
    FindLying(&w);
    EXPECT_THAT(w.Rulings(), ElementsAre("lied 1"));
    EXPECT_EQ(w.UntilNext(), 60 * kSecond);
    w.Sleep(60 * kSecond - 1);
    EXPECT_TRUE(w.lying());
    w.Sleep(1);
    EXPECT_FALSE(w.lying());
    w.Hold();
    EXPECT_EQ(w.Probe(c.result), "PTR 198.51.100.4");
    EXPECT_EQ(w.lying(), c.lying);
    EXPECT_EQ(w->lies(), c.lies);
    EXPECT_EQ(w.Rulings(), c.rulings);
    EXPECT_EQ(w.UntilNext(), c.until_next);
  }
}

TEST(CanaryWatchTest, AfterALieThingsAreNormal) {
  Watched w(5);
  w.PassStart();
  FindLying(&w);
  w.Probe(Result::kGood);
  w.Rulings();
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Probe(Result::kDenied);
  EXPECT_FALSE(w.lying()) << "one denial is enough on parole only";
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  w.Hold();
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, AfterALieNamesHaveTheirTurnsAgain) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.1", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.1", "PTR 198.51.100.2"));
}

TEST(CanaryWatchTest, AnUnusableCanaryKeepsItOnParole) {
  Watched w(5);
  w.PassStart();
  FindLying(&w);
  w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);
  EXPECT_TRUE(w.lying());
  EXPECT_EQ(w->lies(), 2u);
}

TEST(CanaryWatchTest, LearntNamesOfAllKindsMustBeThreeDifferentOnes) {
  struct Case {
    const char* label;
    uint32_t configured;
    uint32_t ptrs;
    uint32_t apexes;
    bool lies;
  };
  const Case kCases[] = {
      {"one PTR", 0, 1, 0, false},    {"two PTRs", 0, 2, 0, false},
      {"three PTRs", 0, 3, 0, true},  {"PTR and apex", 0, 1, 1, false},
      {"two and one", 0, 2, 1, true}, {"three apexes", 0, 0, 3, true},
      {"configured", 1, 0, 0, true},  {"two configured", 2, 0, 0, true},
      {"one of each", 1, 1, 1, true}, {"configured and PTR", 1, 1, 0, true},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    CanaryNames names;
    for (uint32_t i = 0; i < c.apexes; ++i) names.LearnApex(HostName(50 + i));
    Watched w(c.ptrs, &names);
    for (uint32_t i = 0; i < c.configured; ++i) w.Configure(90 + i);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    for (int i = 0; i < 3; ++i) w.Probe(Result::kDenied);
    EXPECT_EQ(w.lying(), c.lies);
  }
}

TEST(CanaryWatchTest, ThreeDenialsMustLieWithinThreeSeconds) {
  Watched w(0);
  w.Configure(1);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);  // at 0 s
  for (int i = 0; i < 3; ++i) w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);  // 4 s
  w.Probe(Result::kDenied);  // 5 s
  EXPECT_FALSE(w.lying());
  w.Probe(Result::kDenied);  // 6 s
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, AnUnusableProbeBetweenDenialsDoesNotSaveALiar) {
  Watched w(5);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);
  w.Probe(Result::kDenied);
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, AGoodCanaryBetweenDenialsStartsTheCountAnew) {
  Watched w(0);
  w.Configure(9);
  w.PassStart();
  w.Probe(Result::kDenied);  // at 0 s
  w.Probe(Result::kGood);    // 1 s
  w.Hold();
  w->Hurry(w.now());
  w.Probe(Result::kDenied);  // 1 s
  w.Probe(Result::kDenied);  // 2 s
  EXPECT_FALSE(w.lying());
  w.Probe(Result::kDenied);  // 3 s
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, ASlowLiarIsFoundOut) {
  for (const TimeNs took : {kSecond / 10, kSecond, 3 * kSecond}) {
    SCOPED_TRACE(took);
    Watched w(3);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(w.lying());
      w.Sleep(w.UntilNext());
      EXPECT_NE(w.Take(), "");
      w.Sleep(took);
      w.Answer(Result::kDenied);
    }
    EXPECT_TRUE(w.lying());
  }
}

TEST(CanaryWatchTest, AfterADenialWhatArrivesUntilAGoodOneIsAskedAgain) {
  Watched w(5);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  w.Hold();
  w.Sleep(kSecond);
  EXPECT_EQ(w.Take(), "PTR 198.51.100.2");
  w.Hold();
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 3"));
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 4"));
  EXPECT_EQ(w->lies(), 0u);
}

TEST(CanaryWatchTest, ALearntNameThatAloneIsDeniedIsDropped) {
  CanaryNames names;
  Watched w(3, &names);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_EQ(names.at(CanaryNames::kPerTier).id, 0u);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.3", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.2", "PTR 198.51.100.3"));
}

TEST(CanaryWatchTest, OnlyTheLastOfSeveralDeniedNamesIsDropped) {
  CanaryNames names;
  Watched w(3, &names);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
  EXPECT_NE(names.at(CanaryNames::kPerTier).id, 0u);
  EXPECT_EQ(names.at(CanaryNames::kPerTier + 1).id, 0u);
}

TEST(CanaryWatchTest, ANameThatIsGoodItselfAfterwardsStays) {
  CanaryNames names;
  Watched w(1, &names);
  const uint64_t id = names.at(CanaryNames::kPerTier).id;
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  w.Learn(2);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_EQ(names.at(CanaryNames::kPerTier).id, id);
}

TEST(CanaryWatchTest, AConfiguredNameThatAloneIsDeniedOnlyLosesItsPlace) {
  CanaryNames names;
  Watched w(2, &names);
  w.Configure(9);
  w.PassStart();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.9");
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
  EXPECT_TRUE(names.has_configured());
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
}

TEST(CanaryWatchTest, TooFewDeniedNamesAreForgottenAfterTenSeconds) {
  CanaryNames names;
  Watched w(2, &names);
  w.PassStart();
  w.Hold();
  const TimeNs begin = w.now() + w.UntilNext();
  std::vector<std::string> probes;
  probes.reserve(10);
  for (int i = 0; i < 10; ++i) probes.push_back(w.Probe(Result::kDenied));
  EXPECT_THAT(probes, testing::Contains("PTR 198.51.100.1").Times(5));
  w.Hold();
  EXPECT_EQ(w.now(), begin + 9 * kSecond);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Probe(Result::kDenied);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  EXPECT_FALSE(w.lying());
  w.Hold();
  w.Sleep(w.UntilNext());
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 3"));
  EXPECT_NE(names.at(CanaryNames::kPerTier).id, 0u) << "others may use it";
}

TEST(CanaryWatchTest, AForgottenDenialStillBreaksTheInterval) {
  Watched w(1);
  w.PassStart();
  w.Hold();
  for (int i = 0; i <= 10; ++i) w.Probe(Result::kDenied);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  w.Hold();
  w.Learn(2);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, ADoubtWhoseNamesAllVanishEndsInAskingAgain) {
  CanaryNames names;
  Watched w(1, &names);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  names.Drop(names.at(CanaryNames::kPerTier).id);  // by another server's watch
  w.Sleep(w.UntilNext());
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ADoubtIsSettledWithoutActivityOrNegatives) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Probe(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

// --- Unusable ---------------------------------------------------------------

TEST(CanaryWatchTest, AnUnusableProbeProvesNothing) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.1");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, TheSecondAfterAnUnusableProbeCountsFromItsStart) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Take();
  w.Sleep(kSecond / 4);
  w.Answer(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), 3 * kSecond / 4);
  w.Sleep(w.UntilNext());
  w.Take();
  w.Sleep(5 * kSecond);
  w.Answer(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), 0);
}

TEST(CanaryWatchTest, AfterAnUnusableProbeNothingWakesAnIdleServer) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), kNever);
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), kSecond);
}

TEST(CanaryWatchTest, TriesEveryOtherCandidateBeforeOneThatFailed) {
  CanaryNames names;
  names.LearnApex(HostName(50));
  Watched w(2, &names);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  std::vector<std::string> probes;
  probes.reserve(5);
  for (int i = 0; i < 5; ++i) probes.push_back(w.Probe(Result::kUnusable));
  EXPECT_THAT(probes, ElementsAre("PTR 198.51.100.9", "PTR 198.51.100.1",
                                  "PTR 198.51.100.2", "SOA h50.test",
                                  "PTR 198.51.100.9"));
}

TEST(CanaryWatchTest, SkipsACandidateThatFailedThreeTimesInARow) {
  Watched w(1);
  w.Configure(9);
  w.PassStart();
  for (int i = 0; i < 3; ++i) {
    w.Hold();
    EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.9") << i;
    EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1") << i;
  }
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
}

TEST(CanaryWatchTest, UsesASkippedCandidateIfThereIsNoOther) {
  Watched w(0);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  for (int i = 0; i < 4; ++i) w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
}

TEST(CanaryWatchTest, AGoodAnswerEndsARowOfFailures) {
  Watched w(1);
  w.Configure(9);
  w.PassStart();
  for (const Result second : {Result::kUnusable, Result::kUnusable,
                              Result::kGood, Result::kUnusable}) {
    w.Hold();
    EXPECT_EQ(w.Probe(second), "PTR 198.51.100.9");
    if (second == Result::kUnusable) w.Probe(Result::kGood);
  }
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.9");
}

TEST(CanaryWatchTest, ANewNameInAnOldOnesSlotBeginsAnew) {
  CanaryNames names;
  Watched w(2, &names);
  w.PassStart();
  for (int i = 0; i < 3; ++i) {
    w.Hold();
    EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.1");
    EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  }
  names.Drop(names.at(CanaryNames::kPerTier).id);
  w.Learn(3);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
}

// Sixteen candidates at a second each: not all were tried after ten.
TEST(CanaryWatchTest, WhatWaitedTenSecondsForAUsableAnswerIsAskedAgain) {
  Watched w(16);
  w.PassStart();
  w.Hold(2);
  w->Hurry(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(kSecond / 2);
  w.Hold();
  for (int i = 0; i < 9; ++i) w.Probe(Result::kUnusable);
  w.Sleep(kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), 1);
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 2"));
  EXPECT_EQ(w->held(), 1u) << "that one waited 9.5 s";
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, ADenialDoesNotProlongTheTenSeconds) {
  Watched w(16);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  for (int i = 0; i < 10; ++i) {
    w.Probe(i == 5 ? Result::kDenied : Result::kUnusable);
  }
  w.Sleep(kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
}

TEST(CanaryWatchTest, WithoutTroubleNegativesWaitHoweverLongAProbeTakes) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  w.Rulings();
  w.Hold();
  w.Sleep(2 * kSecond);
  w.Take();
  for (int i = 0; i < 3; ++i) {
    w.Sleep(10 * kSecond);
    EXPECT_THAT(w.Rulings(), IsEmpty());
  }
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
}

TEST(CanaryWatchTest, TheTenSecondsRunWhileAProbeIsOpen) {
  Watched w(16);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(w.UntilNext());
  w.Take();
  EXPECT_EQ(w.UntilNext(), 9 * kSecond);
  w.Sleep(9 * kSecond);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 1"));
}

TEST(CanaryWatchTest, ANegativeHeldLateInTroubleWaitsTenSecondsToo) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(60 * kSecond);
  w.Hold();
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Take();
  w.Sleep(10 * kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 1"));
}

TEST(CanaryWatchTest, CandidatesOfWhichNoneIsUsableForTenSecondsAreForgotten) {
  Watched w(2);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  for (int i = 0; i <= 10; ++i) {
    EXPECT_THAT(w.Rulings(), IsEmpty());
    w.Probe(Result::kUnusable);
    if (i == 5) w.Hold();
  }
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 2"));
  w.Hold();
  w.Sleep(w.UntilNext());
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 3"));
  w.Learn(3);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 4"));
}

TEST(CanaryWatchTest, ACandidateNotTriedYetKeepsAllFromBeingForgotten) {
  Watched w(12);
  w.PassStart();
  for (int i = 0; i < 11; ++i) {
    w.Hold();
    w.Probe(Result::kUnusable);
  }
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.12");
  w.Hold();
  EXPECT_NE(w.Probe(Result::kGood), "") << "nothing was forgotten";
}

TEST(CanaryWatchTest, ALiarIsFoundOutAfterUnusableProbes) {
  for (const int unusable : {1, 3, 8, 9, 10}) {
    SCOPED_TRACE(unusable);
    Watched w(3);
    w.PassStart();
    for (int i = 0; i < unusable; ++i) {
      w.Hold();
      w.Probe(Result::kUnusable);
    }
    for (int i = 0; i < 3; ++i) w.Probe(Result::kDenied);
    EXPECT_TRUE(w.lying());
  }
}

// --- Several servers --------------------------------------------------------

TEST(CanaryWatchTest, EachServerJudgesAndForgetsForItself) {
  CanaryNames names;
  Watched bad(3, &names);
  Watched good(0, &names);
  bad.PassStart();
  good.PassStart();
  FindLying(&bad);
  good.Hold();
  EXPECT_NE(good.Probe(Result::kGood), "");
  EXPECT_FALSE(good.lying());
  bad.Hold();
  bad.Probe(Result::kGood);
  bad.Rulings();
  for (int i = 0; i <= 10; ++i) {
    bad.Hold();
    bad.Probe(Result::kUnusable);
  }
  bad.Hold();
  bad->Hurry(bad.now());
  EXPECT_EQ(bad.Take(), "");
  good.Hold();
  EXPECT_NE(good.Probe(Result::kGood), "");
}

// --- Counters ---------------------------------------------------------------

TEST(CanaryWatchTest, CountsProbesAndWhatCameOfThem) {
  Watched w(5);
  w.Probe(Result::kDenied);
  w.Probe(Result::kGood);
  w.Hold();
  w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  EXPECT_EQ(w->sent(), 4u);
  EXPECT_EQ(w->failed(), 2u);
  EXPECT_EQ(w->lies(), 0u);
  FindLying(&w);
  EXPECT_EQ(w->sent(), 7u);
  EXPECT_EQ(w->failed(), 5u);
  EXPECT_EQ(w->lies(), 1u);
}

}  // namespace
}  // namespace scanner
