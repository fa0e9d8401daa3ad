// What the tests of Judge's flags share: a case per flag and side, and short
// names for the usual evidence. The addresses lie just outside the
// documentation blocks, whose flags would be in every row.
#ifndef PTRSWEEP_TESTS_SCANNER_VERDICT_FLAG_CASE_H_
#define PTRSWEEP_TESTS_SCANNER_VERDICT_FLAG_CASE_H_

#include <set>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "io/formats/status.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {

inline constexpr absl::string_view kTarget = "192.0.3.10";
inline constexpr absl::string_view kOther = "193.0.3.10";
inline constexpr absl::string_view kTarget6 = "2001:db9::10";
inline constexpr absl::string_view kName = "a.example.com";

struct FlagCase {
  io::Flag flag;
  bool set;
  const char* label;
  EvidenceBuilder (*evidence)();
};

inline EvidenceBuilder Target() { return EvidenceBuilder(kTarget); }
inline EvidenceBuilder Named() { return Target().Ptr({kName}); }
inline EvidenceBuilder Passing() { return Named().Forward(kName, {kTarget}); }
inline EvidenceBuilder Differing() { return Named().Forward(kName, {kOther}); }

// A target whose only name is `name`, and it leads back.
inline EvidenceBuilder PassingAs(absl::string_view name) {
  return Target().Ptr({name}).Forward(name, {kTarget});
}
inline EvidenceBuilder PassingAt(absl::string_view target) {
  return EvidenceBuilder(target).Ptr({kName}).Forward(kName, {target});
}
inline EvidenceBuilder BadlyNamed(absl::string_view name) {
  return Target().Ptr({name});
}
// Two names; the first leads back.
inline EvidenceBuilder PassingWith(absl::string_view second) {
  return Passing().Ptr({second});
}

// The cases tried so far: flag, and whether it was set.
using Covered = std::set<std::pair<io::Flag, bool>>;

template <size_t kSize>
void ExpectEach(const FlagCase (&cases)[kSize], Covered* covered) {
  for (const FlagCase& c : cases) {
    EvidenceBuilder evidence = c.evidence();
    const io::FlagSet flags = evidence.Judged().flags;
    EXPECT_EQ(flags.Has(c.flag), c.set)
        << FlagName(c.flag) << ", " << c.label << ": " << FlagText(flags);
    covered->insert({c.flag, c.set});
  }
}

// Each flag from `first` to `last` was tried on both sides.
inline void ExpectBothSides(const Covered& covered, io::Flag first,
                            io::Flag last) {
  for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
    const auto flag = static_cast<io::Flag>(i);
    EXPECT_TRUE(covered.count({flag, true})) << FlagName(flag);
    EXPECT_TRUE(covered.count({flag, false})) << FlagName(flag);
  }
}

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_VERDICT_FLAG_CASE_H_
