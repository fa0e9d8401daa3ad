// The IPv4 codes. The numbers of the name are compared with the address's
// octets as values, runs of hex digits with the address as a value; padded
// forms as text. Each only if the name has enough runs, or one long enough.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "dnswire/octets.h"
#include "scanner/verdict/generic_code.h"

namespace scanner {
namespace {

constexpr int kTelling = 10;  // smaller octets are in every second name
constexpr size_t kOctets = 4;
constexpr size_t kHexDigits = 8;
// Nearly every address has as many decimal digits as an integer, or more.
constexpr size_t kInt32Digits = 8;
constexpr uint32_t kLeastOfInt32Digits = 10'000'000;
constexpr size_t kMacDigits = 12;
constexpr size_t kMacPairs = 6;

using Octets = std::span<const int>;

// A few octets as text, three digits each.
class PaddedOctets {
 public:
  template <typename Iterator>
  PaddedOctets(Iterator begin, Iterator end) {
    for (Iterator octet = begin; octet != end; ++octet) {
      text_[size_++] = static_cast<char>('0' + *octet / 100);
      text_[size_++] = static_cast<char>('0' + *octet / 10 % 10);
      text_[size_++] = static_cast<char>('0' + *octet % 10);
    }
  }
  absl::string_view text() const { return {text_, size_}; }

 private:
  char text_[12];
  size_t size_ = 0;
};

using Runs = FixedList<Piece, NameRuns::kMaxRuns>;

bool AnyContains(const Runs& runs, absl::string_view text) {
  return std::any_of(runs.begin(), runs.end(), [text](Piece run) {
    return run.view().find(text) != absl::string_view::npos;
  });
}

bool AnyEquals(const Runs& runs, absl::string_view text) {
  return std::any_of(runs.begin(), runs.end(),
                     [text](Piece run) { return run.view() == text; });
}

// The number that eight hex digits write; nullopt if they are not all such.
// REQUIRES: eight letters and digits.
std::optional<uint32_t> ParseHex8(const char* digits) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint64_t octets =
      __builtin_bswap64(dnswire::LoadWord<uint64_t>(digits));
  const uint64_t beyond_f = octets + kEach * (0x7f - 'f');
  if ((beyond_f & kEach * 0x80) != 0) return std::nullopt;
  // '0' is 0x30, 'a' 0x61.
  uint64_t value = (octets & kEach * 0xf) + (octets >> 6 & kEach) * 9;
  value = (value | value >> 4) & 0x00ff00ff00ff00ff;
  value = (value | value >> 8) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(value | value >> 16);
}

class V4Finder {
 public:
  V4Finder(const dnswire::IpAddress& address, const NameRuns& runs)
      : address_(address.v4()), runs_(runs) {
    for (size_t i = 0; i < kOctets; ++i) {
      octets_[i] = static_cast<int>(address_ >> (24 - 8 * i) & 0xff);
    }
    if (runs.alnums().size() < kOctets) return;
    for (const Piece run : runs.alnums()) {
      pairs_.Add(run.size == 2 ? ParseHex(run.view(), 2) : NameRuns::kGap);
    }
  }

  GenericCode Strong() const {
    if (Holds(runs_.numbers(), octets_)) return GenericCode::kDec4f;
    if (HoldsReversed(runs_.numbers(), octets_)) return GenericCode::kDec4r;
    if (Padded(octets_)) return GenericCode::kPad12;
    if (Hex8()) return GenericCode::kHex8;
    if (EitherWay(pairs_, octets_)) return GenericCode::kHexdash;
    if (Int32()) return GenericCode::kInt32;
    return Dec4Any() ? GenericCode::kDec4any : GenericCode::kNone;
  }

  GenericCode Medium(bool with_domain) const {
    const Octets last3 = Octets(octets_).last(3);
    if ((AnyTelling(last3) && EitherWay(runs_.numbers(), last3)) ||
        (with_domain && Holds(runs_.numbers(), Octets(octets_).first(3)))) {
      return GenericCode::kDec3;
    }
    return Padded(last3) ? GenericCode::kPad9 : GenericCode::kNone;
  }

  GenericCode Weak() const {
    const Octets last2 = Octets(octets_).last(2);
    if (!AnyTelling(last2)) return GenericCode::kNone;
    if (EitherWay(runs_.numbers(), last2)) return GenericCode::kDec2;
    return Pad6(last2) ? GenericCode::kPad6 : GenericCode::kNone;
  }

  bool Mac() const {
    return std::any_of(runs_.alnums().begin(), runs_.alnums().end(), IsMac) ||
           HasSixPairs();
  }

 private:
  using IntList = FixedList<int, NameRuns::kMaxRuns>;

  // The octets stand one behind the other in the list.
  static bool Holds(const IntList& list, Octets octets) {
    return list.size() >= octets.size() &&
           std::search(list.begin(), list.end(), octets.begin(),
                       octets.end()) != list.end();
  }
  static bool HoldsReversed(const IntList& list, Octets octets) {
    return list.size() >= octets.size() &&
           std::search(list.begin(), list.end(), octets.rbegin(),
                       octets.rend()) != list.end();
  }
  static bool EitherWay(const IntList& list, Octets octets) {
    return Holds(list, octets) || HoldsReversed(list, octets);
  }

  static bool AnyTelling(Octets octets) {
    return std::any_of(octets.begin(), octets.end(),
                       [](int octet) { return octet >= kTelling; });
  }

  // Either way, as part of a run of digits.
  bool Padded(Octets octets) const {
    if (runs_.longest_digits() < 3 * octets.size()) return false;
    const PaddedOctets forward(octets.begin(), octets.end());
    const PaddedOctets backward(octets.rbegin(), octets.rend());
    return AnyContains(runs_.digits(), forward.text()) ||
           AnyContains(runs_.digits(), backward.text());
  }

  // Looks at each eight hex digits as a number.
  bool Hex8() const {
    if (runs_.longest_alnum() < kHexDigits) return false;
    const uint32_t forward = address_;
    const uint32_t backward = forward >> 24 | (forward >> 8 & 0xff00) |
                              (forward << 8 & 0xff0000) | forward << 24;
    return std::any_of(
        runs_.alnums().begin(), runs_.alnums().end(), [&](Piece run) {
          return run.size >= kHexDigits && HoldsHex(run, forward, backward);
        });
  }

  static bool HoldsHex(Piece run, uint32_t forward, uint32_t backward) {
    for (size_t at = 0; at + kHexDigits <= run.size; ++at) {
      const auto value = ParseHex8(run.data + at);
      if (value && (*value == forward || *value == backward)) return true;
    }
    return false;
  }

  bool Int32() const {
    if (runs_.longest_digits() < kInt32Digits &&
        address_ >= kLeastOfInt32Digits) {
      return false;
    }
    char text[10];
    const auto end = std::to_chars(text, text + sizeof text, address_).ptr;
    const absl::string_view decimal(text, static_cast<size_t>(end - text));
    return AnyEquals(runs_.digits(), decimal);
  }

  bool Dec4Any() const {
    if (runs_.numbers().size() < kOctets) return false;
    const auto telling = std::count_if(octets_.begin(), octets_.end(),
                                       [](int x) { return x >= kTelling; });
    if (telling < 2) return false;
    return std::all_of(octets_.begin(), octets_.end(), [&](int octet) {
      return std::count(runs_.numbers().begin(), runs_.numbers().end(),
                        octet) >=
             std::count(octets_.begin(), octets_.end(), octet);
    });
  }

  // Either way, as a whole run of digits.
  bool Pad6(Octets octets) const {
    if (runs_.longest_digits() < 6) return false;
    const PaddedOctets forward(octets.begin(), octets.end());
    const PaddedOctets backward(octets.rbegin(), octets.rend());
    return AnyEquals(runs_.digits(), forward.text()) ||
           AnyEquals(runs_.digits(), backward.text());
  }

  static bool IsMac(Piece piece) {
    if (piece.size != kMacDigits) return false;
    const absl::string_view run = piece.view();
    const auto digits = std::count_if(run.begin(), run.end(), IsDecimalDigit);
    return std::all_of(run.begin(), run.end(), IsHexDigit) && digits > 0 &&
           digits < static_cast<ptrdiff_t>(kMacDigits);
  }

  bool HasSixPairs() const {
    if (pairs_.size() < kMacPairs) return false;
    size_t row = 0;
    for (const int pair : pairs_) {
      row = pair == NameRuns::kGap ? 0 : row + 1;
      if (row == kMacPairs) return true;
    }
    return false;
  }

  const uint32_t address_;
  const NameRuns& runs_;
  std::array<int, kOctets> octets_;
  IntList pairs_;  // the value of each run of two hex digits, else kGap
};

}  // namespace

EmbeddedAddress FindV4(const dnswire::IpAddress& address, const NameRuns& runs,
                       bool with_domain) {
  const V4Finder finder(address, runs);
  EmbeddedAddress found = {.code = finder.Strong(), .mac = finder.Mac()};
  if (found.code == GenericCode::kNone) found.code = finder.Medium(with_domain);
  if (found.code == GenericCode::kNone) found.code = finder.Weak();
  return found;
}

}  // namespace scanner
