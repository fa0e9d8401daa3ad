// VERDICTS.md 2.1: what each status means and what to do, each line of it.
#include "scanner/advice/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/scanner/advice/row_builder.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;
using io::Status;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using enum io::ForwardOutcome;

void Expect(const RowBuilder& builder, absl::string_view explanation,
            absl::string_view fix) {
  const RowReading reading = builder.Reading();
  EXPECT_EQ(ExplanationText(reading), explanation);
  EXPECT_EQ(FixText(reading), fix);
}

constexpr absl::string_view kZone = "2.0.192.in-addr.arpa";

TEST(StatusTextTest, SkippedSaysWhyAndWhatToDo) {
  Expect(RowBuilder("192.0.2.10", Status::kSkipped, Cause::kSpecialUse),
         "192.0.2.10 was not asked: special-purpose address.",
         "Name the block itself as target, or use --include-special.");
}

TEST(StatusTextTest, ReverseTimeout) {
  Expect(RowBuilder("192.0.2.10", Status::kReverseTimeout, Cause::kTimeout),
         "No usable answer to the PTR question for 192.0.2.10: no response. "
         "Whether a PTR exists is unknown.",
         "If other blocks answered, tell the operator of the name servers of "
         "the zone of 192.0.2.0/24; if none did, check your resolver or lower "
         "the rate.");
  RowBuilder direct("192.0.2.10", Status::kReverseTimeout,
                    Cause::kAllNsUnreachable);
  direct.Zone(kZone).Asked(AskedWhom::kAuthorities);
  Expect(direct,
         "No usable answer to the PTR question for 192.0.2.10: no name server "
         "of the zone answered. Whether a PTR exists is unknown.",
         "If other blocks answered, tell the operator of the name servers of "
         "2.0.192.in-addr.arpa; if none did, check your network or lower the "
         "rate.");
  EXPECT_THAT(FixText(RowBuilder("192.0.2.10", Status::kReverseTimeout,
                                 Cause::kUnmatched)
                          .Reading()),
              testing::StartsWith("Look for spoofing or a broken middlebox. "
                                  "If other blocks answered, "));
}

TEST(StatusTextTest, ReverseErrorHasTheFixOfItsCause) {
  Expect(
      RowBuilder("192.0.2.10", Status::kReverseError, Cause::kResolverRefused),
      "The reverse lookup of 192.0.2.10 failed: your resolver refuses you. "
      "Whether a PTR exists is unknown.",
      "Allow this host on the resolver.");
}

TEST(StatusTextTest, UndelegatedIsForTheRegistry) {
  RowBuilder row("192.0.2.10", Status::kUndelegated, Cause::kNxdomain);
  row.Zone("192.in-addr.arpa", "z.arin.net", "dns-ops.arin.net").Ttl(900);
  Expect(row,
         "No reverse zone is delegated for 192.0.2.0/24: the denial comes from "
         "the registry's zone 192.in-addr.arpa.",
         "The holder of 192.0.2.0/24 must register name servers for its "
         "reverse zone. Where: ARIN: usually ARIN Online. Check again after "
         "900 s.");
  RowBuilder v6("2001:db8::1", Status::kUndelegated, Cause::kNxdomain);
  v6.Zone("ip6.arpa");
  EXPECT_THAT(FixText(v6.Reading()),
              EndsWith("Where: ask the holder of 2001:db8::/48 (whois)."));
}

TEST(StatusTextTest, NoPtr) {
  RowBuilder row("192.0.2.10", Status::kNoPtr, Cause::kNxdomain);
  row.Zone(kZone, "ns1.example.net", "hostmaster.example.net").Ttl(3600);
  Expect(row,
         "192.0.2.10 has no PTR record; the denial comes from zone "
         "2.0.192.in-addr.arpa.",
         "First make `<host name>. A 192.0.2.10` exist, then have zone "
         "2.0.192.in-addr.arpa get `10 PTR <host name>.` Where: ask the holder "
         "of 192.0.2.0/24 (whois); the zone names hostmaster@example.net as "
         "its contact and ns1.example.net as its master. Check again after "
         "3600 s.");
  row.Expect("mail.example.com");
  EXPECT_THAT(FixText(row.Reading()),
              testing::StartsWith("First make `mail.example.com. A 192.0.2.10` "
                                  "exist, then have zone 2.0.192.in-addr.arpa "
                                  "get `10 PTR mail.example.com.` Where: "));
  // Without an SOA nobody knows whose denial it was.
  RowBuilder bare("2001:db8::1", Status::kNoPtr, Cause::kNodata);
  Expect(bare, "2001:db8::1 has no PTR record.",
         "First make `<host name>. AAAA 2001:db8::1` exist, then have the zone "
         "of 2001:db8::/48 get "
         "`1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
         "ip6.arpa. PTR <host name>.` Where: ask the holder of 2001:db8::/48 "
         "(whois).");
}

TEST(StatusTextTest, NoPtrThatIsWantedIsLeftAlone) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    RowBuilder row("192.0.2.10", status, Cause::kNxdomain);
    EXPECT_EQ(FixText(row.Expect("-").Reading()), "");
  }
}

TEST(StatusTextTest, ALocalZonesDenialIsNotForTheHolderToMend) {
  RowBuilder row("10.0.0.1", Status::kNoPtr, Cause::kNxdomain);
  row.Zone("10.in-addr.arpa", "localhost", "nobody.invalid")
      .Flag(Flag::kLocalZone);
  EXPECT_EQ(FixText(row.Reading()),
            "Serve this reverse zone yourself, or use --iterative to see the "
            "public DNS.");
}

TEST(StatusTextTest, DanglingCname) {
  RowBuilder row("192.0.2.10", Status::kNoPtr, Cause::kDanglingCname);
  row.Zone("0/25.2.0.192.in-addr.arpa").Chain({"10.0/25.2.0.192.in-addr.arpa"});
  Expect(
      row,
      "The reverse name of 192.0.2.10 is an alias of "
      "10.0\\04725.2.0.192.in-addr.arpa, which has no PTR.",
      "Add `10.0\\04725.2.0.192.in-addr.arpa. PTR <host name>.` in the child "
      "zone 0\\04725.2.0.192.in-addr.arpa; the parent's alias is in place.");
  RowBuilder unknown("192.0.2.10", Status::kNoPtr, Cause::kDanglingCname);
  unknown.Flag(Flag::kCnameChain);
  Expect(unknown,
         "The reverse name of 192.0.2.10 is an alias of a name that has no "
         "PTR.",
         "Add `<the alias of 10.2.0.192.in-addr.arpa> PTR <host name>.` in the "
         "child zone; the parent's alias is in place.");
}

TEST(StatusTextTest, BadNameSaysWhatIsWrongFirst) {
  const struct {
    const char* ptr;
    const char* text;
  } cases[] = {
      {".", "it is the root"},
      {"localhost", "it means \"this machine\""},
      {"10.2.0.192.in-addr.arpa", "it points to itself"},
      {"11.2.0.192.in-addr.arpa", "it is a reverse name"},
      {"mail", "it has no domain"},
      {"192.0.2.10", "it is a number, not a name"},
      {"a.42", "it is a number, not a name"},
      {"a-.example.com", "not a host name, RFC 1123 s2.1"},
      {"mail.corp", "the domain is private or reserved"},
  };
  for (const auto& c : cases) {
    RowBuilder row("192.0.2.10", Status::kBadName);
    Expect(row.Ptr({c.ptr}),
           absl::StrCat("The PTR of 192.0.2.10 is ", c.ptr, ": ", c.text, "."),
           "Replace it by <host name>.");
  }
  RowBuilder more("192.0.2.10", Status::kBadName);
  more.Ptr({"a.local", "b.local", "c.local"}).Expect("mail.example.com");
  Expect(more,
         "The PTR of 192.0.2.10 is a.local (and 2 more): the domain is private "
         "or reserved.",
         "Replace it by mail.example.com.");
}

TEST(StatusTextTest, AForgottenDotIsShownWhereItBelongs) {
  RowBuilder row("192.0.2.10", Status::kBadName);
  row.Ptr({"mail.example.com.2.0.192.in-addr.arpa"});
  Expect(row,
         "The PTR of 192.0.2.10 is mail.example.com.2.0.192.in-addr.arpa: the "
         "final dot was forgotten.",
         "Replace it by <host name>. The zone file lacks the final dot after "
         "mail.example.com.");
}

TEST(StatusTextTest, WhatOnlyTheRowsFlagsTellOfABadNameIsSaid) {
  // The alias that it equals is not among the facts.
  RowBuilder row("192.0.2.10", Status::kBadName);
  row.Ptr({"10.example.net"}).Flag(Flag::kCnameChain).Flag(Flag::kSelfPtr);
  EXPECT_EQ(ExplanationText(row.Reading()),
            "The PTR of 192.0.2.10 is 10.example.net: it points to itself.");
}

TEST(StatusTextTest, Unconfirmed) {
  RowBuilder row("192.0.2.10", Status::kUnconfirmed);
  row.Ptr({"localhost", "mail.example.com"}).Ttl(60);
  Expect(row,
         "192.0.2.10 has the PTR mail.example.com (and 1 more); whether it "
         "leads back was not asked.",
         "");
}

TEST(StatusTextTest, Pass) {
  RowBuilder row("192.0.2.10", Status::kPass);
  row.Ptr({"a.example.com", "b.example.com"})
      .Confirmed("b.example.com")
      .Forward("a.example.com", kDiffers, {"192.0.2.9"})
      .Forward("b.example.com", kConfirmed, {"192.0.2.10"})
      .Ttl(60);
  Expect(row, "192.0.2.10 -> b.example.com -> 192.0.2.10: forward-confirmed.",
         "");
  row.Expect("c.example.com").Flag(Flag::kUnexpectedName);
  EXPECT_EQ(FixText(row.Reading()),
            "Replace the PTR by c.example.com. Check again after 60 s.");
  row.Expect("-");
  EXPECT_EQ(FixText(row.Reading()),
            "Remove the PTR b.example.com (and 1 more). Check again after "
            "60 s.");
}

TEST(StatusTextTest, ForwardErrorNamesTheFirstNameThatFailed) {
  RowBuilder row("192.0.2.10", Status::kForwardError, Cause::kServfail);
  row.Ptr({"a.example.com", "b.example.co.uk", "c.example.com"})
      .Forward("a.example.com", kDiffers, {"192.0.2.9"})
      .Forward("b.example.co.uk", kError, {}, Cause::kServfail)
      .Forward("c.example.com", kError, {}, Cause::kTimeout);
  Expect(row,
         "192.0.2.10 has the PTR b.example.co.uk, but looking up "
         "b.example.co.uk A failed: the server failed (SERVFAIL).",
         "Repair the name servers of example.co.uk, then scan again.");
}

TEST(StatusTextTest, ForwardErrorsThatTheDomainsServersAreNotToBlameFor) {
  const struct {
    Cause cause;
    const char* fix;
  } cases[] = {
      {Cause::kResolverRefused, "Allow this host on the resolver."},
      {Cause::kBlocked, "Use a resolver that does not filter."},
      {Cause::kLoop, "Shorten the alias chain of a.example.com."},
      {Cause::kChainTooLong, "Shorten the alias chain of a.example.com."},
      {Cause::kUnreachable, "Check the route."},
      {Cause::kUnmatched, "Look for spoofing or a broken middlebox."},
  };
  for (const auto& c : cases) {
    RowBuilder row("192.0.2.10", Status::kForwardError, c.cause);
    row.Ptr({"a.example.com"}).Forward("a.example.com", kError, {}, c.cause);
    EXPECT_EQ(FixText(row.Reading()), absl::StrCat(c.fix, " Then scan again."));
  }
}

TEST(StatusTextTest, Mismatch) {
  RowBuilder row("192.0.2.10", Status::kMismatch);
  row.Ptr({"a.example.com", "b.example.com"})
      .Forward("a.example.com", kNxdomain)
      .Forward("b.example.com", kDiffers, {"192.0.2.98", "192.0.2.99"});
  Expect(row,
         "192.0.2.10 -> b.example.com (and 1 more) -> 192.0.2.98, 192.0.2.99: "
         "the name does not lead back.",
         "Add `b.example.com. A 192.0.2.10`, or point the PTR to a name that "
         "has this address.");
  row.Expect("c.example.com").Flag(Flag::kUnexpectedName).Ttl(300);
  EXPECT_EQ(FixText(row.Reading()),
            "Add `b.example.com. A 192.0.2.10`, or point the PTR to a name "
            "that has this address (c.example.com). Check again after 300 s.");
}

TEST(StatusTextTest, OfManyAddressesTheRestAreCounted) {
  RowBuilder row("192.0.2.10", Status::kMismatch);
  row.Ptr({"a.example.com"})
      .Forward("a.example.com", kDiffers,
               {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5",
                "192.0.2.6", "192.0.2.7", "192.0.2.8", "192.0.2.9",
                "192.0.2.11", "192.0.2.12", "192.0.2.13"});
  EXPECT_THAT(ExplanationText(row.Reading()),
              HasSubstr("192.0.2.9, 192.0.2.11 and 2 more: the name"));
}

TEST(StatusTextTest, NoForward) {
  RowBuilder row("2001:db8::1", Status::kNoForward);
  row.Ptr({"a.example.com"}).Forward("a.example.com", kNodata);
  Expect(row,
         "2001:db8::1 has the PTR a.example.com, which has no AAAA record.",
         "Add `a.example.com. AAAA 2001:db8::1`, or point the PTR to a name "
         "that has this address.");
}

TEST(StatusTextTest, TheExpectedNamesOwnLookupIsNotOneOfN) {
  RowBuilder row("192.0.2.10", Status::kNoForward);
  row.Ptr({"a.example.com"})
      .Forward("a.example.com", kNodata)
      .Forward("z.example.com", kDiffers, {"192.0.2.5"})
      .Expect("z.example.com");
  EXPECT_EQ(ExplanationText(row.Reading()),
            "192.0.2.10 has the PTR a.example.com, which has no A record.");
}

TEST(StatusTextTest, IprevAsTheTableHasIt) {
  const std::pair<Status, const char*> cases[] = {
      {Status::kSkipped, "none"},
      {Status::kReverseTimeout, "temperror"},
      {Status::kReverseError, "temperror"},
      {Status::kUndelegated, "permerror"},
      {Status::kNoPtr, "permerror"},
      {Status::kBadName, "fail"},
      {Status::kUnconfirmed, "none"},
      {Status::kPass, "pass"},
      {Status::kForwardError, "temperror"},
      {Status::kMismatch, "fail"},
      {Status::kNoForward, "fail"},
  };
  EXPECT_EQ(std::size(cases), io::kStatusCount);
  for (const auto& [status, iprev] : cases) {
    EXPECT_EQ(IprevResult(status), iprev) << io::StatusName(status);
  }
}

TEST(StatusTextTest, EachStatusHasItsRule) {
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    const std::string rule = RuleText(static_cast<Status>(i));
    EXPECT_THAT(rule, testing::StartsWith(absl::StrCat("rule ", i, ": ")));
    EXPECT_THAT(rule, Not(EndsWith(": ")));
  }
  EXPECT_EQ(RuleText(Status::kMismatch),
            "rule 8: no name leads back, no lookup failed, a name has other "
            "addresses");
}

}  // namespace
}  // namespace scanner
