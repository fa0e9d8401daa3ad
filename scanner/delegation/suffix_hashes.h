// SuffixHashes: a name and all its ancestors as 64-bit hashes, without case, so
// that the tables of iteration are searched from a name upwards without parsing
// it again. Keyed: whoever chooses names cannot choose their hashes.
#ifndef PTRSWEEP_SCANNER_DELEGATION_SUFFIX_HASHES_H_
#define PTRSWEEP_SCANNER_DELEGATION_SUFFIX_HASHES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dnswire/name.h"

namespace scanner {

class SuffixHashes {
 public:
  // Borrows the name.
  SuffixHashes(dnswire::NameView name, uint64_t key);

  size_t labels() const { return labels_; }  // root not counted
  // Of the last `labels` labels, 0 being the root. REQUIRES: <= labels().
  uint64_t operator[](size_t labels) const { return hashes_[labels]; }
  dnswire::NameView Suffix(size_t labels) const;

 private:
  static constexpr size_t kMaxLabels = 127;

  dnswire::NameView name_;
  size_t labels_ = 0;
  std::array<uint8_t, kMaxLabels> starts_;       // of each label in the name
  std::array<uint64_t, kMaxLabels + 1> hashes_;  // by number of labels
};

// The hash of one whole name.
uint64_t HashOfName(dnswire::NameView name, uint64_t key);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_SUFFIX_HASHES_H_
