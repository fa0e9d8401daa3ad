#include "scanner/walk/walk_targets.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;

std::vector<std::string> Texts(const std::vector<std::string>& given) {
  std::vector<IpPrefix> prefixes;
  prefixes.reserve(given.size());
  for (const std::string& text : given) {
    prefixes.push_back(*IpPrefix::Parse(text));
  }
  std::vector<std::string> texts;
  for (const IpPrefix& prefix : NibblePrefixes(prefixes)) {
    texts.push_back(prefix.ToString());
  }
  return texts;
}

using Strings = std::vector<std::string>;

TEST(NibblePrefixesTest, WholeNibblesStandAsTheyAre) {
  EXPECT_EQ(Texts({}), Strings{});
  EXPECT_EQ(Texts({"2001:db8::/32"}), Strings{"2001:db8::/32"});
  EXPECT_EQ(Texts({"2001:db8::1/128"}), Strings{"2001:db8::1/128"});
  EXPECT_EQ(Texts({"2000::/4"}), Strings{"2000::/4"});
}

TEST(NibblePrefixesTest, OtherLengthsBecomeParts) {
  EXPECT_EQ(Texts({"2001:db8::/31"}),
            (Strings{"2001:db8::/32", "2001:db9::/32"}));
  EXPECT_EQ(Texts({"2001:db8::/127"}),
            (Strings{"2001:db8::/128", "2001:db8::1/128"}));
  EXPECT_EQ(Texts({"2001:db8::/30"}),
            (Strings{"2001:db8::/32", "2001:db9::/32", "2001:dba::/32",
                     "2001:dbb::/32"}));
  const Strings eight = Texts({"2001:db8:8000::/33"});
  ASSERT_EQ(eight.size(), 8u);
  EXPECT_EQ(eight.front(), "2001:db8:8000::/36");
  EXPECT_EQ(eight.back(), "2001:db8:f000::/36");
}

TEST(NibblePrefixesTest, EverythingIsSixteenParts) {
  const Strings all = Texts({"::/0"});
  ASSERT_EQ(all.size(), 16u);
  EXPECT_EQ(all.front(), "::/4");
  EXPECT_EQ(all.back(), "f000::/4");
}

TEST(NibblePrefixesTest, ComeAscendingAndNoneInAnother) {
  EXPECT_EQ(Texts({"2001:db8:2::/48", "2001:db8:1::/48", "2001:db8:1::/48",
                   "2001:db8:1:8::/61", "2001:db8:1::/64"}),
            (Strings{"2001:db8:1::/48", "2001:db8:2::/48"}));
  EXPECT_EQ(Texts({"2001:db8::/36", "2001:db8::/33", "2001:db8::/32"}),
            Strings{"2001:db8::/32"});
}

// The slow way: whatever is in the one is in the other.
TEST(NibblePrefixesTest, CoverExactlyWhatWasGiven) {
  std::mt19937_64 random(11);
  const auto contains = [](const std::vector<IpPrefix>& prefixes,
                           const IpAddress& address) {
    int count = 0;
    for (const IpPrefix& prefix : prefixes) count += prefix.Contains(address);
    return count;
  };
  for (int round = 0; round < 200; ++round) {
    // Of 16 bits, so that they meet.
    std::vector<IpPrefix> given;
    for (int i = 0; i <= round % 8; ++i) {
      const absl::uint128 value = absl::MakeUint128(random() << 48, 0);
      given.push_back(IpPrefix::Covering(IpAddress::V6(value),
                                         static_cast<int>(random() % 17)));
    }
    const auto prefixes = NibblePrefixes(given);
    for (const IpPrefix& prefix : prefixes) {
      ASSERT_EQ(prefix.length() % 4, 0);
      ASSERT_GT(prefix.length(), 0);
    }
    for (uint64_t top = 0; top < 65536; top += 7) {
      const auto address =
          IpAddress::V6(absl::MakeUint128(top << 48 | 0xabc, 1));
      ASSERT_EQ(contains(prefixes, address),
                contains(given, address) > 0 ? 1 : 0)
          << address.ToString();
    }
  }
}

}  // namespace
}  // namespace scanner
