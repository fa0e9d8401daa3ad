#include "tests/scanner/planning/plan_world.h"

#include <algorithm>
#include <utility>

#include "tests/scanner/planning/plan_rig.h"

namespace scanner {
namespace {

constexpr size_t kInFlight = 300;

using Said = AreaAnswer::Said;
using Leaf = LeafAnswer::Said;

class WorldScan {
 public:
  WorldScan(const World& world, const BlockPlanOptions& options)
      : world_(world),
        targets_(SetOf(world.prefixes)),
        order_(&targets_, world.seed),
        plan_(&targets_, &honesty_, options),
        iterative_(options.iterative),
        random_(static_cast<uint32_t>(world.seed)) {
    result_.targets = absl::Uint128Low64(targets_.size());
  }

  ScanResult Run() {
    for (;;) {
      Fill();
      while (in_flight_.size() < kInFlight) {
        const auto work = plan_.NextWork();
        if (!work) break;
        Do(*work);
      }
      // What was given is waiting or has been handed out, at any time.
      if (number_ != taken_ + plan_.waiting()) ++result_.miscounted;
      result_.most_waiting = std::max(result_.most_waiting, plan_.waiting());
      if (in_flight_.empty() && order_done_ && plan_.waiting() == 0) break;
      if (in_flight_.empty() && stuck_++ > 1000) break;
      if (!in_flight_.empty()) AnswerOne();
    }
    for (const auto& [target, ends] : ends_) {
      if (ends > 1) ++result_.twice;
    }
    result_.endless = result_.targets - ends_.size();
    result_.stats = plan_.stats();
    return result_;
  }

 private:
  void Fill() {
    while (!order_done_ && plan_.WantsTargets()) {
      const auto item = order_.Next();
      order_done_ = !item;
      if (!item || (any_ && order_.GroupOf(item->position) != group_)) {
        plan_.EndGroup();
      }
      if (!item) return;
      any_ = true;
      group_ = order_.GroupOf(item->position);
      plan_.Add({*item, number_++});
    }
  }

  void Do(const PlanWork& work) {
    taken_ += work.kind == PlanWork::Kind::kLeaf ||
              work.kind == PlanWork::Kind::kSample ||
              work.kind == PlanWork::Kind::kPruned ||
              work.kind == PlanWork::Kind::kDefer;
    const uint32_t address =
        work.target.item.address.is_v4() ? work.target.item.address.v4() : 0;
    switch (work.kind) {
      case PlanWork::Kind::kPruned:
        ++ends_[address];
        ++result_.pruned;
        result_.pruned_blocks.insert(address >> 8);
        if (world_.HasPtr(address)) ++result_.lost;
        return;
      case PlanWork::Kind::kDefer:
        ++ends_[address];
        ++result_.deferred;
        return;
      case PlanWork::Kind::kBroken:
        result_.broken = true;
        return;
      case PlanWork::Kind::kWildcard:
      case PlanWork::Kind::kSynthesis:
        ++result_.checks;
        return;
      default:
        in_flight_.push_back(work);
    }
  }

  void AnswerOne() {
    std::swap(in_flight_[random_() % in_flight_.size()], in_flight_.back());
    const PlanWork work = in_flight_.back();
    in_flight_.pop_back();
    switch (work.kind) {
      case PlanWork::Kind::kLeaf:
      case PlanWork::Kind::kSample:
        return AnswerLeaf(work);
      case PlanWork::Kind::kProof:
        ++result_.checks;
        return plan_.OnProof(
            work.area, work.who,
            world_.chaos ? random_() % 2 == 0 : world_.is_signed);
      default:
        ++result_.checks;
        return plan_.OnArea(work.area, AnswerArea(work));
    }
  }

  void AnswerLeaf(const PlanWork& work) {
    const uint32_t address = work.target.item.address.v4();
    ++ends_[address];
    ++result_.asked;
    LeafAnswer answer;
    const bool is_lost = random_() % 100 < world_.loss_percent;
    const Answering answering = world_.AnsweringOf(address >> 8);
    if (answering == Answering::kSilent || is_lost) {
      answer.said = Leaf::kSilent;
    } else if (answering == Answering::kLame) {
      answer.said = Leaf::kNone;
    } else {
      answer.said = world_.HasPtr(address) ? Leaf::kPtr : Leaf::kNx;
      answer.ptr_hash = address;
    }
    if (world_.chaos) {
      // Denials prevail, or all is soon broken.
      const bool denied = random_() % 8 > 0;
      answer.said = denied ? Leaf::kNx : static_cast<Leaf>(random_() % 5);
    }
    answer.who = {.zone = 1, .server = ResolverOf(address)};
    if (world_.chaos) answer.who = AnyWho();
    plan_.OnLeaf(work.area, work.target.item.address, answer);
  }

  // Through resolvers: whom the questions of a super-block go to.
  uint16_t ResolverOf(uint32_t address) const {
    return static_cast<uint16_t>((address >> 16) % world_.servers);
  }

  // Few, so that two leaves of a block agree now and then.
  ZoneServer AnyWho() {
    return {.zone = static_cast<uint32_t>(random_() % 3),
            .server = static_cast<uint16_t>(random_() % 2)};
  }

  AreaAnswer AnyAnswer() {
    return {.said = static_cast<Said>(random_() % 6),
            .who = {.zone = static_cast<uint32_t>(random_() % 20),
                    .server = static_cast<uint16_t>(random_() % 20)},
            .zone_above_super_block = random_() % 2 == 0};
  }

  AreaAnswer AnswerArea(const PlanWork& work) {
    if (world_.chaos) return AnyAnswer();
    const uint32_t first = work.prefix.first().v4();
    const bool super = work.prefix.length() == 16;
    const auto server = iterative_
                            ? static_cast<uint16_t>(random_() % world_.servers)
                            : ResolverOf(first);
    AreaAnswer answer = {.who = {.zone = 1, .server = server},
                         .zone_above_super_block = true};
    bool exists = world_.blocks.contains(first >> 8);
    if (super) {
      const auto below = world_.blocks.lower_bound(first >> 8);
      exists = below != world_.blocks.end() && below->first >> 8 == first >> 16;
    }
    if (world_.mixed && random_() % 2 == 0) {
      answer.said = Said::kNx;
      return answer;
    }
    switch (super ? world_.super : world_.AnsweringOf(first >> 8)) {
      case Answering::kTruthful:
        answer.said = exists ? Said::kNodata : Said::kNx;
        break;
      case Answering::kDenying:
        answer.said = Said::kNx;
        break;
      case Answering::kSilent:
        answer.said = Said::kSilent;
        break;
      case Answering::kLame:
        answer.said = Said::kFail;
        break;
      case Answering::kReferral:
        answer.said =
            work.kind == PlanWork::Kind::kProbe ? Said::kReferral : Said::kData;
        break;
    }
    return answer;
  }

  const World& world_;
  TargetSet targets_;
  Honesty honesty_;
  TargetOrder order_;
  BlockPlan plan_;
  const bool iterative_;
  std::mt19937 random_;
  std::vector<PlanWork> in_flight_;
  std::map<uint32_t, int> ends_;
  ScanResult result_;
  bool order_done_ = false;
  bool any_ = false;
  absl::uint128 group_ = 0;
  uint64_t number_ = 0;
  uint64_t taken_ = 0;  // targets handed out
  int stuck_ = 0;
};

}  // namespace

// 167 is odd: a bijection of the last octet.
bool World::HasPtr(uint32_t address) const {
  const auto block = blocks.find(address >> 8);
  return block != blocks.end() &&
         (address * 167 + 13) % 256 < block->second.ptrs;
}

Answering World::AnsweringOf(uint32_t block) const {
  const auto found = blocks.find(block);
  return found == blocks.end() ? Answering::kTruthful : found->second.answering;
}

ScanResult ScanWorld(const World& world, const BlockPlanOptions& options) {
  return WorldScan(world, options).Run();
}

}  // namespace scanner
