// Names to visit, and blocks.
#include "scanner/audit/block_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "dnswire/reverse.h"
#include "io/files/target_reader.h"
#include "tests/scanner/audit/audit_builder.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TargetSet SetOf(const std::vector<std::string>& targets) {
  std::vector<dnswire::IpRange> ranges;
  for (const std::string& target : targets) {
    ranges.push_back(*io::ParseTarget(target));
  }
  return TargetSet(ranges, {});
}

dnswire::IpPrefix P(absl::string_view text) {
  return *dnswire::IpPrefix::Parse(text);
}

std::vector<std::string> Texts(const std::vector<dnswire::IpPrefix>& prefixes) {
  std::vector<std::string> texts;
  for (const auto& prefix : prefixes) texts.push_back(prefix.ToString());
  return texts;
}

TEST(BlockTreeTest, Ipv4IsVisitedByOctetsDownToTheBlock) {
  const BlockTree tree(SetOf({"10.1.255.7", "10.2.0.0/23", "192.0.2.64/26"}));
  EXPECT_THAT(Texts(tree.Roots()), ElementsAre("0.0.0.0/0"));
  EXPECT_THAT(Texts(tree.Children(P("0.0.0.0/0"))),
              ElementsAre("10.0.0.0/8", "192.0.0.0/8"));
  EXPECT_THAT(Texts(tree.Children(P("10.0.0.0/8"))),
              ElementsAre("10.1.0.0/16", "10.2.0.0/16"));
  EXPECT_THAT(Texts(tree.Children(P("10.2.0.0/16"))),
              ElementsAre("10.2.0.0/24", "10.2.1.0/24"));
  EXPECT_TRUE(tree.IsBlock(P("192.0.2.0/24")));
  EXPECT_THAT(tree.Children(P("192.0.2.0/24")), IsEmpty());
}

TEST(BlockTreeTest, Ipv6IsVisitedByNibblesDownToThePrefix) {
  const BlockTree tree(SetOf({"2001:db8::/30"}));
  EXPECT_THAT(Texts(tree.Roots()), ElementsAre("::/0"));
  EXPECT_THAT(Texts(tree.Children(P("2001:d00::/24"))),
              ElementsAre("2001:db0::/28"));
  // Between two nibbles: the 4 next longer ones.
  EXPECT_THAT(Texts(tree.Children(P("2001:db0::/28"))),
              ElementsAre("2001:db8::/32", "2001:db9::/32", "2001:dba::/32",
                          "2001:dbb::/32"));
  EXPECT_TRUE(tree.IsBlock(P("2001:dbb::/32")));
  EXPECT_FALSE(tree.IsBlock(P("2001:db0::/28")));
}

TEST(BlockTreeTest, TwoTargetsInOneNameAreVisitedOnce) {
  const BlockTree tree(SetOf({"10.0.1.0/24", "10.0.3.0/24"}));
  EXPECT_THAT(Texts(tree.Children(P("10.0.0.0/8"))),
              ElementsAre("10.0.0.0/16"));
  EXPECT_THAT(Texts(tree.Children(P("10.0.0.0/16"))),
              ElementsAre("10.0.1.0/24", "10.0.3.0/24"));
}

TEST(BlockTreeTest, TheEndsOfTheAddressSpaceAreVisited) {
  const BlockTree tree(SetOf({"255.255.255.255", "0.0.0.0",
                              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"}));
  EXPECT_THAT(Texts(tree.Children(P("0.0.0.0/0"))),
              ElementsAre("0.0.0.0/8", "255.0.0.0/8"));
  EXPECT_THAT(Texts(tree.Children(P("255.255.0.0/16"))),
              ElementsAre("255.255.255.0/24"));
  EXPECT_THAT(
      Texts(tree.Children(P("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124"))),
      ElementsAre("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128",
                  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"));
}

TEST(BlockTreeTest, CoversWhatIsTargetToTheLastAddress) {
  const BlockTree tree(SetOf({"10.1.0.0/16", "10.3.0.0/24"}));
  EXPECT_TRUE(tree.Covers(P("10.1.0.0/16")));
  EXPECT_TRUE(tree.Covers(P("10.1.7.0/24")));
  EXPECT_FALSE(tree.Covers(P("10.3.0.0/16")));
  EXPECT_FALSE(tree.Covers(P("10.0.0.0/8")));
}

TEST(FewestPrefixesTest, TogetherAreTheRanges) {
  const struct {
    std::vector<std::string> targets;
    std::vector<std::string> prefixes;
    uint64_t blocks;
  } cases[] = {
      {{"10.0.0.0/24"}, {"10.0.0.0/24"}, 1},
      {{"10.0.1.0-10.0.3.255"}, {"10.0.1.0/24", "10.0.2.0/23"}, 3},
      {{"10.0.0.0/24", "10.0.1.0/24"}, {"10.0.0.0/23"}, 2},
      {{"0.0.0.0/0"}, {"0.0.0.0/0"}, 1 << 24},
      {{"2001:db8::/32"}, {"2001:db8::/32"}, 1},
      {{"2001:db8::/30"}, {"2001:db8::/30"}, 4},
      {{"2001:db8::/29"}, {"2001:db8::/29"}, 8},
      {{"::/0"}, {"::/0"}, 1},
  };
  for (const auto& c : cases) {
    std::vector<dnswire::IpRange> ranges;
    for (const auto& target : c.targets) {
      ranges.push_back(*io::ParseTarget(target));
    }
    EXPECT_EQ(Texts(FewestPrefixes(ranges)), c.prefixes);
    EXPECT_EQ(CountBlocks(ranges), c.blocks) << c.targets[0];
  }
}

}  // namespace
}  // namespace scanner
