// Through a resolver: ITERATION.md 2.5, by hand.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "scanner/planning/block_plan.h"
#include "tests/scanner/planning/plan_rig.h"

namespace scanner {
namespace {

using Kind = PlanWork::Kind;
using Said = AreaAnswer::Said;
using Leaf = LeafAnswer::Said;
using State = Honesty::State;

TEST(BlockPlanTest, ThroughAResolverLeavesComeFirst) {
  const struct {
    Leaf first, second;
    const char* works;
  } kCases[] = {
      {Leaf::kNx, Leaf::kNx, "proof 1"},
      {Leaf::kNx, Leaf::kPtr, "leaf 254"},
      {Leaf::kNx, Leaf::kExists, "leaf 254"},
      {Leaf::kNx, Leaf::kNone, "leaf 254"},
      {Leaf::kSilent, Leaf::kNx, "leaf 254"},
  };
  for (const auto& test : kCases) {
    PlanRig rig(kBlock, kResolver);
    rig.Give();
    EXPECT_EQ(rig.Summary(), "leaf 2");
    rig.Answer(rig.Take(Kind::kLeaf), test.first);
    rig.Answer(rig.Take(Kind::kLeaf), test.second);
    EXPECT_EQ(rig.Summary(), test.works);
  }
}

TEST(BlockPlanTest, ThroughAResolverTheFirstLeavesWereTheSamples) {
  for (const bool is_signed : {true, false}) {
    PlanRig rig(kBlock, kResolver);
    if (is_signed) rig.MakeSigned(kWho);
    if (!is_signed) {
      (void)rig.honesty().OnNx(kWho, 9);
      rig.honesty().OnProof(kWho, false);
      rig.MakeHonest(kWho);
    }
    rig.Give();
    rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
    EXPECT_EQ(rig.Summary(), "pruned 254") << is_signed;
    EXPECT_EQ(rig.plan().stats().held, is_signed ? 0u : 1u);
  }
}

// A resolver may deny what is below a name that it has denied.
TEST(BlockPlanTest, ThroughAResolverOnlyABlockOfATrustedZoneIsProbed) {
  const struct {
    State state;
    const char* works;
  } kCases[] = {{State::kUnknown, "leaf 254"},
                {State::kBroken, "leaf 254"},
                {State::kSigned, "probe 1"},
                {State::kHonest, "probe 1"}};
  for (const auto& test : kCases) {
    PlanRig rig(kBlock, kResolver);
    (void)rig.honesty().OnNx(kWho, 9);
    rig.honesty().OnProof(kWho, test.state == State::kSigned);
    if (test.state == State::kBroken) rig.MakeBroken(kWho);
    if (test.state == State::kHonest) rig.MakeHonest(kWho);
    rig.Give();
    rig.Answer(rig.Take(Kind::kLeaf), Leaf::kNx);
    rig.Answer(rig.Take(Kind::kLeaf), Leaf::kNx);
    EXPECT_EQ(rig.Summary(), test.works) << static_cast<int>(test.state);
  }
}

TEST(BlockPlanTest, ThroughAResolverADeniedLeafIsWhatTheProofIsOf) {
  for (const bool real : {true, false}) {
    PlanRig rig(kBlock, kResolver);
    rig.Give();
    rig.Answer(rig.Take(Kind::kLeaf), Leaf::kNx);
    const PlanWork second = rig.Take(Kind::kLeaf);
    rig.Answer(second, Leaf::kNx);
    const PlanWork proof = rig.Take(Kind::kProof);
    EXPECT_EQ(proof.prefix.first(), second.target.item.address);
    EXPECT_EQ(proof.prefix.length(), 32);
    EXPECT_EQ(proof.who, kWho);
    EXPECT_EQ(rig.Summary(), "");
    rig.plan().OnProof(proof.area, proof.who, real);
    EXPECT_EQ(rig.Summary(), real ? "probe 1" : "leaf 254");
  }
}

TEST(BlockPlanTest, ThroughAResolverLeavesOfTwoZonesAreNoEvidence) {
  PlanRig rig(kBlock, kResolver);
  rig.MakeSigned(kWho);
  rig.Give();
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kNx);
  rig.Answer(rig.Take(Kind::kLeaf), Leaf::kNx, 0, {.zone = 6, .server = 1});
  EXPECT_EQ(rig.Summary(), "leaf 254");
}

TEST(BlockPlanTest, ThroughAResolverTrustAsksForNoEvidence) {
  PlanRig rig(kBlock, {.iterative = false, .prune = Prune::kTrust});
  rig.Give();
  rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  EXPECT_EQ(rig.Summary(), "pruned 254");
}

// Through a resolver: one block is parked, two with PTRs are finished.
class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest()
      : rig_({"198.18.0.0/28", "198.18.1.0/28", "198.18.2.0/24"}, kResolver) {
    rig_.Give();
    for (int i = 0; i < 6; ++i) {
      const PlanWork leaf = rig_.Take(Kind::kLeaf);
      const bool full = (leaf.target.item.address.v4() >> 8 & 0xff) < 2;
      rig_.Answer(leaf, full ? Leaf::kPtr : Leaf::kNx, leaf.target.number);
    }
    const PlanWork proof = rig_.Take(Kind::kProof);
    rig_.plan().OnProof(proof.area, proof.who, false);
    EXPECT_EQ(rig_.Summary(), "leaf 28");
    EXPECT_EQ(rig_.plan().stats().parked, 1u);
    while (rig_.Count(Kind::kLeaf) > 0) {
      const PlanWork leaf = rig_.Take(Kind::kLeaf);
      rig_.Answer(leaf, Leaf::kPtr, leaf.target.number);
    }
    EXPECT_EQ(rig_.Summary(), "probe 2");
  }
  // Of a finished block: to be asked of whom the parked one waits for.
  void Tell(Said said) {
    const PlanWork probe = rig_.Take(Kind::kProbe);
    EXPECT_NE(probe.prefix.ToString(), "198.18.2.0/24");
    EXPECT_EQ(probe.who, kWho);
    rig_.Answer(probe, said, kWho);
  }

  PlanRig rig_;
};

TEST_F(EvidenceTest, NodataAtTwoFinishedBlocksMakesTheZoneHonest) {
  Tell(Said::kNodata);
  EXPECT_EQ(rig_.Summary(), "probe 1");
  Tell(Said::kNodata);
  const PlanWork probe = rig_.Take(Kind::kProbe);
  EXPECT_EQ(probe.prefix.ToString(), "198.18.2.0/24");
  rig_.Answer(probe, Said::kNx, kWho);
  EXPECT_EQ(rig_.Summary(), "pruned 254");
}

TEST_F(EvidenceTest, NxAtAFinishedBlockMakesTheZoneBroken) {
  Tell(Said::kNx);
  EXPECT_EQ(rig_.Summary(), "probe 1, leaf 254, broken 1");
}

TEST_F(EvidenceTest, WithoutEvidenceTheParkedBlockIsAsked) {
  Tell(Said::kNodata);
  Tell(Said::kFail);
  EXPECT_EQ(rig_.Summary(), "leaf 254");
}

TEST(BlockPlanTest, ThroughAResolverFourCutsPutTheSuperBlockToTheQuestion) {
  for (const bool above : {true, false}) {
    PlanRig rig({"198.18.0.0/16"}, kResolver);
    rig.MakeSigned(kWho);
    // Every block has its first two leaves.
    rig.Give(512);
    EXPECT_EQ(rig.Summary(), "leaf 512");
    for (int i = 0; i < 4; ++i) {
      const AreaId area = rig.Take(Kind::kLeaf).area;
      rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
      rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
      rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho, above);
    }
    rig.Forget(Kind::kLeaf);
    rig.Give(8);
    if (!above) {
      EXPECT_EQ(rig.Count(Kind::kLeaf), 0);
      continue;
    }
    EXPECT_EQ(rig.Summary(), "leaf 8");
    rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
    const PlanWork probe = rig.Take(Kind::kProbe);
    EXPECT_EQ(probe.prefix.ToString(), "198.18.0.0/16");
    rig.Answer(probe, Said::kNx, kWho);
    rig.Give(1000);
    EXPECT_EQ(rig.Count(Kind::kPruned), 1000);
    EXPECT_EQ(rig.Count(Kind::kLeaf), 0);
  }
}

// Two probes are out when their super-block is cut: NODATA without a PTR below
// says nothing of its server.
TEST(BlockPlanTest, ThroughAResolverLateNodataIsNoEvidenceByItself) {
  constexpr ZoneServer kOther = {.zone = kWho.zone, .server = 2};
  PlanRig rig({"198.18.0.0/16"}, kResolver);
  rig.MakeSigned(kWho);
  rig.Give(512);
  std::vector<PlanWork> probes;
  for (int i = 0; i < 6; ++i) {
    const AreaId area = rig.Take(Kind::kLeaf).area;
    rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
    rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
    probes.push_back(rig.Take(Kind::kProbe));
  }
  for (size_t i = 0; i < 4; ++i) rig.Answer(probes[i], Said::kNx, kWho, true);
  rig.Forget(Kind::kLeaf);
  rig.Give(8);
  rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  rig.Answer(probes[4], Said::kNodata, kOther);
  rig.Answer(probes[5], Said::kNodata, kOther);
  EXPECT_EQ(rig.honesty().StateOf(kOther), State::kUnknown);
  EXPECT_EQ(rig.honesty().StateOf(kWho), State::kSigned);
}

// Four blocks are held, then the super-block, which is cut at once: its zone
// has no other. Then a leaf of a block that was taken over exists.
TEST(BlockPlanTest, ThroughAResolverTheRestOfACutSuperBlockIsAsked) {
  PlanRig rig({"198.18.0.0/16"}, kResolver);
  (void)rig.honesty().OnNx(kWho, 9);
  rig.honesty().OnProof(kWho, false);
  rig.MakeHonest(kWho);
  rig.Give(512);
  for (int i = 0; i < 4; ++i) {
    const AreaId area = rig.Take(Kind::kLeaf).area;
    rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
    rig.plan().OnLeaf(area, dnswire::IpAddress::V4(0), {Leaf::kNx, 0, kWho});
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho, true);
  }
  const PlanWork other = rig.Take(Kind::kLeaf);
  rig.Forget(Kind::kLeaf);
  rig.Give(8);
  rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, kWho);
  rig.Give(1000);
  const int pruned = rig.Count(Kind::kPruned);
  rig.Answer(other, Leaf::kPtr);
  EXPECT_EQ(rig.honesty().StateOf(kWho), State::kBroken);
  rig.Give(1000);
  EXPECT_EQ(rig.Count(Kind::kPruned), pruned);
  EXPECT_EQ(rig.Count(Kind::kLeaf), 2000 - pruned);
  EXPECT_EQ(rig.plan().waiting(), 0u);
}

}  // namespace
}  // namespace scanner
