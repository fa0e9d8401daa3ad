#include "tests/world/oracle.h"

#include <algorithm>

#include "tests/world/names.h"

namespace world {
namespace {

// Unbound follows this many aliases and fails at the next one, and so does
// ptrsweep (VERDICTS.md 1).
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

// A server denies all of the zone. Its SOA is one from above and not believed.
bool IsDeniedFromAbove(const Model& model, const Zone& zone) {
  const std::vector<ServerResult> results = AskAllServers(model, zone);
  return std::count(results.begin(), results.end(), ServerResult::kNxdomain) >
         0;
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
  } else if (IsDeniedFromAbove(model, zone)) {
    result->outcome = Outcome::kNxdomain;
  } else {
    result->failures = FailuresOf(model, zone);
  }
}

// What comes of asking all servers of a zone without success (VERDICTS.md 1.1).
Failure FailureAt(const std::vector<ServerResult>& results) {
  const auto seen = [&results](ServerResult result) {
    return std::count(results.begin(), results.end(), result) > 0;
  };
  if (results.empty()) return {"ns_unresolvable", ""};
  if (seen(ServerResult::kNotAuth)) return {"lame", "NOERROR"};
  if (seen(ServerResult::kServfail)) return kServfail;
  if (seen(ServerResult::kRefused)) return {"refused", "REFUSED"};
  return {"all_ns_unreachable", ""};
}

// A server that answers for `asked` has not got `child` and refers to it. If
// all have it, they answer for it themselves and nobody sees the cut.
bool IsReferred(const Model& model, const Zone& asked, const Zone& child) {
  for (const std::string& ns_name : asked.name_servers) {
    for (const std::string& address : model.AddressesOf(ns_name)) {
      if (AskForSoa(model, asked, address) == ServerResult::kOk &&
          !Holds(child.served_by, model.ServerAt(address)->name)) {
        return true;
      }
    }
  }
  return false;
}

// Goes from the root to the zone, cut by cut. Returns the zone whose servers
// are asked in the end; if they or those of one above fail, why.
const Zone& Descend(const Model& model, const Zone& zone,
                    std::vector<Failure>* failures) {
  if (zone.apex == ".") return zone;
  const Zone& asked = Descend(model, model.ParentOf(zone), failures);
  if (!failures->empty()) return asked;
  if (!IsReferred(model, asked, zone)) {
    if (zone.source == Source::kMissingFile) *failures = {kServfail};
    return asked;
  }
  if (!IsOfUse(model, zone)) {
    *failures = {FailureAt(AskAllServers(model, zone))};
  }
  return zone;
}

// The lookup cannot get as far as the zone.
bool IsStopped(const Model& model, const Zone& zone, View view,
               Resolution* result) {
  if (view == View::kAuthorities) {
    result->asked = &Descend(model, zone, &result->failures);
    result->zone = result->failures.empty() ? &zone : result->asked;
    if (result->failures.empty()) return false;
    if (IsDeniedFromAbove(model, *result->asked)) {
      result->outcome = Outcome::kNxdomain;
      result->zone = nullptr;
    }
    return true;
  }
  const Zone* broken = FirstBroken(model, zone);
  if (broken != nullptr) ConcludeBroken(model, *broken, result);
  return broken != nullptr;
}

// Why the next alias is not followed: there are too many, or (the resolver
// counts on) its target was there before. Empty: it is followed.
std::vector<Failure> StopAtAlias(const Resolution& result,
                                 std::string_view first_name,
                                 const std::string& target, View view) {
  const bool too_many = result.chain.size() == kMaxHops;
  if (view == View::kResolver) {
    return too_many ? std::vector{kServfail} : std::vector<Failure>();
  }
  if (target == first_name || Holds(result.chain, target)) {
    return {{"loop", "NOERROR"}};
  }
  return too_many ? std::vector<Failure>{{"chain_too_long", "NOERROR"}}
                  : std::vector<Failure>();
}

// The record at the name, or the DNAME above it, that leads elsewhere.
const Record* FindAlias(const Zone& zone, std::string_view name) {
  for (std::string_view above = name; above != zone.apex;) {
    above = Parent(above);
    const auto dnames = zone.Find(above, Type::kDname);
    if (!dnames.empty()) return dnames.front();
  }
  const auto cnames = zone.Find(zone.SourceOf(name), Type::kCname);
  return cnames.empty() ? nullptr : cnames.front();
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

void Conclude(const Zone& zone, Type type, View view, Resolution* result) {
  const std::string source = zone.SourceOf(result->last_name);
  for (const Record* record : zone.Find(source, type)) {
    result->data.push_back(Lower(record->data));
    UseTtl(*record, result);
  }
  if (zone.lag && zone.lag->owner == result->last_name) {
    result->lagging_data = {zone.lag->ptr};
  }
  result->zone = &zone;
  // The resolver asks with DO=1.
  const bool denied = source.empty() && (zone.signing != Signing::kOnline ||
                                         view == View::kAuthorities);
  result->outcome = !result->data.empty() ? Outcome::kData
                    : denied              ? Outcome::kNxdomain
                                          : Outcome::kNodata;
}

}  // namespace

Resolution Resolve(const Model& model, std::string_view name, Type type,
                   View view) {
  Resolution result;
  result.last_name = std::string(name);
  for (;;) {
    const Zone& zone = view == View::kResolver
                           ? model.ZoneOf(result.last_name)
                           : model.DelegatedZoneOf(result.last_name);
    if (IsStopped(model, zone, view, &result)) return result;
    const Record* alias = FindAlias(zone, result.last_name);
    if (alias == nullptr) {
      Conclude(zone, type, view, &result);
      return result;
    }
    const std::string target = TargetOf(*alias, result.last_name);
    result.failures = StopAtAlias(result, name, target, view);
    if (!result.failures.empty()) return result;
    result.dname = result.dname || alias->type == Type::kDname;
    UseTtl(*alias, &result);
    result.last_name = target;
    result.chain.push_back(target);
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
    case ServerResult::kNxdomain:
      return "nxdomain";
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
  if (server->habit == Habit::kCatchAll) return ServerResult::kNxdomain;
  const bool refers = server->habit == Habit::kRecursive ||
                      ServesAncestor(model, *server, zone);
  return refers ? ServerResult::kNotAuth : ServerResult::kRefused;
}

uint32_t SerialAt(const Model& model, const Zone& zone,
                  std::string_view address) {
  const bool behind =
      zone.lag && zone.lag->server == model.ServerAt(address)->name;
  return behind ? zone.lag->serial : zone.soa.serial;
}

}  // namespace world
