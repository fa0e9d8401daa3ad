#include "tests/world/walk/name_tree.h"

#include <algorithm>

#include "tests/world/names.h"
#include "tests/world/walk/nibbles.h"
#include "tests/world/zone_truth.h"

namespace world {
namespace {

// Those that lie in the prefix, which are neighbours.
std::vector<Address> Within(const std::set<Address>& addresses,
                            const Prefix& prefix) {
  const auto first = addresses.lower_bound(prefix.first);
  const auto last = std::find_if_not(
      first, addresses.end(),
      [&](const Address& address) { return prefix.Contains(address); });
  return {first, last};
}

}  // namespace

bool IsIp6Zone(const Zone& zone) {
  return !zone.name_servers.empty() && PrefixOfName(zone.apex).has_value();
}

bool IsServed(const Model& model, const Zone& zone) {
  const std::string verdict = ZoneVerdict(model, zone);
  return verdict == "healthy" || verdict == "degraded";
}

NameTree::NameTree(const Model& model) {
  for (const Zone& zone : model.zones()) {
    if (IsIp6Zone(zone) && IsServed(model, zone)) AddZone(model, zone);
  }
}

void NameTree::AddZone(const Model& model, const Zone& zone) {
  AddName(zone.apex, Type::kNs);
  for (const Record& record : zone.records()) {
    if (record.type == Type::kDname) AddTree(model, record.data, record.owner);
    AddName(record.owner, record.type);
  }
}

void NameTree::AddTree(const Model& model, const std::string& tree,
                       const std::string& base) {
  for (const Record& record : model.ZoneOf(tree).records()) {
    if (!IsBelow(record.owner, tree)) continue;
    AddName(record.owner.substr(0, record.owner.size() - tree.size()) + base,
            record.type);
  }
}

void NameTree::AddName(const std::string& name, Type type) {
  const bool wildcard = FirstLabel(name) == kWildcardLabel;
  const auto prefix =
      PrefixOfName(wildcard ? Parent(name) : std::string_view(name));
  if (!prefix) return;
  const bool names_host = type == Type::kPtr || type == Type::kCname;
  if (prefix->length == 128 && names_host) hosts_.insert(prefix->first);
  for (int length = 0; length <= prefix->length; length += kNibbleBits) {
    nodes_[length].insert(PrefixAt(prefix->first, length).first);
  }
}

std::vector<Address> NameTree::HostsIn(const Prefix& prefix) const {
  return Within(hosts_, prefix);
}

std::vector<Prefix> NameTree::NodesIn(const Prefix& within) const {
  std::vector<Prefix> nodes;
  for (const auto& [length, firsts] : nodes_) {
    if (length < within.length || length == 128) continue;
    for (const Address& first : Within(firsts, within)) {
      nodes.push_back({first, length});
    }
  }
  return nodes;
}

bool NameTree::IsFull(const Prefix& node) const {
  const auto below = nodes_.find(node.length + kNibbleBits);
  if (below == nodes_.end() || below->first == 128) return false;
  const std::vector<Prefix> children = ChildrenOf(node);
  return std::all_of(
      children.begin(), children.end(),
      [&](const Prefix& child) { return below->second.contains(child.first); });
}

}  // namespace world
