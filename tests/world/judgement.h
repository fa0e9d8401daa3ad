// The rules of VERDICTS.md over the model: from what an address and its names
// come to (oracle.h) to the row that must come out. Flags that only a name's
// shape decides are the model's traits.
#ifndef PTRSWEEP_TESTS_WORLD_JUDGEMENT_H_
#define PTRSWEEP_TESTS_WORLD_JUDGEMENT_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/zone_model.h"

namespace world {

using Json = nlohmann::ordered_json;

// Who was asked. kDirect: the authority itself, which says AA and names its
// zone in positive answers; the resolver does neither. kIterative: all
// authorities, from the root down.
enum class Asked { kResolver, kDirect, kIterative };

// What the label file says of one address; "" is nothing.
struct Expected {
  std::string label;
  std::string name;  // octets filled in
};

struct Case {
  const Model& model;
  Address ip;
  Asked asked = Asked::kResolver;
  Expected expected;
  bool with_labels = false;  // --labels was given
  // --both-families and --dual-stack were.
  bool with_families = false;
};

// Goes through all ways in which the failures of one case may show: a mixed
// radix counter, its digits found on the way.
class Choices {
 public:
  // One of `count` possibilities. REQUIRES: count > 0.
  size_t Pick(size_t count);
  // The next way; false after the last one.
  bool Next();

 private:
  std::vector<size_t> digits_;
  std::vector<size_t> counts_;
  size_t at_ = 0;
};

// The row for one way. Keys as in OUTPUT.md 1, without those of the run.
Json Judge(const Case& subject, Choices* choices);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_JUDGEMENT_H_
