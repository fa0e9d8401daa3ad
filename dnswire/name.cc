#include "dnswire/name.h"

#include <algorithm>
#include <array>

#include "dnswire/octets.h"

namespace dnswire {
namespace {

constexpr bool IsDigit(uint8_t octet) { return octet >= '0' && octet <= '9'; }

constexpr bool StandsInText(uint8_t octet) {
  return (octet >= 'a' && octet <= 'z') || IsDigit(octet) || octet == '_' ||
         octet == '-';
}

// Writes the text of a name that needs no escapes and is lower case: the wire
// form without the first length octet and the root, the other length octets
// become dots. False, with anything in `out`, if it is not such a name, or
// longer than most.
bool FormatPlainText(std::span<const uint8_t> wire, char* out) {
  constexpr size_t kMaxOctets = 64;
  const uint8_t* const octets = wire.data() + 1;
  const size_t size = wire.size() - 2;
  if (size == 0 || size > kMaxOctets) return false;
  uint64_t stand = 0;
  const auto copy = [&](size_t start, Sixteen sixteen) {
    stand |= uint64_t{BitsOf(HostOctets(sixteen))} << start;
    std::memcpy(out + start, &sixteen, sizeof sixteen);
  };
  if (size < sizeof(Sixteen)) {
    copy(0, LoadSixteen(octets, size));
  } else {
    for (size_t at = 0; at < size; at += sizeof(Sixteen)) {
      const size_t start = VectorStart(at, size);
      copy(start, LoadSixteen(octets + start, sizeof(Sixteen)));
    }
  }
  for (size_t at = wire[0]; at < size; at += octets[at] + size_t{1}) {
    out[at] = '.';
    stand |= uint64_t{1} << at;
  }
  return stand == ~uint64_t{0} >> (kMaxOctets - size) && octets[0] != '-';
}

char* AppendEscaped(uint8_t octet, char* out) {
  *out++ = '\\';
  *out++ = static_cast<char>('0' + octet / 100);
  *out++ = static_cast<char>('0' + octet / 10 % 10);
  *out++ = static_cast<char>('0' + octet % 10);
  return out;
}

// One octet of presentation text, unescaped. Advances *text; nullopt on a
// broken escape. REQUIRES: !text->empty().
std::optional<uint8_t> TakeOctet(absl::string_view* text) {
  const char first = text->front();
  text->remove_prefix(1);
  if (first != '\\') return static_cast<uint8_t>(first);
  if (text->empty()) return std::nullopt;
  if (!IsDigit(static_cast<uint8_t>(text->front()))) {
    const auto octet = static_cast<uint8_t>(text->front());
    text->remove_prefix(1);
    return octet;
  }
  if (text->size() < 3) return std::nullopt;
  int value = 0;
  for (int i = 0; i < 3; ++i) {
    const auto digit = static_cast<uint8_t>((*text)[static_cast<size_t>(i)]);
    if (!IsDigit(digit)) return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  text->remove_prefix(3);
  return value <= 255 ? std::optional(static_cast<uint8_t>(value))
                      : std::nullopt;
}

uint64_t LoadEight(const uint8_t* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Most names come in the case they are expected in: those need no lowering.
bool EqualOctets(const uint8_t* a, const uint8_t* b, size_t size) {
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) {
    const uint64_t x = LoadEight(a + i);
    const uint64_t y = LoadEight(b + i);
    if (x != y && LowerEightOctets(x) != LowerEightOctets(y)) return false;
  }
  for (; i < size; ++i) {
    if (LowerOctet(a[i]) != LowerOctet(b[i])) return false;
  }
  return true;
}

// Octet by octet without case; a label sorts behind one that it begins with.
int CompareLabels(absl::string_view a, absl::string_view b) {
  const size_t shared = std::min(a.size(), b.size());
  for (size_t i = 0; i < shared; ++i) {
    const int x = LowerOctet(static_cast<uint8_t>(a[i]));
    const int y = LowerOctet(static_cast<uint8_t>(b[i]));
    if (x != y) return x - y;
  }
  return static_cast<int>(a.size()) - static_cast<int>(b.size());
}

}  // namespace

int NameView::label_count() const {
  int count = 0;
  for (size_t at = 0; octets_[at] != 0; at += octets_[at] + size_t{1}) ++count;
  return count;
}

NameView NameView::Suffix(int labels) const {
  NameView view = *this;
  for (int drop = label_count() - labels; drop > 0; --drop) {
    view = view.parent();
  }
  return view;
}

// Length octets are below 64 and so never change under LowerOctet: the whole
// wire form can be compared at once.
bool NameView::Equals(NameView other) const {
  return size_ == other.size_ &&
         (std::memcmp(octets_, other.octets_, size_) == 0 ||
          EqualOctets(octets_, other.octets_, size_));
}

bool NameView::IsAtOrBelow(NameView ancestor) const {
  if (size_ < ancestor.size_) return false;
  NameView view = *this;
  while (view.size_ > ancestor.size_) view = view.parent();
  return view.Equals(ancestor);
}

std::string NameView::ToText() const {
  std::string text;
  AppendText(&text);
  return text;
}

void NameView::AppendText(std::string* out) const {
  char text[kMaxTextOctets];
  out->append(text, FormatText(text));
}

size_t NameView::FormatText(char* out) const {
  if (is_root()) {
    *out = '.';
    return 1;
  }
  if (FormatPlainText(wire(), out)) return size_ - 2;
  char* end = out;
  for (const uint8_t* label = octets_; *label != 0; label += 1 + *label) {
    if (label != octets_) *end++ = '.';
    for (int i = 1; i <= *label; ++i) {
      const uint8_t octet = LowerOctet(label[i]);
      const bool leading_dash = octet == '-' && end == out;
      if (StandsInText(octet) && !leading_dash) {
        *end++ = static_cast<char>(octet);
      } else {
        end = AppendEscaped(octet, end);
      }
    }
  }
  return static_cast<size_t>(end - out);
}

int NameView::CompareText(NameView other) const {
  char a[kMaxTextOctets];
  char b[kMaxTextOctets];
  const absl::string_view text(a, FormatText(a));
  return text.compare(absl::string_view(b, other.FormatText(b)));
}

int NameView::CompareCanonical(NameView other) const {
  const int labels = label_count();
  const int other_labels = other.label_count();
  for (int i = 1; i <= std::min(labels, other_labels); ++i) {
    const int order =
        CompareLabels(Suffix(i).first_label(), other.Suffix(i).first_label());
    if (order != 0) return order;
  }
  return labels - other_labels;
}

std::optional<Name> Name::Parse(absl::string_view text) {
  Name name;
  if (text == ".") return name;
  if (text.empty()) return std::nullopt;
  size_t length_at = 0;
  size_t size = 1;  // octets written, the open label's length octet included
  while (!text.empty()) {
    if (text.front() == '.') {
      text.remove_prefix(1);
      if (size - length_at == 1) return std::nullopt;  // an empty label
      name.octets_[length_at] = static_cast<uint8_t>(size - length_at - 1);
      length_at = size++;
      if (size > kMaxNameOctets) return std::nullopt;
      continue;
    }
    const auto octet = TakeOctet(&text);
    if (!octet || size - length_at > kMaxLabelOctets) return std::nullopt;
    if (size == kMaxNameOctets) return std::nullopt;
    name.octets_[size++] = *octet;
  }
  const size_t label_octets = size - length_at - 1;
  name.octets_[length_at] = static_cast<uint8_t>(label_octets);
  if (label_octets > 0) {  // no final dot: the root is still to come
    if (size == kMaxNameOctets) return std::nullopt;
    name.octets_[size++] = 0;
  }
  name.size_ = static_cast<uint8_t>(size);
  return name;
}

void Name::AssignLower(NameView view) {
  size_ = static_cast<uint8_t>(view.size());
  CopyLower(view.wire(), octets_);
}

bool Name::PrependLabel(absl::string_view label) {
  if (label.empty() || label.size() > kMaxLabelOctets) return false;
  const size_t added = label.size() + 1;
  if (size_ + added > kMaxNameOctets) return false;
  std::memmove(octets_ + added, octets_, size_);
  octets_[0] = static_cast<uint8_t>(label.size());
  std::memcpy(octets_ + 1, label.data(), label.size());
  size_ = static_cast<uint8_t>(size_ + added);
  return true;
}

bool Name::Prepend(NameView prefix) {
  const size_t added = prefix.size() - 1;
  if (size_ + added > kMaxNameOctets) return false;
  std::memmove(octets_ + added, octets_, size_);
  std::memcpy(octets_, prefix.wire().data(), added);
  size_ = static_cast<uint8_t>(size_ + added);
  return true;
}

std::optional<Name> Name::Substitute(NameView name, NameView from,
                                     NameView to) {
  const size_t kept = name.size() - from.size();
  if (kept + to.size() > kMaxNameOctets) return std::nullopt;
  Name result;
  std::memcpy(result.octets_, name.wire().data(), kept);
  std::memcpy(result.octets_ + kept, to.wire().data(), to.size());
  result.size_ = static_cast<uint8_t>(kept + to.size());
  return result;
}

}  // namespace dnswire
