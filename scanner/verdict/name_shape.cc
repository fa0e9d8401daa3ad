#include "scanner/verdict/name_shape.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scanner/verdict/short_word.h"

namespace scanner {
namespace {

using dnswire::NameView;

// Second-level labels under which two-letter domains register names.
constexpr ShortWord kSecondLevel[] = {
    ShortWord("ac"),  ShortWord("ad"),   ShortWord("co"),  ShortWord("com"),
    ShortWord("edu"), ShortWord("gen"),  ShortWord("go"),  ShortWord("gob"),
    ShortWord("gov"), ShortWord("govt"), ShortWord("in"),  ShortWord("ltd"),
    ShortWord("me"),  ShortWord("mil"),  ShortWord("ne"),  ShortWord("net"),
    ShortWord("nom"), ShortWord("or"),   ShortWord("org"), ShortWord("plc"),
    ShortWord("sch"), ShortWord("web"),
};

// Kinds of octets, as bits.
constexpr uint8_t kLetterOrDash = 1;
constexpr uint8_t kDigit = 2;
constexpr uint8_t kUnderscore = 4;
constexpr uint8_t kOther = 8;

constexpr std::array<uint8_t, 256> kKindOfOctet = [] {
  std::array<uint8_t, 256> kinds = {};
  kinds.fill(kOther);
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = kLetterOrDash;
  for (size_t c = '0'; c <= '9'; ++c) kinds[c] = kDigit;
  kinds['-'] = kLetterOrDash;
  kinds['_'] = kUnderscore;
  return kinds;
}();

uint8_t KindsIn(absl::string_view label) {
  uint8_t kinds = 0;
  for (const char c : label) kinds |= kKindOfOctet[static_cast<uint8_t>(c)];
  return kinds;
}

// REQUIRES: !label.empty().
bool IsHostLabel(absl::string_view label, uint8_t kinds) {
  const char* const octets = label.data();
  return (kinds & kOther) == 0 && octets[0] != '-' &&
         octets[label.size() - 1] != '-';
}

// RFC 5890 section 2.3.1.
bool IsAceLabel(absl::string_view label) {
  return label.size() >= 4 && std::memcmp(label.data(), "xn--", 4) == 0;
}

bool IsDecimalOctet(absl::string_view label, uint8_t kinds) {
  if (kinds != kDigit || label.size() > 3) return false;
  int value = 0;
  for (const char c : label) value = value * 10 + (c - '0');
  return value <= 255;
}

}  // namespace

NameShape::NameShape(NameView name) {
  // The name's last label, last two, last three: all of it if it has fewer.
  NameView one = name;
  NameView two = name;
  NameView three = name;
  uint8_t all_kinds = 0;
  for (NameView rest = name; !rest.is_root(); rest = rest.parent()) {
    three = two;
    two = one;
    one = rest;
    const absl::string_view label = rest.first_label();
    if (++labels == 2) second = label;
    const uint8_t kinds = KindsIn(label);
    all_kinds |= kinds;
    host_labels = host_labels && IsHostLabel(label, kinds);
    decimal_octets = decimal_octets && IsDecimalOctet(label, kinds);
    ace_label = ace_label || IsAceLabel(label);
  }
  underscore = (all_kinds & kUnderscore) != 0;
  last = one.first_label();
  const bool registers_below =
      last.size() == 2 && ShortWord(two.first_label()).IsOneOf(kSecondLevel);
  domain = registers_below ? three : two;
}

}  // namespace scanner
