// Each line of ITERATION.md 2.2 to 2.4, by hand.
#include "scanner/planning/block_plan.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/scanner/planning/plan_rig.h"

namespace scanner {
namespace {

using Kind = PlanWork::Kind;
using Said = AreaAnswer::Said;
using Leaf = LeafAnswer::Said;
using State = Honesty::State;

TEST(BlockPlanTest, FewTargetsAreAskedAtOnce) {
  const struct {
    const char* label;
    std::vector<std::string> prefixes;
    BlockPlanOptions options;
    const char* works;
  } kCases[] = {
      {"15 targets",
       {"198.18.7.0/29", "198.18.7.8/30", "198.18.7.12/31", "198.18.7.14/32"},
       kIterative,
       "leaf 15"},
      {"16 targets", {"198.18.7.0/28"}, kIterative, "probe 1"},
      {"two blocks of 7",
       {"198.18.6.0/30", "198.18.6.4/31", "198.18.6.6/32", "198.18.7.0/29"},
       kIterative,
       "leaf 15"},
      {"two blocks of 8",
       {"198.18.6.0/29", "198.18.7.0/29"},
       kIterative,
       "probe 1"},
      {"two blocks, --prune off", kTwoBlocks, {true, Prune::kOff}, "leaf 512"},
      {"a resolver, 16 targets", {"198.18.7.0/28"}, kResolver, "leaf 2"},
      {"a resolver, 8 targets", {"198.18.7.0/29"}, kResolver, "leaf 8"},
      {"IPv6, 16 targets", {"2001:db8::/124"}, kIterative, "probe 1"},
      {"IPv6, 8 targets", {"2001:db8::/125"}, kIterative, "leaf 8"},
  };
  for (const auto& test : kCases) {
    PlanRig rig(test.prefixes, test.options);
    rig.Give();
    EXPECT_EQ(rig.Summary(), test.works) << test.label;
  }
}

// 2.2, for a block.
TEST(BlockPlanTest, ABlockFollowsItsProbe) {
  const struct {
    Said said;
    const char* works;
  } kCases[] = {
      {Said::kReferral, "child 1"}, {Said::kData, "leaf 256"},
      {Said::kNodata, "leaf 256"},  {Said::kFail, "leaf 256"},
      {Said::kSilent, "leaf 2"},    {Said::kNx, "proof 1"},
  };
  for (const auto& test : kCases) {
    PlanRig rig(kBlock, kIterative);
    rig.Give();
    const PlanWork probe = rig.Take(Kind::kProbe);
    EXPECT_EQ(probe.prefix.ToString(), "198.18.7.0/24");
    rig.Answer(probe, test.said, kWho);
    EXPECT_EQ(rig.Summary(), test.works) << static_cast<int>(test.said);
  }
}

// 2.2, for a super-block: in the end its blocks are probed.
TEST(BlockPlanTest, ASuperBlockFollowsItsProbe) {
  const struct {
    Said said;
    const char* works;
  } kCases[] = {
      {Said::kReferral, "child 1"}, {Said::kData, "probe 2"},
      {Said::kNodata, "probe 2"},   {Said::kFail, "probe 2"},
      {Said::kSilent, "probe 2"},   {Said::kNx, "proof 1"},
  };
  for (const auto& test : kCases) {
    PlanRig rig(kTwoBlocks, kIterative);
    rig.Give();
    const PlanWork probe = rig.Take(Kind::kProbe);
    EXPECT_EQ(probe.prefix.ToString(), "198.18.0.0/16");
    rig.Answer(probe, test.said, kWho);
    EXPECT_EQ(rig.Summary(), test.works) << static_cast<int>(test.said);
  }
}

TEST(BlockPlanTest, TheChildIsAskedForItsSoaThenAllOfIt) {
  for (const Said said : {Said::kData, Said::kFail, Said::kSilent, Said::kNx}) {
    PlanRig rig(kBlock, kIterative);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), Said::kReferral);
    rig.Answer(rig.Take(Kind::kChildSoa), said, kWho);
    EXPECT_EQ(rig.Summary(), "leaf 256") << static_cast<int>(said);
    PlanRig super(kTwoBlocks, kIterative);
    super.Give();
    super.Answer(super.Take(Kind::kProbe), Said::kReferral);
    super.Answer(super.Take(Kind::kChildSoa), said, kWho);
    EXPECT_EQ(super.Summary(), "probe 2") << static_cast<int>(said);
  }
}

TEST(BlockPlanTest, TwoSilentLeavesPutASilentBlockOff) {
  const struct {
    Leaf first, second;
    const char* works;
  } kCases[] = {
      {Leaf::kSilent, Leaf::kSilent, "defer 254"},
      {Leaf::kSilent, Leaf::kNone, "leaf 254"},
      {Leaf::kSilent, Leaf::kNx, "leaf 254"},
      {Leaf::kPtr, Leaf::kSilent, "leaf 254"},
  };
  for (const auto& test : kCases) {
    PlanRig rig(kBlock, kIterative);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), Said::kSilent);
    rig.Answer(rig.Take(Kind::kLeaf), test.first);
    rig.Answer(rig.Take(Kind::kLeaf), test.second);
    EXPECT_EQ(rig.Summary(), test.works);
  }
}

struct NxCase {
  const char* label;
  State state;
  bool super;
  const char* samples;  // after the NXDOMAIN
  const char* denied;   // after their denial
};

// 2.3. The zone has other blocks: those of 198.51, which stay undecided.
TEST(BlockPlanTest, AnNxIsWeighedByHonesty) {
  const NxCase kCases[] = {
      {"signed block", State::kSigned, false, "sample 1", "pruned 255"},
      {"honest block", State::kHonest, false, "proof 1, sample 2",
       "pruned 254"},
      {"broken block", State::kBroken, false, "leaf 256", "leaf 256"},
      {"signed super-block", State::kSigned, true, "sample 4", "pruned 508"},
      {"honest super-block", State::kHonest, true, "proof 1, sample 8",
       "pruned 504"},
      {"broken super-block", State::kBroken, true, "probe 2", "probe 2"},
  };
  for (const NxCase& test : kCases) {
    PlanRig rig(test.super ? kTwoBlocks : kBlock, kIterative);
    if (test.state == State::kSigned) rig.MakeSigned(kWho);
    if (test.state == State::kHonest) {
      (void)rig.honesty().OnNx(kWho, 9);  // its proof was none
      rig.honesty().OnProof(kWho, false);
      rig.MakeHonest(kWho);
    }
    if (test.state == State::kBroken) rig.MakeBroken(kWho);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
    std::string samples = test.samples;
    if (samples.starts_with("proof")) samples = samples.substr(9);
    EXPECT_EQ(rig.Summary(), samples) << test.label;
    rig.AnswerAll(Kind::kSample, Leaf::kNx);
    EXPECT_EQ(rig.Summary(), test.denied) << test.label;
  }
}

TEST(BlockPlanTest, SamplesGoToTheServerThatDenied) {
  PlanRig rig(kBlock, kIterative);
  rig.MakeSigned(kWho);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  const PlanWork sample = rig.Take(Kind::kSample);
  EXPECT_EQ(sample.who, kWho);
  rig.Answer(sample, Leaf::kNx);
  EXPECT_EQ(rig.Take(Kind::kPruned).who, kWho);
}

TEST(BlockPlanTest, ASampleThatExistsMakesTheServerBroken) {
  for (const Leaf said : {Leaf::kPtr, Leaf::kExists}) {
    PlanRig rig(kBlock, kIterative);
    rig.MakeSigned(kWho);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
    rig.Answer(rig.Take(Kind::kSample), said);
    EXPECT_EQ(rig.Summary(), "leaf 255, broken 1");
    EXPECT_EQ(rig.Take(Kind::kBroken).who, kWho);
    EXPECT_EQ(rig.honesty().StateOf(kWho), State::kBroken);
  }
}

TEST(BlockPlanTest, ASampleWithoutEvidenceIsReplacedTwice) {
  for (const Leaf said : {Leaf::kNone, Leaf::kSilent}) {
    PlanRig rig(kBlock, kIterative);
    rig.MakeSigned(kWho);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
    for (int i = 0; i < 2; ++i) {
      rig.Answer(rig.Take(Kind::kSample), said);
      EXPECT_EQ(rig.Summary(), "sample 1");
    }
    rig.Answer(rig.Take(Kind::kSample), said);
    EXPECT_EQ(rig.Summary(), "leaf 253");
  }
}

// Rows that are written stay; what comes after is asked.
TEST(BlockPlanTest, TheRestOfACutBlockIsAskedWhenItsServerProvesBroken) {
  PlanRig rig(kTwoBlocks, kIterative);
  rig.MakeSigned(kWho);
  rig.Give(256);
  rig.Answer(rig.Take(Kind::kProbe), Said::kFail);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  rig.Answer(rig.Take(Kind::kSample), Leaf::kNx);
  EXPECT_EQ(rig.Summary(), "probe 1, pruned 127");
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  rig.Answer(rig.Take(Kind::kSample), Leaf::kPtr);
  EXPECT_EQ(rig.Summary(), "leaf 127, pruned 127, broken 1");
  rig.Give();
  EXPECT_EQ(rig.Summary(), "leaf 383, pruned 127, broken 1");
}

TEST(BlockPlanTest, TheRestOfACutSuperBlockGoesToItsBlocks) {
  PlanRig rig({"198.18.6.0/23", "198.19.0.0/24"}, kIterative);
  rig.MakeSigned(kWho);
  rig.Give(384);
  PlanWork super = rig.Take(Kind::kProbe);
  PlanWork block = rig.Take(Kind::kProbe);
  if (super.prefix.length() == 24) std::swap(super, block);
  rig.Answer(super, Said::kNx, kWho);
  rig.AnswerAll(Kind::kSample, Leaf::kNx);
  EXPECT_EQ(rig.Count(Kind::kPruned), 252);
  rig.Answer(block, Said::kNx, kWho);
  rig.Answer(rig.Take(Kind::kSample), Leaf::kPtr);
  rig.Give();
  EXPECT_EQ(rig.Summary(), "probe 2, leaf 255, pruned 252, broken 1");
}

TEST(BlockPlanTest, TheFirstNxIsProved) {
  PlanRig rig(kBlock, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  const PlanWork proof = rig.Take(Kind::kProof);
  EXPECT_EQ(proof.who, kWho);
  EXPECT_EQ(proof.prefix.ToString(), "198.18.7.0/24");
  EXPECT_EQ(rig.Summary(), "");
  rig.plan().OnProof(proof.area, proof.who, true);
  EXPECT_EQ(rig.Summary(), "sample 1");
}

TEST(BlockPlanTest, AnUnprovedSuperBlockGoesDown) {
  PlanRig rig(kTwoBlocks, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  const PlanWork proof = rig.Take(Kind::kProof);
  rig.plan().OnProof(proof.area, proof.who, false);
  EXPECT_EQ(rig.Summary(), "probe 2");
}

TEST(BlockPlanTest, AParkedBlockIsOpenedWhenItsZoneHasNoOther) {
  PlanRig rig(kBlock, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  const PlanWork proof = rig.Take(Kind::kProof);
  rig.plan().OnProof(proof.area, proof.who, false);
  EXPECT_EQ(rig.Summary(), "leaf 256");
  EXPECT_EQ(rig.plan().stats().parked, 1u);
}

TEST(BlockPlanTest, TheSuperBlocksNameIsOneOfTheTwo) {
  PlanRig rig(kTwoBlocks, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr);
  EXPECT_EQ(rig.honesty().StateOf(kWho), State::kHonest);
}

TEST(BlockPlanTest, TrustCutsWithoutSample) {
  PlanRig rig(kTwoBlocks, {true, Prune::kTrust});
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  EXPECT_EQ(rig.Summary(), "pruned 512");
  PlanRig block(kBlock, {true, Prune::kTrust});
  block.Give();
  block.Answer(block.Take(Kind::kProbe), Said::kNodata, kWho);
  EXPECT_EQ(block.Summary(), "leaf 256");
}

TEST(BlockPlanTest, BeyondItsRoomTheOldestParkedBlockIsAsked) {
  PlanRig rig(kSixBlocks, {.iterative = true, .max_waiting = 1028});
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  for (int i = 0; i < 5; ++i) {
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  }
  const PlanWork proof = rig.Take(Kind::kProof);
  rig.plan().OnProof(proof.area, proof.who, false);
  EXPECT_EQ(rig.Summary(), "probe 1");
  EXPECT_TRUE(rig.plan().WantsTargets());
  EXPECT_EQ(rig.plan().stats().parked_released, 1u);
  EXPECT_EQ(rig.Summary(), "probe 1, leaf 256");
}

TEST(BlockPlanTest, BeyondItsRoomTheOldestHeldBlockIsCut) {
  PlanRig rig(kSixBlocks, {.iterative = true, .max_waiting = 1028});
  (void)rig.honesty().OnNx(kWho, 9);
  rig.honesty().OnProof(kWho, false);
  rig.MakeHonest(kWho);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  for (int i = 0; i < 5; ++i) {
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  }
  rig.AnswerAll(Kind::kSample, Leaf::kNx);
  EXPECT_EQ(rig.Summary(), "probe 1");
  EXPECT_TRUE(rig.plan().WantsTargets());
  EXPECT_EQ(rig.plan().stats().held_released, 1u);
  EXPECT_EQ(rig.Summary(), "probe 1, pruned 254");
}

// Nothing is decided: more would only be kept.
TEST(BlockPlanTest, WantsNoMoreThanItHasRoomFor) {
  PlanRig rig(kSixBlocks, {.iterative = true, .max_waiting = 560});
  EXPECT_TRUE(rig.plan().WantsTargets());
  rig.Give(699);
  EXPECT_TRUE(rig.plan().WantsTargets());
  rig.Give(1);
  EXPECT_FALSE(rig.plan().WantsTargets());
}

TEST(BlockPlanTest, WantsNoMoreThanCanBeAskedSoon) {
  PlanRig rig({"198.18.0.0/20"}, {.iterative = true, .prune = Prune::kOff});
  rig.Give(1023);
  EXPECT_TRUE(rig.plan().WantsTargets());
  rig.Give(1);
  EXPECT_FALSE(rig.plan().WantsTargets());
}

// ITERATION.md 1.2: no zone has more than its part of the lookups.

constexpr BlockPlanOptions kTenAZone = {
    .iterative = true, .prune = Prune::kOff, .max_zone_leaves = 10};

uint64_t ThirdOctet(const dnswire::IpPrefix& area) {
  return area.first().v4() >> 8 & 0xff;
}

TEST(BlockPlanTest, AZoneWithEnoughOutDoesNotHoldUpAnother) {
  PlanRig rig(kTwoBlocks, kTenAZone, ThirdOctet);
  rig.Give();
  EXPECT_EQ(rig.Summary(), "leaf 20");
  // One zone answers, the other one is silent.
  const auto answer = [&rig](uint64_t zone) {
    for (const PlanWork& work : rig.TakeAll(Kind::kLeaf)) {
      if (ThirdOctet(work.prefix) == zone) {
        rig.Answer(work, Leaf::kNone);
      } else {
        rig.PutBack(work);
      }
    }
  };
  for (int i = 0; i < 26; ++i) answer(6);
  EXPECT_EQ(rig.Summary(), "leaf 10");
  EXPECT_EQ(rig.plan().waiting(), 246u);
  EXPECT_GT(rig.plan().stats().stalled, 0u);
  EXPECT_TRUE(rig.plan().WantsTargets());
  for (int i = 0; i < 26; ++i) answer(7);
  EXPECT_EQ(rig.Summary(), "");
  EXPECT_EQ(rig.plan().waiting(), 0u);
}

TEST(BlockPlanTest, BlocksOfOneZoneShareItsLimit) {
  PlanRig rig(kSixBlocks, kTenAZone,
              [](const dnswire::IpPrefix&) { return 3; });
  rig.Give();
  for (int i = 0; i < 153; ++i) {
    EXPECT_EQ(rig.Count(Kind::kLeaf), 10);
    rig.AnswerThese(Kind::kLeaf, Leaf::kNone);
  }
  EXPECT_EQ(rig.Summary(), "leaf 6");
}

// Both blocks were in one zone, as far as was known.
TEST(BlockPlanTest, WhatIsOutMovesToTheZoneThatIsFound) {
  bool found = false;
  PlanRig rig(kTwoBlocks, kTenAZone, [&found](const dnswire::IpPrefix& area) {
    return found ? ThirdOctet(area) : 0;
  });
  rig.Give();
  EXPECT_EQ(rig.Summary(), "leaf 10");
  found = true;
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr);
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr);
  EXPECT_EQ(rig.Summary(), "leaf 20");
}

// All that is out is silent, and of a zone that was not known.
TEST(BlockPlanTest, BlocksGoOnWhenTheirZoneIsFound) {
  bool found = false;
  PlanRig rig({"198.18.0.0/20"}, kTenAZone,
              [&found](const dnswire::IpPrefix& area) -> uint64_t {
                if (!found) return 0;
                return ThirdOctet(area) == 15 ? 15 : 1;
              });
  rig.Give();
  const auto of_fifteen = [&rig] {
    const auto works = rig.TakeAll(Kind::kLeaf);
    for (const PlanWork& work : works) rig.PutBack(work);
    return std::count_if(works.begin(), works.end(), [](const PlanWork& work) {
      return ThirdOctet(work.prefix) == 15;
    });
  };
  EXPECT_EQ(rig.Summary(), "leaf 10");
  found = true;
  EXPECT_EQ(rig.Summary(), "leaf 10");
  rig.plan().OnCuts();
  EXPECT_EQ(of_fifteen(), 10);
}

TEST(BlockPlanTest, SamplesCountForTheirZone) {
  PlanRig rig(kTwoBlocks, {.iterative = true, .max_zone_leaves = 3},
              [](const dnswire::IpPrefix&) { return 3; });
  rig.MakeSigned(kWho);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  EXPECT_EQ(rig.Summary(), "leaf 2, sample 1");
}

// 2.4.
TEST(BlockPlanTest, EightLeavesWithOnePtrAreAProbeForAWildcard) {
  PlanRig rig(kBlock, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  for (uint64_t i = 0; i < 7; ++i) {
    rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr, 77);
    rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr, 100 + i);
    EXPECT_EQ(rig.Count(Kind::kWildcard), 0);
  }
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr, 77);
  EXPECT_EQ(rig.Count(Kind::kWildcard), 1);
  rig.AnswerAll(Kind::kLeaf, Leaf::kPtr, 77);
  EXPECT_EQ(rig.Count(Kind::kWildcard), 1);
  EXPECT_EQ(rig.Take(Kind::kWildcard).prefix.ToString(), "198.18.7.0/24");
}

// 3.10.
TEST(BlockPlanTest, TwoPtrsInAnIpv6BlockAreAProbeForSynthesis) {
  PlanRig rig({"2001:db8::/124"}, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr, 1);
  EXPECT_EQ(rig.Count(Kind::kSynthesis), 0);
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kPtr, 2);
  rig.AnswerAll(Kind::kLeaf, Leaf::kPtr, 3);
  EXPECT_EQ(rig.Count(Kind::kSynthesis), 1);
  EXPECT_EQ(rig.Take(Kind::kSynthesis).prefix.ToString(), "2001:db8::/64");
}

// The order comes back to it in another group.
TEST(BlockPlanTest, WhatWasDecidedOfAnIpv6BlockStands) {
  for (const bool cut : {true, false}) {
    PlanRig rig({"2001:db8::/124"}, kIterative);
    rig.MakeSigned(kWho);
    rig.Give();
    rig.Answer(rig.Take(Kind::kProbe), cut ? Said::kNx : Said::kNodata, kWho);
    if (cut) rig.AnswerAll(Kind::kSample, Leaf::kNx);
    rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
    rig.Forget(Kind::kPruned);
    const auto again = dnswire::IpAddress::Parse("2001:db8::7").value();
    rig.plan().Add({{.position = 0, .address = again}, 99});
    EXPECT_EQ(rig.Summary(), cut ? "pruned 1" : "leaf 1");
    EXPECT_EQ(rig.Take(cut ? Kind::kPruned : Kind::kLeaf).target.number, 99u);
  }
}

// An engine of several has some of the blocks: what is not its own is not
// waited for.
TEST(BlockPlanTest, OnlyBlocksOfTheShardCount) {
  const TargetSet targets = SetOf({"198.18.0.0/16"});
  TargetOrder order(&targets, 1, 2, 5);
  Honesty honesty;
  BlockPlan plan(&targets, &honesty,
                 {.iterative = true, .shard = 2, .shards = 5});
  while (const auto item = order.Next()) plan.Add({*item, 0});
  const auto probe = plan.NextWork();
  ASSERT_TRUE(probe);
  plan.OnArea(probe->area, {Said::kNx, kWho});
  const auto proof = plan.NextWork();
  ASSERT_TRUE(proof);
  plan.OnProof(proof->area, kWho, true);
  for (int i = 0; i < 4; ++i) {
    const auto sample = plan.NextWork();
    ASSERT_TRUE(sample);
    plan.OnLeaf(sample->area, sample->target.item.address, {Leaf::kNx});
  }
  // All came, so the super-block is closed with its last row.
  while (plan.NextWork()) {
  }
  EXPECT_EQ(plan.waiting(), 0u);
  plan.Add({{.position = 0, .address = dnswire::IpAddress::V4(0xc6120000)}, 0});
  EXPECT_EQ(plan.NextWork()->kind, Kind::kProbe);
}

}  // namespace
}  // namespace scanner
