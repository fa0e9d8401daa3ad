#include "scanner/engine/warnings.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

constexpr io::TimeNs kNow = 1000 * io::kSecond;

TEST(WarningFilterTest, WhatOneEngineSaidNoOtherRepeats) {
  WarningFilter filter;
  EXPECT_TRUE(filter.Passes(1, "silent", kNow));
  EXPECT_FALSE(filter.Passes(0, "silent", kNow + io::kSecond));
  EXPECT_FALSE(filter.Passes(2, "silent", kNow + 59 * io::kSecond));
  EXPECT_TRUE(filter.Passes(2, "another", kNow + io::kSecond));
}

TEST(WarningFilterTest, WhatHappensToAnEngineAgainIsSaidAgain) {
  WarningFilter filter;
  EXPECT_TRUE(filter.Passes(0, "silent", kNow));
  EXPECT_TRUE(filter.Passes(0, "silent", kNow));
  EXPECT_FALSE(filter.Passes(1, "silent", kNow + 59 * io::kSecond));
}

TEST(WarningFilterTest, AfterAWhileAnyEngineMaySayIt) {
  WarningFilter filter;
  EXPECT_TRUE(filter.Passes(0, "silent", kNow));
  EXPECT_TRUE(filter.Passes(1, "silent", kNow + WarningFilter::kMemory));
  EXPECT_FALSE(filter.Passes(0, "silent", kNow + WarningFilter::kMemory));
}

}  // namespace
}  // namespace scanner
