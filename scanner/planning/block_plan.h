// BlockPlan: which targets need not be asked, and what is asked instead to know
// it (ITERATION.md 2.1-2.5, 3.10). Fed with the targets of TargetOrder and with
// what answers came to; gives work. No sockets, clock or random bits: leaves
// are sampled in the order in which they come, which the seed has shuffled.
//
// Super-block (iterative: 2 or more blocks and 16 or more targets; else down)
//
//   kProbing --REFERRAL--> kChild --any--> kDown
//      |  `--DATA, NODATA, FAIL, silence--> kDown: its blocks decide
//      `--NX--> weigh
//
// Block (16 or more targets; else open)
//
//   kProbing --REFERRAL--> kChild --any--> kOpen: every target is asked
//      |  |`--DATA, NODATA, FAIL--> kOpen
//      |  `--silence--> kTesting, 2 leaves --both silent--> kDead: put off
//      `--NX--> weigh                     `--else--> kOpen
//   resolver mode begins with kFirstLeaves, 2 leaves --both NX--> weigh
//                                                    `--else--> kOpen
// weigh, by the honesty of the server that said NX
//
//   --prune trust     kCut: every target is pruned
//   being proved      kProving, until the DO=1 question is answered: weigh
//   (resolver mode, not probed yet, signed or honest: kProbing)
//   signed            kSampling, 1 leaf (super-block 4) --all NX--> kCut
//   honest            kSampling, 2 leaves (8) --all NX--> kHeld
//   unknown           kParked (super-block: kDown)
//   broken            kOpen (kDown)
//
// A sample that exists makes the server broken. One without evidence (timeout,
// SERVFAIL) is replaced, twice; then the area is asked.
//
// In resolver mode the leaves asked first are the samples, and their denials
// name the zone. An area is probed only once that zone is known to be signed or
// honest: a resolver may deny whatever is below a name that was denied, so a
// probe in a zone that denies empty non-terminals would hide leaves that are
// still to be asked. Evidence of honesty comes from blocks whose leaves have
// all been asked; the DO=1 question is that of a leaf which was denied.
//
// kParked, kHeld and kProving rest. They are weighed again when their server's
// state changes, and settled when their zone has no other block left: parked
// ones are opened, and when those are answered too held ones are cut. A zone
// has blocks left while one of the super-blocks in which it was met has blocks
// that do not rest and are not finished, those that are still to come included.
//
// No zone has more than max_zone_leaves out, so that a slow one does not fill
// all slots (ITERATION.md 1.2): beyond that its areas are stalled, and hand out
// one leaf for each that comes back.
//
// Targets of parked and held areas are at most max_waiting; beyond that the
// oldest of these areas is released: a parked one opened, a held one cut. With
// those that wait for answers about their areas, or are stalled, they are a
// quarter more at most; and 1,024 and what was just released are ready: with 64
// octets each, 6 MiB in the worst case. An
// area takes about 200 octets; those of a group of the order are kept until it
// ends (16,384 blocks, 3 MiB).
//
// IPv6: the order scatters a /64 over its groups. Each time it is opened again
// what was decided of it before stands, if it is one of the last 16,384 or so.
#ifndef PTRSWEEP_SCANNER_PLANNING_BLOCK_PLAN_H_
#define PTRSWEEP_SCANNER_PLANNING_BLOCK_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "scanner/asking/slab.h"
#include "scanner/options.h"
#include "scanner/planning/area.h"
#include "scanner/planning/planned_target.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"
#include "scanner/upstream/honesty.h"
#include "scanner/upstream/way_table.h"

namespace scanner {

struct BlockPlanOptions {
  bool iterative = false;
  Prune prune = Prune::kVerify;
  uint32_t shard = 0;  // as given to the TargetOrder
  uint32_t shards = 1;
  uint32_t max_waiting = 65536;  // REQUIRES: over 256
  uint32_t max_zone_leaves = 0;  // of one zone, that are out; 0: no limit
};

struct PlanWork {
  enum class Kind : uint8_t {
    kProbe,      // SOA of prefix's name at the deepest known cut -> OnArea
    kChildSoa,   // the same, of the servers of the cut just found -> OnArea
    kProof,      // SOA of prefix's name with DO=1, of `who` -> OnProof;
                 // in resolver mode the prefix may be a leaf
    kLeaf,       // ask `target`, a row of its own -> OnLeaf
    kSample,     // likewise, of server `who`
    kPruned,     // write the row of `target`: denied by `who`, queries 0
    kDefer,      // put `target` off: its block is silent
    kWildcard,   // PTR of a random label in `prefix`: a PTR is flag wildcard
    kSynthesis,  // PTR of 2 random addresses: both a PTR is flag synthesized
    kBroken,     // nothing to ask: zone flag ent_broken for `who`
  };
  Kind kind = Kind::kLeaf;
  AreaId area = kNil;  // to be given back with the answer
  dnswire::IpPrefix prefix;
  PlannedTarget target;
  // In resolver mode of a kProbe too: whose evidence is at stake.
  ZoneServer who;
};

// What a kProbe or kChildSoa came to in the end, over all tries.
struct AreaAnswer {
  enum class Said : uint8_t {
    kReferral,  // at the name itself; one further up is followed first
    kData,
    kNodata,
    kNx,      // only if it is evidence of absence (ITERATION.md 1.3)
    kFail,    // FAIL or LAME everywhere, and NXDOMAIN that is no evidence
    kSilent,  // no response from anyone
  };
  Said said = Said::kFail;
  ZoneServer who;  // kData, kNodata, kNx: the zone S and the server
  // kNx: S is a proper ancestor of the super-block's name.
  bool zone_above_super_block = false;
};

// What a kLeaf or kSample came to.
struct LeafAnswer {
  enum class Said : uint8_t {
    kPtr,     // a PTR at the leaf, or behind its aliases
    kExists,  // other records, an alias or a delegation at it (AA=1)
    kNx,
    kNone,    // no evidence: an error
    kSilent,  // no response from anyone
  };
  Said said = Said::kNone;
  uint64_t ptr_hash = 0;  // kPtr: of its PTR set
  ZoneServer who;         // kNx, where WantsDenier(): as in AreaAnswer
};

struct BlockPlanStats {
  uint64_t cut = 0;              // areas
  uint64_t pruned = 0;           // targets
  uint64_t parked = 0;           // blocks, each time
  uint64_t held = 0;             // areas, each time
  uint64_t reopened = 0;         // parked and held areas asked after all
  uint64_t held_released = 0;    // held areas cut for want of room
  uint64_t parked_released = 0;  // parked areas opened for want of room
  uint64_t stalled = 0;          // areas, each time
};

// Not thread-safe: each engine has its own.
class BlockPlan {
 public:
  // Which zone an area is in, as far as is known now; 0: not at all.
  using ZoneOf = std::function<uint64_t(const dnswire::IpPrefix& area)>;

  // `targets` and `honesty` outlive the plan. REQUIRES: `zone_of`, if there is
  // a limit to zones.
  BlockPlan(const TargetSet* targets, Honesty* honesty,
            const BlockPlanOptions& options, ZoneOf zone_of = nullptr);

  // Whether the plan has use for more targets: few are ready, and few wait for
  // answers. May release parked and held areas. While it is false work is ready
  // or out.
  bool WantsTargets();
  // The next target of the order.
  void Add(const PlannedTarget& target);
  // The order has come to another group (TargetOrder::GroupOf), or to its end.
  void EndGroup();

  // What is to be done next; nullopt if there is nothing until an answer or a
  // target comes. Questions about areas come before leaves; areas take turns.
  std::optional<PlanWork> NextWork();

  // REQUIRES: `area` is that of a work not answered yet.
  void OnArea(AreaId area, const AreaAnswer& answer);
  void OnProof(AreaId area, ZoneServer who, bool real);
  void OnLeaf(AreaId area, const dnswire::IpAddress& leaf,
              const LeafAnswer& answer);
  // OnLeaf() must tell who denied (resolver mode).
  bool WantsDenier(AreaId area) const {
    return areas_[area].state == AreaState::kFirstLeaves;
  }

  // What `zone_of` says may have changed.
  void OnCuts();

  // Targets that came and were not handed out: waiting, parked, held, ready, or
  // the samples of the next work.
  size_t waiting() const { return waiting_ + urgent_targets_; }
  const BlockPlanStats& stats() const { return stats_; }

 private:
  struct Zone {
    uint32_t leaves_out = 0;
    std::deque<AreaId> stalled;
  };
  struct Waiting {
    PlannedTarget target;
    uint32_t next = kNil;
  };
  // Of an IPv6 block that was closed.
  struct Decision {
    bool cut = false;
    ZoneServer denier;
  };
  // One of each area: its network bits, and what kind of area that is.
  using Key = std::pair<uint64_t, uint64_t>;
  static Key KeyOf(const dnswire::IpAddress& address, bool super);

  // block_plan.cc: targets and areas.
  AreaId FindOrOpen(const dnswire::IpAddress& address, bool super);
  void OpenSuper(Area* area);
  void OpenBlock(AreaId id);
  void Give(AreaId id, const PlannedTarget& target);
  void Push(AreaId id, const PlannedTarget& target);
  PlannedTarget Pop(AreaId id);
  void Drain(AreaId id);
  std::optional<PlanWork> DrainOne();
  void HandOutSample(AreaId id, const PlannedTarget& target);
  void PushWork(PlanWork::Kind kind, AreaId id);
  void Close(AreaId id);
  void CloseSuper(AreaId id);
  bool AllCame(const Area& area) const;
  bool IsFinished(const Area& area) const;

  // block_plan_answers.cc: what answers mean.
  void OnBlockSaid(AreaId id, const AreaAnswer& answer);
  void OnEvidence(AreaId id, const AreaAnswer& answer);
  void OnNx(AreaId id, const AreaAnswer& answer);
  void Weigh(AreaId id);
  void Sample(AreaId id, uint8_t count, AreaState state);
  void TakeSamples(AreaId id);
  void OnSample(AreaId id, const LeafAnswer& answer);
  void OnFirstLeaf(AreaId id, const dnswire::IpAddress& leaf,
                   const LeafAnswer& answer);
  void Probe(AreaId id);
  void Passed(AreaId id);
  void NoteNodata(AreaId id, ZoneServer who);
  bool NoteNx(AreaId id, ZoneServer who);
  void LearnFromLeaf(AreaId id, const dnswire::IpAddress& leaf, bool has_ptr);
  void WatchPtrs(AreaId id, const LeafAnswer& answer);
  void SeekEvidence(AreaId super);
  void CountCut(AreaId block);

  // block_plan_stalls.cc: what zones have out.
  void MoveToItsZone(Area* area);
  bool HasEnoughOut(AreaId id);
  void Stall(AreaId id);
  void CountOut(Area* area);
  void CountBack(Area* area);
  void TakeOff(uint64_t zone, uint32_t leaves);
  void GoOn(Zone* zone, uint32_t count);

  // block_plan_rest.cc: areas that rest, and zones.
  void Rest(AreaId id, AreaState state);
  void Unrest(AreaId id);
  void Open(AreaId id);
  void Cut(AreaId id);
  void Absorb(AreaId super);
  void Reconsider(ZoneServer who);
  void Attach(AreaId super, uint32_t zone);
  void SetResolved(AreaId block, bool resolved);
  void UpdateLive(AreaId super);
  // What is finished, and what rests in zones that have no other block left.
  void Settle() {
    if (!to_close_.empty() || !to_settle_.empty()) SettleAll();
  }
  void SettleAll();
  void SettleZone(uint32_t zone);
  void ReleaseOldest();
  AreaId SuperOf(AreaId id) const;

  const TargetSet* targets_;
  Honesty* honesty_;
  BlockPlanOptions options_;
  const ZoneOf zone_of_;

  Slab<Area> areas_;
  absl::flat_hash_map<Key, AreaId> open_;
  Slab<Waiting> waiting_targets_;
  size_t waiting_ = 0;
  size_t ready_ = 0;    // of them in areas that hand them out
  size_t resting_ = 0;  // of them in areas that are parked or held

  std::deque<PlanWork> urgent_;
  size_t urgent_targets_ = 0;  // its samples, which are in no area's list
  std::deque<AreaId> draining_;
  absl::flat_hash_map<uint64_t, Zone> zones_;  // that have leaves out
  AreaId oldest_resting_ = kNil;
  AreaId youngest_resting_ = kNil;
  std::vector<ZoneServer> proving_;
  absl::flat_hash_map<uint32_t, uint32_t> live_;  // zone: super-blocks
  std::vector<uint32_t> to_settle_;               // zones
  std::vector<AreaId> to_close_;                  // areas that may be finished
  WayTable<Decision> decisions_;
  BlockPlanStats stats_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PLANNING_BLOCK_PLAN_H_
