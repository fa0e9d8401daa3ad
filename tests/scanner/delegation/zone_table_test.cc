#include "scanner/delegation/zone_table.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "scanner/delegation/host_table.h"
#include "scanner/delegation/suffix_hashes.h"

namespace scanner {
namespace {

using io::kSecond;

constexpr uint64_t kKey = 1;

dnswire::Name N(absl::string_view text) { return *dnswire::Name::Parse(text); }

ZoneIndex Put(ZoneTable* table, absl::string_view apex, io::TimeNs ends_at) {
  Referral referral;
  referral.apex = N(apex);
  referral.hosts.Add(N("ns.example.net"));
  return table->Put(HashOfName(referral.apex, kKey), referral, ends_at);
}

ZoneIndex Find(ZoneTable* table, absl::string_view apex, io::TimeNs now) {
  return table->Find(HashOfName(N(apex), kKey), N(apex), now);
}

TEST(ZoneTableTest, AZoneIsFoundUntilItsTimeIsOver) {
  ZoneTable table(1 << 20);
  const ZoneIndex zone = Put(&table, "2.0.192.in-addr.arpa", 10 * kSecond);
  EXPECT_EQ(Find(&table, "2.0.192.IN-ADDR.arpa", 9 * kSecond), zone);
  EXPECT_EQ(Find(&table, "2.0.192.in-addr.arpa", 10 * kSecond), kNoZone);
  EXPECT_EQ(Find(&table, "0.192.in-addr.arpa", 0), kNoZone);
  EXPECT_EQ(table[zone].host(0).ToText(), "ns.example.net");
}

TEST(ZoneTableTest, KnowsWhetherAnyApexHasSoManyLabels) {
  ZoneTable table(1 << 20);
  EXPECT_FALSE(table.HasAnyAt(2));
  Put(&table, "example.com", 10 * kSecond);
  Put(&table, "example.com", 20 * kSecond);
  Put(&table, "com", 10 * kSecond);
  EXPECT_TRUE(table.HasAnyAt(1));
  EXPECT_TRUE(table.HasAnyAt(2));
  EXPECT_FALSE(table.HasAnyAt(3));
}

TEST(ZoneTableTest, ForgetsHowManyLabelsTheZonesHadThatWent) {
  ZoneTable table(1);  // none but the last stays
  Put(&table, "example.com", io::kNever);
  Put(&table, "com", io::kNever);
  EXPECT_TRUE(table.HasAnyAt(1));
  EXPECT_FALSE(table.HasAnyAt(2));
}

TEST(ZoneTableTest, AReplacedZoneLivesForThoseThatAreInIt) {
  ZoneTable table(1 << 20);
  const ZoneIndex old = Put(&table, "example.com", 10 * kSecond);
  table.Pin(old);
  const ZoneIndex young = Put(&table, "example.com", 20 * kSecond);
  EXPECT_NE(old, young);
  EXPECT_EQ(Find(&table, "example.com", 0), young);
  EXPECT_EQ(table[old].apex().ToText(), "example.com");
  table.Unpin(old);
  EXPECT_EQ(Put(&table, "example.org", 10 * kSecond), old);  // its place
}

TEST(ZoneTableTest, AZoneSetAsideIsNotFoundAndGoesWithItsLastPin) {
  ZoneTable table(1 << 20);
  const ZoneIndex zone = Put(&table, "example.com", 10 * kSecond);
  Referral referral;
  referral.apex = N("example.com");
  const ZoneIndex aside = table.PutAside(referral, 0);
  table.Pin(aside);
  EXPECT_NE(aside, zone);
  EXPECT_EQ(Find(&table, "example.com", 0), zone);
  EXPECT_EQ(table[aside].apex().ToText(), "example.com");
  const size_t octets = table.octets();
  table.Unpin(aside);
  EXPECT_LT(table.octets(), octets);
  EXPECT_EQ(table.PutAside(referral, 0), aside);  // its place
  EXPECT_EQ(Find(&table, "example.com", 0), zone);
}

TEST(ZoneTableTest, StaysWithinItsOctetsAndKeepsWhatIsInUse) {
  constexpr size_t kOctets = 256 << 10;
  ZoneTable table(kOctets);
  const ZoneIndex pinned = Put(&table, "pinned.example", io::kNever);
  table.Pin(pinned);
  const ZoneIndex used = Put(&table, "used.example", io::kNever);
  for (int i = 0; i < 100000; ++i) {
    Put(&table, absl::StrCat("z", i, ".example"), io::kNever);
    ASSERT_EQ(Find(&table, "used.example", 0), used) << i;
  }
  EXPECT_LE(table.octets(), kOctets + 1024);
  EXPECT_GT(table.size(), 500U);
  EXPECT_EQ(Find(&table, "pinned.example", 0), pinned);
  EXPECT_NE(Find(&table, "z99999.example", 0), kNoZone);
  EXPECT_EQ(Find(&table, "z0.example", 0), kNoZone);
}

TEST(HostTableTest, AHostThatIsAskedForKeepsItsPlace) {
  HostTable table(4);
  const HostIndex asked = table.Get(1, N("ns1.example"));
  table[asked].pending = 1;
  for (uint64_t hash = 2; hash < 100; ++hash) {
    ASSERT_NE(table.Get(hash, N("ns2.example")), asked) << hash;
  }
  EXPECT_EQ(table.size(), 4U);
  EXPECT_EQ(table.Get(1, N("ns1.example")), asked);
  for (HostIndex i = 0; i < 4; ++i) table[i].pending = 1;
  EXPECT_EQ(table.Get(100, N("ns3.example")), kNil);
}

}  // namespace
}  // namespace scanner
