// ConstName: a domain name known at compile time, for tables of names.
#ifndef PTRSWEEP_SCANNER_VERDICT_CONST_NAME_H_
#define PTRSWEEP_SCANNER_VERDICT_CONST_NAME_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "dnswire/name.h"

namespace scanner {

class ConstName {
 public:
  static constexpr size_t kMaxOctets = 32;

  // `text`: lower case, no escapes, no final dot. Its dots become the length
  // octets of the wire form.
  template <size_t kSize>
  explicit consteval ConstName(const char (&text)[kSize]) : size_(kSize + 1) {
    static_assert(kSize > 1 && kSize + 1 <= kMaxOctets);
    size_t length_at = 0;
    for (size_t i = 0; i + 1 < kSize; ++i) {
      if (text[i] == '.') {
        length_at = i + 1;
      } else {
        octets_[i + 1] = static_cast<uint8_t>(text[i]);
        ++octets_[length_at];
      }
    }
  }

  constexpr std::span<const uint8_t> wire() const { return {octets_, size_}; }
  dnswire::NameView view() const {
    return dnswire::NameView::FromValidWire(wire());
  }

 private:
  size_t size_;
  uint8_t octets_[kMaxOctets] = {};
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_CONST_NAME_H_
