// A BlockPlan and the order that feeds it, by hand: all targets are given, what
// work comes is looked at, answers are told.
#ifndef PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_RIG_H_
#define PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_RIG_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/ip_address.h"
#include "scanner/planning/block_plan.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"
#include "scanner/upstream/honesty.h"
#include "tests/scanner/targets/order_helpers.h"

namespace scanner {

inline constexpr ZoneServer kWho = {.zone = 5, .server = 1};
inline constexpr BlockPlanOptions kIterative = {.iterative = true};
inline constexpr BlockPlanOptions kResolver = {.iterative = false};

inline const std::vector<std::string> kBlock = {"198.18.7.0/24"};
inline const std::vector<std::string> kTwoBlocks = {"198.18.6.0/24",
                                                    "198.18.7.0/24"};
inline const std::vector<std::string> kSixBlocks = {"198.18.0.0/22",
                                                    "198.18.4.0/23"};

class PlanRig {
 public:
  using Kind = PlanWork::Kind;

  PlanRig(const std::vector<std::string>& prefixes,
          const BlockPlanOptions& options, BlockPlan::ZoneOf zone_of = nullptr)
      : targets_(SetOf(prefixes)),
        order_(&targets_, 1),
        plan_(&targets_, &honesty_, options, std::move(zone_of)) {}

  // Gives up to `count` targets of the order, whether wanted or not.
  void Give(int count = 1 << 20) {
    for (; count > 0; --count) {
      const auto item = order_.Next();
      if (!item) return plan_.EndGroup();
      plan_.Add({*item, number_++});
    }
  }

  // All work there is, in front of what was not taken before.
  void Collect() {
    while (const auto work = plan_.NextWork()) works_.push_back(*work);
  }
  int Count(Kind kind) {
    Collect();
    return static_cast<int>(
        std::count_if(works_.begin(), works_.end(),
                      [kind](const PlanWork& w) { return w.kind == kind; }));
  }
  // "probe 1, leaf 256": what there is, in the order of Kind.
  std::string Summary() {
    const char* const kNames[] = {"probe",     "child",  "proof", "leaf",
                                  "sample",    "pruned", "defer", "wildcard",
                                  "synthesis", "broken"};
    std::string text;
    for (size_t i = 0; i < std::size(kNames); ++i) {
      const int count = Count(static_cast<Kind>(i));
      if (count == 0) continue;
      absl::StrAppend(&text, text.empty() ? "" : ", ", kNames[i], " ", count);
    }
    return text;
  }
  // The first work of that kind, taken out.
  PlanWork Take(Kind kind) {
    Collect();
    const auto found =
        std::find_if(works_.begin(), works_.end(),
                     [kind](const PlanWork& w) { return w.kind == kind; });
    if (found == works_.end()) {
      ADD_FAILURE() << "no such work: " << Summary();
      return {};
    }
    const PlanWork work = *found;
    works_.erase(found);
    return work;
  }
  // All there are, in their order.
  std::vector<PlanWork> TakeAll(Kind kind) {
    Collect();
    std::vector<PlanWork> taken;
    std::copy_if(works_.begin(), works_.end(), std::back_inserter(taken),
                 [kind](const PlanWork& w) { return w.kind == kind; });
    std::erase_if(works_, [kind](const PlanWork& w) { return w.kind == kind; });
    return taken;
  }
  // It has not been answered.
  void PutBack(const PlanWork& work) { works_.push_back(work); }
  void Forget(Kind kind) {
    Collect();
    std::erase_if(works_, [kind](const PlanWork& w) { return w.kind == kind; });
  }

  void Answer(const PlanWork& work, AreaAnswer::Said said, ZoneServer who = {},
              bool above = false) {
    plan_.OnArea(work.area, {said, who, above});
  }
  void Answer(const PlanWork& work, LeafAnswer::Said said,
              uint64_t ptr_hash = 0, ZoneServer who = kWho) {
    plan_.OnLeaf(work.area, work.target.item.address, {said, ptr_hash, who});
  }
  // All there are of a kind.
  void AnswerAll(Kind kind, LeafAnswer::Said said, uint64_t ptr_hash = 0) {
    while (Count(kind) > 0) Answer(Take(kind), said, ptr_hash);
  }
  // Those that there are, and not what comes of it.
  void AnswerThese(Kind kind, LeafAnswer::Said said) {
    for (const PlanWork& work : TakeAll(kind)) Answer(work, said);
  }
  void MakeHonest(ZoneServer who) {
    for (uint64_t name = 1; name <= 2; ++name) {
      honesty_.OnNodata(who, name);
      honesty_.OnLeaf(name, true, [](ZoneServer) {});
    }
  }
  void MakeSigned(ZoneServer who) {
    (void)honesty_.OnNx(who, 1);
    honesty_.OnProof(who, true);
  }
  void MakeBroken(ZoneServer who) {
    (void)honesty_.OnNx(who, 3);
    honesty_.OnLeaf(3, true, [](ZoneServer) {});
  }

  BlockPlan& plan() { return plan_; }
  Honesty& honesty() { return honesty_; }

 private:
  TargetSet targets_;
  Honesty honesty_;
  TargetOrder order_;
  BlockPlan plan_;
  uint64_t number_ = 0;
  std::vector<PlanWork> works_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_RIG_H_
