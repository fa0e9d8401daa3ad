// CanaryKeeper: the canaries of an engine's resolvers (WIRE.md section 6). It
// asks them through the Asker, holds back the lookups that rest on a denial
// until a canary vouches for the server that denied, and tells which lookups
// may be judged and which must be asked again.
#ifndef PTRSWEEP_SCANNER_ENGINE_CANARY_KEEPER_H_
#define PTRSWEEP_SCANNER_ENGINE_CANARY_KEEPER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "io/net/random.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/index_queue.h"
#include "scanner/asking/question.h"
#include "scanner/asking/stats.h"
#include "scanner/options.h"
#include "scanner/upstream/canary_watch.h"
#include "scanner/upstream/server.h"

namespace scanner {

class CanaryKeeper {
 public:
  // `servers`, `asker` and `stats` must outlive the keeper.
  CanaryKeeper(const ScanOptions& options, std::span<Server> servers,
               io::SecureRandom* random, Asker* asker, Stats* stats);

  // A PTR answer that `server` gave at the first try.
  void LearnPtr(ServerIndex server, const dnswire::IpAddress& address,
                dnswire::NameView name);
  // The zone of a denial: of one that is vouched for, or of any while no name
  // is known at all.
  void LearnApex(dnswire::NameView apex);
  bool knows_names() const { return knows_names_; }
  // Grows with every begin and end of a time in which a server denied names
  // that exist: what it denied under another number is not to be believed. Of a
  // set of servers: the sum of theirs.
  uint32_t EpochOf(ServerMask servers) const;
  uint32_t epoch() const { return epoch_; }  // of all

  // Holds a lookup back until its ruling. It is in one queue at a time.
  void Hold(uint32_t lookup, ServerIndex server, io::TimeNs now);
  size_t held() const { return held_; }
  // A server has so many lookups waiting that no more should start.
  bool full() const;

  // Sends the canaries that are due and notes who lies. `hurry`: nothing but
  // held lookups is left to do.
  void Turn(io::TimeNs now, bool hurry);
  // A lookup whose ruling has come; it is not held any more.
  struct Ruled {
    uint32_t lookup = kNil;
    ServerIndex server = 0;
    CanaryRuling::Kind kind = CanaryRuling::Kind::kVerified;
  };
  std::optional<Ruled> TakeRuled(io::TimeNs now);
  // Takes a held lookup out, whatever its ruling; nullopt if there is none.
  std::optional<uint32_t> TakeAny();
  io::TimeNs NextTime() const;
  // When the first of all resolvers began to lie, with no good canary since;
  // kNever unless all of them lie now.
  io::TimeNs all_lying_since() const { return all_lying_since_; }

  // A question with Purpose::kCanary ended.
  void OnAnswer(const Question& question, const dnswire::Message& message,
                const dnswire::Answer& answer, io::TimeNs now);
  void OnGaveUp(const Question& question, io::TimeNs now);

 private:
  struct Watched {
    Watched(CanaryNames* names, uint64_t salt) : watch(names, salt) {}

    CanaryWatch watch;
    CanaryProbe probe;  // the open one
    IndexQueue held;    // in the order of their numbers
    uint64_t sent_seen = 0;
    std::optional<CanaryRuling> ruling;  // being carried out
  };

  void SendProbe(ServerIndex server, const CanaryProbe& probe);
  void NoteResult(const Question& question, CanaryResult result,
                  io::TimeNs now);
  void NoteLies(io::TimeNs now);
  // A suspended server gets no canary while others are awake.
  bool IsLeftAlone(size_t server, io::TimeNs now) const;

  std::span<Server> servers_;
  Asker* asker_;
  Stats* stats_;
  CanaryNames names_;
  bool knows_names_ = false;
  uint32_t epoch_ = 0;             // of all watches together
  std::vector<Watched> watched_;   // by server
  IndexLinks links_;               // of lookups
  std::vector<uint64_t> numbers_;  // of held lookups, by lookup
  size_t held_ = 0;
  bool any_awake_ = true;  // as of the last Turn()
  io::TimeNs all_lying_since_ = io::kNever;
  io::TimeNs lying_since_ = io::kNever;  // since the last good canary
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_CANARY_KEEPER_H_
