#include "tests/world/zone_model.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tests/world/names.h"

namespace world {
namespace {

std::string TraitKey(const std::string& ip, const std::string& name) {
  return ip + " " + Lower(name);
}

// The model contradicts itself: a fault of this program's source.
[[noreturn]] void Contradiction(const std::string& what) {
  std::fprintf(stderr, "world: the model is wrong: %s\n", what.c_str());
  std::abort();
}

}  // namespace

const char* SoftwareName(Software software) {
  switch (software) {
    case Software::kNsd:
      return "nsd";
    case Software::kUnbound:
      return "unbound";
    case Software::kKnot:
      return "knot";
    case Software::kBind:
      return "bind";
    case Software::kPdns:
      return "pdns";
    case Software::kTinydns:
      return "tinydns";
    case Software::kOwn:
      return "world";
    case Software::kSilent:
      return "silent socket";
  }
  return "";
}

const char* TypeName(Type type) {
  switch (type) {
    case Type::kA:
      return "A";
    case Type::kAaaa:
      return "AAAA";
    case Type::kPtr:
      return "PTR";
    case Type::kCname:
      return "CNAME";
    case Type::kDname:
      return "DNAME";
    case Type::kNs:
      return "NS";
    case Type::kTxt:
      return "TXT";
    case Type::kDs:
      return "DS";
    case Type::kLua:
      return "LUA";
  }
  return "";
}

void Zone::Add(Record record) {
  for (const Record* same : Find(record.owner, record.type)) {
    if (same->data == record.data) return;
  }
  records_.push_back(std::move(record));
  const Record& added = records_.back();
  by_owner_[added.owner].push_back(&added);
  for (std::string_view name = added.owner;
       existing_.insert(std::string(name)).second && name != apex;) {
    name = Parent(name);
  }
}

std::vector<const Record*> Zone::Find(std::string_view owner, Type type) const {
  std::vector<const Record*> found;
  const auto at = by_owner_.find(std::string(owner));
  if (at == by_owner_.end()) return found;
  std::copy_if(at->second.begin(), at->second.end(), std::back_inserter(found),
               [type](const Record* record) { return record->type == type; });
  return found;
}

bool Zone::Exists(std::string_view name) const {
  return name == apex || existing_.contains(std::string(name));
}

std::string Zone::SourceOf(std::string_view name) const {
  if (Exists(name)) return std::string(name);
  while (!Exists(name)) name = Parent(name);
  std::string wildcard = Join(kWildcardLabel, name);
  return Exists(wildcard) ? wildcard : "";
}

bool Zone::ExistsLate(std::string_view name) const {
  return std::none_of(
      records_.begin(), records_.end(), [&](const Record& record) {
        return IsAtOrBelow(record.owner, name) && !late.contains(record.owner);
      });
}

bool DeniesEmptyNames(const Server& server) {
  return server.software == Software::kTinydns ||
         (server.software == Software::kPdns && !server.rectified);
}

bool DeniesEmptyNames(const Server& server, const Zone& zone) {
  return DeniesEmptyNames(server) || !zone.late.empty();
}

void Model::AddServer(Server server) {
  const bool known = std::any_of(
      servers_.begin(), servers_.end(),
      [&](const Server& other) { return other.name == server.name; });
  if (!known) servers_.push_back(std::move(server));
}

Zone& Model::AddZone(Zone zone) {
  if (zone.apex != "." && FindZone(".") == nullptr) {
    Contradiction("no root above " + zone.apex);
  }
  if (!zone_by_apex_.emplace(zone.apex, zones_.size()).second) {
    Contradiction("two zones " + zone.apex);
  }
  zones_.push_back(std::move(zone));
  return zones_.back();
}

void Model::NameServer(const std::string& name,
                       const std::vector<std::string>& addresses) {
  ns_addresses_[name] = addresses;
  for (const std::string& address : addresses) Forward(name, address);
}

void Model::Add(const std::string& owner, Type type, const std::string& data,
                uint32_t ttl) {
  if (WireSize(owner) > 255) Contradiction("name too long: " + owner);
  MutableZoneOf(owner).Add({owner, type, ttl, data});
}

void Model::Ptr(const std::string& ip, const std::string& name,
                const std::set<std::string>& traits) {
  PtrAt(Address::Of(ip).ReverseName(), ip, name, traits);
}

void Model::PtrAt(const std::string& owner, const std::string& ip,
                  const std::string& name,
                  const std::set<std::string>& traits) {
  Add(owner, Type::kPtr, name);
  if (!traits.empty()) traits_[TraitKey(ip, name)] = traits;
}

void Model::Forward(const std::string& name, const std::string& ip) {
  const bool is_v4 = Address::Of(ip).is_v4();
  Add(Lower(name), is_v4 ? Type::kA : Type::kAaaa, ip);
}

void Model::Host(const std::string& ip, const std::string& name,
                 const std::set<std::string>& traits) {
  Ptr(ip, name, traits);
  Forward(name, ip);
}

void Model::Alias(const std::string& owner, const std::string& target) {
  Add(owner, Type::kCname, target);
}

void Model::Text(const std::string& owner) {
  Add(owner, Type::kTxt, "\"in use\"");
}

void Model::AddTarget(const std::string& prefix, const std::string& list,
                      bool prunable) {
  targets_[list].push_back({prefix, prunable});
}

const Zone* Model::FindZone(std::string_view apex) const {
  const auto at = zone_by_apex_.find(std::string(apex));
  return at == zone_by_apex_.end() ? nullptr : &zones_[at->second];
}

const Zone& Model::ZoneOf(std::string_view name) const {
  for (;; name = Parent(name)) {
    if (const Zone* zone = FindZone(name)) return *zone;
    if (name == ".") Contradiction("no root zone");
  }
}

const Zone& Model::DelegatedZoneOf(std::string_view name) const {
  const Zone* zone = &ZoneOf(name);
  while (zone->name_servers.empty()) zone = &ParentOf(*zone);
  return *zone;
}

Zone& Model::MutableZoneOf(std::string_view name) {
  return zones_[zone_by_apex_.at(ZoneOf(name).apex)];
}

const Zone& Model::ParentOf(const Zone& zone) const {
  return ZoneOf(Parent(zone.apex));
}

std::vector<std::string> Model::AddressesOf(const std::string& ns_name) const {
  const auto at = ns_addresses_.find(ns_name);
  return at == ns_addresses_.end() ? std::vector<std::string>() : at->second;
}

const Server* Model::ServerAt(std::string_view address) const {
  for (const Server& server : servers_) {
    for (const std::string& own : server.addresses) {
      if (own == address) return &server;
    }
  }
  return nullptr;
}

const std::set<std::string>& Model::TraitsOf(const Address& ip,
                                             const std::string& name) const {
  static const std::set<std::string> none;
  const auto at = traits_.find(TraitKey(ip.ToText(), name));
  return at == traits_.end() ? none : at->second;
}

}  // namespace world
