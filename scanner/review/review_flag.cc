#include "scanner/review/review_flag.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

constexpr absl::string_view kNames[] = {"duplicate_name", "forward_in_scan",
                                        "generic_template",
                                        "shared_placeholder"};
static_assert(std::size(kNames) == kReviewFlagCount);
static_assert(static_cast<size_t>(ReviewFlag::kSharedPlaceholder) ==
              kReviewFlagCount - 1);

}  // namespace

absl::string_view ReviewFlagName(ReviewFlag flag) {
  return kNames[static_cast<size_t>(flag)];
}

Severity ReviewSeverity(const Reviewed& reviewed, Profile profile) {
  const ReviewFlagSet flags = reviewed.flags;
  if (flags.empty()) return Severity::kOk;
  const bool warn =
      flags.Has(ReviewFlag::kGenericTemplate) ||
      flags.Has(ReviewFlag::kSharedPlaceholder) ||
      (flags.Has(ReviewFlag::kDuplicateName) && !reviewed.same_name_passes);
  return warn && profile != Profile::kInfra ? Severity::kWarn : Severity::kInfo;
}

std::string ReviewFlagsText(const Reviewed& reviewed) {
  std::string text;
  for (size_t i = 0; i < kReviewFlagCount; ++i) {
    const auto flag = static_cast<ReviewFlag>(i);
    if (!reviewed.flags.Has(flag)) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", ReviewFlagName(flag));
    if (flag == ReviewFlag::kDuplicateName) {
      absl::StrAppend(&text, "(", reviewed.same_name, ")");
    }
  }
  return text;
}

}  // namespace scanner
