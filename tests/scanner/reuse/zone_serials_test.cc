#include "scanner/reuse/zone_serials.h"

#include <gtest/gtest.h>

#include <string>

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

  ZoneSerials one_;
  ZoneSerials two_;
};

TEST_F(ZoneSerialsTest, TheSerialStandsSinceItWasFirstSeen) {
  Soa(&one_, "a.example", 5, 100);
  Soa(&one_, "a.example", 5, 200, "192.0.2.2");
  const auto zones = one_.Sorted();
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
  EXPECT_TRUE(one_.Sorted()[0].serial_moved);
  EXPECT_FALSE(MayGoBy(one_.Sorted()[0]));
}

TEST_F(ZoneSerialsTest, TwoEnginesAreMerged) {
  Soa(&one_, "a.example", 5, 300);
  Soa(&two_, "a.example", 5, 200);
  Soa(&two_, "b.example", 1, 400);
  one_.NoteRow(Name("a.example"), false);
  two_.NoteRow(Name("a.example"), true);
  two_.NoteBroken(Name("b.example"));
  one_.Merge(two_);
  const auto zones = one_.Sorted();
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].servers[0].since_us, 200);
  EXPECT_EQ(zones[0].rows, 2u);
  EXPECT_EQ(zones[0].reused, 1u);
  EXPECT_FALSE(zones[0].serial_moved);
  EXPECT_TRUE(zones[1].ent_broken);
  Soa(&two_, "a.example", 6, 500);
  one_.Merge(two_);
  EXPECT_TRUE(one_.Sorted()[0].serial_moved);
}

TEST_F(ZoneSerialsTest, DifferentSerialsOfTwoEnginesToo) {
  Soa(&one_, "a.example", 5, 300);
  Soa(&two_, "a.example", 6, 200);
  one_.Merge(two_);
  EXPECT_TRUE(one_.Sorted()[0].serial_moved);
}

TEST_F(ZoneSerialsTest, AnUnchangedZoneIsAsOldAsItWas) {
  Soa(&one_, "a.example", 5, 50);
  Soa(&two_, "a.example", 5, 100);
  Soa(&two_, "a.example", 5, 110, "192.0.2.2");
  two_.NoteUnchanged(one_.Sorted()[0]);
  const auto zones = two_.Sorted();
  EXPECT_EQ(zones[0].servers[0].since_us, 50);
  EXPECT_EQ(zones[0].servers[1].since_us, 110);
}

TEST_F(ZoneSerialsTest, AServerThatOnlyAnsweredIsToBeAskedOnce) {
  const auto first = *io::Endpoint::Parse("192.0.2.1");
  const auto second = *io::Endpoint::Parse("192.0.2.2");
  EXPECT_TRUE(one_.NoteAnswer(Name("a.example"), first));
  EXPECT_FALSE(one_.NoteAnswer(Name("a.example"), first));
  Soa(&one_, "a.example", 1, 1);
  EXPECT_FALSE(one_.NoteAnswer(Name("a.example"), first));
  EXPECT_TRUE(one_.NoteAnswer(Name("a.example"), second));
  EXPECT_EQ(one_.Sorted()[0].servers[0].since_us, 1);
  EXPECT_EQ(one_.Sorted()[0].servers[1].since_us, 0);
}

TEST_F(ZoneSerialsTest, HonestyIsThatOfOneServer) {
  Soa(&one_, "a.example", 1, 1);
  one_.NoteHonest(Name("a.example"), *io::Endpoint::Parse("192.0.2.2"),
                  Honesty::State::kSigned);
  two_.Merge(one_);
  const auto zones = two_.Sorted();
  EXPECT_EQ(zones[0].servers[0].honesty, Honesty::State::kUnknown);
  EXPECT_EQ(zones[0].servers[1].honesty, Honesty::State::kSigned);
  EXPECT_EQ(zones[0].servers[0].since_us, 1);
}

TEST_F(ZoneSerialsTest, NamesAreInTheOrderOfDnssec) {
  for (const char* apex : {"9.10.in-addr.arpa", "example", "10.in-addr.arpa"}) {
    Soa(&one_, apex, 1, 1);
  }
  const auto zones = one_.Sorted();
  ASSERT_EQ(zones.size(), 3u);
  EXPECT_EQ(NameOfWire(zones[0].apex).ToText(), "10.in-addr.arpa");
  EXPECT_EQ(NameOfWire(zones[1].apex).ToText(), "9.10.in-addr.arpa");
  EXPECT_EQ(NameOfWire(zones[2].apex).ToText(), "example");
}

TEST_F(ZoneSerialsTest, ThereIsRoomForSoManyZones) {
  for (size_t i = 0; i <= ZoneSerials::kMaxZones; ++i) {
    one_.NoteLies(Name(absl::StrCat("z", i, ".example")));
  }
  EXPECT_EQ(one_.Sorted().size(), ZoneSerials::kMaxZones);
}

}  // namespace
}  // namespace scanner
