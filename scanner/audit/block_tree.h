// BlockTree: the reverse names to visit for some targets, from the top down,
// and the blocks below a name (VERDICTS.md section 6): the reverse roots, then
// for IPv4 /8, /16 and /24, which is a block; for IPv6 nibble by nibble, down
// to names that are wholly within the targets.
#ifndef PTRSWEEP_SCANNER_AUDIT_BLOCK_TREE_H_
#define PTRSWEEP_SCANNER_AUDIT_BLOCK_TREE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "scanner/targets/target_set.h"

namespace scanner {

class BlockTree {
 public:
  // IPv4 targets stand for the whole /24 they touch.
  explicit BlockTree(const TargetSet& targets);

  // Those to visit first: in-addr.arpa, ip6.arpa, if there are targets.
  std::vector<dnswire::IpPrefix> Roots() const;
  // Those below `prefix`, which is one of the tree's; none below a block.
  std::vector<dnswire::IpPrefix> Children(
      const dnswire::IpPrefix& prefix) const;
  bool IsBlock(const dnswire::IpPrefix& prefix) const;
  // All of it is target.
  bool Covers(const dnswire::IpPrefix& prefix) const;
  // The targets within `prefix`, ascending.
  std::vector<dnswire::IpRange> PartsOf(const dnswire::IpPrefix& prefix) const;

 private:
  TargetSet blocks_;
};

// The fewest prefixes that are these ranges together, ascending.
std::vector<dnswire::IpPrefix> FewestPrefixes(
    const std::vector<dnswire::IpRange>& ranges);
// Blocks in these: /24 for IPv4, names of whole nibbles for IPv6.
uint64_t CountBlocks(const std::vector<dnswire::IpRange>& ranges);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_BLOCK_TREE_H_
