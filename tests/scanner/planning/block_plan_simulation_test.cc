// Whole /16s against zones of every kind: what ITERATION.md 2.8 promises, and
// that nothing that exists is pruned.
#include <gmock/gmock.h>

#include <cmath>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "scanner/planning/block_plan.h"
#include "tests/scanner/planning/plan_rig.h"
#include "tests/scanner/planning/plan_world.h"

namespace scanner {
namespace {

constexpr uint32_t kFirst = (198u << 16 | 18 << 8);  // block 198.18.0
constexpr uint64_t kAll = 65536;

// 198.18/16 with `full` blocks of `ptrs` PTRs each, spread.
World MakeWorld(uint32_t full, uint32_t ptrs, uint64_t seed = 1) {
  World world = {.prefixes = {"198.18.0.0/16"}, .seed = seed};
  for (uint32_t i = 0; i < full; ++i) {
    world.blocks[kFirst + (i * 167 + seed) % 256] = {.ptrs = ptrs};
  }
  return world;
}

// Each target has one end, and packets are counted.
void ExpectComplete(const ScanResult& result) {
  EXPECT_EQ(result.twice, 0u);
  EXPECT_EQ(result.endless, 0u);
  EXPECT_EQ(result.miscounted, 0u);
  EXPECT_EQ(result.asked + result.pruned + result.deferred, result.targets);
}

// 2.8: own zone or inside a larger zone 257 each; NX: signed 2, honest 3.
TEST(BlockPlanSimulationTest, HalfEmptySuperBlocksCostHalf) {
  for (const bool is_signed : {true, false}) {
    for (const auto& options : {kIterative, kResolver}) {
      for (uint64_t seed = 1; seed <= 5; ++seed) {
        World world = MakeWorld(128, 256, seed);
        world.is_signed = is_signed;
        const ScanResult result = ScanWorld(world, options);
        ExpectComplete(result);
        EXPECT_EQ(result.lost, 0u);
        EXPECT_FALSE(result.broken);
        EXPECT_EQ(result.pruned_blocks.size(), 128u);
        const auto packets = static_cast<double>(result.asked + result.checks);
        EXPECT_LE(packets, 0.51 * kAll * 1.01)
            << is_signed << options.iterative << seed;
        // What 2.8 counts: the super-block's probe, one proof.
        const uint64_t each_empty = is_signed && options.iterative ? 2 : 3;
        const uint64_t each_full = options.iterative ? 257 : 256;
        EXPECT_LE(result.asked + result.checks,
                  128 * each_full + 128 * each_empty + 12);
      }
    }
  }
}

TEST(BlockPlanSimulationTest, SharesOfFullBlocksCostWhatTheContractSays) {
  const struct {
    uint32_t full;
    double part;
  } kCases[] = {{115, 0.46}, {154, 0.61}, {195, 0.76}, {230, 0.91}};
  for (const auto& test : kCases) {
    const ScanResult result = ScanWorld(MakeWorld(test.full, 256), kIterative);
    ExpectComplete(result);
    EXPECT_LE(static_cast<double>(result.asked + result.checks),
              (test.part + 0.01) * kAll)
        << test.full;
  }
}

// 4.3: 40 full blocks, 216 absent, unsigned: 11,000 packets at most.
TEST(BlockPlanSimulationTest, FortyFullBlocksOfAnHonestZone) {
  const ScanResult result = ScanWorld(MakeWorld(40, 256), kIterative);
  ExpectComplete(result);
  EXPECT_EQ(result.pruned_blocks.size(), 216u);
  EXPECT_LE(result.asked + result.checks, 11000u);
}

TEST(BlockPlanSimulationTest, AnEmptySuperBlockOfASignedZoneCostsSixPackets) {
  World world = MakeWorld(0, 0);
  world.is_signed = true;
  const ScanResult result = ScanWorld(world, kIterative);
  ExpectComplete(result);
  EXPECT_EQ(result.asked, 4u);
  EXPECT_EQ(result.checks, 2u);  // the probe; its proof, once a zone and server
}

// Nothing there could show that the server is honest.
TEST(BlockPlanSimulationTest, AnEmptySuperBlockOfAnUnsignedZoneIsAskedInFull) {
  for (const auto& options : {kIterative, kResolver}) {
    const ScanResult result = ScanWorld(MakeWorld(0, 0), options);
    ExpectComplete(result);
    EXPECT_EQ(result.asked, kAll);
    EXPECT_LE(result.checks, 258u);
  }
}

TEST(BlockPlanSimulationTest, NothingIsPrunedWhereEntsAreDenied) {
  for (const uint32_t ptrs : {1u, 20u, 256u}) {
    for (const auto& options : {kIterative, kResolver}) {
      for (uint64_t seed = 1; seed <= 5; ++seed) {
        World world = MakeWorld(8, ptrs, seed);
        world.super = Answering::kDenying;
        for (auto& [number, block] : world.blocks) {
          block.answering = Answering::kDenying;
        }
        const ScanResult result = ScanWorld(world, options);
        ExpectComplete(result);
        EXPECT_EQ(result.pruned, 0u);
        EXPECT_TRUE(result.broken || !options.iterative);
      }
    }
  }
}

// A zone that is honest of 60 blocks and denies 100 that have 20 PTRs each. A
// block escapes two samples with probability p = 236/256 * 235/255; one that
// does not makes the server broken, and all held blocks are asked.
constexpr double kEscapes = 236.0 / 256 * 235 / 255;

World PartlyBroken(uint32_t denied, uint64_t seed) {
  World world = MakeWorld(60 + denied, 20, seed);
  uint32_t left = denied;
  for (auto& [number, block] : world.blocks) {
    if (left == 0) break;
    block.answering = Answering::kDenying;
    --left;
  }
  return world;
}

TEST(BlockPlanSimulationTest, AZoneBrokenInManyBlocksLosesNothing) {
  // Lost only if all samples escape: p^100.
  ASSERT_LT(std::pow(kEscapes, 100), 1e-6);
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const ScanResult result = ScanWorld(PartlyBroken(100, seed), kIterative);
    ExpectComplete(result);
    EXPECT_TRUE(result.broken);
    EXPECT_EQ(result.pruned, 0u) << seed;
  }
}

TEST(BlockPlanSimulationTest, AZoneBrokenInOneBlockLosesItAsOftenAsStated) {
  constexpr int kRuns = 60;
  int lost = 0;
  for (uint64_t seed = 1; seed <= kRuns; ++seed) {
    const ScanResult result = ScanWorld(PartlyBroken(1, seed), kIterative);
    ExpectComplete(result);
    EXPECT_EQ(result.lost > 0, !result.broken);
    lost += result.lost > 0 ? 1 : 0;
  }
  const double expected = kRuns * kEscapes;
  const double sigma = std::sqrt(kRuns * kEscapes * (1 - kEscapes));
  EXPECT_NEAR(lost, expected, 3 * sigma);
}

// Why pruning has to be asked for with resolvers: which authority answered
// cannot be seen, so one that tells absent from empty names may vouch for one
// that does not. Of 256 blocks 200 have 20 PTRs each.
TEST(BlockPlanSimulationTest, ThroughAResolverOneAuthorityVouchesForAnother) {
  constexpr int kRuns = 40;
  int losing = 0;
  uint64_t lost = 0;
  for (uint64_t seed = 1; seed <= kRuns; ++seed) {
    World world = MakeWorld(200, 20, seed);
    world.mixed = true;
    const ScanResult result = ScanWorld(world, kResolver);
    ExpectComplete(result);
    losing += result.lost > 0 ? 1 : 0;
    lost += result.lost;
  }
  std::cout << losing << " of " << kRuns << " scans lost " << lost
            << " names\n";
  EXPECT_GT(losing, 0);
  EXPECT_LT(losing, kRuns / 4);
}

// ITERATION.md 2.2: 40 packets a dead block; retries are the asker's.
TEST(BlockPlanSimulationTest, SilentBlocksCostAProbeAndTwoLeaves) {
  World world = MakeWorld(256, 256);
  for (auto& [number, block] : world.blocks) {
    block.answering = Answering::kSilent;
  }
  const ScanResult result = ScanWorld(world, kIterative);
  ExpectComplete(result);
  EXPECT_EQ(result.asked, 512u);
  EXPECT_EQ(result.checks, 257u);
  EXPECT_EQ(result.deferred, kAll - 512);
}

TEST(BlockPlanSimulationTest, LameBlocksAreAskedInFull) {
  World world = MakeWorld(256, 256);
  world.super = Answering::kLame;
  for (auto& [number, block] : world.blocks) {
    block.answering = Answering::kLame;
  }
  for (const auto& options : {kIterative, kResolver}) {
    const ScanResult result = ScanWorld(world, options);
    ExpectComplete(result);
    EXPECT_EQ(result.asked, kAll);
  }
}

TEST(BlockPlanSimulationTest, DelegatedBlocksCostTwoQuestionsMore) {
  World world = MakeWorld(256, 256);
  for (auto& [number, block] : world.blocks) {
    block.answering = Answering::kReferral;
  }
  const ScanResult result = ScanWorld(world, kIterative);
  ExpectComplete(result);
  EXPECT_EQ(result.asked, kAll);
  EXPECT_EQ(result.checks, 1u + 2 * 256);
  // 2.8: overhead on a full block through a resolver: none.
  EXPECT_EQ(ScanWorld(world, kResolver).checks, 0u);
}

// Several super-blocks, four servers with evidence of their own, loss, a room
// that is too small: rows are complete, nothing that exists is pruned.
TEST(BlockPlanSimulationTest, TroubleCostsQueriesNotRows) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    World world = MakeWorld(100, 256, seed);
    world.prefixes = {"198.18.0.0/15", "198.51.100.0/26", "10.0.0.0/30"};
    world.servers = 4;
    world.loss_percent = 5;
    for (const bool iterative : {true, false}) {
      for (const uint32_t room : {2000u, 65536u}) {
        const BlockPlanOptions options = {.iterative = iterative,
                                          .max_waiting = room};
        const ScanResult result = ScanWorld(world, options);
        ExpectComplete(result);
        EXPECT_EQ(result.lost, 0u);
        EXPECT_LE(result.most_waiting, room + room / 4 + 1024 + 256);
      }
    }
  }
}

// Three groups of the order, 12,800 blocks of 16 targets.
TEST(BlockPlanSimulationTest, AnyAnswersGiveEachTargetOneEnd) {
  World world = {.chaos = true};
  for (int super = 0; super < 200; ++super) {
    for (int block = 0; block < 64; ++block) {
      world.prefixes.push_back(absl::StrCat("10.", super, ".", block, ".0/28"));
    }
  }
  for (const bool iterative : {true, false}) {
    for (const uint32_t room : {1000u, 65536u}) {
      for (world.seed = 1; world.seed <= 2; ++world.seed) {
        const ScanResult result =
            ScanWorld(world, {.iterative = iterative, .max_waiting = room});
        ExpectComplete(result);
        EXPECT_GT(result.pruned, 0u);
        EXPECT_GT(result.stats.reopened, 0u);
        EXPECT_LE(result.most_waiting, room + room / 4 + 1024 + 256);
      }
    }
  }
}

TEST(BlockPlanSimulationTest, TrustAsksNoSamples) {
  const ScanResult result = ScanWorld(
      MakeWorld(128, 256), {.iterative = true, .prune = Prune::kTrust});
  ExpectComplete(result);
  EXPECT_EQ(result.asked, 128u * 256);
  EXPECT_EQ(result.checks, 257u);
}

TEST(BlockPlanSimulationTest, OffAsksEverything) {
  const ScanResult result =
      ScanWorld(MakeWorld(128, 256), {.iterative = true, .prune = Prune::kOff});
  ExpectComplete(result);
  EXPECT_EQ(result.asked, kAll);
  EXPECT_EQ(result.checks, 0u);
}

TEST(BlockPlanSimulationTest, TwoRunsWithOneSeedAreEqual) {
  const World world = PartlyBroken(5, 3);
  const ScanResult a = ScanWorld(world, kIterative);
  const ScanResult b = ScanWorld(world, kIterative);
  EXPECT_EQ(a.asked, b.asked);
  EXPECT_EQ(a.checks, b.checks);
  EXPECT_EQ(a.pruned_blocks, b.pruned_blocks);
}

}  // namespace
}  // namespace scanner
