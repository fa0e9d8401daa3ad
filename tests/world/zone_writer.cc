#include "tests/world/zone_writer.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/names.h"

namespace world {
namespace {

// A record as a zone file has it: absolute names.
struct Line {
  std::string owner;
  uint32_t ttl = kDefaultTtl;
  std::string type;
  std::string data;
};

std::string Absolute(std::string_view name) {
  return name == "." ? "." : std::string(name) + ".";
}

bool HoldsName(Type type) {
  return type == Type::kPtr || type == Type::kCname || type == Type::kDname ||
         type == Type::kNs;
}

Line SoaLine(const std::string& apex, const Soa& soa) {
  return {Absolute(apex), kDefaultTtl, "SOA",
          Absolute(soa.mname) + " " + Absolute(soa.rname) + " " +
              std::to_string(soa.serial) + " 3600 900 604800 " +
              std::to_string(soa.minimum)};
}

// A name server below a cut of this zone is reached by glue only.
bool NeedsGlue(const Model& model, const Zone& zone,
               const std::string& ns_name) {
  return IsAtOrBelow(ns_name, zone.apex) &&
         model.ZoneOf(ns_name).apex != zone.apex;
}

void AppendGlue(const Model& model, const std::string& ns_name,
                std::vector<Line>* lines) {
  for (const std::string& address : model.AddressesOf(ns_name)) {
    const bool is_v4 = Address::Of(address).is_v4();
    lines->push_back(
        {Absolute(ns_name), kDefaultTtl, is_v4 ? "A" : "AAAA", address});
  }
}

// NS set of `owner`, the zone itself or a zone below it.
void AppendNameServers(const Model& model, const Zone& zone, const Zone& owner,
                       std::set<std::string>* glued, std::vector<Line>* lines) {
  const bool other_at_apex = &zone == &owner && !zone.apex_name_servers.empty();
  for (const std::string& ns_name :
       other_at_apex ? zone.apex_name_servers : owner.name_servers) {
    lines->push_back(
        {Absolute(owner.apex), kDefaultTtl, "NS", Absolute(ns_name)});
    if (NeedsGlue(model, zone, ns_name) && glued->insert(ns_name).second) {
      AppendGlue(model, ns_name, lines);
    }
  }
}

bool IsBehind(const Zone& zone, const std::string& server) {
  return zone.lag && zone.lag->server == server;
}

Line RecordLine(const Zone& zone, const Record& record,
                const std::string& server) {
  std::string data = record.data;
  if (IsBehind(zone, server) && record.owner == zone.lag->owner &&
      record.type == Type::kPtr) {
    data = zone.lag->ptr;
  }
  return {Absolute(record.owner), record.ttl, TypeName(record.type),
          HoldsName(record.type) ? Absolute(data) : data};
}

std::vector<Line> ZoneLines(const Model& model, const Zone& zone,
                            const std::string& server) {
  Soa soa = zone.soa;
  if (IsBehind(zone, server)) soa.serial = zone.lag->serial;
  std::vector<Line> lines = {SoaLine(zone.apex, soa)};
  std::set<std::string> glued;
  AppendNameServers(model, zone, zone, &glued, &lines);
  for (const Zone& child : model.zones()) {
    if (child.apex != "." && &model.ParentOf(child) == &zone) {
      AppendNameServers(model, zone, child, &glued, &lines);
    }
  }
  for (const Record& record : zone.records()) {
    lines.push_back(RecordLine(zone, record, server));
  }
  return lines;
}

std::string FileText(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    text.append(line.owner).append(" ").append(std::to_string(line.ttl));
    text.append(" IN ").append(line.type).append(" ").append(line.data);
    text.append("\n");
  }
  return text;
}

// What PowerDNS 4.7 asks of its tables.
constexpr char kPdnsSchema[] =
    "PRAGMA journal_mode=OFF;\n"
    "BEGIN;\n"
    "CREATE TABLE domains (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, "
    "master TEXT, last_check INTEGER, type TEXT, notified_serial INTEGER, "
    "account TEXT, options TEXT, catalog TEXT);\n"
    "CREATE TABLE records (id INTEGER PRIMARY KEY, domain_id INTEGER, "
    "name TEXT, type TEXT, content TEXT, ttl INTEGER, prio INTEGER, "
    "disabled BOOLEAN DEFAULT 0, ordername TEXT, auth BOOL DEFAULT 1);\n"
    "CREATE INDEX records_by_name ON records(name, type);\n"
    "CREATE INDEX records_by_domain ON records(domain_id);\n"
    "CREATE TABLE domainmetadata (id INTEGER PRIMARY KEY, domain_id INTEGER, "
    "kind TEXT, content TEXT);\n"
    "CREATE TABLE cryptokeys (id INTEGER PRIMARY KEY, domain_id INTEGER, "
    "flags INTEGER, active BOOL, published BOOL, content TEXT);\n"
    "CREATE TABLE tsigkeys (id INTEGER PRIMARY KEY, name TEXT, "
    "algorithm TEXT, secret TEXT);\n";

std::string WithoutFinalDots(std::string text) {
  for (size_t at = 0; (at = text.find(". ", at)) != std::string::npos;) {
    text.erase(at, 1);
  }
  if (text.ends_with(".")) text.pop_back();
  return text;
}

// A literal of SQL.
std::string Literal(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? "''" : std::string(1, c);
  return literal + "'";
}

// PowerDNS writes a wildcard's label as it is.
std::string PdnsName(const std::string& name) {
  if (!name.starts_with(kWildcardLabel)) return name;
  return "*" + name.substr(kWildcardLabel.size());
}

// The zone's records, late ones or the others.
void AppendPdnsRecords(const Model& model, const Zone& zone,
                       const std::string& server, int id, bool late,
                       std::string* sql) {
  for (const Line& line : ZoneLines(model, zone, server)) {
    const std::string owner = WithoutFinalDots(line.owner);
    if (zone.late.contains(owner) != late) continue;
    sql->append(
        "INSERT INTO records (domain_id, name, type, content, ttl) VALUES (" +
        std::to_string(id) + ", " + Literal(PdnsName(owner)) + ", '" +
        line.type + "', " + Literal(WithoutFinalDots(line.data)) + ", " +
        std::to_string(line.ttl) + ");\n");
  }
}

// Of no worth but for signing in a closed world.
constexpr char kPdnsKey[] =
    "Private-key-format: v1.2\n"
    "Algorithm: 13 (ECDSAP256SHA256)\n"
    "PrivateKey: cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmUgaW5zdGVhZC4=\n";

// A key, and NSEC3 records that span one hash.
void AppendNarrow(int id, std::string* sql) {
  const std::string domain = std::to_string(id);
  sql->append(
      "INSERT INTO cryptokeys (domain_id, flags, active, published, content) "
      "VALUES (" +
      domain + ", 257, 1, 1, " + Literal(kPdnsKey) + ");\n");
  for (const char* metadata :
       {"'NSEC3PARAM', '1 0 0 -'", "'NSEC3NARROW', '1'"}) {
    sql->append(
        "INSERT INTO domainmetadata (domain_id, kind, content) VALUES (" +
        domain + ", " + metadata + ");\n");
  }
}

void AppendPdnsZone(const Model& model, const Zone& zone,
                    const std::string& server, int id, std::string* sql) {
  sql->append("INSERT INTO domains (id, name, type) VALUES (" +
              std::to_string(id) + ", '" + zone.apex + "', 'NATIVE');\n");
  AppendPdnsRecords(model, zone, server, id, /*late=*/false, sql);
  if (zone.signing == Signing::kNarrow) AppendNarrow(id, sql);
}

// By the numbers they have in its database.
std::vector<const Zone*> ZonesAt(const Model& model,
                                 const std::string& server) {
  std::vector<const Zone*> zones;
  for (const Zone& zone : model.zones()) {
    if (std::count(zone.served_by.begin(), zone.served_by.end(), server) > 0) {
      zones.push_back(&zone);
    }
  }
  return zones;
}

// tinydns-data's line of a record.
std::string TinydnsLine(const Line& line, const Zone& zone) {
  const std::string owner = WithoutFinalDots(line.owner);
  const std::string ttl = std::to_string(line.ttl);
  if (line.type == "SOA") {
    return "Z" + owner + ":" + zone.soa.mname + ":" + zone.soa.rname + ":" +
           std::to_string(zone.soa.serial) +
           ":3600:900:604800:" + std::to_string(zone.soa.minimum) + ":" + ttl +
           "\n";
  }
  const std::string kind = line.type == "NS" ? "&" : "^";
  return kind + owner + (kind == "&" ? "::" : ":") +
         WithoutFinalDots(line.data) + ":" + ttl + "\n";
}

}  // namespace

std::string ZoneFileName(const Zone& zone, const std::string& server) {
  std::string name = zone.apex == "." ? "root" : zone.apex;
  for (char& c : name) {
    if (c == '\\') c = '_';
  }
  return name + (IsBehind(zone, server) ? ".behind.zone" : ".zone");
}

std::string ZoneFileText(const Model& model, const Zone& zone,
                         const std::string& server) {
  return FileText(ZoneLines(model, zone, server));
}

std::string CatchAllFileText() {
  const std::string apex = "in-addr.arpa";
  return FileText({SoaLine(apex, {"ns15.example.net", "dns.example.net"}),
                   {Absolute(apex), kDefaultTtl, "NS", "ns15.example.net."}});
}

std::string PdnsSqlText(const Model& model, const std::string& server) {
  std::string sql = kPdnsSchema;
  int id = 0;
  for (const Zone* zone : ZonesAt(model, server)) {
    AppendPdnsZone(model, *zone, server, ++id, &sql);
  }
  return sql + "COMMIT;\n";
}

std::string PdnsLateSqlText(const Model& model, const std::string& server) {
  std::string sql = "BEGIN;\n";
  int id = 0;
  for (const Zone* zone : ZonesAt(model, server)) {
    AppendPdnsRecords(model, *zone, server, ++id, /*late=*/true, &sql);
  }
  return sql + "COMMIT;\n";
}

std::string TinydnsDataText(const Model& model, const std::string& server) {
  std::string text;
  for (const Zone* zone : ZonesAt(model, server)) {
    for (const Line& line : ZoneLines(model, *zone, server)) {
      text += TinydnsLine(line, *zone);
    }
  }
  return text;
}

}  // namespace world
