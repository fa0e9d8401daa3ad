// NameShape: what one walk over the octets of a name tells. The rules of
// VERDICTS.md 4.2, 4.3 and 5.1 share it.
#ifndef PTRSWEEP_SCANNER_VERDICT_NAME_SHAPE_H_
#define PTRSWEEP_SCANNER_VERDICT_NAME_SHAPE_H_

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "dnswire/octets.h"

namespace scanner {

// Borrows the name's octets.
struct NameShape {
  NameShape() = default;  // of the root
  // `of` in lower case.
  explicit NameShape(dnswire::NameView of);

  // Where the kinds of octets lie in a label of the name, without its length
  // octet.
  dnswire::OctetKinds KindsIn(absl::string_view label) const;

  dnswire::NameView name;
  int labels = 0;            // root not counted
  absl::string_view second;  // label from the left, "" if there is none
  absl::string_view last;    // "" for the root
  // R: the last three labels under the second-level labels that VERDICTS.md 5.1
  // lists, else the last two; all of a name that has fewer.
  dnswire::NameView domain;
  bool host_labels = true;     // all are (RFC 1123 section 2.1), or with '_'
  bool decimal_octets = true;  // all are decimal 0..255, leading zeros allowed
  bool underscore = false;     // in some label
  bool ace_label = false;      // some begins with "xn--"

 private:
  dnswire::OctetKinds kinds_;  // of its first octets
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_NAME_SHAPE_H_
