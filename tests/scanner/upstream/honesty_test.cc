#include "scanner/upstream/honesty.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

using State = Honesty::State;

constexpr ZoneServer kWho = {7, 1};
constexpr ZoneServer kOther = {7, 2};

uint64_t NameOf(int i) { return Mix(99, static_cast<uint64_t>(i)); }

class HonestyTest : public testing::Test {
 protected:
  // x: NX at the name, n: NODATA at it, p: a leaf with a PTR below it, e: one
  // without, s: a proof that is real, u: one that is not. Then the name's
  // digit.
  State After(const std::string& events) {
    Honesty honesty;
    for (size_t i = 0; i < events.size(); i += 3) {
      Tell(events[i], NameOf(events[i + 1]), &honesty);
    }
    return honesty.StateOf(kWho);
  }

  void Tell(char event, uint64_t name, Honesty* honesty) {
    switch (event) {
      case 'x':
        (void)honesty->OnNx(kWho, name);
        return;
      case 'n':
        return honesty->OnNodata(kWho, name);
      case 's':
      case 'u':
        return honesty->OnProof(kWho, event == 's');
      default:
        honesty->OnLeaf(name, event == 'p',
                        [this](ZoneServer who) { changed_.push_back(who); });
    }
  }

  std::vector<ZoneServer> changed_;
};

TEST_F(HonestyTest, StatesFollowTheContract) {
  const struct {
    const char* label;
    const char* events;
    State state;
  } kCases[] = {
      {"nothing", "", State::kUnknown},
      {"NX without proof", "x1", State::kUnknown},
      {"NX with a proof that is none", "x1 u1", State::kUnknown},
      {"NX with a real one", "x1 s1", State::kSigned},
      {"one name", "n1 p1", State::kUnknown},
      {"one name twice", "n1 p1 n1 p1", State::kUnknown},
      {"one name, two leaves", "n1 p1 p1", State::kUnknown},
      {"two names", "n1 n2 p1 p2", State::kHonest},
      {"two names, one without leaf", "n1 n2 p1", State::kUnknown},
      {"two names, one leaf without PTR", "n1 n2 p1 e2", State::kUnknown},
      {"leaves below other names", "n1 n2 p3 p4", State::kUnknown},
      {"leaf before NODATA", "p1 p2 n1 n2", State::kUnknown},
      {"leaf below NX", "x1 p1", State::kBroken},
      {"leaf without PTR below NX", "x1 e1", State::kBroken},
      {"leaf below another name", "x1 p2", State::kUnknown},
      {"signed, then broken", "x1 s1 p1", State::kBroken},
      {"honest, then broken", "n1 n2 p1 p2 x3 p3", State::kBroken},
      {"honest, then signed", "n1 n2 p1 p2 x3 s3", State::kSigned},
      {"signed, then two names", "x3 s3 n1 n2 p1 p2", State::kSigned},
      {"broken stays: proof", "x1 p1 s1", State::kBroken},
      {"broken stays: two names", "x1 p1 n2 n3 p2 p3", State::kBroken},
      {"NODATA, then NX at one name", "n1 x1 p1", State::kBroken},
      {"NX, then NODATA at one name", "x1 n1 p1", State::kBroken},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(After(test.events), test.state) << test.label;
  }
}

TEST_F(HonestyTest, TheFirstNxAsksForProofOnce) {
  Honesty honesty;
  EXPECT_TRUE(honesty.OnNx(kWho, NameOf(1)));
  EXPECT_FALSE(honesty.OnNx(kWho, NameOf(2)));
  EXPECT_TRUE(honesty.OnNx(kOther, NameOf(1)));
  honesty.OnProof(kWho, false);
  EXPECT_FALSE(honesty.OnNx(kWho, NameOf(3)));
  // Of a zone in which the same server is to be tried anew.
  EXPECT_TRUE(honesty.OnNx({.zone = 8, .server = 1}, NameOf(4)));
}

TEST_F(HonestyTest, ALeafCountsForEveryServerThatSpokeOfTheName) {
  Honesty honesty;
  (void)honesty.OnNx(kWho, NameOf(1));
  honesty.OnNodata(kOther, NameOf(1));
  honesty.OnNodata(kOther, NameOf(2));
  Tell('p', NameOf(1), &honesty);
  Tell('p', NameOf(2), &honesty);
  EXPECT_EQ(honesty.StateOf(kWho), State::kBroken);
  EXPECT_EQ(honesty.StateOf(kOther), State::kHonest);
  EXPECT_THAT(changed_, testing::ElementsAre(kWho, kOther));
}

TEST_F(HonestyTest, OneServerIsJudgedByZone) {
  Honesty honesty;
  (void)honesty.OnNx({.zone = 1, .server = 4}, NameOf(1));
  Tell('p', NameOf(1), &honesty);
  EXPECT_EQ(honesty.StateOf({.zone = 1, .server = 4}), State::kBroken);
  EXPECT_EQ(honesty.StateOf({.zone = 2, .server = 4}), State::kUnknown);
}

// Names of 4,096 open blocks, parked and held ones, stay known.
TEST_F(HonestyTest, RemembersTheLastThousandsOfNames) {
  Honesty honesty;
  for (int i = 0; i < 100000; ++i) {
    (void)honesty.OnNx({.zone = static_cast<uint32_t>(i), .server = 0},
                       NameOf(i));
  }
  int found = 0;
  for (int i = 0; i < 100000; ++i) Tell('p', NameOf(i), &honesty);
  for (int i = 100000 - 4096; i < 100000; ++i) {
    const ZoneServer who = {.zone = static_cast<uint32_t>(i), .server = 0};
    found += honesty.StateOf(who) == State::kBroken ? 1 : 0;
  }
  EXPECT_GT(found, 4085);
  EXPECT_LT(changed_.size(), 33000);
}

TEST_F(HonestyTest, WhatAnEarlierScanFoundIsAssumedUnlessItIsKnownBetter) {
  Honesty honesty;
  honesty.Assume(kWho, State::kUnknown);
  EXPECT_EQ(honesty.StateOf(kWho), State::kUnknown);
  honesty.Assume(kWho, State::kHonest);
  EXPECT_EQ(honesty.StateOf(kWho), State::kHonest);
  EXPECT_EQ(honesty.StateOf(kOther), State::kUnknown);
  Tell('x', NameOf(1), &honesty);
  Tell('p', NameOf(1), &honesty);
  EXPECT_EQ(honesty.StateOf(kWho), State::kBroken);
  honesty.Assume(kWho, State::kHonest);
  EXPECT_EQ(honesty.StateOf(kWho), State::kBroken);
}

}  // namespace
}  // namespace scanner
