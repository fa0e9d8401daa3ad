#include "bench/floor/reply.h"

#include "dnswire/wire.h"

namespace bench {
namespace {

constexpr uint8_t kPointer = 0xc0;

uint16_t U16(const uint8_t* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

// Octets of the labels at the start of `octets`, up to the root or a pointer;
// octets.size() or more if they do not end.
size_t LabelOctets(std::span<const uint8_t> octets) {
  size_t at = 0;
  while (at < octets.size() && octets[at] != 0 && octets[at] < kPointer) {
    at += size_t{1} + octets[at];
  }
  return at;
}

}  // namespace

std::optional<FirstAnswer> ReadFirstAnswer(std::span<const uint8_t> reply) {
  constexpr size_t kFixedOctets = 10;  // type to RDLENGTH
  if (U16(&reply[4]) != 1 || U16(&reply[6]) == 0) return std::nullopt;
  size_t at = dnswire::kHeaderOctets;
  at += LabelOctets(reply.subspan(at)) + 1 + 4;
  if (at >= reply.size()) return std::nullopt;
  at += LabelOctets(reply.subspan(at));
  if (at >= reply.size()) return std::nullopt;
  at += reply[at] == 0 ? size_t{1} : size_t{2};
  if (at + kFixedOctets > reply.size()) return std::nullopt;
  const size_t rdata_octets = U16(&reply[at + 8]);
  if (at + kFixedOctets + rdata_octets > reply.size()) return std::nullopt;
  return FirstAnswer{.type = U16(&reply[at]),
                     .rdata = reply.subspan(at + kFixedOctets, rdata_octets)};
}

std::optional<dnswire::NameView> ReadPlainName(
    std::span<const uint8_t> octets) {
  const size_t end = LabelOctets(octets);
  if (end >= octets.size() || end >= dnswire::kMaxNameOctets ||
      octets[end] != 0) {
    return std::nullopt;
  }
  return dnswire::NameView::FromValidWire(octets.first(end + 1));
}

}  // namespace bench
