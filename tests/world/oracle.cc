#include "tests/world/oracle.h"

#include <algorithm>

#include "tests/world/names.h"

namespace world {
namespace {

// Unbound follows this many aliases and fails at the next one.
constexpr size_t kMaxHops = 11;

const Failure kServfail = {"servfail", "SERVFAIL"};

bool Holds(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// The server serves a zone at or above that apex, though not the apex itself.
bool ServesAncestor(const Model& model, const Server& server,
                    const Zone& zone) {
  for (std::string_view name = zone.apex; name != ".";) {
    name = Parent(name);
    const Zone* ancestor = model.FindZone(name);
    if (ancestor != nullptr && Holds(ancestor->served_by, server.name)) {
      return true;
    }
  }
  return false;
}

std::vector<ServerResult> AskAllServers(const Model& model, const Zone& zone) {
  std::vector<ServerResult> results;
  for (const std::string& ns_name : zone.name_servers) {
    for (const std::string& address : model.AddressesOf(ns_name)) {
      results.push_back(AskForSoa(model, zone, address));
    }
  }
  return results;
}

bool IsOfUse(const Model& model, const Zone& zone) {
  if (zone.name_servers.empty()) return true;  // the resolver's own
  const std::vector<ServerResult> results = AskAllServers(model, zone);
  return std::count(results.begin(), results.end(), ServerResult::kOk) > 0;
}

// The first zone on the way from the root to `zone` none of whose servers is of
// use; null if there is none.
const Zone* FirstBroken(const Model& model, const Zone& zone) {
  if (zone.apex != ".") {
    const Zone* above = FirstBroken(model, model.ParentOf(zone));
    if (above != nullptr) return above;
  }
  return IsOfUse(model, zone) ? nullptr : &zone;
}

// A server of the zone serves its parent only, and refers to itself. Unbound
// 1.17 takes that for an empty answer: NOERROR, no records, no SOA.
bool RefersToItself(const Model& model, const Zone& zone) {
  const Zone& parent = model.ParentOf(zone);
  for (const std::string& ns_name : zone.name_servers) {
    for (const std::string& address : model.AddressesOf(ns_name)) {
      const Server* server = model.ServerAt(address);
      if (server != nullptr && !Holds(zone.served_by, server->name) &&
          Holds(parent.served_by, server->name)) {
        return true;
      }
    }
  }
  return false;
}

// How a resolver tells of a broken zone. Silence tries its patience, so the
// client's may end first.
std::vector<Failure> FailuresOf(const Model& model, const Zone& zone) {
  const std::vector<ServerResult> results = AskAllServers(model, zone);
  if (std::count(results.begin(), results.end(), ServerResult::kTimeout) == 0) {
    return {kServfail};
  }
  return {kServfail, {"all_ns_unreachable", "SERVFAIL"}, {"timeout", ""}};
}

void ConcludeBroken(const Model& model, const Zone& zone, Resolution* result) {
  if (RefersToItself(model, zone)) {
    result->outcome = Outcome::kNodata;
  } else {
    result->failures = FailuresOf(model, zone);
  }
}

// The record at the name, or the DNAME above it, that leads elsewhere.
const Record* FindAlias(const Zone& zone, std::string_view name) {
  const auto cnames = zone.Find(name, Type::kCname);
  if (!cnames.empty()) return cnames.front();
  while (name != zone.apex) {
    name = Parent(name);
    const auto dnames = zone.Find(name, Type::kDname);
    if (!dnames.empty()) return dnames.front();
  }
  return nullptr;
}

// Where the alias leads from `name` (RFC 6672 section 2.2).
std::string TargetOf(const Record& alias, const std::string& name) {
  std::string target = Lower(alias.data);
  if (alias.type == Type::kCname) return target;
  return Join(name.substr(0, name.size() - alias.owner.size() - 1), target);
}

void UseTtl(const Record& record, Resolution* result) {
  result->ttl = std::min(result->ttl, record.ttl);
}

void Conclude(const Zone& zone, Type type, Resolution* result) {
  for (const Record* record : zone.Find(result->last_name, type)) {
    result->data.push_back(Lower(record->data));
    UseTtl(*record, result);
  }
  result->zone = &zone;
  result->outcome = !result->data.empty()            ? Outcome::kData
                    : zone.Exists(result->last_name) ? Outcome::kNodata
                                                     : Outcome::kNxdomain;
}

}  // namespace

Resolution Resolve(const Model& model, std::string_view name, Type type) {
  Resolution result;
  result.last_name = std::string(name);
  for (;;) {
    const Zone& zone = model.ZoneOf(result.last_name);
    if (const Zone* broken = FirstBroken(model, zone)) {
      ConcludeBroken(model, *broken, &result);
      return result;
    }
    const Record* alias = FindAlias(zone, result.last_name);
    if (alias == nullptr) {
      Conclude(zone, type, &result);
      return result;
    }
    // A loop, too, goes on until there are too many.
    if (result.chain.size() == kMaxHops) {
      result.failures = {kServfail};
      return result;
    }
    result.dname = result.dname || alias->type == Type::kDname;
    UseTtl(*alias, &result);
    result.last_name = TargetOf(*alias, result.last_name);
    result.chain.push_back(result.last_name);
  }
}

const char* ServerResultName(ServerResult result) {
  switch (result) {
    case ServerResult::kOk:
      return "ok";
    case ServerResult::kServfail:
      return "servfail";
    case ServerResult::kRefused:
      return "refused";
    case ServerResult::kNotAuth:
      return "not_auth";
    case ServerResult::kTimeout:
      return "timeout";
  }
  return "";
}

ServerResult AskForSoa(const Model& model, const Zone& zone,
                       std::string_view address) {
  const Server* server = model.ServerAt(address);
  if (server == nullptr || server->software == Software::kSilent) {
    return ServerResult::kTimeout;
  }
  if (Holds(zone.served_by, server->name)) {
    return zone.source == Source::kMissingFile ? ServerResult::kServfail
                                               : ServerResult::kOk;
  }
  return ServesAncestor(model, *server, zone) ? ServerResult::kNotAuth
                                              : ServerResult::kRefused;
}

}  // namespace world
