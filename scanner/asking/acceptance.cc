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

AcceptanceResult Accept(const io::Datagram& datagram, uint16_t socket,
                        const AcceptanceContext& context,
                        dnswire::Message* message) {
  AcceptanceResult result;
  if (datagram.truncated || datagram.octets.size() < dnswire::kHeaderOctets) {
    return result;
  }
  const uint16_t id = dnswire::Reader(datagram.octets).ReadU16();
  result.try_index = context.in_flight.Find(socket, id);
  const bool open_try = result.try_index != kNil;
  const Try* const open =
      open_try ? &context.in_flight[result.try_index] : nullptr;
  const Question* const question =
      open_try ? &context.questions[open->question] : nullptr;
  uint8_t buffer[dnswire::kMaxReverseOctets];
  const dnswire::NameView name =
      open_try ? AskedName(*question, buffer) : dnswire::NameView();
  message->ReadHead(datagram.octets, name);
  result.server = context.route.Find(datagram.from);
  const auto fails = [&result](Acceptance acceptance) {
    result.acceptance = acceptance;
    return result;
  };
  if (!result.server) return fails(Acceptance::kDropSource);
  if (!IsResponseToQuery(*message)) return fails(Acceptance::kDropHeader);
  if (!open_try) {
    const bool late = context.in_flight.IsQuarantined(socket, id);
    return fails(late ? Acceptance::kLate : Acceptance::kStray);
  }
  if (open->server != *result.server) return fails(Acceptance::kDropSource);
  if (!QuestionMatches(*message, name, question->type)) {
    return fails(Acceptance::kDropQuestion);
  }
  if (open->case_seed != 0 && !KeepsCase(*message, name, open->case_seed)) {
    return fails(Acceptance::kDropCase);
  }
  const Server& server = context.route.servers()[open->server];
  if (open->cookie &&
      CheckCookie(server.cookies, message) == CookieJar::Check::kWrong) {
    return fails(Acceptance::kDropCookie);
  }
  return fails(Acceptance::kAccepted);
}

bool IsNearMiss(const AcceptanceResult& result) {
  switch (result.acceptance) {
    case Acceptance::kStray:
    case Acceptance::kDropQuestion:
    case Acceptance::kDropCookie:
      return true;
    case Acceptance::kDropSource:
      return result.server.has_value();
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
