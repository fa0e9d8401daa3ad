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

// The oldest of a full ring, and the one that has just left it.
TEST(OpenLookupsTest, EndsAtTheEdgeOfTheRing) {
  OpenLookups open;
  for (Position i = 0; i <= OpenLookups::kWindow; ++i) open.Start(i);
  EXPECT_EQ(open.size(), OpenLookups::kWindow + 1);
  open.End(0);
  open.End(1);
  EXPECT_EQ(open.size(), OpenLookups::kWindow - 1);
  EXPECT_EQ(OpenOf(open).front(), 2u);
  EXPECT_EQ(OpenOf(open).back(), OpenLookups::kWindow);
}

// Against a plain table: most end soon, some only when the ring has come round
// to them several times.
TEST(OpenLookupsTest, StragglersAreNotLost) {
  OpenLookups open;
  std::map<uint64_t, Position> expected;
  std::mt19937_64 random(7);
  constexpr uint64_t kStarts = 5 * OpenLookups::kWindow + 17;
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
