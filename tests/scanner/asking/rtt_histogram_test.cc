#include "scanner/asking/rtt_histogram.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

TEST(RttHistogramTest, APercentileIsAtMostAFifthAboveTheTrueOne) {
  for (const uint32_t rtt_us :
       {1U, 3U, 4U, 7U, 8U, 100U, 999U, 4096U, 123456U, 4000000000U}) {
    RttHistogram histogram;
    for (int i = 0; i < 10; ++i) histogram.Add(rtt_us);
    for (const double percent : {1.0, 50.0, 99.0, 100.0}) {
      const uint32_t found = histogram.Percentile(percent);
      EXPECT_GT(found, rtt_us) << percent;
      EXPECT_LE(found, rtt_us * 1.25 + 1) << percent;
    }
  }
}

TEST(RttHistogramTest, PercentilesAreOrderedAsTheSamplesAre) {
  RttHistogram histogram;
  EXPECT_EQ(histogram.Percentile(50), 0u);
  for (uint32_t i = 1; i <= 1000; ++i) histogram.Add(i);
  EXPECT_NEAR(histogram.Percentile(50), 500, 130);
  EXPECT_NEAR(histogram.Percentile(90), 900, 230);
  RttHistogram other;
  for (int i = 0; i < 1000; ++i) other.Add(50000);
  other.Merge(histogram);
  EXPECT_EQ(other.total(), 2000u);
  EXPECT_GT(other.Percentile(75), 50000u);
  EXPECT_LE(other.Percentile(49), 1100u);
}

}  // namespace
}  // namespace scanner
