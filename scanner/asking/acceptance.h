// Acceptance: is a datagram the answer to one of our tries? The checks of
// WIRE.md section 2, in their order; the first failure decides.
#ifndef PTRSWEEP_SCANNER_ASKING_ACCEPTANCE_H_
#define PTRSWEEP_SCANNER_ASKING_ACCEPTANCE_H_

#include <cstdint>

#include "dnswire/message.h"
#include "io/net/udp_socket.h"
#include "scanner/asking/in_flight.h"
#include "scanner/asking/question.h"
#include "scanner/asking/stats.h"
#include "scanner/upstream/route.h"

namespace scanner {

enum class Acceptance : uint8_t {
  kAccepted,
  kDropSize,
  kDropSource,
  kDropHeader,
  kLate,
  kStray,
  kDropQuestion,
  kDropCase,
  kDropCookie,
};

struct AcceptanceResult {
  Acceptance acceptance = Acceptance::kDropSize;
  // The open try that socket and id name: the one that is answered, or whose
  // question stays unmatched. kNil if there is none.
  uint32_t try_index = kNil;
  // The server it claims to come from, if it is one of ours.
  ServerIndex server = kNoServer;
};

// What the checks look at.
struct AcceptanceContext {
  const Route& route;
  const InFlight& in_flight;
  const Slab<Question>& questions;
};

// Fills *message as far as the checks went: its head, its sections too if the
// query carried a cookie. (*result is not returned, for a small struct would be
// in registers, by a copy that waits for each of its fields.)
void Accept(const io::Datagram& datagram, uint16_t socket,
            const AcceptanceContext& context, dnswire::Message* message,
            AcceptanceResult* result);

// Whether it is a near miss of AcceptanceResult::server: a reply that almost
// matches is what guessing looks like.
bool IsNearMiss(const AcceptanceResult& result);

// The checks 3 and 6, and that of a cookie which is not ours, for a message
// that came by TCP under the id of `open`. Parses the sections if there is a
// cookie to look at.
bool AcceptTcp(const Try& open, const AcceptanceContext& context,
               dnswire::Message* message);

// Check 6 alone: the response repeats the question without regard to ASCII case
// (RFC 4343), or repeats none and says FORMERR or NOTIMP.
bool QuestionMatches(const dnswire::Message& message, dnswire::NameView name,
                     uint16_t type);
bool QuestionMatches(const dnswire::Message& message, const Question& question);

// Adds one to the counter of this result.
void CountDatagram(Acceptance acceptance, Stats* stats);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_ACCEPTANCE_H_
