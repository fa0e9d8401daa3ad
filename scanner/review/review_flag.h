// Flags of kind E (VERDICTS.md 4): they need other rows of the run, so they are
// never in a row's column `flags`, but found when the rows are finished.
#ifndef PTRSWEEP_SCANNER_REVIEW_REVIEW_FLAG_H_
#define PTRSWEEP_SCANNER_REVIEW_REVIEW_FLAG_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "scanner/verdict/severity.h"

namespace scanner {

// In the order of their names.
enum class ReviewFlag : uint8_t {
  kDuplicateName,
  kForwardInScan,
  kGenericTemplate,
  kSharedPlaceholder,
};
inline constexpr size_t kReviewFlagCount = 4;

absl::string_view ReviewFlagName(ReviewFlag flag);

class ReviewFlagSet {
 public:
  constexpr ReviewFlagSet() = default;
  constexpr void Add(ReviewFlag flag) { bits_ |= Bit(flag); }
  constexpr bool Has(ReviewFlag flag) const { return (bits_ & Bit(flag)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(ReviewFlagSet, ReviewFlagSet) = default;

 private:
  static constexpr uint8_t Bit(ReviewFlag flag) {
    return static_cast<uint8_t>(1 << static_cast<int>(flag));
  }

  uint8_t bits_ = 0;
};

// What a row's run says of it.
struct Reviewed {
  ReviewFlagSet flags;
  // Targets whose J is this row's J, this one included: the count that is
  // shown with duplicate_name. 0 without a J.
  uint32_t same_name = 0;
  bool same_name_passes = false;  // all of these pass
};

// The highest of the flags.
Severity ReviewSeverity(const Reviewed& reviewed, Profile profile);

// "duplicate_name(3)" and the like, separated by spaces.
std::string ReviewFlagsText(const Reviewed& reviewed);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REVIEW_REVIEW_FLAG_H_
