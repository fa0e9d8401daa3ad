// The IPv6 codes. Three views of H: its tokens between '-' and '.' (text6),
// its runs (hextK), and all of it without separators (nib32, iid16, mac).
#include <algorithm>
#include <bit>
#include <optional>
#include <span>

#include "scanner/verdict/generic_code.h"

namespace scanner {
namespace {

using dnswire::IpAddress;

constexpr size_t kNibbles = 32;
constexpr size_t kHextets = 8;
constexpr int kTellingDigits = 8;
constexpr int kU64Bits = 64;
constexpr char kHexDigits[] = "0123456789abcdef";

// Significant hex digits of a number: none for zero.
int SignificantDigits(uint64_t value) {
  return (kU64Bits - std::countl_zero(value) + 3) / 4;
}

// The nibbles of an address as hex digits.
class NibbleText {
 public:
  explicit NibbleText(const IpAddress& address) {
    for (size_t i = 0; i < kNibbles; i += 2) {
      const uint8_t octet = address.octet(static_cast<int>(i / 2));
      text_[i] = kHexDigits[octet >> 4];
      text_[i + 1] = kHexDigits[octet & 15];
    }
  }
  void Reverse() { std::reverse(text_, text_ + kNibbles); }
  absl::string_view all() const { return {text_, kNibbles}; }
  absl::string_view last16() const { return {text_ + 16, 16}; }

 private:
  char text_[kNibbles];
};

// Q: the text without separators.
class JoinedText {
 public:
  explicit JoinedText(absl::string_view host) {
    for (const char c : host) {
      if (c != '.' && c != '-' && c != '_') text_[size_++] = c;
    }
  }
  size_t size() const { return size_; }
  bool Contains(absl::string_view text) const {
    return absl::string_view(text_, size_).find(text) !=
           absl::string_view::npos;
  }

 private:
  char text_[dnswire::kMaxNameOctets];
  size_t size_ = 0;
};

GenericCode FindNibbles(const IpAddress& address, const JoinedText& joined) {
  if (joined.size() < kNibbles) return GenericCode::kNone;
  NibbleText nibbles(address);
  if (joined.Contains(nibbles.all())) return GenericCode::kNib32f;
  nibbles.Reverse();
  return joined.Contains(nibbles.all()) ? GenericCode::kNib32r
                                        : GenericCode::kNone;
}

// Text6: tokens that, joined by ':', are the address. Only three shapes can
// parse: eight groups; or an empty token inside; or an empty one at an edge,
// which needs one more ':' there.
class TextFinder {
 public:
  TextFinder(const IpAddress& address, absl::string_view host)
      : address_(address) {
    size_t begin = 0;
    for (size_t i = 0; i <= host.size(); ++i) {
      if (i < host.size() && host[i] != '-' && host[i] != '.') continue;
      tokens_.Add(Piece::Of(host.substr(begin, i - begin)));
      begin = i + 1;
    }
  }

  bool Found() const {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (FoundFrom(i)) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kMinTokens = 3;
  static constexpr size_t kMaxTokens = 9;
  static constexpr size_t kMaxEmpty = 3;  // "::" alone
  static constexpr size_t kMaxTextOctets = 5 * kMaxTokens + 2;

  bool FoundFrom(size_t first) const {
    size_t empty = 0;
    for (size_t n = 1; n <= kMaxTokens && first + n <= tokens_.size(); ++n) {
      const absl::string_view token = tokens_[first + n - 1].view();
      if (token.empty() && ++empty > kMaxEmpty) return false;
      if (!token.empty() && ParseHex(token, 4) < 0) return false;
      if (n < kMinTokens || (empty == 0 && n != kHextets)) continue;
      if (IsAddress(first, n)) return true;
    }
    return false;
  }

  bool IsAddress(size_t first, size_t n) const {
    char text[kMaxTextOctets];
    char* const begin = text + 1;  // room for one ':' before
    char* end = begin;
    for (size_t i = first; i < first + n; ++i) {
      end = std::copy_n(tokens_[i].data, tokens_[i].size, end);
      *end++ = ':';
    }
    text[0] = ':';
    const auto size = static_cast<size_t>(end - begin);
    return Parses({begin, size - 1}) ||
           (tokens_[first].size == 0 && Parses({text, size})) ||
           (tokens_[first + n - 1].size == 0 && Parses({begin, size}));
  }

  bool Parses(absl::string_view text) const {
    return IpAddress::Parse(text) == std::optional(address_);
  }

  const IpAddress& address_;
  FixedList<Piece, dnswire::kMaxNameOctets> tokens_;
};

class HextetFinder {
 public:
  HextetFinder(const IpAddress& address, const NameRuns& runs) {
    for (size_t i = 0; i < kHextets; ++i) {
      const int at = static_cast<int>(2 * i);
      hextets_[i] = address.octet(at) << 8 | address.octet(at + 1);
    }
    for (const Piece run : runs.alnums()) {
      groups_.Add(ParseHex(run.view(), 4));
    }
  }

  GenericCode Find() const {
    if (Holds(7)) return GenericCode::kHext7;
    if (Holds(6)) return GenericCode::kHext6;
    if (Holds(5)) return GenericCode::kHext5;
    return Holds(4) ? GenericCode::kHext4 : GenericCode::kNone;
  }

 private:
  using Hextets = std::span<const int>;

  bool Holds(size_t count) const {
    if (groups_.size() < count) return false;
    const Hextets all(hextets_);
    return HoldsAll(all.last(count)) || HoldsAll(all.first(count));
  }

  bool HoldsAll(Hextets wanted) const {
    int digits = 0;
    for (const int hextet : wanted) {
      digits += SignificantDigits(static_cast<uint64_t>(hextet));
    }
    return digits >= kTellingDigits &&
           std::search(groups_.begin(), groups_.end(), wanted.begin(),
                       wanted.end()) != groups_.end();
  }

  int hextets_[kHextets];
  // The value of each run of 1 to 4 hex digits, -1 for the others.
  FixedList<int, NameRuns::kMaxRuns> groups_;
};

uint64_t InterfaceId(const IpAddress& address) {
  return absl::Uint128Low64(address.value());
}

bool HasInterfaceId(const IpAddress& address, const JoinedText& joined) {
  return joined.size() >= 16 &&
         SignificantDigits(InterfaceId(address)) >= kTellingDigits &&
         joined.Contains(NibbleText(address).last16());
}

// The MAC address that an EUI-64 interface identifier was made of (RFC 4291
// appendix A): ff:fe out of the middle, universal/local bit flipped back.
bool HasMac(const IpAddress& address, const JoinedText& joined) {
  if (joined.size() < 12) return false;
  if (address.octet(11) != 0xff || address.octet(12) != 0xfe) return false;
  char digits[12];
  char* end = digits;
  for (const int at : {8, 9, 10, 13, 14, 15}) {
    const int octet = address.octet(at) ^ (at == 8 ? 2 : 0);
    *end++ = kHexDigits[octet >> 4];
    *end++ = kHexDigits[octet & 15];
  }
  return joined.Contains({digits, sizeof digits});
}

}  // namespace

EmbeddedAddress FindV6(const IpAddress& address, absl::string_view host,
                       const NameRuns& runs) {
  const JoinedText joined(host);
  EmbeddedAddress found = {.code = FindNibbles(address, joined),
                           .mac = HasMac(address, joined)};
  if (found.code != GenericCode::kNone) return found;
  if (TextFinder(address, host).Found()) {
    found.code = GenericCode::kText6;
    return found;
  }
  found.code = HextetFinder(address, runs).Find();
  if (found.code != GenericCode::kNone) return found;
  if (HasInterfaceId(address, joined)) {
    found.code = GenericCode::kIid16;
  } else if (found.mac) {
    found.code = GenericCode::kMac;
  }
  return found;
}

}  // namespace scanner
