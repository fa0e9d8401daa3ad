#include "io/files/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/escaping.h"

namespace io {
namespace {

// FIPS 180-4 section 4.2.2.
constexpr uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t ReadBig32(const uint8_t* octets) {
  return uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 |
         uint32_t{octets[2]} << 8 | octets[3];
}

// The message schedule, section 6.2.2 step 1.
std::array<uint32_t, 64> Schedule(const uint8_t* block) {
  std::array<uint32_t, 64> w;
  for (size_t t = 0; t < 16; ++t) w[t] = ReadBig32(block + 4 * t);
  for (size_t t = 16; t < w.size(); ++t) {
    const uint32_t a = w[t - 15];
    const uint32_t b = w[t - 2];
    const uint32_t s0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3);
    const uint32_t s1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  return w;
}

}  // namespace

std::string HexText(const Digest& digest) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

void Sha256::Add(absl::string_view octets) {
  size_ += octets.size();
  while (!octets.empty()) {
    const size_t taken = std::min(octets.size(), kBlockOctets - used_);
    std::memcpy(block_.data() + used_, octets.data(), taken);
    octets.remove_prefix(taken);
    used_ += taken;
    if (used_ == kBlockOctets) AddBlock();
  }
}

Digest Sha256::Finish() {
  const uint64_t bits = size_ * 8;
  Add("\x80");
  while (used_ != kBlockOctets - sizeof bits) Add(absl::string_view("\0", 1));
  for (int shift = 56; shift >= 0; shift -= 8) {
    const auto octet = static_cast<char>(bits >> shift);
    Add({&octet, 1});
  }
  Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

// Section 6.2.2, steps 2 to 4; s[0] to s[7] are its a to h.
void Sha256::AddBlock() {
  const std::array<uint32_t, 64> w = Schedule(block_.data());
  std::array<uint32_t, 8> s = state_;
  for (size_t t = 0; t < w.size(); ++t) {
    const uint32_t s1 =
        std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25);
    const uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const uint32_t t1 = s[7] + s1 + choice + kRoundConstants[t] + w[t];
    const uint32_t s0 =
        std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22);
    const uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    s = {t1 + s0 + majority, s[0], s[1], s[2], s[3] + t1, s[4], s[5], s[6]};
  }
  for (size_t i = 0; i < s.size(); ++i) state_[i] += s[i];
  used_ = 0;
}

}  // namespace io
