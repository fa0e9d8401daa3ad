#include "tests/world/zone_writer.h"

#include <set>
#include <string_view>

#include "tests/world/address.h"
#include "tests/world/names.h"

namespace world {
namespace {

std::string Absolute(std::string_view name) {
  return name == "." ? "." : std::string(name) + ".";
}

bool HoldsName(Type type) {
  return type == Type::kPtr || type == Type::kCname || type == Type::kDname ||
         type == Type::kNs;
}

void AppendLine(std::string_view owner, uint32_t ttl, const char* type,
                std::string_view data, std::string* text) {
  text->append(Absolute(owner)).append(" ").append(std::to_string(ttl));
  text->append(" IN ").append(type).append(" ").append(data).append("\n");
}

void AppendSoa(const Zone& zone, std::string* text) {
  const Soa& soa = zone.soa;
  AppendLine(zone.apex, kDefaultTtl, "SOA",
             Absolute(soa.mname) + " " + Absolute(soa.rname) + " " +
                 std::to_string(soa.serial) + " 3600 900 604800 " +
                 std::to_string(soa.minimum),
             text);
}

// A name server below a cut of this zone is reached by glue only.
bool NeedsGlue(const Model& model, const Zone& zone,
               const std::string& ns_name) {
  return IsAtOrBelow(ns_name, zone.apex) &&
         model.ZoneOf(ns_name).apex != zone.apex;
}

void AppendGlue(const Model& model, const std::string& ns_name,
                std::string* text) {
  for (const std::string& address : model.AddressesOf(ns_name)) {
    const bool is_v4 = Address::Of(address).is_v4();
    AppendLine(ns_name, kDefaultTtl, is_v4 ? "A" : "AAAA", address, text);
  }
}

// NS set of `owner`, the zone itself or a zone below it.
void AppendNameServers(const Model& model, const Zone& zone, const Zone& owner,
                       std::set<std::string>* glued, std::string* text) {
  for (const std::string& ns_name : owner.name_servers) {
    AppendLine(owner.apex, kDefaultTtl, "NS", Absolute(ns_name), text);
    if (NeedsGlue(model, zone, ns_name) && glued->insert(ns_name).second) {
      AppendGlue(model, ns_name, text);
    }
  }
}

}  // namespace

std::string ZoneFileName(const Zone& zone) {
  std::string name = zone.apex == "." ? "root" : zone.apex;
  for (char& c : name) {
    if (c == '\\') c = '_';
  }
  return name + ".zone";
}

std::string ZoneFileText(const Model& model, const Zone& zone) {
  std::string text;
  AppendSoa(zone, &text);
  std::set<std::string> glued;
  AppendNameServers(model, zone, zone, &glued, &text);
  for (const Zone& child : model.zones()) {
    if (child.apex != "." && &model.ParentOf(child) == &zone) {
      AppendNameServers(model, zone, child, &glued, &text);
    }
  }
  for (const Record& record : zone.records()) {
    AppendLine(record.owner, record.ttl, TypeName(record.type),
               HoldsName(record.type) ? Absolute(record.data) : record.data,
               &text);
  }
  return text;
}

}  // namespace world
