// LabelBits: where the letters and digits of a label lie, a bit for each octet,
// found without a branch. (In names that embed an address the kind of the next
// octet cannot be foretold, and a wrong guess costs as much as a dozen octets.)
//
//   c6-33     letters 00001    digits 11010    bit 0 is the first octet
#ifndef PTRSWEEP_SCANNER_VERDICT_LABEL_BITS_H_
#define PTRSWEEP_SCANNER_VERDICT_LABEL_BITS_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "dnswire/octets.h"

namespace scanner {

struct LabelBits {
  static constexpr size_t kMaxOctets = dnswire::OctetKinds::kMaxOctets;

  // `label` in lower case; what is beyond kMaxOctets is not looked at.
  explicit LabelBits(absl::string_view label);
  explicit LabelBits(const dnswire::OctetKinds& kinds)
      : letters(kinds.letters), digits(kinds.digits) {}

  uint64_t letters = 0;
  uint64_t digits = 0;
};

// Calls `visit(begin, size)` for each run of bits that are set, from the
// lowest.
template <typename Visit>
void ForEachRun(uint64_t bits, Visit visit) {
  while (bits != 0) {
    const int begin = std::countr_zero(bits);
    visit(static_cast<size_t>(begin),
          static_cast<size_t>(std::countr_one(bits >> begin)));
    bits &= bits + (bits & -bits);  // the carry runs through the lowest run
  }
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_LABEL_BITS_H_
