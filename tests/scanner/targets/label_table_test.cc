#include "scanner/targets/label_table.h"

#include <memory>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/files/label_file.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using testing::ElementsAre;
using testing::IsEmpty;

struct Line {
  const char* target;
  const char* label;
  const char* expected;
};

LabelTable MakeTable(const std::vector<Line>& lines) {
  io::LabelFile file;
  for (const Line& line : lines) {
    const auto target = IpPrefix::Parse(line.target);
    EXPECT_TRUE(target) << line.target;
    if (!target) continue;
    file.lines.push_back({*target, line.label, line.expected, 0});
  }
  return LabelTable(file);
}

// "LABEL|EXPECTED" found for an address.
std::string Find(const LabelTable& table, absl::string_view text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  const LabelTable::Match match = table.Find(address.value_or(IpAddress()));
  std::string result(match.label.data(), match.label.size());
  result += '|';
  result.append(match.expected.data(), match.expected.size());
  return result;
}

TEST(LabelTableTest, EmptyTableFindsNothing) {
  const LabelTable table;
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(Find(table, "192.0.2.1"), "|");
  EXPECT_EQ(Find(table, "2001:db8::1"), "|");
  EXPECT_THAT(table.Targets(), IsEmpty());
}

TEST(LabelTableTest, LongestPrefixWinsForEachCell) {
  const LabelTable table = MakeTable({
      {"192.0.0.0/16", "provider", "*.provider.example"},
      {"192.0.2.0/24", "customer", ""},
      {"192.0.2.64/26", "", "h-{a}-{b}-{c}-{d}.customer.example"},
      {"192.0.2.70/32", "mail", "-"},
      {"192.0.2.71/32", "", ""},
  });
  const struct {
    const char* address;
    const char* expected;
  } kCases[] = {
      {"192.0.2.70", "mail|-"},
      // The empty cells of .71 do not count.
      {"192.0.2.71", "customer|h-{a}-{b}-{c}-{d}.customer.example"},
      {"192.0.2.64", "customer|h-{a}-{b}-{c}-{d}.customer.example"},
      {"192.0.2.127", "customer|h-{a}-{b}-{c}-{d}.customer.example"},
      {"192.0.2.63", "customer|*.provider.example"},
      {"192.0.2.128", "customer|*.provider.example"},
      {"192.0.1.255", "provider|*.provider.example"},
      {"192.0.3.0", "provider|*.provider.example"},
      {"192.1.0.0", "|"},
      {"191.255.255.255", "|"},
      {"::c000:246", "|"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Find(table, c.address), c.expected) << c.address;
  }
}

TEST(LabelTableTest, FileOrderDoesNotMatter) {
  const std::vector<Line> lines = {{"10.1.2.3/32", "host", "a.example"},
                                   {"10.0.0.0/8", "ten", "ten.example"},
                                   {"0.0.0.0/0", "any", "any.example"},
                                   {"10.1.0.0/16", "site", ""}};
  std::vector<Line> reversed(lines.rbegin(), lines.rend());
  for (const auto& order : {lines, reversed}) {
    const LabelTable table = MakeTable(order);
    EXPECT_EQ(Find(table, "10.1.2.3"), "host|a.example");
    EXPECT_EQ(Find(table, "10.1.2.4"), "site|ten.example");
    EXPECT_EQ(Find(table, "10.2.0.0"), "ten|ten.example");
    EXPECT_EQ(Find(table, "11.0.0.0"), "any|any.example");
    EXPECT_EQ(Find(table, "::1"), "|");
  }
}

TEST(LabelTableTest, FindsIpv6OfAnyLength) {
  const LabelTable table = MakeTable({
      {"::/0", "all", ""},
      {"2001:db8::/32", "lir", "*.lir.example"},
      {"2001:db8:0:1::/64", "lan", ""},
      {"2001:db8:0:1::/65", "half", ""},
      {"2001:db8:0:1::53/128", "ns", "ns.lir.example"},
  });
  const struct {
    const char* address;
    const char* expected;
  } kCases[] = {
      {"2001:db8:0:1::53", "ns|ns.lir.example"},
      {"2001:db8:0:1:7fff:ffff:ffff:ffff", "half|*.lir.example"},
      {"2001:db8:0:1:8000::", "lan|*.lir.example"},
      {"2001:db8:0:2::", "lir|*.lir.example"},
      {"2001:db9::", "all|"},
      {"32.1.13.184", "|"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Find(table, c.address), c.expected) << c.address;
  }
}

TEST(LabelTableTest, ListsItsTargets) {
  const LabelTable table =
      MakeTable({{"192.0.2.0/24", "a", ""}, {"2001:db8::1/128", "", ""}});
  EXPECT_FALSE(table.empty());
  std::vector<std::string> ends;
  for (const auto& range : table.Targets()) {
    ends.push_back(range.first.ToString() + "-" + range.last.ToString());
  }
  EXPECT_THAT(ends,
              ElementsAre("192.0.2.0-192.0.2.255", "2001:db8::1-2001:db8::1"));
}

TEST(LabelTableTest, CopyHasItsOwnText) {
  auto table = std::make_unique<LabelTable>(
      MakeTable({{"192.0.2.0/24", "a label too long to be stored in place",
                  "host.example"}}));
  const LabelTable copy = *table;
  table.reset();
  EXPECT_EQ(Find(copy, "192.0.2.1"),
            "a label too long to be stored in place|host.example");
}

}  // namespace
}  // namespace scanner
