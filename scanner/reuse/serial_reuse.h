// SerialReuse: which targets need not be asked, because their zone has not
// changed since an earlier scan found what they have (ITERATION.md 2.7). Fed
// with targets and with what came of its questions; gives work. No sockets, no
// clock of its own. One an engine; of those that meet a zone one looks into it,
// the others wait for its ruling (ZoneRulings).
//
// A zone, the first time that a target of it comes:
//
//   kNew --SOA asked--> kAsking --the same SOA--> kSampling
//                          |                         |
//                          | another one, or none    | all samples as they were
//                          v                         v
//                     ruled asked <--one differs-- ruled unchanged
//                  every target is asked        its rows are taken over
//
// Serials lie where a program makes the zone: samples are PTR questions for
// known addresses all over the zone, n/128 of them, 4 to 512; of several shards
// each takes its part. One without an answer is replaced by another, 8 times at
// most; then, too, all is asked. Whoever gave one that differs is asked for the
// SOA: only if that is still the same the serial lies, else the zone changed
// meanwhile or the server lags. Zones so small that this would cost as much as
// asking are asked.
//
// While a zone is looked into its targets wait here, 65,536 at most in all,
// with 64 octets each. Once that is full the zones that nothing was heard of
// for 10 s are given up: asked.
#ifndef PTRSWEEP_SCANNER_REUSE_SERIAL_REUSE_H_
#define PTRSWEEP_SCANNER_REUSE_SERIAL_REUSE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "io/net/time.h"
#include "scanner/asking/slab.h"
#include "scanner/planning/planned_target.h"
#include "scanner/reuse/known_rows.h"
#include "scanner/upstream/route.h"

namespace scanner {

struct ReuseWork {
  enum class Kind : uint8_t {
    kSerial,  // ask for the SOA of `zone` -> OnSerial
    kAccuse,  // the same, rather of `server` -> OnAccused
    kSample,  // ask for the PTR of `row` -> OnSample
    kReuse,   // `target` has what `row` says
    kAsk,     // ask `target` as if nothing were known of it
  };
  Kind kind = Kind::kAsk;
  uint32_t zone = 0;  // index in KnownRows::zones()
  ServerIndex server = 0;
  const KnownRow* row = nullptr;
  PlannedTarget target;
};

class SerialReuse {
 public:
  static constexpr size_t kMaxWaiting = 65536;
  static constexpr size_t kMaxQuestions = 256;  // under way at a time
  static constexpr io::TimeNs kPatience = 10 * io::kSecond;

  // `known` outlives this. `shards`: how many share the samples of a zone.
  // `seed` chooses them: nobody else can guess it.
  SerialReuse(const KnownRows* known, uint32_t shards, uint64_t seed);

  // True: the target has been taken, and comes back as kReuse or kAsk. False:
  // it is to be asked.
  bool Take(const PlannedTarget& target, io::TimeNs now);
  // Take() may not be called.
  bool full() const { return waiting_ >= kMaxWaiting; }
  bool HasWork() const;
  std::optional<ReuseWork> NextWork(io::TimeNs now);

  // What the zone's own SOA is, against what was known; `same` false: another
  // serial, MNAME or RNAME, no answer, or none of the zone.
  void OnSerial(uint32_t zone, bool same, io::TimeNs now);
  enum class Sample : uint8_t { kSame, kOther, kNone };
  void OnSample(uint32_t zone, Sample sample, ServerIndex server,
                io::TimeNs now);
  void OnAccused() { --questions_; }
  // Some answer told another SOA: the zone is changing now.
  void OnMoved(uint32_t zone);
  // Once a turn: heeds the rulings of others, and gives up zones that keep all
  // targets waiting.
  void Look(io::TimeNs now);

  // Targets that were taken and have not come back.
  size_t waiting() const { return waiting_; }
  // Some of them wait for another engine.
  bool waits_for_others() const { return !others_.empty(); }

 private:
  static constexpr uint8_t kSpareSamples = 8;

  struct List {  // of slab_
    uint32_t head = kNil;
    uint32_t tail = kNil;
  };
  enum class State : uint8_t { kNew, kOthers, kAsking, kSampling, kSettled };
  struct ZoneState {
    State state = State::kNew;
    uint16_t wanted = 0;            // samples in all
    uint16_t taken = 0;             // of them
    uint16_t same = 0;              // came back as they were
    uint8_t redo = 0;               // to be taken for one without an answer
    uint8_t spare = kSpareSamples;  // may be so
    List waiting;
    io::TimeNs heard = 0;
  };
  struct Waiting {
    PlannedTarget target;
    const KnownRow* row = nullptr;
    uint32_t next = kNil;
  };

  void Begin(uint32_t zone, io::TimeNs now);
  void Settle(uint32_t zone, bool unchanged);
  void Release(uint32_t zone);
  void Append(uint32_t at, List* list);
  const KnownRow* NextSample(uint32_t zone);
  std::optional<ReuseWork> NextReady();

  const KnownRows* known_;
  ZoneRulings& rulings_;
  const uint32_t shards_;
  const uint64_t seed_;
  uint64_t drawn_ = 0;  // random numbers
  std::vector<ZoneState> zones_;
  Slab<Waiting> slab_;
  size_t waiting_ = 0;
  List ready_;                     // their zones have been ruled
  std::deque<uint32_t> serials_;   // zones to be asked for their SOA
  std::deque<uint32_t> sampling_;  // zones with samples left, in turn
  std::deque<std::pair<uint32_t, ServerIndex>> accused_;
  std::vector<uint32_t> open_;    // zones that were asked for their SOA
  std::vector<uint32_t> others_;  // zones that another engine looks into
  size_t questions_ = 0;          // under way
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_SERIAL_REUSE_H_
