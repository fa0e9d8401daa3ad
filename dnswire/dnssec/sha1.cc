#include "dnswire/dnssec/sha1.h"

#include <algorithm>
#include <bit>

namespace dnswire {
namespace {

constexpr size_t kBlockOctets = 64;
constexpr size_t kLengthOctets = 8;  // the message's length in bits, at the end

using State = std::array<uint32_t, 5>;

uint32_t U32At(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 |
         at[3];
}

// The function and constant of step t (sections 4.1.1 and 4.2.1).
uint32_t Mixed(size_t t, uint32_t b, uint32_t c, uint32_t d) {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999u;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1u;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
  return (b ^ c ^ d) + 0xca62c1d6u;
}

// REQUIRES: kBlockOctets at `block`.
void AddBlock(const uint8_t* block, State* state) {
  std::array<uint32_t, 80> w;
  for (size_t t = 0; t < 16; ++t) w[t] = U32At(block + 4 * t);
  for (size_t t = 16; t < w.size(); ++t) {
    w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  }
  auto [a, b, c, d, e] = *state;
  for (size_t t = 0; t < w.size(); ++t) {
    const uint32_t next = std::rotl(a, 5) + Mixed(t, b, c, d) + e + w[t];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State added = {a, b, c, d, e};
  for (size_t i = 0; i < state->size(); ++i) (*state)[i] += added[i];
}

// What is left of the message, a bit 1, zeros, and the length (section 5.1.1).
void AddEnd(std::span<const uint8_t> rest, uint64_t size, State* state) {
  std::array<uint8_t, 2 * kBlockOctets> end = {};
  std::copy(rest.begin(), rest.end(), end.begin());
  end[rest.size()] = 0x80;
  const size_t blocks = rest.size() + 1 + kLengthOctets <= kBlockOctets ? 1 : 2;
  for (size_t i = 0; i < kLengthOctets; ++i) {
    end[blocks * kBlockOctets - 1 - i] =
        static_cast<uint8_t>(size * 8 >> 8 * i);
  }
  for (size_t i = 0; i < blocks; ++i) AddBlock(&end[i * kBlockOctets], state);
}

}  // namespace

Sha1Digest Sha1(std::span<const uint8_t> octets) {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const uint64_t size = octets.size();
  while (octets.size() >= kBlockOctets) {
    AddBlock(octets.data(), &state);
    octets = octets.subspan(kBlockOctets);
  }
  AddEnd(octets, size, &state);
  Sha1Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

}  // namespace dnswire
