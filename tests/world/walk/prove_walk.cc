#include "tests/world/walk/prove_walk.h"

#include <algorithm>
#include <random>
#include <set>
#include <string_view>
#include <vector>

#include "tests/world/dns_client.h"
#include "tests/world/names.h"
#include "tests/world/walk/name_tree.h"
#include "tests/world/walk/nibbles.h"

namespace world {
namespace {

constexpr int kPatienceMs = 2000;
// At most so many empty names and so many wildcards of a zone are asked for.
constexpr size_t kEmptyNames = 1000;
constexpr size_t kWildcards = 300;
constexpr size_t kMadeUpNames = 20;

// So many denials, each waited for so long, are not answered all by a server
// that limits them to 200 a second.
constexpr size_t kFlood = 600;
constexpr int kFloodPatienceMs = 5;

std::string OwnerOfSoa(const Reply& reply) {
  for (const ReplyRecord& record : reply.authority) {
    if (record.type == "SOA") return record.owner;
  }
  return "nobody";
}

// "NXDOMAIN by ZONE", "NODATA by ZONE" or the types of the records.
std::string Brief(const Reply& reply) {
  if (!reply.received) return "silence";
  if (reply.answer.empty()) {
    const bool exists = reply.rcode == "NOERROR";
    return (exists ? "NODATA" : reply.rcode) + " by " + OwnerOfSoa(reply);
  }
  std::set<std::string> types;
  for (const ReplyRecord& record : reply.answer) types.insert(record.type);
  std::string text;
  for (const std::string& type : types) {
    if (!text.empty()) text.push_back(' ');
    text += type;
  }
  return text;
}

// One zone at one of its servers.
class ZoneProof {
 public:
  ZoneProof(const Model& model, const NameTree& tree, const Zone& zone,
            const Server& server, Proof* proof)
      : model_(model),
        zone_(zone),
        server_(server),
        prefix_(*PrefixOfName(zone.apex)),
        client_(server.addresses.front(), false, kPatienceMs, 1),
        random_(model.seed()),
        proof_(proof) {
    if (server.rate_limited) client_.PreferTcp();
    for (const Record& record : zone.records()) {
      owners_.insert(record.owner);
      if (record.type == Type::kDname) redirects_.insert(record.owner);
      if (FirstLabel(record.owner) == kWildcardLabel) {
        wildcards_.insert(record.owner);
      }
    }
    for (const Zone& child : model.zones()) {
      if (IsBelow(child.apex, zone.apex)) children_.insert(child.apex);
    }
    for (const Prefix& node : tree.NodesIn(prefix_)) {
      if (IsOwn(NameOf(node))) nodes_.push_back(node);
    }
  }

  void ProveEmptyNames() {
    const size_t stride = nodes_.size() / kEmptyNames + 1;
    for (size_t i = 0; i < nodes_.size(); i += stride) {
      const std::string name = NameOf(nodes_[i]);
      if (name == zone_.apex || owners_.contains(name)) continue;
      const bool denied = DeniesEmptyNames(server_) ||
                          (!zone_.late.empty() && zone_.ExistsLate(name));
      Expect(name, (denied ? "NXDOMAIN by " : "NODATA by ") + zone_.apex);
    }
  }

  // Half of them right beside a name that exists, half of them of full length.
  void ProveAbsentNames(size_t names) {
    for (size_t tries = 0; names > 0 && tries < 100 * kEmptyNames; ++tries) {
      Prefix absent = RandomChild(nodes_[random_() % nodes_.size()]);
      if (!IsDenied(absent)) continue;
      if (names % 2 == 0) absent = RandomAddress(absent);
      Expect(NameOf(absent), "NXDOMAIN by " + zone_.apex);
      --names;
    }
  }

  // What stands below a name that has a wildcard and has nothing of its own.
  void ProveWildcards() {
    const size_t stride = wildcards_.size() / kWildcards + 1;
    size_t number = 0;
    for (const std::string& owner : wildcards_) {
      if (number++ % stride != 0) continue;
      const Prefix parent = *PrefixOfName(Parent(owner));
      for (const Prefix& child : ChildrenOf(parent)) {
        if (zone_.Exists(NameOf(child))) continue;
        ProveCovered(child);
        break;
      }
    }
  }

  // A PTR for each address, other names than for the next, and for no prefix.
  void ProveMadeUpNames() {
    if (zone_.synthesized.empty()) return;
    const Prefix range = Prefix::Of(zone_.synthesized);
    std::set<std::string> names;
    for (size_t i = 0; i < kMadeUpNames; ++i) {
      const Prefix address = RandomAddress(range);
      const Reply reply = Expect(NameOf(address), "PTR");
      for (const ReplyRecord& record : reply.answer) names.insert(record.data);
      for (int length = range.length; length < 128; length += kNibbleBits) {
        Expect(NameOf(PrefixAt(address.first, length)),
               "NODATA by " + zone_.apex);
      }
    }
    if (names.size() != kMadeUpNames) Contradict("makes the same name twice");
  }

  // The NSEC records lead from the apex by every name that is there back to it,
  // each seen by a question for the next name that could be.
  void ProveChain() {
    if (zone_.signing != Signing::kNsec) return;
    std::set<std::string> left = owners_;
    left.insert(children_.begin(), children_.end());
    left.insert(zone_.apex);
    std::string at = zone_.apex;
    do {
      left.erase(at);
      const std::string next = NextOf(at);
      if (next.empty()) return Contradict("no NSEC of " + at);
      at = next;
    } while (at != zone_.apex);
    for (const std::string& name : left) Contradict("no NSEC leads to " + name);
  }

  // What tells made up NSEC3 records, and those that leave unsigned delegations
  // out, from others.
  void ProveHashes() {
    const bool narrow = zone_.signing == Signing::kNarrow;
    const bool opt_out = zone_.signing == Signing::kOptOut;
    if (!narrow && !opt_out && zone_.signing != Signing::kNsec3) return;
    ++proof_->asked;
    const Reply reply =
        client_.AskSigned(NameOf(RandomAddress(prefix_)), "PTR");
    for (const ReplyRecord& record : reply.authority) {
      if (record.type != "NSEC3") continue;
      // "ALGORITHM FLAGS ITERATIONS SALT NEXT TYPES"; neighbours differ in the
      // last of the hash's 32 letters.
      const std::string_view hash = FirstLabel(record.owner);
      const bool close = record.data.find(hash.substr(0, hash.size() - 2)) !=
                         std::string::npos;
      if (record.data.starts_with("1 1 ") != opt_out || close != narrow) {
        Contradict("odd NSEC3 " + record.owner + " " + record.data);
      }
    }
  }

  // UDP, as fast as it goes.
  void ProveRateLimit() {
    if (!server_.rate_limited) return;
    DnsClient flood(server_.addresses.front(), false, kFloodPatienceMs, 1);
    size_t lost = 0;
    for (size_t i = 0; i < kFlood; ++i) {
      const Prefix absent = RandomAddress(prefix_);
      ++proof_->asked;
      if (!flood.Ask(NameOf(absent), "PTR").received) ++lost;
    }
    if (lost == 0) Contradict("answers everything at any rate");
  }

 private:
  void Contradict(const std::string& what) {
    std::string text = zone_.apex;
    proof_->contradictions.push_back(
        text.append(" at ").append(server_.name).append(": ").append(what));
  }

  Reply Expect(const std::string& name, const std::string& want) {
    Reply reply = client_.Ask(name, "PTR");
    ++proof_->asked;
    const std::string got = Brief(reply);
    if (got != want) {
      Contradict(std::string(name) + " PTR: want " + want + ", got " + got);
    }
    return reply;
  }

  // Of the NSEC record that a name owns; "" if it is not to be had.
  std::string NextOf(const std::string& name) {
    const std::string label =
        name == zone_.apex ? "" : std::string(FirstLabel(name));
    const std::string after =
        Join(label + "\\032", label.empty() ? name : Parent(name));
    ++proof_->asked;
    for (const ReplyRecord& record :
         client_.AskSigned(after, "PTR").authority) {
      if (record.type == "NSEC" && record.owner == name) {
        return record.data.substr(0, record.data.find(' '));
      }
    }
    return "";
  }

  // Neither delegated to another zone nor below a DNAME.
  bool IsOwn(const std::string& name) const {
    return &model_.DelegatedZoneOf(name) == &zone_ &&
           std::none_of(redirects_.begin(), redirects_.end(),
                        [&](const std::string& redirect) {
                          return IsBelow(name, redirect);
                        });
  }

  bool IsDenied(const Prefix& prefix) const {
    const std::string name = NameOf(prefix);
    const bool made_up = !zone_.synthesized.empty() &&
                         IsWithin(prefix, Prefix::Of(zone_.synthesized));
    const bool leads_to_child = std::any_of(
        children_.begin(), children_.end(),
        [&](const std::string& child) { return IsAtOrBelow(child, name); });
    return IsOwn(name) && zone_.SourceOf(name).empty() && !leads_to_child &&
           !made_up;
  }

  void ProveCovered(const Prefix& child) {
    const Record& wildcard =
        *std::find_if(zone_.records().begin(), zone_.records().end(),
                      [&](const Record& record) {
                        return record.owner == zone_.SourceOf(NameOf(child));
                      });
    const bool alias = wildcard.type == Type::kCname;
    std::set<std::string> names;
    for (int i = 0; i < 2; ++i) {
      const Reply reply =
          Expect(NameOf(RandomAddress(child)), alias ? "CNAME PTR" : "PTR");
      for (const ReplyRecord& record : reply.answer) {
        if (record.type == "PTR") names.insert(record.data);
      }
    }
    const size_t want = wildcard.type == Type::kLua ? 2 : 1;
    if (names.size() != want) Contradict("wrong names by wildcard");
    Expect(NameOf(child), alias ? "CNAME PTR" : "PTR");
  }

  Prefix RandomChild(const Prefix& node) {
    return ChildrenOf(node)[random_() % 16];
  }

  Prefix RandomAddress(Prefix prefix) {
    while (prefix.length < 128) prefix = RandomChild(prefix);
    return prefix;
  }

  const Model& model_;
  const Zone& zone_;
  const Server& server_;
  Prefix prefix_;
  DnsClient client_;
  std::mt19937_64 random_;
  std::set<std::string> owners_;
  std::set<std::string> redirects_;
  std::set<std::string> wildcards_;
  std::set<std::string> children_;  // apexes of zones below
  std::vector<Prefix> nodes_;
  Proof* proof_;
};

// A walk in its plainest form: every child of every name that exists.
class PlainWalk {
 public:
  PlainWalk(const std::string& address, Proof* proof)
      : client_(address, false, kPatienceMs, 1), proof_(proof) {}

  // NOLINTNEXTLINE(misc-no-recursion): 32 levels
  void Expand(const Prefix& node) {
    ++nodes_;
    for (const Prefix& child : ChildrenOf(node)) {
      const Reply reply = client_.Ask(NameOf(child), "PTR");
      ++proof_->asked;
      if (reply.rcode != "NOERROR") continue;
      if (child.length < 128) {
        Expand(child);
      } else if (!reply.answer.empty()) {
        hosts_.insert(child.first.ToText());
      }
    }
  }

  size_t nodes() const { return nodes_; }
  const std::set<std::string>& hosts() const { return hosts_; }

 private:
  DnsClient client_;
  size_t nodes_ = 0;
  std::set<std::string> hosts_;
  Proof* proof_;
};

// Of cases that have a limit those with so few nodes are walked.
constexpr size_t kWalkedNodes = 400;

void ProveByWalking(const Model& model, const Json& walked, Proof* proof) {
  const size_t nodes = walked["nodes"];
  const Prefix prefix = Prefix::Of(walked["prefix"].get<std::string>());
  const Zone& zone = model.DelegatedZoneOf(NameOf(prefix));
  if (walked["limit"].is_null() || nodes == 0 || nodes > kWalkedNodes ||
      !zone.synthesized.empty()) {
    return;
  }
  const std::string address =
      model.AddressesOf(zone.name_servers.front()).front();
  PlainWalk walk(address, proof);
  walk.Expand(prefix);
  std::set<std::string> hosts;
  for (const Json& row : walked["hosts"]) hosts.insert(row["ip"]);
  if (walk.nodes() == nodes && walk.hosts() == hosts) return;
  proof->contradictions.push_back(
      "case " + walked["name"].get<std::string>() + ": want " +
      std::to_string(nodes) + " nodes and " + std::to_string(hosts.size()) +
      " hosts, walked " + std::to_string(walk.nodes()) + " and " +
      std::to_string(walk.hosts().size()));
}

// Zones that the server has and whose names are nibbles.
std::vector<const Zone*> ZonesOf(const Model& model, const Server& server) {
  std::vector<const Zone*> zones;
  for (const Zone& zone : model.zones()) {
    const bool has = std::count(zone.served_by.begin(), zone.served_by.end(),
                                server.name) > 0;
    const bool walked = IsIp6Zone(zone) && zone.source == Source::kFile;
    if (has && walked) zones.push_back(&zone);
  }
  return zones;
}

}  // namespace

void ProveWalk(const Model& model, const Json& truth, const std::string& root,
               size_t absent_names, Proof* proof) {
  const NameTree tree(model);
  for (const Server& server : model.servers()) {
    const std::vector<const Zone*> zones = ZonesOf(model, server);
    for (const Zone* zone : zones) {
      ZoneProof zone_proof(model, tree, *zone, server, proof);
      zone_proof.ProveEmptyNames();
      zone_proof.ProveAbsentNames(absent_names / zones.size() + 1);
      zone_proof.ProveWildcards();
      zone_proof.ProveMadeUpNames();
      zone_proof.ProveChain();
      zone_proof.ProveHashes();
      zone_proof.ProveRateLimit();
    }
  }
  for (const Json& walked : truth["cases"]) {
    ProveByWalking(model, walked, proof);
    if (walked["name"] != "all") continue;
    const Json rows = {{"targets", {{{"rows", walked["hosts"]}}}}};
    ProveIteration(model, rows, root, /*stride=*/1, proof);
  }
}

}  // namespace world
