// ProgressMap: what a scan has done of the one seeded order, in memory that
// does not grow with the targets.
//
// Engines go through disjoint shards of the order, each upwards, and drift
// apart without bound: one may be done while another is half-way. A low-water
// mark of the whole order with a bitmap beyond it would then be a bitmap of
// half the targets. Instead the mark is kept for each shard, and what is not
// finished below it is listed:
//
//   shard 0   ==========o=====o==oo|            = finished or deferred
//   shard 1   =====o====ooo|                    o open: begun, no row yet
//                          ^ mark               | nothing begun from here on
//
//   taken(p) = p is below the mark of its shard, and not open
//
// Open are the lookups in flight and the rows on their way to the disk;
// deferred addresses are kept with what was learnt of them. Both are bounded by
// the options: some ten thousand positions, an octet or two each, for any
// number of targets and engines.
//
// Which shard a position is in follows from its address, not from whoever asks
// it, so a run with another number of engines can still read the marks. It puts
// a layer of marks of its own over them; a position is below its mark if it is
// so in any layer. A layer above all of whose marks another one lies is
// dropped when the next run begins.
//
// Low-water: every position before low_water() is finished or deferred.
//
// An engine numbers what it starts, and tells an end by that number: a bit is
// found by it where a position would have to be looked up (open_lookups.h).
#ifndef PTRSWEEP_SCANNER_PROGRESS_PROGRESS_MAP_H_
#define PTRSWEEP_SCANNER_PROGRESS_PROGRESS_MAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "scanner/progress/division.h"
#include "scanner/progress/late_list.h"
#include "scanner/progress/open_lookups.h"
#include "scanner/targets/target_order.h"

namespace scanner {

// What an engine has done since it last told, in any order.
struct ProgressEvents {
  using Position = TargetOrder::Position;
  // The number of an address that came from the late list.
  static constexpr uint64_t kLate = UINT64_MAX;

  // An address put off, and the number it was started by.
  struct PutOff {
    uint64_t number = kLate;
    Deferred deferred;
  };

  uint32_t shard = 0;
  std::vector<Position> started;   // ascending; numbered on from the last ones
  std::vector<uint64_t> finished;  // numbers of its rows, in their order
  std::vector<Position> late;      // for each kLate in `finished`
  std::vector<PutOff> put_off;
  bool exhausted = false;  // its shard has no more to start

  bool empty() const {
    return started.empty() && finished.empty() && put_off.empty() && !exhausted;
  }
  void Clear();
};

// Not thread-safe; engines of a resumed scan share one that nobody changes.
class ProgressMap {
 public:
  using Position = TargetOrder::Position;

  // The engines of a run, before anything else and after Decode(). Shards
  // without an engine have no targets.
  void BeginRun(const std::vector<EngineShare>& shares);
  // All that the events say but `finished`, whose rows may not be on the disk.
  void Apply(const ProgressEvents& events);
  // A row is on the disk: that of the address that the shard's engine started
  // by this number, or of a deferred address.
  void Finish(uint32_t shard, uint64_t number);
  void FinishLate(Position position);

  // The address at this position is finished, or deferred. REQUIRES: no run has
  // begun since Decode().
  bool IsTaken(Position position, const dnswire::IpAddress& address) const;
  Position low_water() const;
  // Nothing from here on is taken.
  Position end() const;
  size_t open() const;
  const absl::flat_hash_map<Position, Deferred>& deferred() const {
    return deferred_;
  }
  // Those of a shard, by position.
  std::vector<Deferred> DeferredOf(uint32_t shard, uint32_t shards) const;

  // Marks and open positions, for a record's `progress`.
  std::string Encode() const;
  // Deferred addresses that came, changed or went since the last call, for its
  // `changes`; or all that there are.
  std::string TakeChanges();
  std::string TakeAll();
  // Reads them back, the changes of all records in their order. False: not what
  // Encode() and TakeChanges() make.
  bool Decode(absl::string_view progress);
  bool DecodeChanges(absl::string_view changes);

 private:
  // The marks of a run, by shard.
  using Layer = std::vector<Position>;
  // What one engine of this run has open.
  struct Running {
    uint32_t shard;
    OpenLookups open;
  };

  OpenLookups& OpenOf(uint32_t shard);
  std::vector<Position> OpenPositions() const;
  Position Mark() const;
  void DropCoveredLayers();

  std::vector<Layer> layers_;  // the last one is that of the run
  std::vector<Running> running_;
  absl::flat_hash_set<Position> left_open_;  // by an earlier run, not begun yet
  absl::flat_hash_map<Position, Deferred> deferred_;
  absl::flat_hash_set<Position> changed_;  // of deferred_
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_PROGRESS_MAP_H_
