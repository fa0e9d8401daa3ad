#include "scanner/reuse/zone_serials.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

class ZoneSerialsTest : public testing::Test {
 protected:
  static dnswire::Name Name(const std::string& text) {
    return *dnswire::Name::Parse(text);
  }
  void Soa(ZoneSerials* serials, const std::string& apex, uint32_t serial,
           int64_t now_us, const std::string& server = "192.0.2.1") {
    const dnswire::Name zone = Name(apex);
    const dnswire::Name mname = Name("ns.example");
    const dnswire::Name rname = Name("root.example");
    serials->NoteSoa({.apex = zone,
                      .mname = mname,
                      .rname = rname,
                      .serial = serial,
                      .server = *io::Endpoint::Parse(server),
                      .now_us = now_us});
  }

  static std::vector<SeenZone> All(const ZoneSerials& serials) {
    std::vector<SeenZone> zones;
    serials.ForEach([&zones](const SeenZone& zone) { zones.push_back(zone); });
    return zones;
  }

  ZoneSerials one_;
  ZoneSerials two_;
};

TEST_F(ZoneSerialsTest, TheSerialStandsSinceItWasFirstSeen) {
  Soa(&one_, "a.example", 5, 100);
  Soa(&one_, "a.example", 5, 200, "192.0.2.2");
  const auto zones = All(one_);
  ASSERT_EQ(zones.size(), 1u);
  EXPECT_EQ(zones[0].serial, 5u);
  ASSERT_EQ(zones[0].servers.size(), 2u);
  EXPECT_EQ(zones[0].servers[0].since_us, 100);
  EXPECT_EQ(zones[0].servers[1].since_us, 200);
  EXPECT_FALSE(zones[0].serial_moved);
}

TEST_F(ZoneSerialsTest, TwoSerialsInOneScanAreNoneToGoBy) {
  Soa(&one_, "a.example", 5, 100);
  Soa(&one_, "a.example", 6, 200);
  Soa(&one_, "a.example", 5, 300);
  EXPECT_TRUE(All(one_)[0].serial_moved);
  EXPECT_FALSE(MayGoBy(All(one_)[0]));
}

TEST_F(ZoneSerialsTest, TwoEnginesAreMerged) {
  Soa(&one_, "a.example", 5, 300);
  Soa(&two_, "a.example", 5, 200);
  Soa(&two_, "b.example", 1, 400);
  one_.NoteRow(Name("a.example"), false);
  two_.NoteRow(Name("a.example"), true);
  two_.NoteBroken(Name("b.example"));
  one_.Merge(two_);
  const auto zones = All(one_);
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].servers[0].since_us, 200);
  EXPECT_EQ(zones[0].rows, 2u);
  EXPECT_EQ(zones[0].reused, 1u);
  EXPECT_FALSE(zones[0].serial_moved);
  EXPECT_TRUE(zones[1].ent_broken);
  Soa(&two_, "a.example", 6, 500);
  one_.Merge(two_);
  EXPECT_TRUE(All(one_)[0].serial_moved);
}

TEST_F(ZoneSerialsTest, DifferentSerialsOfTwoEnginesToo) {
  Soa(&one_, "a.example", 5, 300);
  Soa(&two_, "a.example", 6, 200);
  one_.Merge(two_);
  EXPECT_TRUE(All(one_)[0].serial_moved);
}

TEST_F(ZoneSerialsTest, AnUnchangedZoneIsAsOldAsItWas) {
  Soa(&one_, "a.example", 5, 50);
  Soa(&two_, "a.example", 5, 100);
  Soa(&two_, "a.example", 5, 110, "192.0.2.2");
  two_.NoteUnchanged(All(one_)[0]);
  const auto zones = All(two_);
  EXPECT_EQ(zones[0].servers[0].since_us, 50);
  EXPECT_EQ(zones[0].servers[1].since_us, 110);
}

TEST_F(ZoneSerialsTest, AServerThatOnlyAnsweredIsToBeAskedOnce) {
  const auto first = *io::Endpoint::Parse("192.0.2.1");
  const auto second = *io::Endpoint::Parse("192.0.2.2");
  for (int i = 1; i < 100; ++i) {
    EXPECT_EQ(one_.NoteAnswer(Name("a.example"), first),
              i == ZoneSerials::kFewAnswers);
  }
  Soa(&one_, "a.example", 1, 1);
  EXPECT_FALSE(one_.NoteAnswer(Name("a.example"), first));
  Soa(&two_, "a.example", 1, 1);
  for (int i = 1; i < 100; ++i) {
    EXPECT_FALSE(two_.NoteAnswer(Name("a.example"), first));
    EXPECT_EQ(two_.NoteAnswer(Name("a.example"), second),
              i == ZoneSerials::kFewAnswers);
  }
  EXPECT_EQ(All(two_)[0].servers[0].since_us, 1);
  EXPECT_EQ(All(two_)[0].servers[1].since_us, 0);
}

// A million zones of an address each take no memory.
TEST_F(ZoneSerialsTest, ZonesOfFewAnswersAreNotNoted) {
  const auto server = *io::Endpoint::Parse("192.0.2.1");
  int asked = 0;
  for (int i = 0; i < 1000000; ++i) {
    const dnswire::Name name = Name(absl::StrCat("z", i, ".example"));
    asked += one_.NoteAnswer(name, server) ? 1 : 0;
    one_.NoteRow(name, false);
  }
  EXPECT_LT(asked, 100);  // chance: others with the same counter
  EXPECT_EQ(All(one_).size(), static_cast<size_t>(asked));
}

TEST_F(ZoneSerialsTest, NorAreThoseWhoseSerialComesWithAFewDenials) {
  const dnswire::Name name = Name("a.example");
  for (int i = 1; i < 20; ++i) {
    one_.NoteSoa({.apex = name,
                  .mname = name,
                  .rname = name,
                  .serial = 1,
                  .server = *io::Endpoint::Parse("192.0.2.1"),
                  .now_us = i,
                  .of_leaf = true});
    EXPECT_EQ(one_.empty(), i < ZoneSerials::kFewAnswers);
  }
  EXPECT_EQ(All(one_)[0].servers[0].since_us, ZoneSerials::kFewAnswers);
}

TEST_F(ZoneSerialsTest, CountsLiarsThatHaveRows) {
  one_.NoteLies(Name("a.example"));
  one_.NoteLies(Name("b.example"));
  one_.NoteRow(Name("b.example"), false);
  EXPECT_EQ(one_.lying(), 1u);
}

TEST_F(ZoneSerialsTest, HonestyIsThatOfOneServer) {
  Soa(&one_, "a.example", 1, 1);
  one_.NoteHonest(Name("a.example"), *io::Endpoint::Parse("192.0.2.2"),
                  Honesty::State::kSigned);
  two_.Merge(one_);
  const auto zones = All(two_);
  EXPECT_EQ(zones[0].servers[0].honesty, Honesty::State::kUnknown);
  EXPECT_EQ(zones[0].servers[1].honesty, Honesty::State::kSigned);
  EXPECT_EQ(zones[0].servers[0].since_us, 1);
}

TEST_F(ZoneSerialsTest, NamesAreInTheOrderOfDnssec) {
  for (const char* apex : {"9.10.in-addr.arpa", "example", "10.in-addr.arpa"}) {
    Soa(&one_, apex, 1, 1);
  }
  const auto zones = All(one_);
  ASSERT_EQ(zones.size(), 3u);
  EXPECT_EQ(NameOfWire(zones[0].apex).ToText(), "10.in-addr.arpa");
  EXPECT_EQ(NameOfWire(zones[1].apex).ToText(), "9.10.in-addr.arpa");
  EXPECT_EQ(NameOfWire(zones[2].apex).ToText(), "example");
}

TEST_F(ZoneSerialsTest, ThereIsRoomForSoManyZones) {
  for (size_t i = 0; i <= ZoneSerials::kMaxZones; ++i) {
    one_.NoteLies(Name(absl::StrCat("z", i, ".example")));
  }
  EXPECT_EQ(All(one_).size(), ZoneSerials::kMaxZones);
}

}  // namespace
}  // namespace scanner
