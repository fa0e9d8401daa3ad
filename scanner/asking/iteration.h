// Iteration: what leads a question from zone to zone when the scanner asks the
// authorities itself (ITERATION.md section 1). The asker sends tries to the
// servers of the zone that a question is in; what happens between two zones is
// decided here. With recursive resolvers there is none.
#ifndef PTRSWEEP_SCANNER_ASKING_ITERATION_H_
#define PTRSWEEP_SCANNER_ASKING_ITERATION_H_

#include <cstdint>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "io/formats/status.h"
#include "io/net/time.h"
#include "scanner/upstream/route.h"

namespace scanner {

// Where a question goes on.
struct Placement {
  enum class Kind : uint8_t {
    kInZone,  // the servers of `zone` may be asked
    kParked,  // it waits for another one: until Asker::Wake(), or not for long
    kAbsent,  // the servers of `zone` have denied the top of its name
    kFailed,  // it cannot go on, because of `cause`
  };
  Kind kind = Kind::kFailed;
  ZoneIndex zone = kNoZone;
  io::Cause cause = io::Cause::kNone;
};

// What becomes of a question that got a referral.
enum class AfterReferral : uint8_t {
  kPlaceAgain,
  kOver,     // it has told what it was asked for
  kNowhere,  // the referral leads nowhere
};

// Questions are named by their index in the asker.
class Iteration {
 public:
  virtual ~Iteration() = default;

  // The deepest known zone for `name`. The question stays in a zone until it is
  // placed again, or has ended. `may_wait`: for another that leads the way
  // below the zone.
  virtual Placement Place(uint32_t question, dnswire::NameView name,
                          bool may_wait, io::TimeNs now) = 0;
  // A zone's apex, lower case; valid while a question is in it.
  virtual dnswire::NameView Apex(ZoneIndex zone) const = 0;
  // The place of a server among those of a zone, as in the masks of
  // RouteRequest, and all places there are or may be.
  virtual ServerIndex PlaceOf(ZoneIndex zone, ServerIndex server) const = 0;
  virtual ServerMask PlacesOf(ZoneIndex zone) const = 0;

  virtual void OnSent(ZoneIndex zone, io::TimeNs now) = 0;
  // A referral from a server of the question's zone.
  virtual AfterReferral OnReferral(uint32_t question,
                                   const dnswire::Message& message,
                                   const dnswire::Answer& answer,
                                   io::TimeNs now) = 0;
  // The zone answered, or the name's alias chain leads on.
  virtual void OnAnswer(uint32_t question, const dnswire::Answer& answer,
                        ServerIndex server, io::TimeNs now) = 0;
  // REFUSED, or an answer of one who does not serve the zone.
  virtual void OnNotServed(uint32_t question, ServerIndex server,
                           io::TimeNs now) = 0;
  // The question is over, with an answer or without.
  virtual void OnEnd(uint32_t question, io::TimeNs now) = 0;

  // The same for questions of Purpose::kZoneCheck, which are asked for this.
  virtual void OnCheckAnswer(uint32_t question, const dnswire::Message& message,
                             const dnswire::Answer& answer, ServerIndex server,
                             io::TimeNs now) = 0;
  virtual void OnCheckGaveUp(uint32_t question, io::TimeNs now) = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_ITERATION_H_
