#include "scanner/asking/acceptance.h"

#include "dnswire/letter_case.h"
#include "dnswire/reverse.h"

namespace scanner {
namespace {

// Check 3: a response (QR) to a standard query (OPCODE 0).
bool IsResponseToQuery(const dnswire::Message& message) {
  return message.header().qr && message.header().opcode == 0;
}

// Check 7. A response that repeats no question has no case.
bool KeepsCase(const dnswire::Message& message, dnswire::NameView name,
               uint64_t seed) {
  return !message.has_question() ||
         dnswire::HasCase(seed, name, message.question_name());
}

// Check 8. Walks the records to OPT; where that fails there is no cookie.
CookieJar::Check CheckCookie(const CookieJar& jar, dnswire::Message* message) {
  message->ParseSections();
  return jar.CheckResponse(message->FindCookie(), message->header().tc);
}

// The checks in their order. Fills in what is found on the way.
Acceptance Check(const io::Datagram& datagram, uint16_t socket,
                 const AcceptanceContext& context, dnswire::Message* message,
                 AcceptanceResult* found) {
  if (datagram.truncated || datagram.octets.size() < dnswire::kHeaderOctets) {
    return Acceptance::kDropSize;
  }
  const uint16_t id = dnswire::Reader(datagram.octets).ReadU16();
  found->try_index = context.in_flight.Find(socket, id);
  const bool open_try = found->try_index != kNil;
  const Try* const open =
      open_try ? &context.in_flight[found->try_index] : nullptr;
  const Question* const question =
      open_try ? &context.questions[open->question] : nullptr;
  uint8_t buffer[dnswire::kMaxReverseOctets];
  const dnswire::NameView name =
      open_try ? AskedName(*question, buffer) : dnswire::NameView();
  message->ReadHead(datagram.octets, name);
  found->server = context.route.Find(datagram.from);
  if (found->server == kNoServer) return Acceptance::kDropSource;
  if (!IsResponseToQuery(*message)) return Acceptance::kDropHeader;
  if (!open_try) {
    return context.in_flight.IsQuarantined(socket, id) ? Acceptance::kLate
                                                       : Acceptance::kStray;
  }
  if (open->server != found->server) return Acceptance::kDropSource;
  if (!QuestionMatches(*message, name, question->type)) {
    return Acceptance::kDropQuestion;
  }
  if (open->case_seed != 0 && !KeepsCase(*message, name, open->case_seed)) {
    return Acceptance::kDropCase;
  }
  const Server& server = context.route.servers()[open->server];
  if (open->cookie &&
      CheckCookie(server.cookies, message) == CookieJar::Check::kWrong) {
    return Acceptance::kDropCookie;
  }
  return Acceptance::kAccepted;
}

}  // namespace

bool QuestionMatches(const dnswire::Message& message, dnswire::NameView name,
                     uint16_t type) {
  if (message.header().question_count == 0) {
    const uint8_t rcode = message.header().rcode;
    return rcode == dnswire::kRcodeFormerr || rcode == dnswire::kRcodeNotimp;
  }
  return message.has_question() && message.question_type() == type &&
         message.question_class() == dnswire::kClassIn &&
         message.question_name().Equals(name);
}

bool QuestionMatches(const dnswire::Message& message,
                     const Question& question) {
  uint8_t buffer[dnswire::kMaxReverseOctets];
  return QuestionMatches(message, AskedName(question, buffer), question.type);
}

void Accept(const io::Datagram& datagram, uint16_t socket,
            const AcceptanceContext& context, dnswire::Message* message,
            AcceptanceResult* result) {
  *result = AcceptanceResult();
  result->acceptance = Check(datagram, socket, context, message, result);
}

bool IsNearMiss(const AcceptanceResult& result) {
  switch (result.acceptance) {
    case Acceptance::kStray:
    case Acceptance::kDropQuestion:
    case Acceptance::kDropCookie:
      return true;
    case Acceptance::kDropSource:
      return result.server != kNoServer;
    case Acceptance::kAccepted:
    case Acceptance::kDropSize:
    case Acceptance::kDropHeader:
    case Acceptance::kLate:
    case Acceptance::kDropCase:
      return false;
  }
  return false;
}

bool AcceptTcp(const Try& open, const AcceptanceContext& context,
               dnswire::Message* message) {
  const Question& question = context.questions[open.question];
  if (!IsResponseToQuery(*message) || message->header().tc ||
      !QuestionMatches(*message, question)) {
    return false;
  }
  if (!open.cookie) return true;
  message->ParseSections();
  const auto cookie = message->FindCookie();
  const CookieJar& jar = context.route.servers()[open.server].cookies;
  // A missing one is no fault here: nobody forges into a connection.
  return !cookie ||
         jar.CheckResponse(cookie, false) != CookieJar::Check::kWrong;
}

void CountDatagram(Acceptance acceptance, Stats* stats) {
  ++stats->udp_received;
  switch (acceptance) {
    case Acceptance::kAccepted:
      ++stats->udp_accepted;
      break;
    case Acceptance::kDropSize:
      ++stats->drop_size;
      break;
    case Acceptance::kDropSource:
      ++stats->drop_source;
      break;
    case Acceptance::kDropHeader:
      ++stats->drop_header;
      break;
    case Acceptance::kLate:
      ++stats->late;
      break;
    case Acceptance::kStray:
      ++stats->stray;
      break;
    case Acceptance::kDropQuestion:
      ++stats->drop_question;
      break;
    case Acceptance::kDropCase:
      ++stats->drop_case;
      break;
    case Acceptance::kDropCookie:
      ++stats->drop_cookie;
      break;
  }
}

}  // namespace scanner
