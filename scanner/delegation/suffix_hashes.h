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
  dnswire::NameView name_;
  size_t labels_ = 0;
  // Of each label in the name; hashes by number of labels.
  std::array<uint8_t, dnswire::kMaxLabels> starts_;
  std::array<uint64_t, dnswire::kMaxLabels + 1> hashes_;
};

// The hash of one whole name.
uint64_t HashOfName(dnswire::NameView name, uint64_t key);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_SUFFIX_HASHES_H_
