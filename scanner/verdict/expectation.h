// Expected names (VERDICTS.md section 8).
#ifndef PTRSWEEP_SCANNER_VERDICT_EXPECTATION_H_
#define PTRSWEEP_SCANNER_VERDICT_EXPECTATION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace scanner {

// What a label file expects of one address.
class Expectation {
 public:
  enum class Kind : uint8_t { kNone, kNoPtr, kHostName, kBelow };

  // `pattern` as in the label file, checked there; {a} to {d} are replaced by
  // the octets of `address`. "" is kNone.
  Expectation(absl::string_view pattern, const dnswire::IpAddress& address);

  Kind kind() const { return kind_; }
  // The host name, or for kBelow the name that must be above.
  const dnswire::Name& name() const { return name_; }
  // REQUIRES: kind is kHostName or kBelow.
  bool Matches(dnswire::NameView ptr) const;
  // The column `expected`: the pattern with the octets filled in.
  std::string ToText() const;

 private:
  Kind kind_ = Kind::kNone;
  dnswire::Name name_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_EXPECTATION_H_
