// What answers mean to a BlockPlan.
#include <algorithm>
#include <cassert>

#include "scanner/planning/area_size.h"
#include "scanner/planning/block_plan.h"

namespace scanner {
namespace {

constexpr uint8_t kSignedSamples = 1;
constexpr uint8_t kHonestSamples = 2;
constexpr uint8_t kSuperFactor = 4;  // a super-block is sampled so much more
constexpr uint8_t kTestLeaves = 2;   // of a silent block
constexpr uint8_t kSuperFirstLeaves = 8;
constexpr uint32_t kCutsForSuper = 4;
constexpr uint8_t kMaxFailedSamples = 2;
constexpr uint8_t kMaxEvidence = 4;  // finished blocks probed in a super-block
constexpr uint8_t kEqualPtrs = 8;
constexpr uint8_t kIpv6Ptrs = 2;

}  // namespace

void BlockPlan::OnArea(AreaId id, const AreaAnswer& answer) {
  Area& area = areas_[id];
  --area.out;
  using Said = AreaAnswer::Said;
  const bool names_zone = answer.said == Said::kData ||
                          answer.said == Said::kNodata ||
                          answer.said == Said::kNx;
  if (names_zone) Attach(SuperOf(id), answer.who.zone);
  if (answer.said == Said::kNodata) {
    NoteNodata(id, answer.who);
  }
  if (area.state == AreaState::kProbing && answer.said == Said::kReferral) {
    area.state = AreaState::kChild;
    PushWork(PlanWork::Kind::kChildSoa, id);
  } else if (area.state == AreaState::kProbing) {
    OnBlockSaid(id, answer);
  } else if (area.state == AreaState::kChild) {
    Open(id);
  } else {
    OnEvidence(id, answer);
  }
  Close(id);
  Settle();
}

void BlockPlan::OnBlockSaid(AreaId id, const AreaAnswer& answer) {
  if (answer.said == AreaAnswer::Said::kNx) {
    OnNx(id, answer);
  } else if (answer.said == AreaAnswer::Said::kSilent && !areas_[id].super) {
    Sample(id, kTestLeaves, AreaState::kTesting);
  } else {
    Open(id);
  }
}

// Of a finished block in which a leaf had a PTR (2.5): it counts below its
// name.
void BlockPlan::OnEvidence(AreaId id, const AreaAnswer& answer) {
  const Area& area = areas_[id];
  if (!area.had_ptr) return;
  if (answer.said == AreaAnswer::Said::kNx) {
    (void)NoteNx(id, answer.who);  // and is broken
  } else if (answer.said != AreaAnswer::Said::kNodata) {
    return;
  }
  LearnFromLeaf(id, area.prefix.first(), true);
}

void BlockPlan::NoteNodata(AreaId id, ZoneServer who) {
  areas_[id].told = Area::Told::kNothing;
  honesty_->OnNodata(who, NameKey(areas_[id].prefix));
}

bool BlockPlan::NoteNx(AreaId id, ZoneServer who) {
  areas_[id].told = Area::Told::kNothing;
  return honesty_->OnNx(who, NameKey(areas_[id].prefix));
}

void BlockPlan::OnNx(AreaId id, const AreaAnswer& answer) {
  Area& area = areas_[id];
  area.said_nx = true;
  area.denier = answer.who;
  area.denied_above = answer.zone_above_super_block;
  if (options_.prune == Prune::kTrust) return Cut(id);
  if (NoteNx(id, answer.who)) {
    proving_.push_back(answer.who);
    PushWork(PlanWork::Kind::kProof, id);
  }
  Weigh(id);
}

void BlockPlan::Weigh(AreaId id) {
  Area& area = areas_[id];
  const auto state = honesty_->StateOf(area.denier);
  uint8_t samples = 0;
  switch (state) {
    case Honesty::State::kBroken:
      return Open(id);
    case Honesty::State::kUnknown:
    case Honesty::State::kHonest:
      if (std::find(proving_.begin(), proving_.end(), area.denier) !=
          proving_.end()) {
        return Rest(id, AreaState::kProving);
      }
      if (state == Honesty::State::kUnknown) {
        return area.super ? Open(id) : Rest(id, AreaState::kParked);
      }
      samples = kHonestSamples;
      break;
    case Honesty::State::kSigned:
      samples = kSignedSamples;
      break;
  }
  if (!options_.iterative && !area.said_nx) return Probe(id);
  if (area.super) samples = static_cast<uint8_t>(samples * kSuperFactor);
  if (area.denied >= samples) return Passed(id);
  Sample(id, static_cast<uint8_t>(samples - area.denied), AreaState::kSampling);
}

void BlockPlan::Sample(AreaId id, uint8_t count, AreaState state) {
  areas_[id].state = state;
  areas_[id].needed = count;
  TakeSamples(id);
}

// From what waits; what is still needed is taken from what comes.
void BlockPlan::TakeSamples(AreaId id) {
  while (areas_[id].needed > 0 && areas_[id].targets.size > 0) {
    HandOutSample(id, Pop(id));
  }
}

// All samples were denied.
void BlockPlan::Passed(AreaId id) {
  switch (honesty_->StateOf(areas_[id].denier)) {
    case Honesty::State::kSigned:
      return Cut(id);
    case Honesty::State::kHonest:
      return Rest(id, AreaState::kHeld);
    default:
      return Weigh(id);
  }
}

void BlockPlan::OnProof(AreaId id, ZoneServer who, bool real) {
  --areas_[id].out;
  std::erase(proving_, who);
  honesty_->OnProof(who, real);
  Reconsider(who);
  Close(id);
  Settle();
}

void BlockPlan::OnLeaf(AreaId id, const dnswire::IpAddress& leaf,
                       const LeafAnswer& answer) {
  --areas_[id].out;
  CountBack(&areas_[id]);
  const bool has_ptr = answer.said == LeafAnswer::Said::kPtr;
  if (has_ptr || answer.said == LeafAnswer::Said::kExists) {
    LearnFromLeaf(id, leaf, has_ptr);
  }
  if (has_ptr && !areas_[id].super) WatchPtrs(id, answer);
  switch (areas_[id].state) {
    case AreaState::kFirstLeaves:
      OnFirstLeaf(id, leaf, answer);
      break;
    case AreaState::kSampling:
    case AreaState::kTesting:
      OnSample(id, answer);
      break;
    default:
      break;
  }
  Close(id);
  Settle();
}

void BlockPlan::OnSample(AreaId id, const LeafAnswer& answer) {
  Area& area = areas_[id];
  if (area.state == AreaState::kTesting) {
    if (answer.said != LeafAnswer::Said::kSilent) return Open(id);
    if (++area.failed < kTestLeaves) return;
    area.state = AreaState::kDead;
    return Drain(id);
  }
  switch (answer.said) {
    case LeafAnswer::Said::kNx:
      ++area.denied;
      if (area.needed == 0 && area.out == 0) Passed(id);
      return;
    case LeafAnswer::Said::kPtr:
    case LeafAnswer::Said::kExists:
      return Open(id);
    case LeafAnswer::Said::kNone:
    case LeafAnswer::Said::kSilent:
      if (++area.failed > kMaxFailedSamples) return Open(id);
      ++area.needed;
      return TakeSamples(id);
  }
}

// Leaves of several zones are no evidence of one.
void BlockPlan::OnFirstLeaf(AreaId id, const dnswire::IpAddress& leaf,
                            const LeafAnswer& answer) {
  Area& area = areas_[id];
  if (answer.said != LeafAnswer::Said::kNx) return Open(id);
  if (area.denied > 0 && area.denier != answer.who) return Open(id);
  area.denier = answer.who;
  const uint8_t wanted = area.super ? kSuperFirstLeaves : kBlockFirstLeaves;
  if (++area.denied < wanted) return;
  Attach(SuperOf(id), answer.who.zone);
  if (options_.prune == Prune::kTrust) return Probe(id);
  if (honesty_->WantsProof(answer.who)) {
    proving_.push_back(answer.who);
    PushWork(PlanWork::Kind::kProof, id);
    urgent_.back().prefix =
        dnswire::IpPrefix::Covering(leaf, leaf.is_v4() ? 32 : 128);
  }
  Weigh(id);
}

void BlockPlan::Probe(AreaId id) {
  areas_[id].state = AreaState::kProbing;
  PushWork(PlanWork::Kind::kProbe, id);
}

void BlockPlan::LearnFromLeaf(AreaId id, const dnswire::IpAddress& leaf,
                              bool has_ptr) {
  const auto telling = has_ptr ? Area::Told::kPtr : Area::Told::kExists;
  // Of a sample of the super-block, the block is not known here.
  const AreaId block = areas_[id].super ? kNil : id;
  const AreaId super = SuperOf(id);
  std::vector<ZoneServer> changed;
  auto learn = [this, &leaf, telling, &changed](AreaId area, int length) {
    if (area != kNil && areas_[area].told >= telling) return;
    if (area != kNil) areas_[area].told = telling;
    honesty_->OnLeaf(NameKey(dnswire::IpPrefix::Covering(leaf, length)),
                     telling == Area::Told::kPtr,
                     [&changed](ZoneServer who) { changed.push_back(who); });
  };
  learn(block, BlockLength(leaf));
  if (SuperLength(leaf) != BlockLength(leaf)) learn(super, SuperLength(leaf));
  for (const ZoneServer who : changed) {
    if (honesty_->StateOf(who) == Honesty::State::kBroken) {
      urgent_.push_back({.kind = PlanWork::Kind::kBroken, .who = who});
    }
    Reconsider(who);
  }
}

// 2.4 and 3.10: what looks as if it were made by a rule is tried once.
void BlockPlan::WatchPtrs(AreaId id, const LeafAnswer& answer) {
  Area& area = areas_[id];
  area.had_ptr = true;
  if (area.special_asked || area.total < kEqualPtrs) return;
  const bool v4 = area.prefix.first().is_v4();
  if (area.equal_ptrs == 0) area.first_ptr = answer.ptr_hash;
  if (v4 && answer.ptr_hash != area.first_ptr) return;
  if (++area.equal_ptrs < (v4 ? kEqualPtrs : kIpv6Ptrs)) return;
  area.special_asked = true;
  PushWork(v4 ? PlanWork::Kind::kWildcard : PlanWork::Kind::kSynthesis, id);
}

// Resolver mode: a block is parked, or one is finished. Finished blocks with
// PTRs are probed, for NODATA at their names is what makes a zone honest.
void BlockPlan::SeekEvidence(AreaId super_id) {
  Area& super = areas_[super_id];
  if (options_.iterative || options_.prune != Prune::kVerify) return;
  AreaId parked = super.first_block;
  while (parked != kNil && areas_[parked].state != AreaState::kParked) {
    parked = areas_[parked].next_block;
  }
  if (parked == kNil) return;
  for (AreaId id = super.first_block;
       id != kNil && super.evidence < kMaxEvidence;
       id = areas_[id].next_block) {
    Area& block = areas_[id];
    if (!block.had_ptr || block.evidence_asked || !IsFinished(block)) continue;
    block.evidence_asked = true;
    ++super.evidence;
    SetResolved(id, false);  // its zone waits for it
    block.denier = areas_[parked].denier;
    PushWork(PlanWork::Kind::kProbe, id);
  }
}

// Resolver mode: the fourth block cut by a zone above its super-block puts the
// super-block itself to the question.
void BlockPlan::CountCut(AreaId block) {
  const AreaId id = areas_[block].parent;
  Area& super = areas_[id];
  if (options_.iterative || !areas_[block].denied_above ||
      super.state != AreaState::kDown) {
    return;
  }
  if (++super.cut_blocks != kCutsForSuper || super.given >= super.total) return;
  super.state = AreaState::kFirstLeaves;
  super.denied = 0;
  super.needed = kSuperFirstLeaves;
  UpdateLive(id);
}

}  // namespace scanner
