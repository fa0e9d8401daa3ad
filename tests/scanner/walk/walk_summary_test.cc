#include "scanner/walk/walk_summary.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

TEST(WalkSummaryTest, TheUnknownShareIsOfRowsNodesAndZones) {
  EXPECT_EQ(UnknownShare({}, 0, 0), 0);
  EXPECT_EQ(UnknownShare({.expanded = 10, .zones = 2}, 8, 0), 0);
  // 3 + 5 + 1 + 2 of 20 + 80 + 5 + 1 + 2 + 2
  const WalkSummary walk = {.expanded = 80,
                            .unexpanded = 5,
                            .zones = 2,
                            .zones_unentered = 2,
                            .unknown = 1};
  EXPECT_DOUBLE_EQ(UnknownShare(walk, 20, 3), 10);
  EXPECT_DOUBLE_EQ(UnknownShare({.zones_unentered = 1}, 0, 0), 100);
}

}  // namespace
}  // namespace scanner
