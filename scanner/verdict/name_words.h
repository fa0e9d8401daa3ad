// What kind of host a name speaks of: the word lists of VERDICTS.md 5.2.
#ifndef PTRSWEEP_SCANNER_VERDICT_NAME_WORDS_H_
#define PTRSWEEP_SCANNER_VERDICT_NAME_WORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "scanner/verdict/label_bits.h"

namespace scanner {

enum class WordClass : uint8_t {
  kDynamic = 1,
  kAccess = 2,
  kStatic = 4,
  kUnassigned = 8,
  kInfrastructure = 16,
  kMail = 32,
};

// The classes of the words of a name.
class WordClasses {
 public:
  constexpr WordClasses() = default;
  constexpr explicit WordClasses(WordClass word_class)
      : bits_(static_cast<uint8_t>(word_class)) {}
  constexpr void AddAll(WordClasses other) {
    bits_ = static_cast<uint8_t>(bits_ | other.bits_);
  }
  constexpr bool Has(WordClass word_class) const {
    return (bits_ & static_cast<uint8_t>(word_class)) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  uint8_t bits_ = 0;
};

// The classes of all words of H, a name's part left of its registrable domain,
// in lower case with dots between labels. Words are compared whole. Allocates
// nothing.
WordClasses WordClassesOf(absl::string_view host);
// Of one label of H, and its bits.
WordClasses WordClassesOf(absl::string_view label, const LabelBits& bits);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_NAME_WORDS_H_
