#include "scanner/review/name_template.h"

#include <cassert>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "scanner/verdict/label_bits.h"
#include "scanner/verdict/name_shape.h"
#include "scanner/verdict/name_words.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::NameView;

constexpr size_t kMaxOctetDigits = 3;

int ValueOf(absl::string_view digits) {
  if (digits.size() > kMaxOctetDigits) return -1;
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

// The octet that the digits are, from the last to the first; 'n' if none.
char PlaceholderOf(const IpAddress& address, absl::string_view digits) {
  const int value = ValueOf(digits);
  for (int i = 3; i >= 0; --i) {
    if (value == address.octet(i)) return static_cast<char>('a' + i);
  }
  return 'n';
}

// Appends the label's skeleton; true if an octet of the address is in it.
bool AppendLabel(const IpAddress& address, absl::string_view label,
                 const LabelBits& bits, std::string* out) {
  bool has_octet = false;
  size_t done = 0;
  ForEachRun(bits.digits, [&](size_t begin, size_t size) {
    const char octet = PlaceholderOf(address, label.substr(begin, size));
    has_octet = has_octet || octet != 'n';
    absl::StrAppend(out, label.substr(done, begin - done), "{",
                    absl::string_view(&octet, 1), "}");
    done = begin + size;
  });
  absl::StrAppend(out, label.substr(done), ".");
  return has_octet;
}

}  // namespace

NameTemplate TemplateOf(const IpAddress& address, NameView name) {
  assert(address.is_v4());
  NameTemplate found;
  const NameView domain = NameShape(name).domain;
  WordClasses words;
  bool has_octet = false;
  bool has_digits = false;
  for (NameView rest = name; rest.size() > domain.size();
       rest = rest.parent()) {
    const absl::string_view label = rest.first_label();
    const LabelBits bits(label);
    words.AddAll(WordClassesOf(label, bits));
    has_digits = has_digits || bits.digits != 0;
    has_octet |= AppendLabel(address, label, bits, &found.skeleton);
  }
  if (!has_digits || words.Has(WordClass::kMail)) return {};
  domain.AppendText(&found.skeleton);
  found.numbers_only = !has_octet;
  found.pool_word = words.Has(WordClass::kDynamic) ||
                    words.Has(WordClass::kAccess) ||
                    words.Has(WordClass::kUnassigned);
  return found;
}

}  // namespace scanner
