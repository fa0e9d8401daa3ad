#include "scanner/engine/acceptance.h"

#include "dnswire/reverse.h"

namespace scanner {
namespace {

bool NameMatches(dnswire::NameView name, const Question& question) {
  if (question.names.empty()) {
    uint8_t wire[dnswire::kMaxReverseOctets];
    const size_t size = dnswire::EncodeReverseName(question.target, wire);
    return name.Equals(dnswire::NameView::FromValidWire({wire, size}));
  }
  const dnswire::NameListView names = question.names;
  return name.Equals(names[names.size() - 1]);
}

}  // namespace

bool IsResponseToQuery(const dnswire::Message& message) {
  return message.header().qr && message.header().opcode == 0;
}

bool QuestionMatches(const dnswire::Message& message,
                     const Question& question) {
  if (message.header().question_count == 0) {
    const uint8_t rcode = message.header().rcode;
    return rcode == dnswire::kRcodeFormerr || rcode == dnswire::kRcodeNotimp;
  }
  return message.has_question() && message.question_type() == question.type &&
         message.question_class() == dnswire::kClassIn &&
         NameMatches(message.question_name(), question);
}

AcceptanceResult Accept(const io::UdpSocket::Datagram& datagram,
                        uint16_t socket, const Route& route,
                        const InFlight& in_flight,
                        const Slab<Question>& questions,
                        dnswire::Message* message) {
  if (datagram.truncated || datagram.octets.size() < dnswire::kHeaderOctets) {
    return {.acceptance = Acceptance::kDropSize};
  }
  *message = dnswire::Message::ParseHead(datagram.octets);
  const uint32_t try_index = in_flight.Find(socket, message->header().id);
  const auto server = route.Find(datagram.from);
  if (!server) {
    return {.acceptance = Acceptance::kDropSource, .try_index = try_index};
  }
  if (!IsResponseToQuery(*message)) {
    return {.acceptance = Acceptance::kDropHeader, .try_index = try_index};
  }
  if (try_index == kNil) return {.acceptance = Acceptance::kStray};
  const Try& open = in_flight[try_index];
  if (open.server != *server) {
    return {.acceptance = Acceptance::kDropSource, .try_index = try_index};
  }
  if (!QuestionMatches(*message, questions[open.question])) {
    return {.acceptance = Acceptance::kDropQuestion, .try_index = try_index};
  }
  return {.acceptance = Acceptance::kAccepted, .try_index = try_index};
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
    case Acceptance::kStray:
      ++stats->stray;
      break;
    case Acceptance::kDropQuestion:
      ++stats->drop_question;
      break;
  }
}

}  // namespace scanner
