// CanaryWatch: may the denials of one resolver be believed? (WIRE.md section 6,
// "Canaries".) Names known to exist are asked now and then; a negative counts
// only once a canary that was sent after it came back good, so each negative
// lies between two good canaries. Fed with events and time; it keeps numbers,
// the negatives themselves wait with their owner, in the order of Hold().
//
//      held -probe sent- held -good->  those held before it was sent: kVerified
//
//             denied                3 denials in 3 s
//  kTrusting --------> kDoubting ----------------------> kLying <--+
//   ^  ^  ^               |  |      all held: kLied        |       |
//   |  |  +---- good -----+  |                        60 s |       | denied:
//   |  | all: kContradicted  | every candidate failed      v       | kLied
//   |  +---------------------+ for 10 s: forgotten      kOnParole -+
//   |                          all: kAskAgain              |
//   +----------- good, or every candidate failed ----------+
//                           all: kAskAgain
//
// A probe that gives nothing usable changes no state: another candidate is
// asked 1 s after it, and what waits for 10 s meanwhile is asked again.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_CANARY_WATCH_H_
#define PTRSWEEP_SCANNER_UPSTREAM_CANARY_WATCH_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/net/time.h"
#include "scanner/upstream/canary_names.h"

namespace scanner {

enum class CanaryKind : uint8_t {
  kPtr,         // PTR of `address` must hold `name`
  kSoa,         // SOA at `name` must exist
  kMustNotPtr,  // PTR of `name`, random digits under in-addr.arpa, must not
  kMustNotA,    // A of `name`, random digits under invalid., must not
};

struct CanaryProbe {
  CanaryKind kind = CanaryKind::kPtr;
  dnswire::IpAddress address;
  dnswire::Name name;
};

enum class CanaryResult : uint8_t {
  kGood,      // it exists as it must; of a must-not: it is denied
  kDenied,    // accepted negative, or other names; of a must-not: data
  kUnusable,  // timeout, SERVFAIL, REFUSED, ...: proves nothing
};

// What becomes of the held negatives whose number is below `below`.
struct CanaryRuling {
  enum class Kind : uint8_t {
    kVerified,      // believed
    kUnverified,    // believed for want of any canary; to be counted
    kAskAgain,      // no canary had a usable answer: ask again
    kContradicted,  // not believed: a name known to exist was denied too
    kLied,          // not believed: the server lies; ask again elsewhere
  };
  Kind kind = Kind::kVerified;
  uint64_t below = 0;
};

// A probe that must be good is due
//   * 2 s after the last one, if packets were sent or negatives came since;
//   * at once after 5,000 negatives, by Hurry(), at the end of a lie, and as
//     the third of all if the user named canaries;
//   * 1 s after one that was denied or unusable was sent.
// Its candidate: configured before PTR before apex, in turn within each. After
// a probe that was not good: one not denied yet, with the fewest failures. One
// that was unusable 3 times in a row is used only if there is no other. When
// no candidate is there for a probe that is due, what is held is kUnverified.
//
// "3 denials in 3 s": the third was asked within 3 s of the first denial, so
// that a slow server is found out too. A configured name may be denied several
// times, learnt ones count once each. The first two probes of all are the ones
// that must not exist; they only decide about rewriting().
class CanaryWatch {
 public:
  static constexpr size_t kMaxHeld = 10000;

  // `names` must outlive the watch. `salt`: random bits for must-not names.
  CanaryWatch(CanaryNames* names, uint64_t salt);

  // Events. `now` never goes back.
  // A negative of this server arrived; its number, from 0, ascending by one.
  uint64_t Hold(io::TimeNs now);
  size_t held() const {  // those without a ruling
    return static_cast<size_t>(next_ - ruled_);
  }
  bool full() const { return held() >= kMaxHeld; }
  // Activity: any packet to the server. Ignored while a probe is open, so that
  // the probe's own packets do not call for the next one.
  void OnSent(io::TimeNs now);
  // Somebody waits for rulings and nothing else is left to do, or full():
  // a probe is due at once if negatives are held. Does not shorten the 1 s
  // after a probe that was denied or unusable.
  void Hurry(io::TimeNs now);

  // The probe to send now, if one is due. One is open at a time; each is
  // answered by OnResult().
  std::optional<CanaryProbe> TakeProbe(io::TimeNs now);
  // REQUIRES: a probe is open.
  void OnResult(CanaryResult result, io::TimeNs now);
  // The next ruling, oldest first; nullopt when there is none for now. Each
  // has a higher `below` than the one before.
  std::optional<CanaryRuling> TakeRuling(io::TimeNs now);
  // When TakeProbe() or TakeRuling() may next give something if no event
  // comes; in the past: at once; kNever. Without activity and held negatives
  // only a denial (until it is settled) and a lie (its end) call.
  io::TimeNs NextTime() const;

  bool lying(io::TimeNs now) const {  // suspended for it: 60 s
    return phase_ == Phase::kLying && now < lying_until_;
  }
  // Grows with every begin and end of a time in which names were denied: what
  // the server denied under another number is not to be believed.
  uint64_t epoch() const { return epoch_; }
  bool must_nots_done() const {  // it has been tested for rewriting
    return must_nots_sent_ == 2 && (!open_ || MustExist(open_->kind));
  }
  bool rewriting() const { return rewriting_; }  // answers names that cannot be
  uint64_t sent() const { return sent_; }        // probes
  uint64_t failed() const { return failed_; }    // of them denied or unusable
  uint64_t lies() const { return lies_; }        // times it was found lying

 private:
  enum class Phase : uint8_t { kTrusting, kDoubting, kLying, kOnParole };
  // The open probe. Slot and id stay 0 for a must-not.
  struct Probe {
    CanaryKind kind = CanaryKind::kPtr;
    size_t slot = 0;
    uint64_t id = 0;
    io::TimeNs sent_at = 0;
    uint64_t covers = 0;  // negatives below were held before it was sent
  };
  // What this server made of the candidate in a slot.
  struct Record {
    uint64_t id = 0;        // of the candidate meant
    uint32_t failures = 0;  // unusable since it was good or a doubt began
    uint64_t denial = 0;    // number of its last denial in this doubt; 0: none
  };
  struct Denial {
    size_t slot = 0;
    uint64_t id = 0;
    io::TimeNs at = 0;
  };
  // Order of preference, the least first.
  struct Rank {
    bool skipped = false;
    uint64_t denial = 0;
    uint32_t failures = 0;
    CanaryNames::Tier tier = CanaryNames::Tier::kConfigured;
    size_t turn = 0;

    auto operator<=>(const Rank&) const = default;
  };

  // Does what time alone brings about.
  void Advance(io::TimeNs now);
  io::TimeNs ProbeDue() const;
  CanaryProbe OpenMustNot(io::TimeNs now);
  CanaryProbe OpenMustExist(size_t slot, io::TimeNs now);
  void RestartInterval(io::TimeNs now);

  std::optional<size_t> Choose() const;
  bool IsAvailable(size_t slot) const;
  Record RecordOf(size_t slot) const;
  Record& RecordOf(const Probe& probe);
  Rank RankOf(size_t slot) const;

  void OnGood(const Probe& probe);
  void OnDenied(const Probe& probe, io::TimeNs now);
  void OnUnusable(const Probe& probe, io::TimeNs now);
  void OnNoCandidate(io::TimeNs now);
  void NoteDenial(const Probe& probe, io::TimeNs now);
  // A name was denied and the next one good: it may have vanished.
  void Distrust(const Denial& denial);
  void BeginTrouble(io::TimeNs now);
  bool in_trouble() const { return trouble_since_ != io::kNever; }
  void RetryOrForget(const Probe& probe, io::TimeNs now);
  bool HaveAllFailed() const;
  void StartLie(io::TimeNs now);
  CanaryRuling::Kind Doubt() const {
    return broken_ || distrusted_ ? CanaryRuling::Kind::kContradicted
                                  : CanaryRuling::Kind::kAskAgain;
  }
  static bool MustExist(CanaryKind kind) {
    return kind == CanaryKind::kPtr || kind == CanaryKind::kSoa;
  }
  void Settle();  // to kTrusting, out of trouble
  void Rule(CanaryRuling::Kind kind, uint64_t below);

  CanaryNames* names_;
  uint64_t salt_;

  uint64_t next_ = 0;                  // number of the next negative
  uint64_t ruled_ = 0;                 // those below have their ruling
  std::vector<CanaryRuling> rulings_;  // not taken yet; hardly ever over two

  uint64_t must_nots_sent_ = 0;
  bool asked_ = false;  // for a name that must exist
  std::optional<Probe> open_;

  // The interval since the last probe was sent.
  io::TimeNs interval_began_ = io::kNever;  // kNever: nothing happened so far
  bool active_ = false;                     // a packet was sent in it
  uint64_t hurry_below_ = 0;                // rulings for those are awaited

  Phase phase_ = Phase::kTrusting;
  bool broken_ = false;      // a denial since the last good canary
  bool distrusted_ = false;  // and then all names were forgotten
  uint64_t epoch_ = 0;
  io::TimeNs lying_until_ = 0;   // kLying
  std::vector<Denial> denials_;  // the last 3 of this doubt
  uint64_t denials_noted_ = 0;

  // Trouble: since a probe that was not good, until one is.
  io::TimeNs trouble_since_ = io::kNever;
  io::TimeNs retry_at_ = 0;
  io::TimeNs mark_at_ = io::kNever;  // negatives below mark_below_ are held
  uint64_t mark_below_ = 0;          // since then or longer

  // Candidates with a lower id are forgotten here; other servers may use them.
  uint64_t forgotten_below_ = 1;
  std::array<Record, CanaryNames::kSlots> records_;
  std::array<size_t, 3> turn_{};  // by tier: slot within it to begin with

  bool rewriting_ = false;
  uint64_t sent_ = 0;
  uint64_t failed_ = 0;
  uint64_t lies_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_CANARY_WATCH_H_
