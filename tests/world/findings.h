// What asking about one address and its names comes to, before a verdict is
// spoken. N, U, K, F, J: VERDICTS.md 1.
#ifndef PTRSWEEP_TESTS_WORLD_FINDINGS_H_
#define PTRSWEEP_TESTS_WORLD_FINDINGS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/judgement.h"
#include "tests/world/oracle.h"

namespace world {

inline constexpr size_t kMaxNames = 10;       // of K
inline constexpr size_t kKeptAddresses = 50;  // of a name, in a row

// One name of K, looked up.
struct Looked {
  std::string name;
  std::string outcome;
  bool error = false;
  bool alias = false;
  std::vector<Address> addresses;  // all of them, ascending
};

// Everything known of one address when its verdict is spoken.
struct Findings {
  Resolution reverse;
  std::vector<std::string> names;   // N
  std::vector<std::string> usable;  // U
  std::vector<Looked> asked;        // K
  std::optional<Looked> extra;      // the expected name
};

// The trait makes a PTR unusable (VERDICTS.md 4.2).
bool IsUnusableTrait(const std::string& trait);

View ViewOf(Asked asked);

// A failed lookup shows in one of its ways.
Failure PickFailure(const Resolution& resolution, Choices* choices);

// F of one name.
Looked LookUp(const Case& subject, const std::string& name, Choices* choices);

// N, U and K from the reverse answer. REQUIRES: it has data.
void LookUpNames(const Case& subject, Choices* choices, Findings* findings);

// The first name of K with that outcome; null if none.
const Looked* FirstWith(const Findings& findings, std::string_view outcome);
const Looked* FirstError(const Findings& findings);

// VERDICTS.md 4.1.
bool IsLocalZone(const Zone& zone);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_FINDINGS_H_
