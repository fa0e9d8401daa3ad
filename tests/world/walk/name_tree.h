// What exists below ip6.arpa, as prefixes: the second opinion on what a walk
// has to find and to ask.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_NAME_TREE_H_
#define PTRSWEEP_TESTS_WORLD_WALK_NAME_TREE_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/zone_model.h"

namespace world {

// The zone has a prefix and is delegated; a resolver's own are not.
bool IsIp6Zone(const Zone& zone);
// Some server answers for it.
bool IsServed(const Model& model, const Zone& zone);

class NameTree {
 public:
  explicit NameTree(const Model& model);

  // Addresses with a PTR or an alias, in the tree itself or behind a DNAME.
  std::vector<Address> HostsIn(const Prefix& prefix) const;

  // Prefixes below which something is, a /128 excepted: those that a walk
  // expands who knows of nothing before it asks. A wildcard makes the name
  // exist that it stands below.
  std::vector<Prefix> NodesIn(const Prefix& within) const;
  // All 16 children exist and are no addresses.
  bool IsFull(const Prefix& node) const;

 private:
  void AddZone(const Model& model, const Zone& zone);
  // The names at or below `tree`, the target of a DNAME, moved to `base`.
  void AddTree(const Model& model, const std::string& tree,
               const std::string& base);
  void AddName(const std::string& name, Type type);

  std::set<Address> hosts_;
  std::map<int, std::set<Address>> nodes_;  // by length
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_NAME_TREE_H_
