#include "tests/world/zone_truth.h"

#include <algorithm>
#include <optional>

#include "tests/world/names.h"
#include "tests/world/oracle.h"

namespace world {
namespace {

// One server address of a zone, or (no address) a name that has none.
struct ServerTruth {
  std::string name;
  std::string address;
  std::string result;
};

std::vector<ServerTruth> ServersOf(const Model& model, const Zone& zone) {
  std::vector<ServerTruth> servers;
  for (const std::string& name : zone.name_servers) {
    const std::vector<std::string> addresses = model.AddressesOf(name);
    if (addresses.empty()) servers.push_back({name, "", "unresolvable"});
    for (const std::string& address : addresses) {
      servers.push_back(
          {name, address, ServerResultName(AskForSoa(model, zone, address))});
    }
  }
  return servers;
}

size_t CountResult(const std::vector<ServerTruth>& servers,
                   const std::string& result) {
  return static_cast<size_t>(std::count_if(
      servers.begin(), servers.end(),
      [&](const ServerTruth& server) { return server.result == result; }));
}

// What a server's answers show besides its result.
std::optional<std::string> FlagOf(const Server& server) {
  switch (server.habit) {
    case Habit::kCatchAll:
      return "odd_soa";
    case Habit::kRecursive:
      return "recursive_ns";
    case Habit::kNoEdns:
      return "no_edns";
    default:
      return std::nullopt;
  }
}

std::set<uint32_t> SerialsOf(const Model& model, const Zone& zone) {
  std::set<uint32_t> serials;
  for (const ServerTruth& server : ServersOf(model, zone)) {
    if (server.result == "ok") {
      serials.insert(SerialAt(model, zone, server.address));
    }
  }
  return serials;
}

// Names of a zone that are empty, with a PTR right below.
size_t CountEmptyNames(const Zone& zone) {
  std::set<std::string> owners;
  for (const Record& record : zone.records()) owners.insert(record.owner);
  std::set<std::string> empty;
  for (const Record& record : zone.records()) {
    if (record.type != Type::kPtr || record.owner == zone.apex) continue;
    const std::string above(Parent(record.owner));
    if (above != zone.apex && !owners.contains(above)) empty.insert(above);
  }
  return empty.size();
}

size_t CountHosts(const Zone& zone) {
  std::set<std::string> owners;
  for (const Record& record : zone.records()) {
    if (record.type == Type::kPtr) owners.insert(record.owner);
  }
  return owners.size();
}

Json ServersJson(const std::vector<ServerTruth>& servers) {
  Json list = Json::array();
  for (const ServerTruth& server : servers) {
    const Json address =
        server.address.empty() ? Json(nullptr) : Json(server.address);
    list.push_back(
        {{"name", server.name}, {"addr", address}, {"result", server.result}});
  }
  return list;
}

Json ZoneTruth(const Model& model, const Zone& zone) {
  Json entry;
  entry["apex"] = zone.apex;
  entry["parent"] =
      zone.apex == "." ? Json(nullptr) : Json(model.ParentOf(zone).apex);
  entry["servers"] = ServersJson(ServersOf(model, zone));
  entry["verdict"] = ZoneVerdict(model, zone);
  entry["flags"] = ZoneFlags(model, zone);
  entry["honesty"] = HonestyOf(model, zone);
  const std::set<uint32_t> serials = SerialsOf(model, zone);
  entry["serial_min"] =
      serials.empty() ? Json(nullptr) : Json(*serials.begin());
  entry["serial_max"] =
      serials.empty() ? Json(nullptr) : Json(*serials.rbegin());
  entry["hosts"] = CountHosts(zone);
  return entry;
}

// Packets that find the way from the root to a target's zone: priming, one
// question per cut, addresses of servers without glue.
constexpr size_t kWay = 20;
// A /24 all of whose addresses are asked, with the probe before.
constexpr size_t kAskedBlock = 257;
// A dead /24 (ITERATION.md 2.2).
constexpr size_t kSilentBlock = 40;
// A super-block that a signed zone denies: probe, the same with DO=1, 4 leaves.
constexpr size_t kDeniedSuperBlock = 6;

// A /24 that is denied, when the zone has shown itself to be what it is.
size_t DeniedBlockCost(const std::string& honesty) {
  if (honesty == "signed") return 2;
  return honesty == "honest" ? 3 : kAskedBlock;
}

// What the leaves' aliases add. A DNAME is learnt once.
size_t AliasCost(const Model& model, const Prefix& block) {
  size_t cost = 0;
  bool dname_seen = false;
  for (const Address& ip : block.Addresses()) {
    const Resolution found =
        Resolve(model, ip.ReverseName(), Type::kPtr, View::kAuthorities);
    if (!found.dname || !dname_seen) cost += found.chain.size();
    dname_seen = dname_seen || found.dname;
  }
  return cost;
}

// Nothing if its servers fail otherwise than by silence.
std::optional<size_t> BlockCost(const Model& model, const Prefix& block) {
  const std::string name(Parent(block.first.ReverseName()));
  const Zone& zone = model.DelegatedZoneOf(name);
  const std::string verdict = ZoneVerdict(model, zone);
  if (verdict == "unreachable") return kSilentBlock;
  if (verdict != "healthy") return std::nullopt;
  if (!zone.Exists(name)) return DeniedBlockCost(HonestyOf(model, zone));
  const size_t own_zone = zone.apex == name ? 1 : 0;
  return kAskedBlock + own_zone + AliasCost(model, block);
}

// The zone denies the /16 of a target that has 2 or more of its blocks, and
// signs.
bool IsDeniedAsAWhole(const Model& model, const Prefix& prefix) {
  const std::string name(Parent(Parent(prefix.first.ReverseName())));
  const Zone& zone = model.DelegatedZoneOf(name);
  return prefix.length < 24 && !zone.Exists(name) &&
         HonestyOf(model, zone) == "signed";
}

std::optional<size_t> TargetCost(const Model& model, const Prefix& prefix) {
  if (IsDeniedAsAWhole(model, prefix)) return kDeniedSuperBlock;
  size_t cost = 0;
  const uint32_t blocks = 1U << (24 - prefix.length);
  for (uint32_t i = 0; i < blocks; ++i) {
    const std::optional<size_t> block =
        BlockCost(model, {prefix.first.Plus(i * 256), 24});
    if (!block) return std::nullopt;
    cost += *block;
  }
  return cost;
}

}  // namespace

std::string ZoneVerdict(const Model& model, const Zone& zone) {
  if (zone.name_servers.empty()) return "local";
  const std::vector<ServerTruth> servers = ServersOf(model, zone);
  const size_t ok = CountResult(servers, "ok");
  const size_t unresolvable = CountResult(servers, "unresolvable");
  const size_t silent = CountResult(servers, "timeout");
  if (unresolvable == servers.size()) return "no_servers";
  if (silent + unresolvable == servers.size()) return "unreachable";
  if (ok == 0) return "lame";
  return ok < servers.size() ? "degraded" : "healthy";
}

std::set<std::string> ZoneFlags(const Model& model, const Zone& zone) {
  std::set<std::string> flags;
  const auto add_if = [&flags](bool holds, const std::string& flag) {
    if (holds) flags.insert(flag);
  };
  if (zone.name_servers.empty()) return flags;
  const std::vector<ServerTruth> servers = ServersOf(model, zone);
  add_if(zone.name_servers.size() == 1, "single_ns");
  add_if(CountResult(servers, "unresolvable") > 0, "ns_unresolvable");
  add_if(CountResult(servers, "ok") > 0 && !zone.apex_name_servers.empty(),
         "ns_mismatch");
  add_if(SerialsOf(model, zone).size() > 1, "serial_mismatch");
  const std::string wildcard = Join(kWildcardLabel, zone.apex);
  add_if(zone.Exists(wildcard), "wildcard");
  add_if(HonestyOf(model, zone) == "broken", "ent_broken");
  for (const ServerTruth& at : servers) {
    const Server* server = model.ServerAt(at.address);
    if (server == nullptr) continue;
    if (const auto flag = FlagOf(*server)) flags.insert(*flag);
    add_if(server->software == Software::kOwn ||
               server->software == Software::kTinydns,
           "no_tcp");
  }
  return flags;
}

std::string HonestyOf(const Model& model, const Zone& zone) {
  if (zone.signing == Signing::kNsec || zone.signing == Signing::kNsec3) {
    return "signed";
  }
  const size_t empty = CountEmptyNames(zone);
  for (const Server& server : model.servers()) {
    const bool serves = std::count(zone.served_by.begin(), zone.served_by.end(),
                                   server.name) > 0;
    if (serves && DeniesEmptyNames(server, zone) && empty > 0) {
      return "broken";
    }
  }
  return empty >= 2 ? "honest" : "unknown";
}

Json ZonesTruth(const Model& model) {
  Json list = Json::array();
  for (const Zone& zone : model.zones()) {
    list.push_back(ZoneTruth(model, zone));
  }
  return list;
}

Json LimitsTruth(const Model& model, const std::vector<Target>& targets) {
  Json list = Json::array();
  for (const Target& target : targets) {
    const Prefix prefix = Prefix::Of(target.prefix);
    if (!prefix.first.is_v4() || prefix.length > 24) continue;
    if (const auto cost = TargetCost(model, prefix)) {
      list.push_back({{"case", target.prefix}, {"max_queries", *cost + kWay}});
    }
  }
  return list;
}

}  // namespace world
