#include "dnswire/query.h"

#include <cstring>

#include "dnswire/letter_case.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace dnswire {
namespace {

// Root owner, type OPT, payload 1232, extended rcode 0, version 0, DO 0, no
// options.
constexpr uint8_t kOpt[] = {
    0, 0, kTypeOpt, kEdnsPayload >> 8, kEdnsPayload & 0xff, 0, 0, 0, 0, 0, 0};
constexpr size_t kOptFlagsAt = 7;
constexpr uint8_t kDnssecOk = 0x80;
constexpr size_t kOptionHeaderOctets = 4;
constexpr uint8_t kRecursionDesired = 0x01;
constexpr uint8_t kCheckingDisabled = 0x10;

void EncodeHeader(uint16_t id, const QueryOptions& options, uint8_t* out) {
  constexpr uint8_t kOneQuestion[kHeaderOctets] = {0, 0, 0, 0, 0, 1};
  std::memcpy(out, kOneQuestion, sizeof kOneQuestion);
  out[0] = static_cast<uint8_t>(id >> 8);
  out[1] = static_cast<uint8_t>(id);
  if (options.recursion_desired) out[2] = kRecursionDesired;
  if (options.checking_disabled) out[3] = kCheckingDisabled;
  out[11] = options.edns ? 1 : 0;  // ARCOUNT
}

// Behind an OPT record without options, whose RDLENGTH it sets; returns the
// end.
uint8_t* EncodeCookie(std::span<const uint8_t> cookie, uint8_t* out) {
  const auto size = static_cast<uint8_t>(cookie.size());
  const uint8_t header[kOptionHeaderOctets] = {0, kOptionCookie, 0, size};
  out[-1] = static_cast<uint8_t>(kOptionHeaderOctets + size);
  std::memcpy(out, header, sizeof header);
  std::memcpy(out + sizeof header, cookie.data(), size);
  return out + sizeof header + size;
}

// What follows the name; returns the end.
uint8_t* EncodeTail(uint16_t type, const QueryOptions& options, uint8_t* out) {
  const uint8_t fields[] = {static_cast<uint8_t>(type >> 8),
                            static_cast<uint8_t>(type), 0, kClassIn};
  std::memcpy(out, fields, sizeof fields);
  out += sizeof fields;
  if (!options.edns) return out;
  std::memcpy(out, kOpt, sizeof kOpt);
  if (options.dnssec_ok) out[kOptFlagsAt] = kDnssecOk;
  out += sizeof kOpt;
  return options.cookie.empty() ? out : EncodeCookie(options.cookie, out);
}

}  // namespace

size_t EncodeQuery(uint16_t id, NameView name, uint16_t type,
                   const QueryOptions& options, uint8_t* out) {
  EncodeHeader(id, options, out);
  uint8_t* end = out + kHeaderOctets;
  std::memcpy(end, name.wire().data(), name.size());
  if (options.case_seed != 0) ApplyCase(options.case_seed, {end, name.size()});
  end = EncodeTail(type, options, end + name.size());
  return static_cast<size_t>(end - out);
}

size_t EncodePtrQuery(uint16_t id, const IpAddress& address,
                      const QueryOptions& options, uint8_t* out) {
  EncodeHeader(id, options, out);
  uint8_t* end = out + kHeaderOctets;
  const size_t size = EncodeReverseName(address, end);
  if (options.case_seed != 0) ApplyCase(options.case_seed, {end, size});
  end = EncodeTail(kTypePtr, options, end + size);
  return static_cast<size_t>(end - out);
}

}  // namespace dnswire
