// VERDICTS.md section 3, each line of it.
#include "scanner/advice/cause_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scanner {
namespace {

using enum io::Cause;

const CauseContext kContext = {.asked = AskedWhom::kAuthorities,
                               .rcode = 21,
                               .zone = "2.0.192.in-addr.arpa",
                               .server = "192.0.2.53",
                               .name = "a.example.com"};

TEST(CauseTextTest, EachCauseSaysWhatHappenedAndWhatToDo) {
  const struct {
    io::Cause cause;
    const char* text;
    const char* fix;
  } cases[] = {
      {kNone, "", ""},
      {kSpecialUse, "special-purpose address",
       "Name the block itself as target, or use --include-special."},
      {kExcluded, "on the exclude list", "Nothing to do."},
      {kBudget, "query budget used up", "Raise the budget."},
      {kBreaker, "the zone's servers were paused after repeated failures",
       "Run again when 2.0.192.in-addr.arpa works."},
      {kTimeout, "no response", "Check server and rate."},
      {kUnreachable, "network or port unreachable on every try",
       "Check the route."},
      {kUnmatched, "replies came, but none belonged to the question",
       "Look for spoofing or a broken middlebox."},
      {kAllNsUnreachable, "no name server of the zone answered",
       "Repair the name servers of 2.0.192.in-addr.arpa."},
      {kServfail, "the server failed (SERVFAIL)",
       "Run `ptrsweep zones`; repair the name servers of "
       "2.0.192.in-addr.arpa."},
      {kRefused, "the zone's servers refuse", "Load the zone there."},
      {kResolverRefused, "your resolver refuses you",
       "Allow this host on the resolver."},
      {kNotauth, "error code NOTAUTH", "Repair the server 192.0.2.53."},
      {kFormerr, "error code FORMERR", "Repair the server 192.0.2.53."},
      {kNotimp, "error code NOTIMP", "Repair the server 192.0.2.53."},
      {kOtherRcode, "error code BADALG", "Repair the server 192.0.2.53."},
      {kMalformed, "the response breaks the DNS format",
       "Repair the server 192.0.2.53."},
      {kTruncated, "truncated answer and TCP failed",
       "Open TCP port 53 at the server 192.0.2.53."},
      {kLoop, "CNAME loop", "Shorten the alias chain of a.example.com."},
      {kChainTooLong, "more than 11 CNAMEs",
       "Shorten the alias chain of a.example.com."},
      {kLame, "the server does not serve the zone",
       "Load the zone or correct the delegation."},
      {kNsUnresolvable, "no name server of the zone has an address",
       "Correct the NS names at the parent; a free name can be taken over."},
      {kDnssecBogus, "DNSSEC validation fails",
       "Repair signatures or DS of 2.0.192.in-addr.arpa."},
      {kBlocked, "the resolver says it altered the answer",
       "Use a resolver that does not filter."},
      {kNxdomain, "the name does not exist", ""},
      {kNodata, "it exists without PTR", ""},
      {kDanglingCname, "alias to a name without PTR", ""},
  };
  EXPECT_EQ(std::size(cases), io::kCauseCount);
  for (const auto& c : cases) {
    EXPECT_EQ(CauseText(c.cause, kContext), c.text);
    EXPECT_EQ(CauseFix(c.cause, kContext), c.fix) << io::CauseName(c.cause);
  }
}

TEST(CauseTextTest, LameIsSaidOfAResolverAsItIs) {
  CauseContext context = kContext;
  context.asked = AskedWhom::kResolvers;
  EXPECT_EQ(CauseText(kLame, context), "the server does not recurse");
  EXPECT_EQ(CauseFix(kLame, context), "Use a recursive resolver.");
  context.asked = AskedWhom::kUnknown;
  EXPECT_EQ(CauseText(kLame, context),
            "the server does not serve the zone, or does not recurse");
  EXPECT_EQ(CauseFix(kLame, context),
            "Load the zone or correct the delegation. Of a resolver: Use a "
            "recursive resolver.");
}

TEST(CauseTextTest, WhatIsNotKnownIsLeftOut) {
  EXPECT_EQ(CauseText(kOtherRcode, {}), "an unusual error code");
  EXPECT_EQ(CauseFix(kMalformed, {}), "Repair the server in question.");
  EXPECT_EQ(CauseFix(kServfail, {}),
            "Run `ptrsweep zones`; repair the name servers of the zone.");
}

}  // namespace
}  // namespace scanner
