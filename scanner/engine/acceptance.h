// Acceptance: is a datagram the answer to one of our tries? Checks 1 to 6 of
// WIRE.md section 2, in their order; the first failure decides.
#ifndef PTRSWEEP_SCANNER_ENGINE_ACCEPTANCE_H_
#define PTRSWEEP_SCANNER_ENGINE_ACCEPTANCE_H_

#include <cstdint>

#include "dnswire/message.h"
#include "io/net/udp_socket.h"
#include "scanner/engine/in_flight.h"
#include "scanner/engine/question.h"
#include "scanner/engine/stats.h"
#include "scanner/upstream/route.h"

namespace scanner {

enum class Acceptance : uint8_t {
  kAccepted,
  kDropSize,
  kDropSource,
  kDropHeader,
  kStray,
  kDropQuestion,
};

struct AcceptanceResult {
  Acceptance acceptance = Acceptance::kDropSize;
  // The open try that socket and id name: the one that is answered, or whose
  // question stays unmatched. kNil if there is none.
  uint32_t try_index = kNil;
};

// Check 6 alone, as TCP needs it: the response repeats the question without
// regard to ASCII case (RFC 4343), or repeats none and says FORMERR or NOTIMP.
bool QuestionMatches(const dnswire::Message& message, const Question& question);
// Check 3 alone: a response (QR) to a standard query (OPCODE 0).
bool IsResponseToQuery(const dnswire::Message& message);

// Fills *message as far as the checks went (its head).
AcceptanceResult Accept(const io::UdpSocket::Datagram& datagram,
                        uint16_t socket, const Route& route,
                        const InFlight& in_flight,
                        const Slab<Question>& questions,
                        dnswire::Message* message);

// Adds one to the counter of this result.
void CountDatagram(Acceptance acceptance, Stats* stats);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_ACCEPTANCE_H_
