// Words for each flag of VERDICTS.md section 4.
#include "scanner/advice/flag_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scanner/advice/row_builder.h"

namespace scanner {
namespace {

using io::Flag;
using io::Status;
using testing::EndsWith;
using testing::Not;

TEST(FlagTextTest, EachFlagOfARowHasWords) {
  for (const Flag flag : io::FlagsByName()) {
    const std::string phrase(FlagPhrase(io::FlagName(flag)));
    ASSERT_FALSE(phrase.empty()) << io::FlagName(flag);
    EXPECT_THAT(phrase, Not(EndsWith("."))) << io::FlagName(flag);
  }
}

TEST(FlagTextTest, FlagsThatOthersSetHaveWordsToo) {
  for (const char* flag :
       {"resolver_disagree", "other_family_only", "aaaa_unconfirmed",
        "wildcard", "synthesized", "forward_in_scan", "duplicate_name",
        "shared_placeholder", "generic_template"}) {
    EXPECT_FALSE(FlagPhrase(flag).empty()) << flag;
  }
  EXPECT_EQ(FlagPhrase("none_such"), "");
}

// Says what the row says, where that is more than the flag.
std::string TextOf(Flag flag, const RowBuilder& row) {
  return FlagText(flag, row.Reading());
}

TEST(FlagTextTest, GenericSaysWhy) {
  RowBuilder row("198.51.100.23", Status::kPass);
  row.Ptr({"23.100.51.198.static.example.net"})
      .Confirmed("23.100.51.198.static.example.net");
  EXPECT_EQ(TextOf(Flag::kGeneric, row),
            "the name only embeds the address (dec4r/static)");
}

TEST(FlagTextTest, SaysTheNumbersOfTheRow) {
  RowBuilder row("192.0.2.0", Status::kMismatch);
  row.Ttl(60);
  EXPECT_EQ(TextOf(Flag::kTtlLow, row),
            "the PTR may be cached for less than 300 s (60 s)");
  EXPECT_EQ(TextOf(Flag::kTtlHigh, row.Ttl(90000)),
            "the PTR may be cached for more than a day (90000 s)");
  EXPECT_EQ(TextOf(Flag::kNearMatch, row),
            "an address of the name is in the same /24");
  EXPECT_EQ(TextOf(Flag::kEdgeAddress, row),
            "often a network address: seldom a host");
  const RowBuilder last("192.0.2.255", Status::kNoPtr);
  EXPECT_EQ(TextOf(Flag::kEdgeAddress, last),
            "often a broadcast address: seldom a host");
  const RowBuilder v6("2001:db8::", Status::kNoPtr);
  EXPECT_EQ(TextOf(Flag::kEdgeAddress, v6),
            "the subnet's anycast address: seldom a host");
  EXPECT_EQ(TextOf(Flag::kNearMatch, v6),
            "an address of the name is in the same /64");
  EXPECT_EQ(TextOf(Flag::kMultiplePtr, row),
            "several PTR names: legal, but ambiguous");
}

TEST(FlagTextTest, SaysWhatWasExpected) {
  RowBuilder row("192.0.2.10", Status::kPass);
  EXPECT_EQ(TextOf(Flag::kUnexpectedName, row.Expect("mail.example.com")),
            "expected is mail.example.com");
  EXPECT_EQ(TextOf(Flag::kExpectedReady, row),
            "mail.example.com already has this address");
  EXPECT_EQ(TextOf(Flag::kUnexpectedName, row.Expect("*.example.com")),
            "expected is *.example.com");
  EXPECT_EQ(TextOf(Flag::kUnexpectedName, row.Expect("-")),
            "no PTR is wanted here");
}

}  // namespace
}  // namespace scanner
