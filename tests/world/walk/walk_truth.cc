#include "tests/world/walk/walk_truth.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "tests/world/names.h"
#include "tests/world/truth.h"
#include "tests/world/walk/name_tree.h"
#include "tests/world/walk/nibbles.h"
#include "tests/world/walk/walk_findings.h"
#include "tests/world/walk/walk_networks.h"
#include "tests/world/zone_truth.h"

namespace world {
namespace {

// ITERATION.md 3.9: SOA, denial and two random names, and one to spare.
constexpr size_t kPerZone = 1 + 4;
constexpr size_t kPerNode = 16;
constexpr size_t kPerFullNode = 7;
constexpr size_t kPerEmptyZone = 20;
constexpr size_t kPerSynthesized = 50;
// A random name below a PTR at a prefix: a wildcard, or not.
constexpr size_t kPerShortName = 1;

bool HasRecord(const Zone& zone, bool (*is)(const Record&)) {
  return std::any_of(zone.records().begin(), zone.records().end(), is);
}

bool IsWildcard(const Record& record) {
  return FirstLabel(record.owner) == kWildcardLabel;
}

bool IsRedirect(const Record& record) { return record.type == Type::kDname; }

bool IsRateLimited(const Model& model, const Zone& zone) {
  return std::any_of(model.servers().begin(), model.servers().end(),
                     [&](const Server& server) {
                       return server.rate_limited &&
                              std::count(zone.served_by.begin(),
                                         zone.served_by.end(), server.name);
                     });
}

// One prefix as a walk meets it.
class WalkedCase {
 public:
  WalkedCase(const Model& model, const NameTree& tree, const WalkCase& walked,
             const std::vector<Address>& known)
      : model_(model),
        tree_(tree),
        name_(walked.name),
        prefix_(Prefix::Of(walked.prefix)),
        known_(known.begin(), known.end()),
        starts_(StartsOf(prefix_)) {}

  Json Truth() const {
    Json truth = {{"name", name_}, {"prefix", TextOf(prefix_)}};
    const Json findings = FindingsTruth(model_, tree_, starts_);
    const Json may_miss = MayMiss();
    truth["hosts"] = Rows();
    truth["may_miss"] = may_miss;
    truth["complete"] = may_miss.empty() && AllServed(findings);
    truth["nodes"] = CountNodes();
    truth["limit"] = Limit();
    truth["findings"] = findings;
    return truth;
  }

 private:
  std::vector<Address> Hosts() const { return tree_.HostsIn(prefix_); }

  size_t CountNodes() const {
    size_t nodes = 0;
    for (const Prefix& start : starts_) nodes += tree_.NodesIn(start).size();
    return nodes;
  }

  Json Rows() const {
    Json rows = Json::array();
    for (const Address& ip : Hosts()) {
      rows.push_back(
          TruthRow({.model = model_, .ip = ip, .asked = Asked::kIterative}));
    }
    return rows;
  }

  // Hosts that stand below names which their server denies.
  Json MayMiss() const {
    std::set<const Zone*> broken;
    for (const Zone& zone : model_.zones()) {
      if (HonestyOf(model_, zone) == "broken") broken.insert(&zone);
    }
    Json missed = Json::array();
    for (const Address& ip : Hosts()) {
      const std::string name = ip.ReverseName();
      const Zone& zone = model_.DelegatedZoneOf(name);
      const bool hidden = broken.contains(&zone) &&
                          (zone.late.empty() || zone.late.contains(name));
      if (hidden && !known_.contains(ip)) missed.push_back(ip.ToText());
    }
    return missed;
  }

  static bool AllServed(const Json& findings) {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Json& finding) {
                          const std::string kind = finding["kind"];
                          return kind == "lame" || kind == "unreachable" ||
                                 kind == "no_servers";
                        });
  }

  // The zone a start lies in, and the zones below it.
  std::vector<const Zone*> Zones() const {
    std::vector<const Zone*> zones;
    for (const Prefix& start : starts_) {
      const Zone* zone = &model_.DelegatedZoneOf(NameOf(start));
      if (std::find(zones.begin(), zones.end(), zone) == zones.end()) {
        zones.push_back(zone);
      }
    }
    for (const Zone& zone : model_.zones()) {
      const auto apex = PrefixOfName(zone.apex);
      const bool below = apex && IsIp6Zone(zone) && IsWithin(*apex, prefix_);
      if (below &&
          std::find(zones.begin(), zones.end(), &zone) == zones.end()) {
        zones.push_back(&zone);
      }
    }
    return zones;
  }

  // PTR questions that a walk may need; null where the contract sets no figure
  // or retries cannot be foreseen.
  Json Limit() const {
    const std::vector<const Zone*> zones = Zones();
    const bool foreseeable =
        starts_.size() == 1 && prefix_.length < 128 &&
        std::all_of(zones.begin(), zones.end(), [this](const Zone* zone) {
          return IsSigned(*zone) || IsPlain(*zone);
        });
    if (!foreseeable) return nullptr;
    size_t limit = 0;
    for (const Zone* zone : zones) limit += CostOf(*zone);
    return limit;
  }

  static bool IsSigned(const Zone& zone) {
    return zone.signing == Signing::kNsec || zone.signing == Signing::kNsec3;
  }

  // Walked name by name, without an incident.
  bool IsPlain(const Zone& zone) const {
    return IsServed(model_, zone) && HonestyOf(model_, zone) != "broken" &&
           !HasRecord(zone, IsWildcard) && !HasRecord(zone, IsRedirect) &&
           !IsRateLimited(model_, zone);
  }

  size_t CostOf(const Zone& zone) const {
    const size_t hosts = HostsOf(zone);
    if (IsSigned(zone) && hosts > 0) {
      return zone.signing == Signing::kNsec ? hosts * 205 / 100 : hosts * 5;
    }
    size_t nodes = 0;
    size_t full = 0;
    for (const Prefix& node : tree_.NodesIn(prefix_)) {
      if (&model_.DelegatedZoneOf(NameOf(node)) != &zone) continue;
      ++nodes;
      if (tree_.IsFull(node)) ++full;
    }
    const size_t own = kPerZone + kPerNode * nodes + kPerFullNode * full +
                       kPerShortName * ShortNamesOf(zone);
    if (!zone.synthesized.empty()) return own + kPerSynthesized;
    return own + (hosts == 0 ? kPerEmptyZone : 0);
  }

  size_t ShortNamesOf(const Zone& zone) const {
    size_t names = 0;
    for (const Record& record : zone.records()) {
      const auto prefix = PrefixOfName(record.owner);
      const bool is_short = record.type == Type::kPtr && prefix &&
                            prefix->length < 128 && IsWithin(*prefix, prefix_);
      if (is_short) ++names;
    }
    return names;
  }

  size_t HostsOf(const Zone& zone) const {
    const std::vector<Address> hosts = Hosts();
    return static_cast<size_t>(
        std::count_if(hosts.begin(), hosts.end(), [&](const Address& ip) {
          return &model_.DelegatedZoneOf(ip.ReverseName()) == &zone;
        }));
  }

  const Model& model_;
  const NameTree& tree_;
  std::string name_;
  Prefix prefix_;
  std::set<Address> known_;
  std::vector<Prefix> starts_;
};

}  // namespace

Json WalkTruthOf(const Model& model) {
  const NameTree tree(model);
  const std::vector<Address> known = KnownAddresses(model);
  Json truth = {{"version", 1}, {"seed", model.seed()}};
  truth["cases"] = Json::array();
  for (const WalkCase& walked : WalkCases()) {
    truth["cases"].push_back(WalkedCase(model, tree, walked, known).Truth());
  }
  return truth;
}

std::string WalkCasesText() {
  std::string text;
  for (const WalkCase& walked : WalkCases()) {
    text += walked.name + " " + walked.prefix + "\n";
  }
  return text;
}

std::string KnownAddressesText(const Model& model) {
  std::string text;
  for (const Address& ip : KnownAddresses(model)) text += ip.ToText() + "\n";
  return text;
}

}  // namespace world
