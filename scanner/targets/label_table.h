// LabelTable: longest-prefix match from an address to its label and its
// expected name (VERDICTS.md section 8).
#ifndef PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_
#define PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "io/files/label_file.h"

namespace scanner {

// Immutable once made; any thread may read it. Its text outlives every row.
class LabelTable {
 public:
  struct Match {
    absl::string_view label;     // "" if none
    absl::string_view expected;  // pattern as written, "" if none
  };

  LabelTable() = default;
  explicit LabelTable(const io::LabelFile& file);

  bool empty() const { return lines_.empty(); }
  // The longest prefix with a label, and, separately, the longest one with an
  // expected name. Allocates nothing.
  Match Find(const dnswire::IpAddress& address) const;
  // Every target of the file, for a scan that names no other.
  std::vector<dnswire::IpRange> Targets() const;

 private:
  std::vector<io::LabelLine> lines_;
  // Private part: the builder's choice (per family and length a hash map).
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_
