// A world of reverse zones, and a scan of it by TargetOrder and BlockPlan:
// answers come in any order, no packet is lost unless the world says so.
#ifndef PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_WORLD_H_
#define PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_WORLD_H_

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/planning/block_plan.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"

namespace scanner {

// How the zone answers for the name of a block or super-block.
enum class Answering : uint8_t {
  kTruthful,  // NODATA if something is below, else NXDOMAIN
  kDenying,   // NXDOMAIN whatever is below
  kSilent,    // no answer, for leaves neither
  kLame,
  kReferral,
};

struct WorldBlock {
  uint32_t ptrs = 0;  // leaves with one: multiplicative order, so spread
  Answering answering = Answering::kTruthful;
};

struct World {
  std::vector<std::string> prefixes;
  std::map<uint32_t, WorldBlock> blocks;  // by number, /24; others are empty
  Answering super = Answering::kTruthful;
  bool is_signed = false;  // with real denial
  uint16_t servers = 1;    // of the one zone
  // Behind a resolver one of two authorities answers for names of blocks, by
  // chance; the other one denies them all.
  bool mixed = false;
  uint32_t loss_percent = 0;  // of leaves' answers
  bool chaos = false;         // any answer to any question, of any zone
  uint64_t seed = 1;

  bool HasPtr(uint32_t address) const;
  Answering AnsweringOf(uint32_t block) const;
};

struct ScanResult {
  uint64_t targets = 0;
  uint64_t asked = 0;   // leaves, each once
  uint64_t checks = 0;  // questions that make no row
  uint64_t pruned = 0;
  uint64_t deferred = 0;
  uint64_t lost = 0;        // pruned although a PTR is there
  uint64_t twice = 0;       // targets with more than one end
  uint64_t endless = 0;     // targets with none
  uint64_t miscounted = 0;  // times that a target was neither waiting nor out
  std::set<uint32_t> pruned_blocks;
  bool broken = false;
  size_t most_waiting = 0;
  BlockPlanStats stats;
};

ScanResult ScanWorld(const World& world, const BlockPlanOptions& options);

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_PLANNING_PLAN_WORLD_H_
