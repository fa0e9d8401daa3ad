#include "scanner/asking/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr size_t kCounters = sizeof(Stats) / sizeof(uint64_t);
using Counters = std::array<uint64_t, kCounters>;
static_assert(std::is_trivially_copyable_v<Stats>);

// Nothing but counters, so every one of them can be seen without its name.
TEST(StatsTest, MergeAddsEveryCounter) {
  Counters ones;
  ones.fill(1);
  Stats stats = std::bit_cast<Stats>(ones);
  const Stats other = std::bit_cast<Stats>(ones);
  stats.Merge(other);
  Counters twos;
  twos.fill(2);
  EXPECT_EQ(std::bit_cast<Counters>(stats), twos);
}

// A scan of ten targets by hand: one skipped, eight done, one never started.
Stats Sound() {
  Stats stats;
  stats.targets = 11;
  stats.started = 10;
  stats.abandoned = 1;
  stats.rows = 9;
  stats.rows_by_status[0] = 1;
  stats.rows_by_status[6] = 8;
  stats.row_queries = 20;
  stats.unwritten_queries = 3;
  stats.udp_tries = 26;
  stats.udp_answered = 15;
  stats.udp_expired = 3;
  stats.udp_superseded = 6;
  stats.send_failed = 1;
  stats.udp_cancelled = 1;
  stats.tcp_queries = 2;
  stats.canary_packets = 5;
  stats.udp_received = 29;
  stats.udp_accepted = 15;
  stats.stray = 2;
  stats.drop_size = 1;
  stats.drop_source = 1;
  stats.drop_header = 1;
  stats.drop_question = 2;
  stats.late = 4;
  stats.drop_case = 1;
  stats.drop_cookie = 2;
  stats.tcp_received = 3;
  stats.tcp_accepted = 2;
  stats.tcp_drop = 1;
  stats.outcomes[0] = 16;
  stats.outcomes[11] = 1;
  return stats;
}

TEST(StatsTest, ASoundScanBreaksNoIdentity) {
  EXPECT_THAT(Sound().BrokenIdentities(), IsEmpty());
  EXPECT_THAT(Stats().BrokenIdentities(), IsEmpty());
}

TEST(StatsTest, WhatIsUnderWayCounts) {
  Stats stats = Sound();
  --stats.abandoned;
  stats.rows -= 2;
  stats.rows_by_status[6] -= 2;
  stats.udp_expired -= 2;
  EXPECT_THAT(
      stats.BrokenIdentities({.lookups = 1, .deferred = 2, .udp_tries = 2}),
      IsEmpty());
  EXPECT_EQ(stats.BrokenIdentities({.lookups = 3, .udp_tries = 1}).size(), 1u);
}

TEST(StatsTest, EveryMiscountBreaksAnIdentity) {
  const struct {
    uint64_t Stats::*counter;
    const char* broken;
  } kCases[] = {
      {&Stats::abandoned, "targets"},
      {&Stats::row_queries, "packets"},
      {&Stats::unwritten_queries, "packets"},
      {&Stats::tcp_queries, "packets"},
      {&Stats::udp_expired, "UDP tries"},
      {&Stats::udp_superseded, "UDP tries"},
      {&Stats::send_failed, "UDP tries"},
      {&Stats::udp_cancelled, "UDP tries"},
      {&Stats::canary_packets, "packets"},
      {&Stats::late, "udp_received"},
      {&Stats::drop_case, "udp_received"},
      {&Stats::drop_cookie, "udp_received"},
      {&Stats::stray, "udp_received"},
      {&Stats::drop_size, "udp_received"},
      {&Stats::drop_source, "udp_received"},
      {&Stats::drop_header, "udp_received"},
      {&Stats::drop_question, "udp_received"},
      {&Stats::udp_received, "udp_received"},
      {&Stats::tcp_received, "tcp_received"},
      {&Stats::tcp_drop, "tcp_received"},
  };
  for (const auto& c : kCases) {
    Stats stats = Sound();
    ++(stats.*c.counter);
    EXPECT_THAT(stats.BrokenIdentities(), ElementsAre(HasSubstr(c.broken)));
  }
}

TEST(StatsTest, RowsAndOutcomesAreTheSumsOfTheirKinds) {
  Stats stats = Sound();
  ++stats.rows_by_status[4];
  EXPECT_THAT(stats.BrokenIdentities(), ElementsAre(HasSubstr("statuses")));
  stats = Sound();
  ++stats.outcomes[3];
  EXPECT_THAT(stats.BrokenIdentities(), ElementsAre(HasSubstr("outcomes")));
}

TEST(StatsTest, TellsBothSidesOfABrokenIdentity) {
  Stats stats;
  stats.tcp_received = 7;
  EXPECT_THAT(stats.BrokenIdentities(),
              ElementsAre("tcp_received = 7, but accepted + dropped = 0"));
}

TEST(StatsTest, CountsWhatHasNotBegunAndWhatWasSent) {
  EXPECT_EQ(Sound().not_started(), 1u);
  EXPECT_EQ(Sound().packets(), 28u);
}

}  // namespace
}  // namespace scanner
