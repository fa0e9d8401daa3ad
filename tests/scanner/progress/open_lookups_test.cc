#include "scanner/progress/open_lookups.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <vector>

namespace scanner {
namespace {

using Position = OpenLookups::Position;

std::vector<Position> OpenOf(const OpenLookups& open) {
  std::vector<Position> positions;
  open.AppendTo(&positions);
  EXPECT_EQ(positions.size(), open.size());
  return positions;
}

TEST(OpenLookupsTest, OpenFromStartToEnd) {
  OpenLookups open;
  EXPECT_THAT(OpenOf(open), testing::IsEmpty());
  for (const Position position : {70, 71, 500}) open.Start(position);
  EXPECT_THAT(OpenOf(open), testing::ElementsAre(70, 71, 500));
  open.End(1);
  open.End(1);
  EXPECT_THAT(OpenOf(open), testing::ElementsAre(70, 500));
}

constexpr Position kWindow = OpenLookups::kBlock * OpenLookups::kMaxBlocks;

// The oldest of as many blocks as there may be, and the one before it.
TEST(OpenLookupsTest, EndsAtTheEdgeOfTheBlocks) {
  OpenLookups open;
  for (Position i = 0; i <= kWindow; ++i) open.Start(i);
  EXPECT_EQ(open.size(), kWindow + 1);
  open.End(0);
  open.End(OpenLookups::kBlock);
  EXPECT_EQ(open.size(), kWindow - 1);
  EXPECT_EQ(OpenOf(open).front(), 1u);
  EXPECT_EQ(OpenOf(open).back(), kWindow);
}

// A shard's targets, or those that a resumed scan has left, may lie far apart.
TEST(OpenLookupsTest, PositionsFarApart) {
  OpenLookups open;
  std::vector<Position> positions;
  for (uint64_t i = 0; i < 200; ++i) {
    positions.push_back(Position(i) << 60 | i);
    open.Start(positions.back());
  }
  EXPECT_THAT(OpenOf(open), testing::UnorderedElementsAreArray(positions));
  for (uint64_t i = 0; i < 200; ++i) open.End(i);
  EXPECT_EQ(open.size(), 0u);
}

// Blocks that are over while later ones, or earlier ones, are not.
TEST(OpenLookupsTest, BlocksEndInAnyOrder) {
  OpenLookups open;
  constexpr uint64_t kBlocks = 6;
  for (uint64_t i = 0; i < kBlocks * OpenLookups::kBlock; ++i) open.Start(i);
  size_t left = kBlocks * OpenLookups::kBlock;
  for (const uint64_t block : {2u, 5u, 0u, 1u, 4u, 3u}) {
    for (uint64_t i = 0; i < OpenLookups::kBlock; ++i) {
      open.End(block * OpenLookups::kBlock + i);
    }
    left -= OpenLookups::kBlock;
    EXPECT_EQ(open.size(), left);
    if (block == 5) open.Start(1000 * kWindow);
    left = open.size();
  }
  EXPECT_THAT(OpenOf(open), testing::ElementsAre(1000 * kWindow));
}

// Against a plain table: most end soon, some only when their block is long
// gone.
TEST(OpenLookupsTest, StragglersAreNotLost) {
  OpenLookups open;
  std::map<uint64_t, Position> expected;
  std::mt19937_64 random(7);
  constexpr uint64_t kStarts =
      3 * OpenLookups::kBlock * OpenLookups::kMaxBlocks + 17;
  for (uint64_t number = 0; number < kStarts; ++number) {
    const Position position = number * 3;
    open.Start(position);
    expected[number] = position;
    if (number >= 50 && number % 1000 != 0) {
      open.End(number - 50);
      expected.erase(number - 50);
    }
    if (random() % 5000 == 0) {
      const auto straggler = expected.begin();
      open.End(straggler->first);
      expected.erase(straggler);
    }
    ASSERT_EQ(open.size(), expected.size());
  }
  std::vector<Position> positions;
  positions.reserve(expected.size());
  for (const auto& [number, position] : expected) positions.push_back(position);
  EXPECT_THAT(OpenOf(open), testing::ElementsAreArray(positions));
  EXPECT_GT(positions.size(), 300u);
}

}  // namespace
}  // namespace scanner
