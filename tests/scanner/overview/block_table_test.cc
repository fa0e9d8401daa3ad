#include "scanner/overview/block_table.h"

#include <string>

#include "gtest/gtest.h"

namespace scanner {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using io::Status;

IpAddress Address(const std::string& text) { return *IpAddress::Parse(text); }

Judged JudgedAs(Status status, Severity severity = Severity::kOk) {
  return {.status = status, .cause = io::Cause::kNone, .severity = severity};
}

TEST(TallyTest, CountsAddUp) {
  Tally tally;
  tally.Add({Status::kPass, io::Cause::kNone, Severity::kOk});
  tally.Add({Status::kSkipped, io::Cause::kBudget, Severity::kWarn});
  tally.Add({Status::kSkipped, io::Cause::kExcluded, Severity::kInfo});
  tally.Add({Status::kForwardError, io::Cause::kServfail, Severity::kWarn});
  Tally twice = tally;
  twice.AddAll(tally);
  EXPECT_EQ(twice.rows(), 8u);
  EXPECT_EQ(twice.Of(Status::kSkipped), 4u);
  EXPECT_EQ(twice.Of(Severity::kWarn), 4u);
  EXPECT_EQ(twice.unknown, 4u);
}

TEST(TallyTest, WorseIsMoreCritThenMoreWarnThenMoreRows) {
  Tally crit;
  crit.Add(JudgedAs(Status::kNoPtr, Severity::kCrit));
  Tally warn;
  for (int i = 0; i < 3; ++i) {
    warn.Add(JudgedAs(Status::kPass, Severity::kWarn));
  }
  Tally more = warn;
  more.Add(JudgedAs(Status::kPass));
  EXPECT_TRUE(IsWorse(crit, more));
  EXPECT_TRUE(IsWorse(more, warn));
  EXPECT_FALSE(IsWorse(warn, more));
  EXPECT_FALSE(IsWorse(warn, warn));
}

TEST(BlockTableTest, HasTheStatusOfEveryAddress) {
  BlockTable table(Family::kV4);
  table.Add(Address("192.0.3.255"), JudgedAs(Status::kUnconfirmed));
  table.Add(Address("192.0.2.0"), JudgedAs(Status::kSkipped));
  table.Add(Address("192.0.2.1"), JudgedAs(Status::kNoForward));
  table.Add(Address("192.0.2.1"), JudgedAs(Status::kPass));
  table.Sort();
  ASSERT_EQ(table.blocks().size(), 2u);
  const Block& first = table.blocks()[0];
  EXPECT_EQ(first.prefix.ToString(), "192.0.2.0/24");
  EXPECT_EQ(first.tally.rows(), 3u);
  EXPECT_EQ(first.grid.Code(0), 1 + static_cast<int>(Status::kSkipped));
  EXPECT_EQ(first.grid.Code(1), 1 + static_cast<int>(Status::kPass));
  EXPECT_EQ(first.grid.Code(2), 0);
  EXPECT_EQ(table.blocks()[1].grid.Code(255),
            1 + static_cast<int>(Status::kUnconfirmed));
  EXPECT_TRUE(table.has_grids());
}

void AddBlocks(uint32_t first, uint32_t count, BlockTable* table) {
  for (uint32_t i = first; i < first + count; ++i) {
    table->Add(IpAddress::V4(i << 8), JudgedAs(Status::kPass));
  }
}

TEST(BlockTableTest, GivesUpGridsAndThenJoinsBlocksByFour) {
  BlockTable table(Family::kV4);
  AddBlocks(0, BlockTable::kMaxGrids, &table);
  EXPECT_TRUE(table.has_grids());
  AddBlocks(BlockTable::kMaxGrids, 1, &table);
  EXPECT_FALSE(table.has_grids());
  AddBlocks(BlockTable::kMaxGrids + 1,
            BlockTable::kMaxBlocks - BlockTable::kMaxGrids - 1, &table);
  EXPECT_EQ(table.length(), 24);
  EXPECT_EQ(table.blocks().size(), BlockTable::kMaxBlocks);
  AddBlocks(BlockTable::kMaxBlocks, 2, &table);
  table.Sort();
  EXPECT_EQ(table.length(), 22);
  ASSERT_EQ(table.blocks().size(), BlockTable::kMaxBlocks / 4 + 1);
  EXPECT_EQ(table.blocks().front().tally.rows(), 4u);
  EXPECT_EQ(table.blocks().back().tally.rows(), 2u);
  EXPECT_EQ(table.blocks().back().prefix.ToString(), "1.0.0.0/22");
}

TEST(BlockTableTest, Ipv6IsCountedBySites) {
  BlockTable table(Family::kV6);
  table.Add(Address("2001:db8:1::1"), JudgedAs(Status::kPass));
  table.Add(Address("2001:db8:1:ffff::1"), JudgedAs(Status::kPass));
  table.Add(Address("2001:db8:2::"), JudgedAs(Status::kPass));
  table.Sort();
  ASSERT_EQ(table.blocks().size(), 2u);
  EXPECT_EQ(table.blocks()[0].prefix.ToString(), "2001:db8:1::/48");
  EXPECT_EQ(table.blocks()[0].tally.rows(), 2u);
  EXPECT_FALSE(table.has_grids());
}

}  // namespace
}  // namespace scanner
