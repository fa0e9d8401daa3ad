#include "dnswire/ip_address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace dnswire {
namespace {

constexpr absl::uint128 kAllOnes = absl::MakeUint128(~0ull, ~0ull);
constexpr absl::uint128 kMappedHigh = absl::MakeUint128(0, 0xffffull << 32);
constexpr int kGroups = 8;  // 16-bit groups of an IPv6 address

// The low `bits` bits set; 0 <= bits <= 128.
absl::uint128 LowMask(int bits) {
  return bits == 0 ? 0 : kAllOnes >> (128 - bits);
}

// A decimal number without sign or leading zero, at most `max`; -1 if not.
int ParseDecimal(absl::string_view text, int max) {
  if (text.empty() || text.size() > 3) return -1;
  if (text.size() > 1 && text[0] == '0') return -1;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value <= max ? value : -1;
}

std::optional<uint32_t> ParseV4(absl::string_view text) {
  uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = text.find('.');
    if ((dot == absl::string_view::npos) != (part == 3)) return std::nullopt;
    const int octet = ParseDecimal(text.substr(0, dot), 255);
    if (octet < 0) return std::nullopt;
    value = value << 8 | static_cast<uint32_t>(octet);
    if (part < 3) text.remove_prefix(dot + 1);
  }
  return value;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads 16-bit groups separated by ':' until the text ends or "::" is met.
// A dotted quad may stand last. Returns the number of groups, -1 on a fault or
// if there are more than `max`; what is left of `text` starts with "::" or is
// empty. REQUIRES: max >= 0.
int ParseGroups(absl::string_view* text, uint16_t* groups, int max) {
  int count = 0;
  while (!text->empty() && text->substr(0, 2) != "::") {
    if (count > 0) {
      if (text->front() != ':') return -1;
      text->remove_prefix(1);
    }
    const size_t end = std::min(text->find(':'), text->size());
    const absl::string_view piece = text->substr(0, end);
    if (piece.find('.') != absl::string_view::npos) {
      const auto quad = ParseV4(piece);
      if (!quad || end != text->size() || count + 2 > max) return -1;
      groups[count++] = static_cast<uint16_t>(*quad >> 16);
      groups[count++] = static_cast<uint16_t>(*quad);
    } else {
      if (piece.empty() || piece.size() > 4 || count == max) return -1;
      int value = 0;
      for (const char c : piece) {
        if (HexValue(c) < 0) return -1;
        value = value << 4 | HexValue(c);
      }
      groups[count++] = static_cast<uint16_t>(value);
    }
    text->remove_prefix(end);
  }
  return count;
}

std::optional<absl::uint128> ParseV6(absl::string_view text) {
  uint16_t head[kGroups];
  uint16_t tail[kGroups];
  const int head_count = ParseGroups(&text, head, kGroups);
  if (head_count < 0) return std::nullopt;
  int tail_count = 0;
  if (!text.empty()) {  // at "::", which stands for one group or more
    if (head_count == kGroups) return std::nullopt;
    text.remove_prefix(2);
    if (!text.empty() && text.front() == ':') return std::nullopt;
    tail_count = ParseGroups(&text, tail, kGroups - 1 - head_count);
    if (tail_count < 0 || !text.empty()) return std::nullopt;
  } else if (head_count != kGroups) {
    return std::nullopt;
  }
  absl::uint128 value = 0;
  for (int i = 0; i < kGroups; ++i) {
    const int from_tail = i - (kGroups - tail_count);
    const uint16_t group = i < head_count   ? head[i]
                           : from_tail >= 0 ? tail[from_tail]
                                            : uint16_t{0};
    value = value << 16 | group;
  }
  return value;
}

// An octet in decimal and a dot, padded: copied in one piece.
struct OctetText {
  char text[4];
  uint32_t size;
};

constexpr std::array<OctetText, 256> kOctetTexts = [] {
  std::array<OctetText, 256> texts = {};
  for (int octet = 0; octet < 256; ++octet) {
    OctetText& text = texts[static_cast<size_t>(octet)];
    for (const int place : {100, 10, 1}) {
      if (octet < place && place > 1) continue;
      text.text[text.size++] = static_cast<char>('0' + octet / place % 10);
    }
    text.text[text.size++] = '.';
  }
  return texts;
}();

// With a dot; may write up to two octets more.
char* AppendOctet(uint32_t octet, char* out) {
  const OctetText& text = kOctetTexts[octet & 0xff];
  std::memcpy(out, text.text, sizeof text.text);
  return out + text.size;
}

char* AppendV4(uint32_t value, char* out) {
  out = AppendOctet(value >> 24, out);
  out = AppendOctet(value >> 16, out);
  out = AppendOctet(value >> 8, out);
  return AppendOctet(value, out) - 1;
}

// First of the longest run of two or more zero groups (RFC 5952 section 4.2);
// {kGroups, 0} if there is none.
std::array<int, 2> LongestZeroRun(const uint16_t* groups) {
  std::array<int, 2> best = {kGroups, 1};
  for (int i = 0; i < kGroups;) {
    int end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > best[1]) best = {i, end - i};
    i = end + 1;
  }
  return best[0] == kGroups ? std::array<int, 2>{kGroups, 0} : best;
}

char* AppendV6(absl::uint128 value, char* out) {
  if (value >> 32 == kMappedHigh >> 32) {
    for (const char c : {':', ':', 'f', 'f', 'f', 'f', ':'}) *out++ = c;
    return AppendV4(static_cast<uint32_t>(value), out);
  }
  uint16_t groups[kGroups];
  for (int i = 0; i < kGroups; ++i) {
    groups[i] = static_cast<uint16_t>(value >> (112 - 16 * i));
  }
  const auto [zeros, zero_count] = LongestZeroRun(groups);
  for (int i = 0; i < kGroups; ++i) {
    if (i == zeros) {
      *out++ = ':';
      *out++ = ':';
      i += zero_count - 1;
      continue;
    }
    if (i > 0 && i != zeros + zero_count) *out++ = ':';
    out = std::to_chars(out, out + 4, groups[i], 16).ptr;
  }
  return out;
}

}  // namespace

IpAddress IpAddress::FromV4Octets(std::span<const uint8_t, 4> octets) {
  uint32_t value = 0;
  for (const uint8_t octet : octets) value = value << 8 | octet;
  return V4(value);
}

IpAddress IpAddress::FromV6Octets(std::span<const uint8_t, 16> octets) {
  uint64_t high = 0;
  uint64_t low = 0;
  for (size_t i = 0; i < 8; ++i) high = high << 8 | octets[i];
  for (size_t i = 8; i < 16; ++i) low = low << 8 | octets[i];
  return V6(absl::MakeUint128(high, low));
}

std::optional<IpAddress> IpAddress::Parse(absl::string_view text) {
  if (text.find(':') == absl::string_view::npos) {
    const auto value = ParseV4(text);
    return value ? std::optional(V4(*value)) : std::nullopt;
  }
  const auto value = ParseV6(text);
  return value ? std::optional(V6(*value)) : std::nullopt;
}

IpAddress IpAddress::Unmapped() const {
  if (is_v4() || value() >> 32 != kMappedHigh >> 32) return *this;
  return V4(static_cast<uint32_t>(low_));
}

std::string IpAddress::ToString() const {
  std::string text;
  AppendTo(&text);
  return text;
}

void IpAddress::AppendTo(std::string* out) const {
  char text[kMaxTextOctets];
  out->append(text, Format(text));
}

size_t IpAddress::Format(char* out) const {
  char* end = is_v4() ? AppendV4(v4(), out) : AppendV6(value(), out);
  return static_cast<size_t>(end - out);
}

std::optional<IpPrefix> IpPrefix::Make(const IpAddress& address, int length) {
  if (length < 0 || length > address.bits()) return std::nullopt;
  const IpPrefix prefix = Covering(address, length);
  if (prefix.first() != address) return std::nullopt;
  return prefix;
}

IpPrefix IpPrefix::Covering(const IpAddress& address, int length) {
  const absl::uint128 host = LowMask(address.bits() - length);
  return IpPrefix(address.WithValue(address.value() & ~host), length);
}

std::optional<IpPrefix> IpPrefix::Parse(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) return std::nullopt;
  const auto address = IpAddress::Parse(text.substr(0, slash));
  const int length = ParseDecimal(text.substr(slash + 1), 128);
  if (!address || length < 0) return std::nullopt;
  return Make(*address, length);
}

IpAddress IpPrefix::last() const {
  return first_.WithValue(first_.value() | LowMask(first_.bits() - length_));
}

bool IpPrefix::Contains(const IpAddress& address) const {
  return address.family() == first_.family() &&
         Covering(address, length_).first_ == first_;
}

std::string IpPrefix::ToString() const {
  std::string text = first_.ToString();
  text += '/';
  text += std::to_string(length_);
  return text;
}

}  // namespace dnswire
