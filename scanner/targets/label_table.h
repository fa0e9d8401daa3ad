// LabelTable: longest-prefix match from an address to its label and its
// expected name (VERDICTS.md section 8).
#ifndef PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_
#define PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
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
  // REQUIRES: no target is given twice (ParseLabelFile refuses that).
  explicit LabelTable(const io::LabelFile& file);

  bool empty() const { return lines_.empty(); }
  const std::vector<io::LabelLine>& lines() const { return lines_; }
  // The longest prefix with a label, and, separately, the longest one with an
  // expected name. Allocates nothing; costs at most one look-up per prefix
  // length that occurs.
  Match Find(const dnswire::IpAddress& address) const {
    return empty() ? Match() : FindLines(address);
  }
  // Every target of the file, for a scan that names no other.
  std::vector<dnswire::IpRange> Targets() const;

 private:
  // The lines whose prefixes have one length.
  struct Level {
    int length;
    absl::flat_hash_map<absl::uint128, size_t> line_by_first;  // into lines_
  };
  using Levels = std::vector<Level>;  // the longest prefixes first

  Match FindLines(const dnswire::IpAddress& address) const;
  Levels MakeLevels(dnswire::Family family) const;

  std::vector<io::LabelLine> lines_;
  Levels v4_;
  Levels v6_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_LABEL_TABLE_H_
