#include "tools/tsig/tsig_signer.h"

#include <ldns/ldns.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "dnswire/name.h"
#include "dnswire/reader.h"
#include "dnswire/wire.h"

namespace tools {
namespace {

constexpr uint16_t kFudgeSeconds = 300;  // RFC 8945 section 10
constexpr uint16_t kClassAny = 255;
constexpr size_t kMacField = 3;  // of a TSIG's rdata, as ldns has it

struct PacketFree {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, PacketFree>;

// What a TSIG says beside its MAC (RFC 8945 section 4.2).
struct TsigFields {
  dnswire::Name name;
  uint16_t record_class = 0;
  uint32_t ttl = 0;
  dnswire::Name algorithm;
  int64_t signed_at_s = 0;  // since 1970
  int64_t fudge_s = 0;
  uint16_t original_id = 0;
  uint16_t error = 0;
  bool sound = false;
};

TsigFields ReadFields(std::span<const uint8_t> message, size_t tsig_at) {
  TsigFields fields;
  dnswire::Reader reader(message, tsig_at);
  reader.ReadName(&fields.name);
  reader.Skip(2);  // type
  fields.record_class = reader.ReadU16();
  fields.ttl = reader.ReadU32();
  const uint16_t rdata_octets = reader.ReadU16();
  const size_t end = reader.position() + rdata_octets;
  reader.ReadName(&fields.algorithm);
  const int64_t high = reader.ReadU16();
  fields.signed_at_s = high << 32 | reader.ReadU32();
  fields.fudge_s = reader.ReadU16();
  reader.Skip(reader.ReadU16());  // MAC
  fields.original_id = reader.ReadU16();
  fields.error = reader.ReadU16();
  reader.Skip(reader.ReadU16());  // other data
  fields.sound = reader.ok() && reader.position() == end;
  return fields;
}

absl::Status Wrong(absl::string_view what) {
  return absl::UnauthenticatedError(what);
}

}  // namespace

struct TsigSigner::Mac {
  explicit Mac(const ldns_rr* tsig)
      : rdf(ldns_rdf_clone(ldns_rr_rdf(tsig, kMacField))) {}
  ~Mac() { ldns_rdf_deep_free(rdf); }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;

  ldns_rdf* const rdf;
};

TsigSigner::TsigSigner(TsigKey key, std::function<absl::Time()> clock)
    : key_(std::move(key)),
      name_(key_.name.ToText()),
      clock_(std::move(clock)) {}

TsigSigner::~TsigSigner() = default;

absl::StatusOr<std::vector<uint8_t>> TsigSigner::Sign(
    std::span<const uint8_t> query) {
  const absl::Status failed = absl::InternalError(
      absl::StrCat("key ", name_, " cannot sign the query"));
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, query.data(), query.size()) != LDNS_STATUS_OK) {
    return failed;
  }
  const Packet packet(parsed);
  const std::string algorithm = absl::StrCat(key_.algorithm, ".");
  uint8_t* wire = nullptr;
  size_t size = 0;
  if (ldns_pkt_tsig_sign(parsed, name_.c_str(), key_.secret.c_str(),
                         kFudgeSeconds, algorithm.c_str(),
                         nullptr) != LDNS_STATUS_OK ||
      ldns_pkt2wire(&wire, parsed, &size) != LDNS_STATUS_OK) {
    return failed;
  }
  std::vector<uint8_t> signed_query(wire, wire + size);
  LDNS_FREE(wire);
  previous_ = std::make_unique<Mac>(ldns_pkt_tsig(parsed));
  return signed_query;
}

absl::Status TsigSigner::Verify(std::span<const uint8_t> message,
                                size_t tsig_at) {
  const TsigFields fields = ReadFields(message, tsig_at);
  if (!fields.sound || fields.record_class != kClassAny || fields.ttl != 0) {
    return Wrong("its TSIG does not decode");
  }
  if (!fields.name.view().Equals(key_.name)) {
    return Wrong("it is signed with another key");
  }
  if (!fields.algorithm.view().Equals(*dnswire::Name::Parse(key_.algorithm))) {
    return Wrong("it is signed by another algorithm");
  }
  if (fields.error != 0) {
    return Wrong(absl::StrCat("its TSIG tells of an error, ", fields.error));
  }
  // Nobody stands between who would have changed it; ldns takes the message's.
  if (fields.original_id != dnswire::Reader(message).ReadU16()) {
    return Wrong("its TSIG is of another id");
  }
  if (!HasRightMac(message, tsig_at)) return Wrong("its signature is wrong");
  const int64_t off_s = fields.signed_at_s - absl::ToUnixSeconds(clock_());
  if (off_s > fields.fudge_s || off_s < -fields.fudge_s) {
    return Wrong(absl::StrCat("it was signed ", off_s < 0 ? -off_s : off_s,
                              off_s < 0 ? " s ago" : " s in the future",
                              ", more than the ", fields.fudge_s,
                              " s allowed: compare the clocks"));
  }
  is_first_ = false;
  return absl::OkStatus();
}

// The packet is only what ldns takes the TSIG and the id from.
bool TsigSigner::HasRightMac(std::span<const uint8_t> message, size_t tsig_at) {
  ldns_rr* tsig = nullptr;
  size_t at = tsig_at;
  if (ldns_wire2rr(&tsig, message.data(), message.size(), &at,
                   LDNS_SECTION_ADDITIONAL) != LDNS_STATUS_OK) {
    return false;
  }
  const Packet packet(ldns_pkt_new());
  ldns_pkt_set_tsig(packet.get(), tsig);
  if (!ldns_pkt_tsig_verify_next(packet.get(), message.data(), message.size(),
                                 name_.c_str(), key_.secret.c_str(),
                                 previous_->rdf, is_first_ ? 0 : 1)) {
    return false;
  }
  previous_ = std::make_unique<Mac>(tsig);
  return true;
}

}  // namespace tools
