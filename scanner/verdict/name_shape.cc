#include "scanner/verdict/name_shape.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "scanner/verdict/short_word.h"

namespace scanner {
namespace {

using dnswire::NameView;
using dnswire::OctetKinds;

// Second-level labels under which two-letter domains register names.
constexpr ShortWord kSecondLevel[] = {
    ShortWord("ac"),  ShortWord("ad"),   ShortWord("co"),  ShortWord("com"),
    ShortWord("edu"), ShortWord("gen"),  ShortWord("go"),  ShortWord("gob"),
    ShortWord("gov"), ShortWord("govt"), ShortWord("in"),  ShortWord("ltd"),
    ShortWord("me"),  ShortWord("mil"),  ShortWord("ne"),  ShortWord("net"),
    ShortWord("nom"), ShortWord("or"),   ShortWord("org"), ShortWord("plc"),
    ShortWord("sch"), ShortWord("web"),
};

// RFC 5890 section 2.3.1.
bool IsAceLabel(absl::string_view label, const OctetKinds& kinds) {
  constexpr uint64_t kThirdAndFourth = 0b1100;
  return (kinds.dashes & kThirdAndFourth) == kThirdAndFourth &&
         label[0] == 'x' && label[1] == 'n';
}

bool IsDecimalOctet(absl::string_view label) {
  if (label.size() > 3) return false;
  int value = 0;
  for (const char c : label) value = value * 10 + (c - '0');
  return value <= 255;
}

// REQUIRES: all octets of its labels are digits.
bool HasDecimalOctets(NameView name) {
  for (; !name.is_root(); name = name.parent()) {
    if (!IsDecimalOctet(name.first_label())) return false;
  }
  return true;
}

}  // namespace

OctetKinds NameShape::KindsIn(absl::string_view label) const {
  const auto* const octets = reinterpret_cast<const uint8_t*>(label.data());
  const auto first = static_cast<size_t>(octets - name.wire().data());
  return first + label.size() <= OctetKinds::kMaxOctets
             ? kinds_.Slice(first, label.size())
             : OctetKinds({octets, label.size()});
}

// Of a short name, all labels at once. `all`: a bit for each octet.
void NameShape::LookAtOctets(const OctetKinds& kinds, uint64_t starts,
                             uint64_t all) {
  // The root's length octet is the last one.
  const uint64_t lengths = starts | (all ^ all >> 1);
  const uint64_t octets = all & ~lengths;
  const uint64_t edges = lengths << 1 | lengths >> 1;
  host_labels = (octets & (~kinds.any() | (kinds.dashes & edges))) == 0;
  decimal_octets = (octets & ~kinds.digits) == 0;
  underscore = (octets & kinds.underscores) != 0;
  // "xn--": the dashes are third and fourth behind a length octet.
  const uint64_t dashes = octets & kinds.dashes;
  const uint64_t may_be_ace = starts & dashes >> 3 & dashes >> 4;
  for (uint64_t left = may_be_ace; left != 0; left &= left - 1) {
    const auto* const label = reinterpret_cast<const char*>(
        name.wire().data() + std::countr_zero(left) + 1);
    ace_label = ace_label || (label[0] == 'x' && label[1] == 'n');
  }
}

void NameShape::LookAtLabels() {
  for (NameView rest = name; !rest.is_root(); rest = rest.parent()) {
    const absl::string_view label = rest.first_label();
    const OctetKinds kinds = KindsIn(label);
    const uint64_t all = (uint64_t{1} << label.size()) - 1;
    const uint64_t edges = (all ^ all >> 1) | 1;
    host_labels =
        host_labels && (all & (~kinds.any() | (kinds.dashes & edges))) == 0;
    decimal_octets = decimal_octets && (all & ~kinds.digits) == 0;
    underscore = underscore || kinds.underscores != 0;
    ace_label = ace_label || IsAceLabel(label, kinds);
  }
}

NameShape::NameShape(NameView of) : name(of), kinds_(of.wire()) {
  // The name's last label, last two, last three: all of it if it has fewer.
  NameView one = name;
  NameView two = name;
  NameView three = name;
  uint64_t starts = 0;  // length octets, as far as they have a bit
  for (NameView rest = name; !rest.is_root(); rest = rest.parent()) {
    three = two;
    two = one;
    one = rest;
    if (++labels == 2) second = rest.first_label();
    starts |= uint64_t{1} << (name.size() - rest.size()) % 64;
  }
  last = one.first_label();
  if (name.size() <= OctetKinds::kMaxOctets) {
    LookAtOctets(kinds_, starts, ~uint64_t{0} >> (64 - name.size()));
  } else {
    LookAtLabels();
  }
  decimal_octets = decimal_octets && HasDecimalOctets(name);
  const bool registers_below =
      last.size() == 2 && ShortWord(two.first_label()).IsOneOf(kSecondLevel);
  domain = registers_below ? three : two;
}

}  // namespace scanner
