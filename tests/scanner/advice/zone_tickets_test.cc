// One ticket for each zone, for all of its addresses.
#include "scanner/advice/zone_tickets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/scanner/advice/row_builder.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;
using io::Status;
using testing::HasSubstr;
using enum io::ForwardOutcome;

constexpr absl::string_view kZone = "2.0.192.in-addr.arpa";

TEST(ZoneTicketsTest, OneForAZoneWithAllItsAddresses) {
  RowBuilder first("192.0.2.10", Status::kMismatch);
  first.Zone(kZone)
      .Ptr({"a.example.com"})
      .Forward("a.example.com", kDiffers, {"192.0.2.9"})
      .Expect("b.example.com");
  RowBuilder second("192.0.2.11", Status::kNoPtr, Cause::kNxdomain);
  second.Zone(kZone, "ns1.example.net", "hostmaster.example.net")
      .Expect("c.example.com")
      .Flag(Flag::kExpectedReady)
      .At(1795698865000000);
  RowBuilder pass("192.0.2.12", Status::kPass);
  pass.Zone(kZone).Ptr({"d.example.com"}).Confirmed("d.example.com");
  ZoneTickets tickets;
  for (const RowBuilder* row : {&first, &second, &pass}) {
    tickets.Add(row->Reading());
  }
  const std::vector<ZoneTicket> all = tickets.Finish();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, TicketKind::kRecords);
  EXPECT_EQ(all[0].zone, kZone);
  EXPECT_EQ(all[0].addresses, 2u);
  EXPECT_EQ(all[0].actor, Actor::kForwardOrReverseOwner);
  EXPECT_THAT(all[0].where, HasSubstr("hostmaster@example.net"));
  EXPECT_EQ(
      all[0].text,
      "Subject: Reverse DNS (PTR) for 2 addresses in 2.0.192.in-addr.arpa\n"
      "2 addresses in reverse zone 2.0.192.in-addr.arpa (SOA ns1.example.net "
      "hostmaster.example.net). Seen 2026-11-26 13:12:45 UTC to 2026-11-26 "
      "13:14:25 UTC:\n"
      "  192.0.2.10 -> a.example.com -> 192.0.2.9: the name does not lead "
      "back.\n"
      "  192.0.2.11 has no PTR record; the denial comes from zone "
      "2.0.192.in-addr.arpa.\n"
      "Please set\n"
      "  10.2.0.192.in-addr.arpa. PTR b.example.com.\n"
      "  11.2.0.192.in-addr.arpa. PTR c.example.com.\n"
      "Please remove\n"
      "  10.2.0.192.in-addr.arpa. PTR a.example.com.\n"
      "Forward records\n"
      "  b.example.com A 192.0.2.10: we add it first\n"
      "  c.example.com A 192.0.2.11: exists\n"
      "Check each with\n"
      "  dig -x ADDRESS +short    must print only the name above\n");
}

TEST(ZoneTicketsTest, OfARegistrysZoneEachBlockIsAskedForOnce) {
  ZoneTickets tickets;
  for (const absl::string_view ip : {"192.0.2.10", "192.0.2.11", "192.0.3.1"}) {
    RowBuilder row(ip, Status::kUndelegated, Cause::kNxdomain);
    tickets.Add(
        row.Zone("192.in-addr.arpa", "z.arin.net", "d.arin.net").Reading());
  }
  const std::vector<ZoneTicket> all = tickets.Finish();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].actor, Actor::kRegistry);
  EXPECT_EQ(all[0].where, "ARIN: usually ARIN Online");
  EXPECT_THAT(all[0].text,
              testing::EndsWith("Please delegate 2.0.192.in-addr.arpa to <name "
                                "servers you choose>. (2 addresses)\n"
                                "Please delegate 3.0.192.in-addr.arpa to <name "
                                "servers you choose>. (1 address)\n"));
}

TEST(ZoneTicketsTest, RequestsOfDifferentKindsStayApart) {
  ZoneTickets tickets;
  RowBuilder failed("192.0.2.10", Status::kReverseError, Cause::kServfail);
  tickets.Add(failed.Zone(kZone).Reading());
  RowBuilder missing("192.0.2.11", Status::kNoPtr, Cause::kNxdomain);
  tickets.Add(missing.Zone(kZone).Reading());
  const std::vector<ZoneTicket> all = tickets.Finish();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, TicketKind::kRecords);
  EXPECT_EQ(all[1].kind, TicketKind::kRepair);
  EXPECT_THAT(all[1].text,
              HasSubstr("The name servers of 2.0.192.in-addr.arpa fail: the "
                        "server failed (SERVFAIL). Please repair them or the "
                        "delegation.\n"));
}

TEST(ZoneTicketsTest, OfTooManyAddressesTheRestAreCounted) {
  ZoneTickets tickets(2);
  for (int i = 1; i <= 4; ++i) {
    RowBuilder row(absl::StrCat("192.0.2.", i), Status::kNoPtr,
                   Cause::kNxdomain);
    tickets.Add(row.Zone(kZone).Reading());
  }
  const std::string text = tickets.Finish()[0].text;
  EXPECT_THAT(text, HasSubstr("4 addresses in reverse zone"));
  EXPECT_THAT(text, HasSubstr("  and 2 more, which are not listed here\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("192.0.2.3")));
}

}  // namespace
}  // namespace scanner
