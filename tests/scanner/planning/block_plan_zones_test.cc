// Blocks that wait for the rest of their zone (ITERATION.md 2.3, parked and
// held).
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

// A /16 of a zone: blocks 0 and 1 with PTRs, the others denied.
class ZoneTest : public testing::Test {
 protected:
  ZoneTest() : rig_({"198.18.0.0/22"}, kIterative) {
    rig_.Give();
    rig_.Answer(rig_.Take(Kind::kProbe), Said::kFail);
    for (int i = 0; i < 4; ++i) {
      const PlanWork probe = rig_.Take(Kind::kProbe);
      const bool full = BlockOf(probe.prefix.first()) < 2;
      rig_.Answer(probe, full ? Said::kNodata : Said::kNx, kWho);
    }
    const PlanWork proof = rig_.Take(Kind::kProof);
    rig_.plan().OnProof(proof.area, proof.who, false);
  }

  static uint32_t BlockOf(const dnswire::IpAddress& address) {
    return address.v4() >> 8 & 0xff;
  }
  // Answers one leaf of a block that is asked.
  void AnswerLeafOf(uint32_t block, Leaf said) {
    while (rig_.Count(Kind::kLeaf) > 0) kept_.push_back(rig_.Take(Kind::kLeaf));
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [block](const PlanWork& work) {
          return BlockOf(work.target.item.address) == block;
        });
    ASSERT_NE(found, kept_.end());
    const PlanWork work = *found;
    kept_.erase(found);
    rig_.Answer(work, said, work.target.number);
  }
  void AnswerRest(Leaf said) {
    while (rig_.Count(Kind::kLeaf) > 0 || !kept_.empty()) {
      if (kept_.empty()) kept_.push_back(rig_.Take(Kind::kLeaf));
      const PlanWork work = kept_.back();
      kept_.pop_back();
      rig_.Answer(work, said, work.target.number);
    }
  }

  PlanRig rig_;
  std::vector<PlanWork> kept_;
};

TEST_F(ZoneTest, ParkedBlocksWaitForTheOthers) {
  EXPECT_EQ(rig_.Summary(), "leaf 512");
  EXPECT_EQ(rig_.plan().stats().parked, 2u);
}

TEST_F(ZoneTest, TwoNamesWithPtrsMakeTheZoneHonestAndParkedBlocksSampled) {
  AnswerLeafOf(0, Leaf::kPtr);
  EXPECT_EQ(rig_.Count(Kind::kSample), 0);
  AnswerLeafOf(0, Leaf::kPtr);
  EXPECT_EQ(rig_.Count(Kind::kSample), 0);
  AnswerLeafOf(1, Leaf::kPtr);
  EXPECT_EQ(rig_.Count(Kind::kSample), 4);
  EXPECT_EQ(rig_.honesty().StateOf(kWho), State::kHonest);
}

TEST_F(ZoneTest, ALeafThatExistsDoesNotHideThePtrsBehindIt) {
  for (const uint32_t block : {0U, 1U}) {
    AnswerLeafOf(block, Leaf::kExists);
    EXPECT_EQ(rig_.honesty().StateOf(kWho), State::kUnknown) << block;
    AnswerLeafOf(block, Leaf::kPtr);
  }
  EXPECT_EQ(rig_.honesty().StateOf(kWho), State::kHonest);
}

TEST_F(ZoneTest, HeldBlocksAreWrittenWhenTheZoneHasNoOtherBlock) {
  AnswerLeafOf(0, Leaf::kPtr);
  AnswerLeafOf(1, Leaf::kPtr);
  rig_.AnswerAll(Kind::kSample, Leaf::kNx);
  EXPECT_EQ(rig_.plan().stats().held, 2u);
  EXPECT_EQ(rig_.Count(Kind::kPruned), 0);
  AnswerRest(Leaf::kPtr);
  EXPECT_EQ(rig_.Count(Kind::kPruned), 2 * 254);
  EXPECT_EQ(rig_.plan().stats().cut, 2u);
}

TEST_F(ZoneTest, ParkedBlocksAreAskedIfTheZoneStaysUnknown) {
  AnswerRest(Leaf::kNx);
  EXPECT_EQ(rig_.plan().stats().reopened, 2u);
  EXPECT_EQ(rig_.Count(Kind::kPruned), 0);
  EXPECT_EQ(rig_.plan().waiting(), 0u);
}

TEST_F(ZoneTest, AHeldBlockIsAskedWhenTheServerProvesBroken) {
  AnswerLeafOf(0, Leaf::kPtr);
  AnswerLeafOf(1, Leaf::kPtr);
  for (int i = 0; i < 4; ++i) {
    const PlanWork sample = rig_.Take(Kind::kSample);
    const bool first = BlockOf(sample.target.item.address) == 2;
    rig_.Answer(sample, first ? Leaf::kNx : Leaf::kPtr);
    if (rig_.Count(Kind::kBroken) > 0) break;
  }
  EXPECT_EQ(rig_.Count(Kind::kBroken), 1);
  rig_.AnswerAll(Kind::kSample, Leaf::kNx);
  AnswerRest(Leaf::kNx);
  EXPECT_EQ(rig_.Count(Kind::kPruned), 0);
  EXPECT_EQ(rig_.plan().waiting(), 0u);
}

TEST(BlockPlanTest, ParkedBlocksWaitForTheirOwnZoneOnly) {
  PlanRig rig({"198.18.0.0/23", "198.19.0.0/23"}, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kFail);
  rig.Answer(rig.Take(Kind::kProbe), Said::kFail);
  for (int i = 0; i < 4; ++i) {
    const PlanWork probe = rig.Take(Kind::kProbe);
    const uint32_t block = probe.prefix.first().v4() >> 8;
    rig.Answer(probe, block % 2 == 0 ? Said::kNodata : Said::kNx,
               {.zone = block >> 8});
  }
  while (rig.Count(Kind::kProof) > 0) {
    const PlanWork proof = rig.Take(Kind::kProof);
    rig.plan().OnProof(proof.area, proof.who, false);
  }
  EXPECT_EQ(rig.Summary(), "leaf 512");
  for (int i = 0; i < 512; ++i) {
    const PlanWork leaf = rig.Take(Kind::kLeaf);
    if (leaf.target.item.address.v4() >> 16 == (198u << 8 | 18)) {
      rig.Answer(leaf, Leaf::kNx);
    }
  }
  // The parked block of 198.18, not that of 198.19.
  EXPECT_EQ(rig.Summary(), "leaf 256");
}

// Of more zones than a super-block keeps: it does not wait for ever.
TEST(BlockPlanTest, ABlockParkedInANinthZoneIsAsked) {
  PlanRig rig({"198.18.0.0/20"}, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kFail);
  for (uint32_t zone = 1; zone <= 8; ++zone) {
    rig.Answer(rig.Take(Kind::kProbe), Said::kData, {.zone = zone});
  }
  rig.Answer(rig.Take(Kind::kProbe), Said::kNx, {.zone = 9});
  const PlanWork proof = rig.Take(Kind::kProof);
  rig.plan().OnProof(proof.area, proof.who, false);
  EXPECT_EQ(rig.Count(Kind::kLeaf), 9 * 256);
}

// One server is honest, the other not known: what the first denied waits until
// the second's block has been asked.
TEST(BlockPlanTest, HeldBlocksWaitForParkedOnesToBeAsked) {
  constexpr ZoneServer kOther = {.zone = kWho.zone, .server = 2};
  PlanRig rig({"198.18.0.0/22"}, kIterative);
  rig.Give();
  rig.Answer(rig.Take(Kind::kProbe), Said::kFail);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  rig.Answer(rig.Take(Kind::kProbe), Said::kNodata, kWho);
  for (const ZoneServer who : {kWho, kOther}) {
    rig.Answer(rig.Take(Kind::kProbe), Said::kNx, who);
    const PlanWork proof = rig.Take(Kind::kProof);
    rig.plan().OnProof(proof.area, proof.who, false);
  }
  rig.AnswerAll(Kind::kLeaf, Leaf::kPtr);
  EXPECT_EQ(rig.Count(Kind::kSample), 2);
  rig.Forget(Kind::kWildcard);
  rig.Answer(rig.Take(Kind::kSample), Leaf::kNx);
  rig.Answer(rig.Take(Kind::kSample), Leaf::kNx);
  EXPECT_EQ(rig.Summary(), "leaf 256");
  rig.AnswerAll(Kind::kLeaf, Leaf::kNx);
  EXPECT_EQ(rig.Summary(), "pruned 254");
}

}  // namespace
}  // namespace scanner
