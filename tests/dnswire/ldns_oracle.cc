#include "tests/dnswire/ldns_oracle.h"

#include <algorithm>
#include <vector>

#include "tests/dnswire/decode_text.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Octets;

void AppendRdf(const ldns_rdf* rdf, Octets* out) {
  const uint8_t* data = ldns_rdf_data(rdf);
  out->insert(out->end(), data, data + ldns_rdf_size(rdf));
}

PlainRecord FromLdns(const ldns_rr* rr) {
  PlainRecord record = {
      .type = static_cast<uint16_t>(ldns_rr_get_type(rr)),
      .record_class = static_cast<uint16_t>(ldns_rr_get_class(rr)),
      .ttl = ldns_rr_ttl(rr),
      .decoded = true};
  AppendRdf(ldns_rr_owner(rr), &record.owner);
  for (size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
    AppendRdf(ldns_rr_rdf(rr, i), &record.rdata);
  }
  return record;
}

std::vector<PlainRecord> FromLdns(const ldns_rr_list* list) {
  std::vector<PlainRecord> records;
  for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    records.push_back(FromLdns(ldns_rr_list_rr(list, i)));
  }
  return records;
}

// Our records as ldns lists them: without RDLENGTH, OPT apart.
std::vector<PlainRecord> Ours(const Message& message,
                              const RecordRange& range) {
  std::vector<PlainRecord> records;
  for (const Record& record : range) {
    if (!IsDecoded(record)) continue;
    records.push_back(ToPlain(message, record));
    records.back().rdlength = 0;
  }
  return records;
}

bool AllDecoded(const RecordRange& range) {
  for (const Record& record : range) {
    if (!IsDecoded(record)) return false;
  }
  return true;
}

bool SameQuestion(const Message& message, const ldns_pkt* packet) {
  if (!message.has_question()) return true;
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
  Octets name;
  AppendRdf(ldns_rr_owner(question), &name);
  const auto ours = message.question_name().wire();
  return std::equal(ours.begin(), ours.end(), name.begin(), name.end()) &&
         message.question_type() == ldns_rr_get_type(question) &&
         message.question_class() == ldns_rr_get_class(question);
}

bool SameOpt(const Message& message, const ldns_pkt* packet) {
  if (!message.has_opt()) return !ldns_pkt_edns(packet);
  return message.opt().payload == ldns_pkt_edns_udp_size(packet) &&
         message.opt().extended_rcode == ldns_pkt_edns_extended_rcode(packet) &&
         message.opt().version == ldns_pkt_edns_version(packet) &&
         message.opt().dnssec_ok == ldns_pkt_edns_do(packet);
}

}  // namespace

LdnsPacket ParseWithLdns(std::span<const uint8_t> octets) {
  ldns_pkt* packet = nullptr;  // ldns leaves it unset on error
  const ldns_status status =
      ldns_wire2pkt(&packet, octets.data(), octets.size());
  if (status != LDNS_STATUS_OK) packet = nullptr;
  return LdnsPacket(packet, ldns_pkt_free);
}

bool LdnsMustAccept(const Message& message) {
  if (message.fault() != Fault::kNone) return false;
  if (!AllDecoded(message.answers())) return false;
  if (!AllDecoded(message.authorities())) return false;
  for (const Record& record : message.additionals()) {
    if (record.type != kTypeOpt && !IsDecoded(record)) return false;
  }
  return true;
}

std::string LdnsDisagreement(const Message& message) {
  const LdnsPacket packet = ParseWithLdns(message.octets());
  if (packet == nullptr) return "ldns refuses it";
  if (!SameQuestion(message, packet.get())) return "question";
  if (Ours(message, message.answers()) !=
      FromLdns(ldns_pkt_answer(packet.get()))) {
    return "answer";
  }
  if (Ours(message, message.authorities()) !=
      FromLdns(ldns_pkt_authority(packet.get()))) {
    return "authority";
  }
  if (Ours(message, message.additionals()) !=
      FromLdns(ldns_pkt_additional(packet.get()))) {
    return "additional";
  }
  return SameOpt(message, packet.get()) ? "" : "OPT";
}

}  // namespace dnswire
