// What to do about each verdict and flag, serials, the list of servers.
#include "scanner/audit/zone_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scanner/audit/audit_builder.h"

namespace scanner {
namespace {

using io::Cause;
using testing::ElementsAre;
using testing::HasSubstr;
using enum ServerResult;

ZoneRow RowOf(const ZoneEvidence& evidence) {
  return {.prefix = *dnswire::IpPrefix::Parse("192.0.2.0/24"),
          .evidence = evidence,
          .judgement = JudgeZone(evidence)};
}

TEST(ZoneRowTest, SaysWhatToDoAboutEachVerdict) {
  const struct {
    std::vector<ServerEvidence> servers;
    const char* fix;
  } cases[] = {
      {{ServerOf(1, kOk)}, ""},
      {{ServerOf(1, kOk), ServerOf(2, kNotAuth), ServerOf(3, kUnresolvable)},
       "Repair or remove ns2.example.net and ns3.example.net."},
      {{ServerOf(1, kNotAuth), ServerOf(2, kNotAuth), ServerOf(3, kTimeout)},
       "ns1.example.net, ns2.example.net and ns3.example.net do not serve "
       "2.0.192.in-addr.arpa: load it there or change the delegation at "
       "192.in-addr.arpa."},
      {{ServerOf(1, kTimeout)}, "ns1.example.net does not answer."},
      {{ServerOf(1, kUnresolvable)},
       "Correct the NS names of 2.0.192.in-addr.arpa at 192.in-addr.arpa."},
      {{ServerOf(1, kSpecialUse)},
       "The servers of 2.0.192.in-addr.arpa are in special-use address space: "
       "use --allow-special-servers to ask them."},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(FixText(RowOf(ZoneWith(c.servers))), c.fix);
  }
  EXPECT_EQ(FixText(RowOf({.kind = ZoneEvidence::Kind::kAbsent})),
            "Register name servers for 192.0.2.0/24.");
  EXPECT_EQ(FixText(RowOf({.kind = ZoneEvidence::Kind::kFailed,
                           .parent = "192.in-addr.arpa",
                           .cause = Cause::kTimeout})),
            "Run again; then check the servers of 192.in-addr.arpa.");
  EXPECT_THAT(FixText(RowOf({.kind = ZoneEvidence::Kind::kFailed,
                             .cause = Cause::kNodata})),
              HasSubstr("lie deeper"));
  ZoneEvidence local = ZoneWith({ServerOf(1, kOk)});
  local.soa = SoaOf(local.zone, "localhost", "nobody.invalid");
  EXPECT_EQ(FixText(RowOf(local)), "Use --iterative to see the public DNS.");
}

TEST(ZoneRowTest, SaysWhatToDoAboutFlagsThatWarn) {
  ZoneEvidence zone = ZoneWith({ServerOf(1, kOk), ServerOf(2, kUnresolvable)});
  zone.apex_ns = {"ns1.example.net"};
  zone.servers[0].no_tcp = true;  // info: no sentence
  EXPECT_THAT(
      FlagTexts(RowOf(zone)),
      ElementsAre("Make both NS sets the same: 192.in-addr.arpa has "
                  "ns1.example.net and ns2.example.net, the zone itself "
                  "ns1.example.net.",
                  "Give ns2.example.net an address or remove it; a free name "
                  "can be taken over."));
  ZoneEvidence odd = ZoneWith({ServerOf(1, kOk)});
  odd.odd_soa = odd.denies_empty = true;
  EXPECT_THAT(FlagTexts(RowOf(odd)),
              ElementsAre("Add a second name server.", HasSubstr("RFC 8020"),
                          HasSubstr("SOA of a zone above")));
}

TEST(ZoneRowTest, SerialsAreComparedInACircle) {
  const struct {
    std::vector<uint32_t> serials;
    uint32_t oldest, newest;
  } cases[] = {
      {{7}, 7, 7},
      {{7, 5}, 5, 7},
      {{0xfffffff0, 3, 0xfffffffe}, 0xfffffff0, 3},
      {{0, 0x7fffffff}, 0, 0x7fffffff},
  };
  for (const auto& c : cases) {
    ZoneEvidence zone;
    for (const uint32_t serial : c.serials) {
      zone.servers.push_back(ServerOf(1, kOk));
      zone.servers.back().serial = serial;
    }
    EXPECT_EQ(SerialRange(zone), std::pair(c.oldest, c.newest));
  }
  EXPECT_EQ(SerialRange(ZoneWith({ServerOf(1, kTimeout)})), std::nullopt);
}

TEST(ZoneRowTest, ListsEachServerWithItsResult) {
  EXPECT_THAT(
      ServerTexts(ZoneWith({ServerOf(1, kOk), ServerOf(2, kUnresolvable),
                            ServerOf(3, kError, Cause::kRefused)})),
      ElementsAre("ns1.example.net/192.0.2.1=ok",
                  "ns2.example.net=unresolvable",
                  "ns3.example.net/192.0.2.3=refused"));
}

}  // namespace
}  // namespace scanner
