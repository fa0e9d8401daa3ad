// The ticket of VERDICTS.md 9.1, for one address.
#include "scanner/advice/ticket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scanner/advice/row_builder.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;
using io::Status;
using testing::HasSubstr;
using testing::Not;
using enum io::ForwardOutcome;

std::string TicketOf(const RowBuilder& row) {
  return TicketText(row.Reading());
}

TEST(TicketTest, AsksForTheRecord) {
  RowBuilder row("192.0.2.10", Status::kNoPtr, Cause::kNxdomain);
  row.Zone("2.0.192.in-addr.arpa", "ns1.example.net", "hostmaster.example.net")
      .Expect("mail.example.com");
  EXPECT_EQ(
      TicketOf(row),
      "Subject: Reverse DNS (PTR) for 192.0.2.10\n"
      "192.0.2.10 is in reverse zone 2.0.192.in-addr.arpa (SOA "
      "ns1.example.net hostmaster.example.net).\nSeen 2026-11-26 13:12:45 "
      "UTC: 192.0.2.10 has no PTR record; the denial comes from zone "
      "2.0.192.in-addr.arpa.\n"
      "Please set      10.2.0.192.in-addr.arpa. PTR mail.example.com.\n"
      "                (in zone 2.0.192.in-addr.arpa: 10 PTR "
      "mail.example.com.)\n"
      "Forward record  mail.example.com A 192.0.2.10: we add it first\n"
      "Check           dig -x 192.0.2.10 +short    must print only    "
      "mail.example.com.\n");
  row.Flag(Flag::kExpectedReady);
  EXPECT_THAT(TicketOf(row), HasSubstr("A 192.0.2.10: exists\n"));
}

TEST(TicketTest, AsksForOtherNamesToGo) {
  RowBuilder row("192.0.2.10", Status::kPass);
  row.Ptr({"a.example.com", "mail.example.com", "z.example.com"})
      .Confirmed("mail.example.com")
      .Forward("a.example.com", kNxdomain)
      .Forward("mail.example.com", kConfirmed, {"192.0.2.10"})
      .Forward("z.example.com", kNxdomain)
      .Expect("mail.example.com");
  EXPECT_EQ(TicketOf(row), "");  // a pass, as expected
  row.Flag(Flag::kUnexpectedName);
  const std::string ticket = TicketOf(row);
  EXPECT_THAT(ticket, HasSubstr("192.0.2.10 is in the reverse zone of "
                                "192.0.2.0/24.\nSeen "));
  EXPECT_THAT(ticket,
              HasSubstr("Please remove   a.example.com., z.example.com.\n"));
  EXPECT_THAT(ticket, HasSubstr("mail.example.com A 192.0.2.10: exists\n"));
  EXPECT_THAT(ticket, Not(HasSubstr("(in ")));
}

TEST(TicketTest, WhereNoPtrIsWantedAllAreToGoAndNothingElse) {
  RowBuilder row("192.0.2.10", Status::kMismatch);
  row.Ptr({"a.example.com", "b.example.com"})
      .Expect("-")
      .Flag(Flag::kUnexpectedName);
  const std::string ticket = TicketOf(row);
  EXPECT_THAT(ticket, testing::EndsWith("\nPlease remove   a.example.com., "
                                        "b.example.com.\n"));
  EXPECT_THAT(ticket, Not(HasSubstr("Please set")));
  RowBuilder wanted("192.0.2.10", Status::kNoPtr, Cause::kNxdomain);
  EXPECT_EQ(TicketOf(wanted.Expect("-")), "");
}

TEST(TicketTest, ARecordBehindAnAliasIsSetAtItsEnd) {
  RowBuilder row("192.0.2.10", Status::kNoPtr, Cause::kDanglingCname);
  row.Zone("0-127.2.0.192.in-addr.arpa")
      .Chain({"10.0-127.2.0.192.in-addr.arpa"});
  EXPECT_THAT(
      TicketOf(row),
      HasSubstr(
          "Please set      10.0-127.2.0.192.in-addr.arpa. PTR <host "
          "name>.\n                (in zone 0-127.2.0.192.in-addr.arpa: 10 PTR "
          "<host name>.)\n"));
  RowBuilder unknown("192.0.2.10", Status::kNoPtr, Cause::kDanglingCname);
  unknown.Zone("0-127.2.0.192.in-addr.arpa").Flag(Flag::kCnameChain);
  EXPECT_THAT(TicketOf(unknown),
              HasSubstr("Please set      <the alias of "
                        "10.2.0.192.in-addr.arpa> PTR <host name>.\n"));
}

TEST(TicketTest, TheZoneMayBeKnownByItsSoaAlone) {
  RowBuilder row("192.0.2.10", Status::kMismatch);
  row.Ptr({"a.example.com"})
      .Forward("a.example.com", kDiffers, {"192.0.2.9"})
      .Expect("b.example.com");
  row.facts().soa = {.owner = *dnswire::Name::Parse("2.0.192.in-addr.arpa"),
                     .mname = *dnswire::Name::Parse("ns1.example.net"),
                     .rname = *dnswire::Name::Parse("h.example.net")};
  EXPECT_THAT(TicketOf(row),
              HasSubstr("192.0.2.10 is in reverse zone 2.0.192.in-addr.arpa "
                        "(SOA ns1.example.net h.example.net).\nSeen"));
  EXPECT_THAT(TicketOf(row), HasSubstr("(in zone 2.0.192.in-addr.arpa: 10 PTR "
                                       "b.example.com.)\n"));
}

TEST(TicketTest, AnOwnerThatIsNotInTheZoneIsNamedInFull) {
  RowBuilder row("192.0.2.10", Status::kNoPtr, Cause::kDanglingCname);
  row.Zone("2.0.192.in-addr.arpa").Chain({"10.rev.example.net"});
  EXPECT_THAT(
      TicketOf(row),
      HasSubstr("(in zone 2.0.192.in-addr.arpa: 10.rev.example.net. PTR "
                "<host name>.)\n"));
}

TEST(TicketTest, TheRegistryIsAskedForTheDelegation) {
  RowBuilder row("192.0.2.10", Status::kUndelegated, Cause::kNxdomain);
  row.Zone("192.in-addr.arpa");
  EXPECT_EQ(TicketOf(row),
            "Subject: Reverse DNS (PTR) for 192.0.2.0/24\n"
            "192.0.2.10 is in the registry's zone 192.in-addr.arpa.\nSeen "
            "2026-11-26 13:12:45 UTC: No reverse zone is delegated for "
            "192.0.2.0/24: the denial comes from the registry's zone "
            "192.in-addr.arpa.\n"
            "Please delegate 2.0.192.in-addr.arpa to <name servers you "
            "choose>.\n");
  RowBuilder v6("2001:db8:1:2::3", Status::kUndelegated, Cause::kNxdomain);
  EXPECT_THAT(TicketOf(v6),
              HasSubstr("Please delegate 1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa to"));
}

TEST(TicketTest, ServersThatFailAreToBeRepaired) {
  RowBuilder row("192.0.2.10", Status::kReverseError, Cause::kServfail);
  row.Zone("2.0.192.in-addr.arpa");
  EXPECT_THAT(
      TicketOf(row),
      testing::EndsWith("\nThe name servers of 2.0.192.in-addr.arpa fail: the "
                        "server failed (SERVFAIL). Please repair them or the "
                        "delegation.\n"));
  const std::vector<std::string> servers = {
      "ns1.example.net/192.0.2.53=refused", "ns2.example.net=unresolvable"};
  row.facts().failing_servers = servers;
  EXPECT_THAT(TicketOf(row),
              HasSubstr("fail: ns1.example.net/192.0.2.53=refused, "
                        "ns2.example.net=unresolvable. Please"));
}

TEST(TicketTest, OfAZoneKnownToFailEvenATimeoutIsForItsOperator) {
  RowBuilder row("192.0.2.10", Status::kReverseTimeout, Cause::kTimeout);
  EXPECT_EQ(TicketOf(row), "");
  const std::vector<std::string> servers = {"ns1.example.net=unresolvable"};
  row.facts().failing_servers = servers;
  EXPECT_THAT(TicketOf(row),
              HasSubstr("The name servers of the zone of 192.0.2.0/24 fail: "
                        "ns1.example.net=unresolvable."));
}

TEST(TicketTest, WhatIsOursToMendNeedsNone) {
  const struct {
    Status status;
    Cause cause;
    bool zone;
    bool ticket;
  } cases[] = {
      {Status::kReverseError, Cause::kResolverRefused, true, false},
      {Status::kReverseError, Cause::kBlocked, true, false},
      {Status::kReverseTimeout, Cause::kUnreachable, true, false},
      {Status::kReverseTimeout, Cause::kUnmatched, true, false},
      // Whether it was the zone or the resolver nobody knows.
      {Status::kReverseTimeout, Cause::kTimeout, false, false},
      {Status::kReverseTimeout, Cause::kTimeout, true, true},
      {Status::kReverseTimeout, Cause::kAllNsUnreachable, false, true},
      {Status::kForwardError, Cause::kServfail, true, false},
      {Status::kSkipped, Cause::kBudget, false, false},
      {Status::kPass, Cause::kNone, false, false},
      {Status::kUnconfirmed, Cause::kNone, false, false},
  };
  for (const auto& c : cases) {
    RowBuilder row("192.0.2.10", c.status, c.cause);
    if (c.zone) row.Zone("2.0.192.in-addr.arpa");
    if (c.status == Status::kForwardError || c.status == Status::kPass ||
        c.status == Status::kUnconfirmed) {
      row.Ptr({"a.example.com"});
    }
    EXPECT_EQ(!TicketOf(row).empty(), c.ticket)
        << io::StatusName(c.status) << " " << io::CauseName(c.cause);
  }
  RowBuilder local("10.0.0.1", Status::kNoPtr, Cause::kNxdomain);
  EXPECT_EQ(TicketOf(local.Flag(Flag::kLocalZone)), "");
}

}  // namespace
}  // namespace scanner
