#include "tools/since/zone_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"

namespace tools {
namespace {

using testing::HasSubstr;

constexpr absl::string_view kHeader =
    "apex,serial,mname,rname,flags,servers,rows,reused\n";
constexpr absl::string_view kFull =
    "2.0.192.in-addr.arpa,4294967295,ns1.example.net,hostmaster.example.net,"
    "ent_broken serial_lies,192.0.2.53=2026-11-25T22:14:09.000001Z=honest "
    "[2001:db8::1]:5353= 192.0.2.54==signed,256,12\n";
constexpr absl::string_view kUnknown = "10.in-addr.arpa,,,,,,1,0\n";

TEST(ZoneFileTest, WhatIsWrittenIsReadAgain) {
  const std::string text = absl::StrCat(kHeader, kUnknown, kFull);
  const auto zones = ParseZones(text, "file");
  ASSERT_TRUE(zones.ok()) << zones.status();
  ASSERT_EQ(zones->size(), 2u);
  const scanner::SeenZone& zone = (*zones)[1];
  EXPECT_EQ(zone.serial, 4294967295u);
  EXPECT_TRUE(zone.ent_broken && zone.serial_lies && !zone.serial_moved);
  ASSERT_EQ(zone.servers.size(), 3u);
  EXPECT_NE(zone.servers[0].since_us, 0);
  EXPECT_EQ(zone.servers[0].honesty, scanner::Honesty::State::kHonest);
  EXPECT_EQ(zone.servers[1].since_us, 0);
  EXPECT_EQ(zone.rows, 256u);
  EXPECT_EQ(zone.reused, 12u);
  EXPECT_FALSE((*zones)[0].serial.has_value());
  scanner::ZoneSerials again;
  for (const scanner::SeenZone& each : *zones) again.Add(each);
  EXPECT_EQ(FormatZones(again), text);
}

TEST(ZoneFileTest, FaultsAreNamedWithTheirLine) {
  struct Case {
    std::string text;
    const char* error;
  };
  const Case cases[] = {
      {"", "file:1: not a zone table"},
      {"ip,status\n", "file:1: not a zone table"},
      {absl::StrCat(kHeader, "10.in-addr.arpa,1\n"), "file:2: 2 fields, not 8"},
      {absl::StrCat(kHeader, kUnknown, "a..b,,,,,,1,0\n"), "file:3: bad apex"},
      {absl::StrCat(kHeader, ",,,,,,1,0\n"), "file:2: bad apex"},
      {absl::StrCat(kHeader, "a,x,n,r,,,1,0\n"), "file:2: bad serial"},
      {absl::StrCat(kHeader, "a,4294967296,n,r,,,1,0\n"), "file:2: bad serial"},
      {absl::StrCat(kHeader, "a,1,,r,,,1,0\n"), "file:2: bad mname"},
      {absl::StrCat(kHeader, "a,1,n,,,,1,0\n"), "file:2: bad rname"},
      {absl::StrCat(kHeader, "a,,,,odd,,1,0\n"), "file:2: bad flags"},
      {absl::StrCat(kHeader, "a,,,,,here=,1,0\n"), "file:2: bad servers"},
      {absl::StrCat(kHeader, "a,,,,,::1,1,0\n"), "file:2: bad servers"},
      {absl::StrCat(kHeader, "a,,,,,::1=now,1,0\n"), "file:2: bad servers"},
      {absl::StrCat(kHeader, "a,,,,,::1==odd,1,0\n"), "file:2: bad servers"},
      {absl::StrCat(kHeader, "a,,,,,,many,0\n"), "file:2: bad rows"},
      {absl::StrCat(kHeader, "a,,,,,,1,-1\n"), "file:2: bad reused"},
      {absl::StrCat(kHeader, "\"a\n"), "file:2: "},
  };
  for (const Case& c : cases) {
    const auto zones = ParseZones(c.text, "file");
    ASSERT_FALSE(zones.ok()) << c.text;
    EXPECT_THAT(std::string(zones.status().message()), HasSubstr(c.error));
  }
}

TEST(ZoneFileTest, StandsBesideTheRows) {
  EXPECT_EQ(ZonesPathOf("night/rows.parquet"), "night/rows.parquet.zones.csv");
}

TEST(ZoneFileTest, ReplacesAndRemovesOnlyItsOwn) {
  const testing_support::TempFolder folder;
  const std::string path = folder.Path("rows.csv.zones.csv");
  EXPECT_TRUE(CheckZonesPath(path).ok());
  EXPECT_TRUE(RemoveZones(path).ok());
  testing_support::WriteFileOctets(path, "somebody's\n");
  EXPECT_THAT(std::string(CheckZonesPath(path).message()),
              HasSubstr("would replace it"));
  EXPECT_TRUE(RemoveZones(path).ok());
  EXPECT_EQ(testing_support::ReadFileOctets(path), "somebody's\n");
  ASSERT_TRUE(WriteZones(path, {}).ok());
  EXPECT_TRUE(CheckZonesPath(path).ok());
  EXPECT_TRUE(RemoveZones(path).ok());
  EXPECT_FALSE(ReadZones(path).ok());
}

}  // namespace
}  // namespace tools
