#include "tests/world/walk/walk_findings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "tests/world/names.h"
#include "tests/world/oracle.h"
#include "tests/world/truth.h"
#include "tests/world/walk/nibbles.h"
#include "tests/world/zone_truth.h"

namespace world {
namespace {

bool IsWithinAny(const Prefix& inner, const std::vector<Prefix>& outer) {
  return std::any_of(outer.begin(), outer.end(), [&](const Prefix& prefix) {
    return IsWithin(inner, prefix);
  });
}

// What a walk says of a zone whose servers fail.
Json CausesOf(const Model& model, const Zone& zone) {
  std::set<std::string> causes;
  for (const std::string& name : zone.name_servers) {
    for (const std::string& address : model.AddressesOf(name)) {
      const ServerResult result = AskForSoa(model, zone, address);
      causes.insert(result == ServerResult::kNotAuth ? "lame"
                    : result == ServerResult::kTimeout
                        ? "all_ns_unreachable"
                        : ServerResultName(result));
    }
  }
  return causes.empty() ? Json({"ns_unresolvable"}) : Json(causes);
}

// A level of the tree that is full of wildcards: 16 of 16, three levels down
// from here, and something still answers below.
bool IsDense(const NameTree& tree, const Prefix& top) {
  if (top.length > 104 || !tree.IsFull(top)) return false;
  for (const Prefix& child : ChildrenOf(top)) {
    if (!tree.IsFull(child)) return false;
    for (const Prefix& grandchild : ChildrenOf(child)) {
      if (!tree.IsFull(grandchild)) return false;
    }
  }
  return true;
}

// The findings of one walk.
class Findings6 {
 public:
  Findings6(const Model& model, const NameTree& tree,
            const std::vector<Prefix>& starts)
      : model_(model), tree_(tree), starts_(starts) {}

  Json All() {
    for (const Prefix& start : starts_) AddStart(start);
    for (const Zone& zone : model_.zones()) {
      const auto prefix = PrefixOfName(zone.apex);
      if (!prefix || !IsIp6Zone(zone)) continue;
      if (IsWithinAny(*prefix, starts_)) AddZone(zone, *prefix);
      if (IsServed(model_, zone)) AddRecords(zone);
    }
    return std::move(findings_);
  }

 private:
  Json& Add(const std::string& kind, const Prefix& prefix,
            const std::string& zone) {
    findings_.push_back(
        {{"prefix", TextOf(prefix)}, {"kind", kind}, {"zone", zone}});
    return findings_.back();
  }

  // A registry denies it (VERDICTS.md 2, status 3), or the zone it is in, or
  // all that is in it is made up.
  void AddStart(const Prefix& start) {
    const std::string name = NameOf(start);
    const Zone& zone = model_.DelegatedZoneOf(name);
    const bool made_up = !zone.synthesized.empty() &&
                         IsWithin(start, Prefix::Of(zone.synthesized)) &&
                         start.length > Prefix::Of(zone.synthesized).length;
    if (made_up) {
      Add("synthesized", start, zone.apex);
    } else if (zone.SourceOf(name).empty() && IsServed(model_, zone)) {
      const Json row = TruthRow(
          {.model = model_, .ip = start.first, .asked = Asked::kIterative});
      const bool undelegated = row["status"] == "undelegated";
      Add(undelegated ? "undelegated" : "empty", start, zone.apex);
    }
  }

  void AddZone(const Zone& zone, const Prefix& prefix) {
    const bool served = IsServed(model_, zone);
    const bool is_start = std::any_of(
        starts_.begin(), starts_.end(),
        [&](const Prefix& start) { return TextOf(start) == TextOf(prefix); });
    Json& cut = Add("cut", prefix, model_.ParentOf(zone).apex);
    if (is_start || !served) cut["optional"] = true;
    if (!served) {
      Add(ZoneVerdict(model_, zone), prefix, zone.apex)["causes"] =
          CausesOf(model_, zone);
      return;
    }
    if (HonestyOf(model_, zone) == "broken") {
      Add("ent_broken", prefix, zone.apex);
    }
    if (!zone.synthesized.empty()) {
      Add("synthesized", Prefix::Of(zone.synthesized), zone.apex);
    }
    if (zone.records().empty()) Add("empty", prefix, zone.apex);
  }

  void AddRecords(const Zone& zone) {
    std::set<std::string> wildcards;
    for (const Record& record : zone.records()) {
      if (record.type == Type::kDname) AddRedirect(zone, record);
      if (FirstLabel(record.owner) == kWildcardLabel) {
        wildcards.insert(record.owner);
      }
    }
    const std::optional<Prefix> dense =
        wildcards.empty() ? std::nullopt : DenseOf(zone);
    if (dense) Add("wildcard_dense", *dense, zone.apex);
    for (const std::string& owner : wildcards) {
      const auto prefix = PrefixOfName(Parent(owner));
      if (!prefix || !IsWithinAny(*prefix, starts_)) continue;
      Json& wildcard = Add("wildcard", *prefix, zone.apex);
      if (dense && IsWithin(*prefix, *dense)) wildcard["optional"] = true;
      AddHoles(zone, *prefix);
    }
  }

  // The zone's own prefix, if it is one and walked.
  std::optional<Prefix> DenseOf(const Zone& zone) const {
    const auto prefix = PrefixOfName(zone.apex);
    const bool dense =
        prefix && IsWithinAny(*prefix, starts_) && IsDense(tree_, *prefix);
    return dense ? prefix : std::nullopt;
  }

  // Where names beside a wildcard make others lose it (RFC 4592).
  void AddHoles(const Zone& zone, const Prefix& wildcard) {
    std::set<Address> holes;
    const int length = wildcard.length + kNibbleBits;
    for (const Address& host : tree_.HostsIn(wildcard)) {
      holes.insert(PrefixAt(host, length).first);
    }
    for (const Address& first : holes) {
      Add("wildcard_hole", {first, length}, zone.apex);
    }
  }

  void AddRedirect(const Zone& zone, const Record& dname) {
    const auto prefix = PrefixOfName(dname.owner);
    if (!prefix || !IsWithinAny(*prefix, starts_)) return;
    Json& redirect = Add("redirect", *prefix, zone.apex);
    if (!LeadsBack(dname.data)) return;
    // Each tree of the circle redirects the same prefix, and each can be the
    // one at which the circle is seen.
    redirect.erase("zone");
    redirect["optional"] = redirect["repeats"] = true;
    Json& loop = Add("redirect_loop", *prefix, zone.apex);
    loop.erase("zone");
  }

  bool LeadsBack(std::string tree) const {
    std::set<std::string> seen;
    while (seen.insert(tree).second) {
      const auto dnames = model_.ZoneOf(tree).Find(tree, Type::kDname);
      if (dnames.empty()) return false;
      tree = dnames.front()->data;
    }
    return true;
  }

  const Model& model_;
  const NameTree& tree_;
  const std::vector<Prefix>& starts_;
  Json findings_ = Json::array();
};

}  // namespace

Json FindingsTruth(const Model& model, const NameTree& tree,
                   const std::vector<Prefix>& starts) {
  return Findings6(model, tree, starts).All();
}

}  // namespace world
