#include "scanner/verdict/name_shape.h"

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

NameShape::NameShape(NameView of) : name(of), kinds_(of.wire()) {
  // The name's last label, last two, last three: all of it if it has fewer.
  NameView one = name;
  NameView two = name;
  NameView three = name;
  uint64_t odd = 0;  // in no host name, or not there
  uint64_t no_digits = 0;
  for (NameView rest = name; !rest.is_root(); rest = rest.parent()) {
    three = two;
    two = one;
    one = rest;
    const absl::string_view label = rest.first_label();
    if (++labels == 2) second = label;
    const OctetKinds kinds = KindsIn(label);
    const uint64_t all = (uint64_t{1} << label.size()) - 1;
    const uint64_t edges = (all ^ all >> 1) | 1;
    odd |= all & (~kinds.any() | (kinds.dashes & edges));
    no_digits |= all & ~kinds.digits;
    underscore = underscore || kinds.underscores != 0;
    ace_label = ace_label || IsAceLabel(label, kinds);
  }
  last = one.first_label();
  host_labels = odd == 0;
  decimal_octets = no_digits == 0 && HasDecimalOctets(name);
  const bool registers_below =
      last.size() == 2 && ShortWord(two.first_label()).IsOneOf(kSecondLevel);
  domain = registers_below ? three : two;
}

}  // namespace scanner
