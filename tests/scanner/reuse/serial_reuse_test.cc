// Zones that are as they were, by their serial and by samples (ITERATION.md
// 2.7).
#include "scanner/reuse/serial_reuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/reuse/known_rows_builder.h"

namespace scanner {
namespace {

using Kind = ReuseWork::Kind;
using Sample = SerialReuse::Sample;

constexpr io::TimeNs kNow = 100 * io::kSecond;
constexpr ServerIndex kServer = 3;

PlannedTarget Target(const std::string& ip) {
  return {.item = {.position = 0, .address = *dnswire::IpAddress::Parse(ip)}};
}

// Zones 0.10.in-addr.arpa and so on of `rows` addresses each, from N.0.0.
class SerialReuseTest : public testing::Test {
 protected:
  static std::unique_ptr<const KnownRows> Known(const std::vector<int>& rows) {
    KnownRowsBuilder builder;
    for (size_t zone = 0; zone < rows.size(); ++zone) {
      const std::string apex = absl::StrCat(zone, ".10.in-addr.arpa");
      builder.Zone(apex, 7);
      for (int i = 0; i < rows[zone]; ++i) {
        builder.Row(Ip(zone, i), apex, "host.example");
      }
    }
    return builder.Build();
  }
  void Make(const std::vector<int>& rows, uint32_t shards = 1) {
    reuse_.reset();
    known_ = Known(rows);
    reuse_.emplace(&*known_, shards, 1);
  }
  static std::string Ip(size_t zone, int i) {
    return absl::StrCat(10 + zone / 256, ".", zone % 256, ".", i / 256, ".",
                        i % 256);
  }
  bool Take(size_t zone, int i) {
    return reuse_->Take(Target(Ip(zone, i)), kNow);
  }
  // All work there is, by kind.
  std::map<Kind, std::vector<ReuseWork>> Collect() {
    std::map<Kind, std::vector<ReuseWork>> works;
    while (const auto work = reuse_->NextWork(kNow)) {
      works[work->kind].push_back(*work);
    }
    return works;
  }
  // Tells all samples that come to be wanted; the other work that came then.
  std::map<Kind, size_t> AnswerSamples(Sample sample) {
    std::map<Kind, size_t> came;
    while (const auto work = reuse_->NextWork(kNow)) {
      ++came[work->kind];
      if (work->kind != Kind::kSample) continue;
      reuse_->OnSample(work->zone, sample, kServer, kNow);
    }
    return came;
  }

  std::unique_ptr<const KnownRows> known_;
  std::optional<SerialReuse> reuse_;
};

TEST_F(SerialReuseTest, AnUnchangedZoneIsTakenOverAfterItsSamples) {
  Make({1000});
  EXPECT_FALSE(reuse_->HasWork());
  EXPECT_TRUE(Take(0, 0));
  EXPECT_TRUE(Take(0, 1));
  auto works = Collect();
  ASSERT_EQ(works[Kind::kSerial].size(), 1u);
  EXPECT_EQ(works.size(), 1u);
  reuse_->OnSerial(0, true, kNow);
  works = Collect();
  ASSERT_EQ(works[Kind::kSample].size(), 7u);  // 1000 / 128
  EXPECT_TRUE(works[Kind::kReuse].empty());
  EXPECT_EQ(reuse_->waiting(), 2u);
  for (int i = 0; i < 7; ++i) {
    reuse_->OnSample(0, Sample::kSame, kServer, kNow);
  }
  works = Collect();
  ASSERT_EQ(works[Kind::kReuse].size(), 2u);
  EXPECT_EQ(works[Kind::kReuse][1].row->ip,
            works[Kind::kReuse][1].target.item.address);
  EXPECT_EQ(reuse_->waiting(), 0u);
  EXPECT_TRUE(Take(0, 2));  // at once
  EXPECT_EQ(Collect()[Kind::kReuse].size(), 1u);
}

TEST_F(SerialReuseTest, AnotherSerialOrNoneMeansThatAllIsAsked) {
  Make({1000});
  EXPECT_TRUE(Take(0, 0));
  Collect();
  reuse_->OnSerial(0, false, kNow);
  EXPECT_EQ(Collect()[Kind::kAsk].size(), 1u);
  EXPECT_FALSE(Take(0, 1));
  EXPECT_FALSE(reuse_->HasWork());
}

TEST_F(SerialReuseTest, WhoeverGaveASampleThatDiffersIsAskedForTheSerial) {
  Make({1000});
  Take(0, 0);
  Collect();
  reuse_->OnSerial(0, true, kNow);
  Collect();
  for (int i = 0; i < 5; ++i) {
    reuse_->OnSample(0, Sample::kSame, kServer, kNow);
  }
  reuse_->OnSample(0, Sample::kOther, kServer, kNow);
  reuse_->OnSample(0, Sample::kOther, kServer + 1, kNow);
  auto works = Collect();
  EXPECT_EQ(works[Kind::kAsk].size(), 1u);
  ASSERT_EQ(works[Kind::kAccuse].size(), 1u);  // once
  EXPECT_EQ(works[Kind::kAccuse][0].server, kServer);
  EXPECT_FALSE(Take(0, 1));
}

TEST_F(SerialReuseTest, AZoneThatMovesMeanwhileIsAskedFromThenOn) {
  Make({1000});
  Take(0, 0);
  Collect();
  reuse_->OnSerial(0, true, kNow);
  AnswerSamples(Sample::kSame);
  EXPECT_TRUE(Take(0, 1));
  reuse_->OnMoved(0);
  EXPECT_EQ(Collect()[Kind::kAsk].size(), 1u);
  EXPECT_FALSE(Take(0, 2));
}

TEST_F(SerialReuseTest, OneOfTwoEnginesLooksAndBothHeed) {
  for (const Sample sample : {Sample::kSame, Sample::kOther}) {
    Make({1000});
    SerialReuse other(&*known_, 1, 2);
    EXPECT_TRUE(Take(0, 0));
    EXPECT_TRUE(other.Take(Target(Ip(0, 1)), kNow));
    EXPECT_FALSE(other.HasWork());
    EXPECT_TRUE(other.waits_for_others());
    Collect();
    reuse_->OnSerial(0, true, kNow);
    other.Look(kNow);
    EXPECT_FALSE(other.HasWork());
    AnswerSamples(sample);
    other.Look(kNow);
    EXPECT_FALSE(other.waits_for_others());
    const bool same = sample == Sample::kSame;
    EXPECT_EQ(other.NextWork(kNow)->kind, same ? Kind::kReuse : Kind::kAsk);
    EXPECT_EQ(other.Take(Target(Ip(0, 2)), kNow), same);
  }
}

TEST_F(SerialReuseTest, WhoMeetsAZoneThatMovedTellsTheOthers) {
  Make({1000});
  SerialReuse other(&*known_, 1, 2);
  Take(0, 0);
  Collect();
  reuse_->OnSerial(0, true, kNow);
  AnswerSamples(Sample::kSame);
  EXPECT_TRUE(other.Take(Target(Ip(0, 1)), kNow));
  other.OnMoved(0);
  EXPECT_EQ(other.NextWork(kNow)->kind, Kind::kAsk);
  EXPECT_FALSE(Take(0, 2));
}

TEST_F(SerialReuseTest, SamplesWithoutAnswerAreReplacedEightTimes) {
  Make({1000});
  Take(0, 0);
  Collect();
  reuse_->OnSerial(0, true, kNow);
  ASSERT_EQ(Collect()[Kind::kSample].size(), 7u);
  for (int i = 0; i < 7; ++i) reuse_->OnSample(0, Sample::kNone, kServer, kNow);
  ASSERT_EQ(Collect()[Kind::kSample].size(), 7u);
  for (int i = 0; i < 6; ++i) reuse_->OnSample(0, Sample::kSame, kServer, kNow);
  reuse_->OnSample(0, Sample::kNone, kServer, kNow);
  ASSERT_EQ(Collect()[Kind::kSample].size(), 1u);  // the eighth
  reuse_->OnSample(0, Sample::kNone, kServer, kNow);
  EXPECT_EQ(Collect()[Kind::kAsk].size(), 1u);
}

TEST_F(SerialReuseTest, NumbersOfSamples) {
  struct Case {
    int rows;
    uint32_t shards;
    size_t samples;
  };
  for (const Case& c :
       {Case{256, 1, 4}, Case{1024, 1, 8}, Case{65536, 1, 512},
        Case{20000, 1, 156}, Case{65536, 4, 128}, Case{1024, 8, 4}}) {
    Make({c.rows}, c.shards);
    ASSERT_TRUE(Take(0, 0));
    Collect();
    reuse_->OnSerial(0, true, kNow);
    auto came = AnswerSamples(Sample::kSame);
    EXPECT_EQ(came[Kind::kSample], c.samples) << c.rows;
    EXPECT_EQ(came[Kind::kReuse], 1u);
  }
}

TEST_F(SerialReuseTest, AZoneOfAFewAddressesIsAsked) {
  Make({6, 7});
  EXPECT_FALSE(Take(0, 0));  // 4 samples, the SOA, the referral
  EXPECT_TRUE(Take(1, 0));
}

TEST_F(SerialReuseTest, WhatIsNotKnownIsNotTaken) {
  Make({1000});
  EXPECT_FALSE(reuse_->Take(Target("10.9.0.0"), kNow));
}

// 4 of 256: a changed address is met in 1.5625 % of all scans.
TEST_F(SerialReuseTest, AChangedAddressIsSampledWithTheStatedProbability) {
  constexpr int kScans = 20000;
  int met = 0;
  Make({256});
  for (uint64_t seed = 0; seed < kScans; ++seed) {
    known_ = Known({256});
    reuse_.emplace(&*known_, 1, seed);
    Take(0, 0);
    Collect();
    reuse_->OnSerial(0, true, kNow);
    auto works = Collect();
    for (const ReuseWork& work : works[Kind::kSample]) {
      if (work.row->ip == *dnswire::IpAddress::Parse(Ip(0, 77))) ++met;
    }
  }
  const double expected = kScans * 4.0 / 256;
  EXPECT_NEAR(met, expected, 5 * std::sqrt(expected));
}

TEST_F(SerialReuseTest, SamplesAreDistinctAndSpread) {
  Make({65536});
  Take(0, 0);
  Collect();
  reuse_->OnSerial(0, true, kNow);
  std::set<std::string> sampled;
  for (auto works = Collect(); !works[Kind::kSample].empty();
       works = Collect()) {
    for (const ReuseWork& work : works[Kind::kSample]) {
      sampled.insert(work.row->ip.ToString());
      reuse_->OnSample(0, Sample::kSame, kServer, kNow);
    }
  }
  EXPECT_EQ(sampled.size(), 512u);
}

TEST_F(SerialReuseTest, FewQuestionsAreUnderWay) {
  Make(std::vector<int>(300, 20));
  for (size_t zone = 0; zone < 256; ++zone) Take(zone, 0);
  EXPECT_EQ(Collect()[Kind::kSerial].size(), SerialReuse::kMaxQuestions);
  Take(256, 0);
  EXPECT_FALSE(reuse_->HasWork());
  reuse_->OnSerial(0, false, kNow);
  auto works = Collect();
  EXPECT_EQ(works[Kind::kSerial].size(), 1u);
  EXPECT_EQ(works[Kind::kAsk].size(), 1u);
}

TEST_F(SerialReuseTest, ASilentZoneIsGivenUpOnlyWhileItKeepsOthersWaiting) {
  Make({100, 65536});
  SerialReuse other(&*known_, 1, 2);
  Take(0, 0);
  EXPECT_TRUE(other.Take(Target(Ip(0, 3)), kNow));
  Collect();
  const io::TimeNs late = kNow + SerialReuse::kPatience;
  reuse_->Look(late);
  EXPECT_TRUE(Collect().empty());
  for (int i = 0; !reuse_->full(); ++i) {
    ASSERT_TRUE(reuse_->Take(Target(Ip(1, i)), late));
  }
  reuse_->Look(late);
  EXPECT_EQ(Collect()[Kind::kAsk].size(), 1u);
  EXPECT_FALSE(reuse_->full());
  EXPECT_FALSE(Take(0, 1));
  reuse_->OnSerial(0, true, late);  // too late
  EXPECT_FALSE(Take(0, 2));
  other.Look(late);
  EXPECT_EQ(other.NextWork(late)->kind, Kind::kAsk);
}

// Nothing was asked yet of those that wait for their turn.
TEST_F(SerialReuseTest, AZoneThatWasNotAskedIsNotGivenUp) {
  Make({65536, 65536});
  for (int i = 0; !reuse_->full(); ++i) Take(0, i);
  reuse_->Look(kNow + 2 * SerialReuse::kPatience);
  EXPECT_TRUE(reuse_->full());
  EXPECT_EQ(reuse_->NextWork(kNow)->kind, Kind::kSerial);
}

}  // namespace
}  // namespace scanner
