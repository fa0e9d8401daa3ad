// Domain names in wire form. NameView borrows, Name owns; both always hold a
// valid uncompressed name, so whoever has one need not check it again.
#ifndef PTRSWEEP_DNSWIRE_NAME_H_
#define PTRSWEEP_DNSWIRE_NAME_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/wire.h"

namespace dnswire {

// ASCII lower case of one octet (RFC 4343 section 3); others stay.
constexpr uint8_t LowerOctet(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<uint8_t>(octet | 0x20)
                                      : octet;
}

// The same of eight octets at once. The additions work on seven bits of each
// octet and carry into its top bit if it is past 'Z', or 'A' or more.
constexpr uint64_t LowerEightOctets(uint64_t octets) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint64_t low_bits = octets & kEach * 0x7f;
  const uint64_t past_z = low_bits + kEach * (0x7f - 'Z');
  const uint64_t from_a = low_bits + kEach * (0x80 - 'A');
  const uint64_t capital = (from_a ^ past_z) & ~octets & kEach * 0x80;
  return octets | capital >> 2;  // 0x80 >> 2 is the case bit 0x20
}

// A borrowed name: length octet and label, again and again, then a zero octet;
// 1 to 255 octets in all (RFC 1035 section 3.1). Cheap to copy.
class NameView {
 public:
  // The longest text of a name: 250 label octets as \DDD and their dots.
  static constexpr size_t kMaxTextOctets = 4 * kMaxNameOctets;

  constexpr NameView() : octets_(&kRoot), size_(1) {}  // the root
  // REQUIRES: `wire` is a valid uncompressed name and nothing else.
  static NameView FromValidWire(std::span<const uint8_t> wire) {
    return NameView(wire.data(), wire.size());
  }

  std::span<const uint8_t> wire() const { return {octets_, size_}; }
  size_t size() const { return size_; }  // octets, root included
  bool is_root() const { return size_ == 1; }
  int label_count() const;  // root not counted

  // The first label's octets; empty for the root.
  absl::string_view first_label() const {
    return {reinterpret_cast<const char*>(octets_) + 1, octets_[0]};
  }
  // The name without its first label. REQUIRES: !is_root().
  NameView parent() const {
    const size_t skip = octets_[0] + size_t{1};
    return NameView(octets_ + skip, size_ - skip);
  }
  // The last `labels` labels; the whole name if it has no more than that.
  NameView Suffix(int labels) const;

  // Equal without ASCII case (RFC 4343).
  bool Equals(NameView other) const;
  // This name is `ancestor` or lies below it, without case.
  bool IsAtOrBelow(NameView ancestor) const;
  bool IsBelow(NameView ancestor) const {
    return size_ > ancestor.size_ && IsAtOrBelow(ancestor);
  }

  // Presentation form by WIRE.md 9: lower case, labels joined by '.', no final
  // dot, root is "."; letters, digits, '_' and '-' stand, every other octet,
  // and a '-' at the very start, is \DDD. Always printable ASCII without
  // space, comma or quote.
  std::string ToText() const;
  void AppendText(std::string* out) const;
  // Writes the text without terminator into `out` (kMaxTextOctets or more) and
  // returns its length.
  size_t FormatText(char* out) const;

  // Order of the texts, bytewise: <0, 0, >0.
  int CompareText(NameView other) const;
  // The order of DNSSEC's chains, label by label from the root, lower case,
  // ancestors first (RFC 4034 section 6.1): <0, 0, >0.
  int CompareCanonical(NameView other) const;

 private:
  constexpr NameView(const uint8_t* octets, size_t size)
      : octets_(octets), size_(size) {}

  static constexpr uint8_t kRoot = 0;

  const uint8_t* octets_;
  size_t size_;
};

// A name with its own 255 octets of room; never allocates.
class Name {
 public:
  Name() : size_(1) { octets_[0] = 0; }  // the root
  explicit Name(NameView view) { Assign(view); }
  Name(const Name& other) { Assign(other); }
  Name& operator=(const Name& other) {
    if (this != &other) Assign(other);
    return *this;
  }

  // Text as ToText() writes it, or as people do: \DDD and \X escapes (RFC 1035
  // section 5.1), an optional final dot, "." for the root. Keeps letter case.
  // nullopt for an empty text or label, a label over 63 or a name over 255
  // octets, or a broken escape.
  static std::optional<Name> Parse(absl::string_view text);

  operator NameView() const {  // NOLINT(google-explicit-constructor)
    return NameView::FromValidWire({octets_, size_});
  }
  NameView view() const { return *this; }
  size_t size() const { return size_; }
  std::string ToText() const { return view().ToText(); }

  void Assign(NameView view) {
    size_ = static_cast<uint8_t>(view.size());
    std::memcpy(octets_, view.wire().data(), view.size());
  }
  void Clear() {
    size_ = 1;
    octets_[0] = 0;
  }
  // ASCII letters to lower case.
  void Lower() { AssignLower(*this); }
  void AssignLower(NameView view);

  // Puts a label in front, or the whole name `prefix` (its root dropped).
  // False, and unchanged, if a label is not 1..63 octets or the name would
  // exceed 255.
  bool PrependLabel(absl::string_view label);
  bool Prepend(NameView prefix);

  // The name with its ancestor `from` replaced by `to` (RFC 6672 section 2.2).
  // nullopt if the result exceeds 255 octets. REQUIRES: name.IsBelow(from).
  static std::optional<Name> Substitute(NameView name, NameView from,
                                        NameView to);

 private:
  friend class Reader;

  uint8_t size_;
  uint8_t octets_[kMaxNameOctets];
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_NAME_H_
