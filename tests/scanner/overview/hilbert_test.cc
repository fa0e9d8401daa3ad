#include "scanner/overview/hilbert.h"

#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using dnswire::IpPrefix;

TEST(HilbertPointTest, FollowsTheCurveOfTheBook) {
  // Hilbert 1891: upper left, down, right, up.
  const std::vector<MapPoint> first = {{0, 0}, {0, 1}, {1, 1}, {1, 0}};
  const std::vector<MapPoint> second = {
      {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 2}, {0, 3}, {1, 3}, {1, 2},
      {2, 2}, {2, 3}, {3, 3}, {3, 2}, {3, 1}, {2, 1}, {2, 0}, {3, 0}};
  for (uint32_t i = 0; i < 4; ++i) EXPECT_EQ(HilbertPoint(i, 1), first[i]);
  for (uint32_t i = 0; i < 16; ++i) EXPECT_EQ(HilbertPoint(i, 2), second[i]);
  EXPECT_EQ(HilbertPoint(0, 0), MapPoint());
}

TEST(HilbertPointTest, NeighboursInNumberAreNeighboursOnTheMap) {
  for (const int order : {1, 2, 3, 4, 5, 8}) {
    const uint32_t count = uint32_t{1} << (2 * order);
    std::set<std::pair<uint32_t, uint32_t>> seen;
    MapPoint last;
    for (uint32_t i = 0; i < count; ++i) {
      const MapPoint point = HilbertPoint(i, order);
      ASSERT_LT(point.x, uint32_t{1} << order);
      ASSERT_LT(point.y, uint32_t{1} << order);
      seen.emplace(point.x, point.y);
      const int steps = std::abs(static_cast<int>(point.x - last.x)) +
                        std::abs(static_cast<int>(point.y - last.y));
      ASSERT_EQ(steps, i == 0 ? 0 : 1) << i << " of order " << order;
      last = point;
    }
    EXPECT_EQ(seen.size(), count);
    EXPECT_EQ(last, (MapPoint{(uint32_t{1} << order) - 1, 0}));
  }
}

TEST(HilbertPointTest, PrefixesOfEvenLengthAreSquares) {
  // 64 blocks in a row, at a multiple of 64: 8 by 8.
  for (uint32_t first = 0; first < 4096; first += 64) {
    const MapPoint corner = HilbertPoint(first, 6);
    for (uint32_t i = first; i < first + 64; ++i) {
      const MapPoint point = HilbertPoint(i, 6);
      ASSERT_EQ(point.x / 8, corner.x / 8);
      ASSERT_EQ(point.y / 8, corner.y / 8);
    }
  }
}

std::vector<Block> BlocksOf(const std::vector<std::string>& prefixes) {
  std::vector<Block> blocks;
  blocks.reserve(prefixes.size());
  for (const std::string& prefix : prefixes) {
    blocks.push_back(
        {.prefix = *IpPrefix::Parse(prefix), .tally = {}, .grid = {}});
  }
  return blocks;
}

std::string AreasOf(const std::vector<std::string>& prefixes,
                    size_t max_maps = 12) {
  return absl::StrJoin(MapAreas(BlocksOf(prefixes), max_maps), " ",
                       [](std::string* out, const IpPrefix& prefix) {
                         *out += prefix.ToString();
                       });
}

TEST(MapAreasTest, HoldsTheBlocksAndLittleElse) {
  EXPECT_EQ(AreasOf({}), "");
  EXPECT_EQ(AreasOf({"192.0.2.0/24"}), "192.0.2.0/24");
  EXPECT_EQ(AreasOf({"192.0.2.0/24", "192.0.3.0/24"}), "192.0.0.0/22");
  EXPECT_EQ(AreasOf({"10.0.0.0/24", "10.0.255.0/24", "10.1.0.0/24"}),
            "10.0.0.0/16 10.1.0.0/24");
  EXPECT_EQ(AreasOf({"10.0.0.0/24", "11.0.0.0/24"}), "10.0.0.0/24 11.0.0.0/24");
}

TEST(MapAreasTest, ADenseOneIsNotDivided) {
  std::vector<std::string> prefixes;
  prefixes.reserve(1024);
  for (int i = 0; i < 1024; ++i) {
    prefixes.push_back("10." + std::to_string(i / 256) + "." +
                       std::to_string(i % 256) + ".0/24");
  }
  EXPECT_EQ(AreasOf(prefixes), "10.0.0.0/14");
}

TEST(MapAreasTest, ManyMapsBecomeFewer) {
  const std::vector<std::string> far = {"10.0.0.0/24", "10.77.0.0/24",
                                        "10.200.0.0/24", "11.0.0.0/24"};
  EXPECT_EQ(AreasOf(far, 4),
            "10.0.0.0/24 10.77.0.0/24 10.200.0.0/24 11.0.0.0/24");
  EXPECT_EQ(AreasOf(far, 3), "10.0.0.0/8 11.0.0.0/24");
  EXPECT_EQ(AreasOf(far, 1), "8.0.0.0/6");
}

TEST(MapAreasTest, LongJoinedBlocksAreOneMap) {
  EXPECT_EQ(AreasOf({"1.0.0.0/16", "223.255.0.0/16"}), "0.0.0.0/0");
}

}  // namespace
}  // namespace scanner
