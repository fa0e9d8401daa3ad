#include "bench/responder/question.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "dnswire/wire.h"

namespace bench {
namespace {

using Kind = Question::Kind;

constexpr size_t kFieldOctets = 4;  // type and class
constexpr uint32_t kAsciiZeros = 0x30303030;

template <typename Word>
Word Load(const uint8_t* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The end of a name, of 8 to 16 octets: compared without case as two words
// that overlap.
template <size_t kSize>
class Suffix {
 public:
  constexpr explicit Suffix(std::array<char, kSize> octets)
      : head_(Half(octets, 0)), tail_(Half(octets, kSize - 8)) {}

  static constexpr size_t size() { return kSize; }
  bool Matches(const uint8_t* at) const {
    return head_.Matches(at) && tail_.Matches(at + kSize - 8);
  }

 private:
  struct Half {
    constexpr Half(std::array<char, kSize> octets, size_t from) {
      std::array<uint8_t, 8> lower{};
      std::array<uint8_t, 8> fold{};
      for (size_t i = 0; i < 8; ++i) {
        const char octet = octets[from + i];
        lower[i] = static_cast<uint8_t>(octet);
        fold[i] = octet >= 'a' && octet <= 'z' ? 0x20 : 0;
      }
      lower_ = std::bit_cast<uint64_t>(lower);
      fold_ = std::bit_cast<uint64_t>(fold);
    }
    bool Matches(const uint8_t* at) const {
      return (Load<uint64_t>(at) | fold_) == lower_;
    }

    uint64_t lower_ = 0;
    uint64_t fold_ = 0;
  };

  Half head_;
  Half tail_;
};

constexpr Suffix kInAddrArpa(std::array{'\7', 'i', 'n', '-', 'a', 'd', 'd', 'r',
                                        '\4', 'a', 'r', 'p', 'a', '\0'});
constexpr Suffix kExampleNet(std::array{'\7', 'e', 'x', 'a', 'm', 'p', 'l', 'e',
                                        '\3', 'n', 'e', 't', '\0'});

// The number that a label of one to three digits writes, nullopt if it is no
// octet. Reads four octets behind the length: the digits are moved to the
// word's end, so that all lengths take the same way.
std::optional<uint32_t> ReadDecimalLabel(const uint8_t* label) {
  static_assert(std::endian::native == std::endian::little);
  const uint8_t size = label[0];
  if (size < 1 || size > 3) return std::nullopt;
  const int unused_bits = 8 * (4 - size);
  const uint32_t digits =
      (Load<uint32_t>(label + 1) << unused_bits) ^ (kAsciiZeros << unused_bits);
  const uint32_t above_nine = (digits + 0x76767676) | digits;
  if ((above_nine & 0x80808080) != 0) return std::nullopt;
  if (size > 1 && label[1] == '0') return std::nullopt;
  const uint32_t value =
      (digits >> 24) + 10 * (digits >> 16 & 0xff) + 100 * (digits >> 8 & 0xff);
  return value <= 255 ? std::optional(value) : std::nullopt;
}

std::optional<uint32_t> ReadHex(std::span<const uint8_t, 8> digits) {
  uint32_t value = 0;
  for (const uint8_t digit : digits) {
    const uint8_t letter = digit | 0x20;
    if (digit >= '0' && digit <= '9') {
      value = value << 4 | (digit - uint32_t{'0'});
    } else if (letter >= 'a' && letter <= 'f') {
      value = value << 4 | (letter - uint32_t{'a'} + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// Four labels or fewer, then in-addr.arpa.
bool ReadReverse(std::span<const uint8_t> query, Question* question) {
  size_t at = dnswire::kHeaderOctets;
  int labels = 0;
  for (; labels < 4; ++labels) {
    if (at + kInAddrArpa.size() + kFieldOctets > query.size()) return false;
    const std::optional<uint32_t> octet = ReadDecimalLabel(&query[at]);
    if (!octet) break;
    question->address |= *octet << 8 * labels;
    question->apex_at = at;
    at += size_t{1} + query[at];
  }
  const size_t end = at + kInAddrArpa.size();
  if (labels == 0 || end + kFieldOctets > query.size() ||
      !kInAddrArpa.Matches(&query[at])) {
    return false;
  }
  question->kind = labels == 4   ? Kind::kAddress
                   : labels == 1 ? Kind::kApex
                                 : Kind::kBlock;
  question->end = end + kFieldOctets;
  return true;
}

// hc0000207.example.net or example.net.
bool ReadForward(std::span<const uint8_t> query, Question* question) {
  constexpr size_t kHostLabelOctets = 10;
  const size_t start = dnswire::kHeaderOctets;
  const bool host = query[start] == kHostLabelOctets - 1;
  const size_t apex = start + (host ? kHostLabelOctets : 0);
  const size_t end = apex + kExampleNet.size();
  if (end + kFieldOctets > query.size() || !kExampleNet.Matches(&query[apex])) {
    return false;
  }
  question->apex_at = apex;
  question->end = end + kFieldOctets;
  if (!host) {
    question->kind = Kind::kApex;
    return true;
  }
  const auto address = ReadHex(query.subspan(start + 2).first<8>());
  const bool known = address && (query[start + 1] | 0x20) == 'h';
  question->kind = known ? Kind::kHost : Kind::kOther;
  question->address = address.value_or(0);
  return true;
}

// Any other name; only its end is of interest.
bool ReadOther(std::span<const uint8_t> query, Question* question) {
  size_t at = dnswire::kHeaderOctets;
  while (at < query.size() && query[at] != 0) {
    if (query[at] > dnswire::kMaxLabelOctets) return false;
    at += size_t{1} + query[at];
  }
  question->end = at + 1 + kFieldOctets;
  return at + 1 - dnswire::kHeaderOctets <= dnswire::kMaxNameOctets &&
         question->end <= query.size();
}

bool IsQuery(std::span<const uint8_t> query) {
  return query.size() > dnswire::kHeaderOctets && (query[2] & 0xf8) == 0 &&
         query[4] == 0 && query[5] == 1;
}

}  // namespace

bool ReadQuestion(std::span<const uint8_t> query, Question* question) {
  if (!IsQuery(query)) return false;
  if (!ReadReverse(query, question)) {
    *question = Question();
    if (!ReadForward(query, question) && !ReadOther(query, question)) {
      return false;
    }
  }
  const uint8_t* const fields = &query[question->end - kFieldOctets];
  question->type = static_cast<uint16_t>(fields[0] << 8 | fields[1]);
  return fields[2] == 0 && fields[3] == dnswire::kClassIn;
}

}  // namespace bench
