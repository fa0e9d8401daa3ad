#include "tests/world/dns_client.h"

#include <cstdlib>
#include <memory>

#include "tests/world/address.h"
#include "tests/world/names.h"

// Last: it makes macros of true and false.
#include <ldns/ldns.h>

namespace world {
namespace {

constexpr uint16_t kEdnsSize = 1232;

struct FreeRdf {
  void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
};
struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using Rdf = std::unique_ptr<ldns_rdf, FreeRdf>;
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;
using Text = std::unique_ptr<char, FreeText>;

// From the wire form, so that only names.h decides how a name is written.
std::string NameText(const ldns_rdf* rdf) {
  const uint8_t* at = ldns_rdf_data(rdf);
  std::string text;
  while (*at != 0) {
    const std::string label(reinterpret_cast<const char*>(at) + 1, *at);
    if (!text.empty()) text.push_back('.');
    text += EscapeLabel(label, text.empty());
    at += *at + 1;
  }
  return text.empty() ? "." : text;
}

std::string RdfText(const ldns_rdf* rdf) {
  switch (ldns_rdf_get_type(rdf)) {
    case LDNS_RDF_TYPE_DNAME:
      return NameText(rdf);
    case LDNS_RDF_TYPE_A:
      return Address::FromOctets(true, ldns_rdf_data(rdf)).ToText();
    case LDNS_RDF_TYPE_AAAA:
      return Address::FromOctets(false, ldns_rdf_data(rdf)).ToText();
    default:
      return Text(ldns_rdf2str(rdf)).get();
  }
}

std::string DataText(const ldns_rr* rr) {
  const size_t fields =
      ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA ? 3 : ldns_rr_rd_count(rr);
  std::string text;
  for (size_t i = 0; i < fields; ++i) {
    if (i > 0) text.push_back(' ');
    text += RdfText(ldns_rr_rdf(rr, i));
  }
  return text;
}

std::vector<ReplyRecord> Records(const ldns_rr_list* list) {
  std::vector<ReplyRecord> records;
  for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    const ldns_rr* rr = ldns_rr_list_rr(list, i);
    records.push_back({NameText(ldns_rr_owner(rr)),
                       Text(ldns_rr_type2str(ldns_rr_get_type(rr))).get(),
                       ldns_rr_ttl(rr), DataText(rr)});
  }
  return records;
}

}  // namespace

struct DnsClient::Ldns {
  ldns_resolver* resolver = ldns_resolver_new();

  Ldns() = default;
  Ldns(const Ldns&) = delete;
  Ldns& operator=(const Ldns&) = delete;
  ~Ldns() { ldns_resolver_deep_free(resolver); }
};

DnsClient::DnsClient(const std::string& address, bool recursive, int timeout_ms,
                     int tries)
    : ldns_(std::make_unique<Ldns>()) {
  ldns_resolver* resolver = ldns_->resolver;
  const bool is_v4 = Address::Of(address).is_v4();
  const Rdf server(ldns_rdf_new_frm_str(
      is_v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA, address.c_str()));
  ldns_resolver_push_nameserver(resolver, server.get());
  ldns_resolver_set_recursive(resolver, recursive);
  ldns_resolver_set_edns_udp_size(resolver, kEdnsSize);
  ldns_resolver_set_defnames(resolver, false);
  ldns_resolver_set_dnsrch(resolver, false);
  ldns_resolver_set_fail(resolver, false);
  ldns_resolver_set_retry(resolver, static_cast<uint8_t>(tries));
  ldns_resolver_set_retrans(resolver, 0);
  const int64_t micros = int64_t{timeout_ms} * 1000;
  ldns_resolver_set_timeout(
      resolver, {.tv_sec = micros / 1'000'000, .tv_usec = micros % 1'000'000});
}

DnsClient::~DnsClient() = default;

void DnsClient::PreferTcp() {
  prefers_tcp_ = true;
  ldns_resolver_set_usevc(ldns_->resolver, true);
}

Reply DnsClient::Ask(const std::string& name, const std::string& type) {
  Reply reply = AskOnce(name, type);
  if (reply.rcode != "FORMERR") return reply;
  ldns_resolver_set_edns_udp_size(ldns_->resolver, 0);
  reply = AskOnce(name, type);
  reply.without_edns = true;
  ldns_resolver_set_edns_udp_size(ldns_->resolver, kEdnsSize);
  return reply;
}

Reply DnsClient::AskByTcp(const std::string& name, const std::string& type) {
  ldns_resolver_set_usevc(ldns_->resolver, true);
  Reply reply = AskOnce(name, type);
  ldns_resolver_set_usevc(ldns_->resolver, prefers_tcp_);
  return reply;
}

Reply DnsClient::AskSigned(const std::string& name, const std::string& type) {
  ldns_resolver_set_dnssec(ldns_->resolver, true);
  Reply reply = AskOnce(name, type);
  ldns_resolver_set_dnssec(ldns_->resolver, false);
  return reply;
}

Reply DnsClient::AskOnce(const std::string& name, const std::string& type) {
  const Rdf owner(ldns_dname_new_frm_str(name.c_str()));
  ldns_pkt* raw = nullptr;
  const uint16_t flags = ldns_resolver_recursive(ldns_->resolver) ? LDNS_RD : 0;
  ldns_resolver_send(&raw, ldns_->resolver, owner.get(),
                     ldns_get_rr_type_by_name(type.c_str()), LDNS_RR_CLASS_IN,
                     flags);
  const Packet packet(raw);
  if (packet == nullptr) return {};
  return {.received = true,
          .rcode = Text(ldns_pkt_rcode2str(ldns_pkt_get_rcode(raw))).get(),
          .authoritative = ldns_pkt_aa(raw),
          .recursion_available = ldns_pkt_ra(raw),
          .answer = Records(ldns_pkt_answer(raw)),
          .authority = Records(ldns_pkt_authority(raw)),
          .additional = Records(ldns_pkt_additional(raw))};
}

}  // namespace world
