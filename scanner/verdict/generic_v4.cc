// The IPv4 codes. The numbers of the name are compared with the address's
// octets as values, runs of hex digits with the address as a value; padded
// forms as text. Each only if the name has enough runs, or one long enough.
#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

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

// A few octets as text, three digits each.
class PaddedOctets {
 public:
  explicit PaddedOctets(std::initializer_list<int> octets) {
    for (const int octet : octets) {
      text_[size_++] = static_cast<char>('0' + octet / 100);
      text_[size_++] = static_cast<char>('0' + octet / 10 % 10);
      text_[size_++] = static_cast<char>('0' + octet % 10);
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

class V4Finder {
 public:
  V4Finder(const dnswire::IpAddress& address, const NameRuns& runs)
      : address_(address),
        runs_(runs),
        a_(address.octet(0)),
        b_(address.octet(1)),
        c_(address.octet(2)),
        d_(address.octet(3)) {
    if (runs.alnums().size() < kOctets) return;
    for (const Piece run : runs.alnums()) {
      pairs_.Add(run.size == 2 ? ParseHex(run.view(), 2) : NameRuns::kGap);
    }
  }

  GenericCode Strong() const {
    if (Numbers({a_, b_, c_, d_})) return GenericCode::kDec4f;
    if (Numbers({d_, c_, b_, a_})) return GenericCode::kDec4r;
    if (Padded({a_, b_, c_, d_}) || Padded({d_, c_, b_, a_})) {
      return GenericCode::kPad12;
    }
    if (Hex8()) return GenericCode::kHex8;
    if (Consecutive(pairs_, {a_, b_, c_, d_}) ||
        Consecutive(pairs_, {d_, c_, b_, a_})) {
      return GenericCode::kHexdash;
    }
    if (Int32()) return GenericCode::kInt32;
    return Dec4Any() ? GenericCode::kDec4any : GenericCode::kNone;
  }

  GenericCode Medium(bool with_domain) const {
    const bool telling = b_ >= kTelling || c_ >= kTelling || d_ >= kTelling;
    if ((telling && (Numbers({b_, c_, d_}) || Numbers({d_, c_, b_}))) ||
        (with_domain && Numbers({a_, b_, c_}))) {
      return GenericCode::kDec3;
    }
    return Padded({b_, c_, d_}) || Padded({d_, c_, b_}) ? GenericCode::kPad9
                                                        : GenericCode::kNone;
  }

  GenericCode Weak() const {
    if (c_ < kTelling && d_ < kTelling) return GenericCode::kNone;
    if (Numbers({c_, d_}) || Numbers({d_, c_})) return GenericCode::kDec2;
    return Pad6({c_, d_}) || Pad6({d_, c_}) ? GenericCode::kPad6
                                            : GenericCode::kNone;
  }

  bool Mac() const {
    return std::any_of(runs_.alnums().begin(), runs_.alnums().end(), IsMac) ||
           HasSixPairs();
  }

 private:
  using IntList = FixedList<int, NameRuns::kMaxRuns>;

  static bool Consecutive(const IntList& list,
                          std::initializer_list<int> wanted) {
    return list.size() >= wanted.size() &&
           std::search(list.begin(), list.end(), wanted.begin(),
                       wanted.end()) != list.end();
  }

  bool Numbers(std::initializer_list<int> octets) const {
    return Consecutive(runs_.numbers(), octets);
  }

  bool Padded(std::initializer_list<int> octets) const {
    if (runs_.longest_digits() < 3 * octets.size()) return false;
    const PaddedOctets padded(octets);
    return AnyContains(runs_.digits(), padded.text());
  }

  // Looks at each eight hex digits as a number.
  bool Hex8() const {
    if (runs_.longest_alnum() < kHexDigits) return false;
    const uint32_t forward = address_.v4();
    const uint32_t backward = forward >> 24 | (forward >> 8 & 0xff00) |
                              (forward << 8 & 0xff0000) | forward << 24;
    return std::any_of(
        runs_.alnums().begin(), runs_.alnums().end(), [&](Piece run) {
          return run.size >= kHexDigits && HoldsHex(run, forward, backward);
        });
  }

  static bool HoldsHex(Piece run, uint32_t forward, uint32_t backward) {
    uint32_t value = 0;
    size_t digits = 0;
    for (const char c : run.view()) {
      digits = IsHexDigit(c) ? digits + 1 : 0;
      if (digits == 0) continue;
      value = value << 4 | static_cast<uint32_t>(HexValue(c));
      if (digits >= kHexDigits && (value == forward || value == backward)) {
        return true;
      }
    }
    return false;
  }

  bool Int32() const {
    if (runs_.longest_digits() < kInt32Digits &&
        address_.v4() >= kLeastOfInt32Digits) {
      return false;
    }
    char text[10];
    const auto end = std::to_chars(text, text + sizeof text, address_.v4()).ptr;
    const absl::string_view decimal(text, static_cast<size_t>(end - text));
    return AnyEquals(runs_.digits(), decimal);
  }

  bool Dec4Any() const {
    if (runs_.numbers().size() < kOctets) return false;
    const std::array octets = {a_, b_, c_, d_};
    const auto telling = std::count_if(octets.begin(), octets.end(),
                                       [](int x) { return x >= kTelling; });
    if (telling < 2) return false;
    return std::all_of(octets.begin(), octets.end(), [&](int octet) {
      return std::count(runs_.numbers().begin(), runs_.numbers().end(),
                        octet) >=
             std::count(octets.begin(), octets.end(), octet);
    });
  }

  bool Pad6(std::initializer_list<int> octets) const {
    if (runs_.longest_digits() < 6) return false;
    const PaddedOctets padded(octets);
    return AnyEquals(runs_.digits(), padded.text());
  }

  static bool IsMac(Piece piece) {
    if (piece.size != kMacDigits) return false;
    const absl::string_view run = piece.view();
    const auto digits = std::count_if(run.begin(), run.end(), IsDecimalDigit);
    return std::all_of(run.begin(), run.end(), IsHexDigit) && digits > 0 &&
           digits < static_cast<ptrdiff_t>(kMacDigits);
  }

  bool HasSixPairs() const {
    size_t row = 0;
    for (const int pair : pairs_) {
      row = pair == NameRuns::kGap ? 0 : row + 1;
      if (row == kMacPairs) return true;
    }
    return false;
  }

  const dnswire::IpAddress& address_;
  const NameRuns& runs_;
  const int a_, b_, c_, d_;
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
