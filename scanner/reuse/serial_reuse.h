// SerialReuse: which targets need not be asked, because their zone has not
// changed since an earlier scan found what they have (ITERATION.md 2.7). Fed
// with targets and with what came of its questions; gives work. No sockets, no
// clock of its own. One an engine.
//
// A zone, the first time that a target of it comes:
//
//   kNew --SOA asked--> kAsking --the same serial--> kSampling
//                          |                            |
//                          | another one, or none       | all samples as they
//                          v                            v were
//                        kAsked <--one differs------ kUnchanged
//                    every target is asked        its rows are taken over
//
// Serials lie where a program makes the zone: samples are PTR questions for
// known addresses all over the zone, n/128 of them, 4 to 512; an engine of
// several takes its part. One without an answer is replaced by another, 8 times
// at most; then, too, all is asked. Zones so small that this would cost as much
// as asking are asked.
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
#include <vector>

#include "io/net/time.h"
#include "scanner/asking/slab.h"
#include "scanner/options.h"
#include "scanner/planning/block_plan.h"
#include "scanner/reuse/known_rows.h"

namespace scanner {

struct ReuseWork {
  enum class Kind : uint8_t {
    kSerial,  // ask for the SOA of `zone` -> OnSerial
    kSample,  // ask for the PTR of `row` -> OnSample
    kReuse,   // `target` has what `row` says
    kAsk,     // ask `target` as if nothing were known of it
  };
  Kind kind = Kind::kAsk;
  uint32_t zone = 0;  // index in KnownRows::zones()
  const KnownRow* row = nullptr;
  PlannedTarget target;
};

class SerialReuse {
 public:
  static constexpr size_t kMaxWaiting = 65536;
  static constexpr size_t kMaxQuestions = 256;  // under way at a time
  static constexpr io::TimeNs kPatience = 10 * io::kSecond;

  // `known` outlives this. `part`: this engine's, of all shards' engines.
  // `seed` chooses the samples: nobody else can guess it.
  SerialReuse(const KnownRows* known, Part part, uint64_t seed);

  // True: the target has been taken, and comes back as kReuse or kAsk. False:
  // it is to be asked.
  bool Take(const PlannedTarget& target, io::TimeNs now);
  // Take() may not be called.
  bool full() const { return waiting_ >= kMaxWaiting; }
  bool HasWork() const;
  std::optional<ReuseWork> NextWork();

  // The zone's own SOA was answered with this serial; nullopt: no answer, or
  // none of the zone. True if it is the one that was known.
  bool OnSerial(uint32_t zone, std::optional<uint32_t> serial, io::TimeNs now);
  enum class Sample : uint8_t { kSame, kOther, kNone };
  // True if that shows that the zone's serial lies.
  bool OnSample(uint32_t zone, Sample sample, io::TimeNs now);
  // Gives up zones that keep all others waiting.
  void GiveUpSlow(io::TimeNs now);

  // Targets that were taken and have not come back.
  size_t waiting() const { return waiting_; }

 private:
  static constexpr uint8_t kSpareSamples = 8;

  struct List {  // of slab_
    uint32_t head = kNil;
    uint32_t tail = kNil;
  };
  enum class State : uint8_t { kNew, kAsking, kSampling, kUnchanged, kAsked };
  struct ZoneState {
    State state = State::kNew;
    uint16_t wanted = 0;  // samples in all
    uint16_t taken = 0;   // of them
    uint16_t same = 0;    // came back as they were
    uint8_t redo = 0;     // to be taken in place of one without an answer
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
  void Settle(uint32_t zone, State outcome);
  void Append(uint32_t at, List* list);
  const KnownRow* NextSample(uint32_t zone);
  std::optional<ReuseWork> NextReady();

  const KnownRows* known_;
  const Part part_;
  const uint64_t seed_;
  uint64_t drawn_ = 0;  // random numbers
  std::vector<ZoneState> zones_;
  Slab<Waiting> slab_;
  size_t waiting_ = 0;
  List ready_;                     // their zones have been settled
  std::deque<uint32_t> serials_;   // zones to be asked for their SOA
  std::deque<uint32_t> sampling_;  // zones with samples left, in turn
  std::vector<uint32_t> open_;     // zones that are being looked into
  size_t questions_ = 0;           // under way
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_SERIAL_REUSE_H_
