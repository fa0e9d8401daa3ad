#include "tests/world/server_config.h"

#include "tests/world/config_writers.h"
#include "tests/world/networks.h"
#include "tests/world/odd_server.h"
#include "tests/world/zone_writer.h"

namespace world {
namespace {

// No user to change to, nothing written outside the state
// folder.
constexpr char kNsdServer[] =
    "  username: \"\"\n"
    "  database: \"\"\n"
    "  server-count: 1\n"
    "  tcp-count: 256\n"
    "  tcp-timeout: 10\n"
    "  zonefiles-write: 0\n"
    "  zonefiles-check: no\n"
    "  refuse-any: yes\n"
    "  verbosity: 1\n";

// Left out, there are 200 a second.
constexpr char kNsdUnlimited[] =
    "  rrl-ratelimit: 0\n"
    "  rrl-whitelist-ratelimit: 0\n";

constexpr char kNsdKey[] =
    "key:\n"
    "  name: transfer-key\n"
    "  algorithm: hmac-sha256\n"
    "  secret: \"cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmU=\"\n";

// The resolver sees this world only: its own root, servers on loopback, no
// DNSSEC. Positive answers come without authority section, as from most
// resolvers. It never sheds load, and gives a dead server up after seconds.
constexpr char kUnboundServer[] =
    "  username: \"\"\n"
    "  chroot: \"\"\n"
    "  pidfile: \"\"\n"
    "  use-syslog: no\n"
    "  logfile: \"\"\n"
    "  verbosity: 1\n"
    "  module-config: \"iterator\"\n"
    "  num-threads: 1\n"
    "  do-not-query-localhost: no\n"
    "  unblock-lan-zones: yes\n"
    "  access-control: 127.0.0.0/8 allow\n"
    "  access-control: ::1/128 allow\n"
    "  minimal-responses: yes\n"
    "  qname-minimisation: no\n"
    "  prefetch: no\n"
    "  serve-expired: no\n"
    "  ede: yes\n"
    "  edns-buffer-size: 1232\n"
    "  msg-cache-size: 64m\n"
    "  rrset-cache-size: 128m\n"
    "  cache-max-ttl: 604800\n"
    "  outgoing-range: 2048\n"
    "  num-queries-per-thread: 4096\n"
    "  incoming-num-tcp: 256\n"
    "  jostle-timeout: 10000\n"
    "  discard-timeout: 0\n"
    "  wait-limit: 0\n"
    "  infra-cache-max-rtt: 1000\n"
    "  infra-host-ttl: 60\n";

std::string Line(const std::string& key, const std::string& value) {
  return "  " + key + ": " + value + "\n";
}

std::string NsdConfig(const Model& model, const Server& server,
                      const std::string& folder) {
  const std::string state = StateOf(server, folder);
  std::string text = "server:\n" + std::string(kNsdServer) +
                     (server.rate_limited ? "" : kNsdUnlimited);
  for (const std::string& address : server.addresses) {
    text += Line("ip-address", address);
  }
  text += Line("zonesdir", Quoted(folder + "/zones"));
  text += Line("pidfile", Quoted(state + "/nsd.pid"));
  text += Line("xfrdfile", Quoted(state + "/xfrd.state"));
  text += Line("xfrdir", Quoted(state));
  text += Line("zonelistfile", Quoted(state + "/zone.list"));
  text += "remote-control:\n" + Line("control-enable", "no");
  if (server.transfers) text += kNsdKey;
  for (const Zone& zone : model.zones()) {
    if (!Serves(server, zone)) continue;
    text += "zone:\n" + Line("name", Quoted(zone.apex)) +
            Line("zonefile", Quoted(ZoneFileName(zone, server.name)));
    if (!server.transfers) continue;
    text += Line("provide-xfr", "127.0.0.0/8 NOKEY") +
            Line("provide-xfr", "127.0.0.0/8 transfer-key");
  }
  return text;
}

// A zone the resolver answers itself, as it does for its built-in ones.
std::string LocalZone(const Zone& zone) {
  const auto data = [](const std::string& record) {
    return Line("local-data", "'" + record + "'");
  };
  std::string text = Line("local-zone", Quoted(zone.apex + ".") + " static");
  text += data(zone.apex + ". 10800 IN NS localhost.");
  text += data(zone.apex + ". 10800 IN SOA " + zone.soa.mname + ". " +
               zone.soa.rname + ". 1 3600 1200 604800 " +
               std::to_string(zone.soa.minimum));
  for (const Record& record : zone.records()) {
    text += data(record.owner + ". " + std::to_string(record.ttl) + " IN " +
                 TypeName(record.type) + " " + record.data + ".");
  }
  return text;
}

std::string UnboundConfig(const Model& model, const Server& server,
                          const std::string& folder) {
  std::string text = "server:\n" + std::string(kUnboundServer);
  for (const std::string& address : server.addresses) {
    text += Line("interface", address);
  }
  text += Line("directory", Quoted(StateOf(server, folder)));
  text += Line("root-hints", Quoted(folder + "/root.hints"));
  for (const Zone& zone : model.zones()) {
    if (Serves(server, zone) && zone.source == Source::kFile) {
      text += LocalZone(zone);
    }
  }
  return text + "remote-control:\n" + Line("control-enable", "no");
}

// The zone of an odd server.
std::string OddZoneFile(const Model& model, const Server& server,
                        const std::string& folder) {
  for (const Zone& zone : model.zones()) {
    if (Serves(server, zone)) {
      return folder + "/zones/" + ZoneFileName(zone, server.name);
    }
  }
  return "";
}

}  // namespace

std::string ConfigText(const Model& model, const Server& server,
                       const std::string& folder) {
  switch (server.software) {
    case Software::kNsd:
      return NsdConfig(model, server, folder);
    case Software::kUnbound:
      return UnboundConfig(model, server, folder);
    case Software::kKnot:
      return KnotConfig(model, server, folder);
    case Software::kBind:
      return BindConfig(model, server, folder);
    case Software::kPdns:
      return PdnsConfig(server, folder);
    case Software::kTinydns:
      return TinydnsDataText(model, server.name);
    case Software::kOwn:
      return OddZoneFile(model, server, folder);
    case Software::kSilent:
      break;
  }
  return "";
}

std::string RootHintsText() {
  return std::string(". 3600000 NS a.root-servers.net.\n") +
         "a.root-servers.net. 3600000 A " + kRootAddress + "\n";
}

std::vector<std::string> ServerPrograms(Software software) {
  switch (software) {
    case Software::kNsd:
    case Software::kUnbound:
      return {SoftwareName(software)};
    case Software::kKnot:
      return {"knotd"};
    case Software::kBind:
      return {"named"};
    case Software::kPdns:
      return {"pdns_server", "sqlite3"};
    case Software::kTinydns:
      return {"tinydns", "tinydns-data"};
    case Software::kOwn:
    case Software::kSilent:
      break;
  }
  return {};
}

std::vector<std::string> ServerCommand(const Server& server,
                                       const std::string& folder) {
  const std::string config = ConfigPath(server, folder);
  switch (server.software) {
    case Software::kKnot:
      return {"knotd", "-c", config};
    case Software::kBind:
      return {"named", "-g", "-n", "1", "-c", config};
    case Software::kPdns:
      return PdnsCommand(server, folder);
    case Software::kTinydns:
      return TinydnsCommand(server, folder);
    case Software::kOwn:
      return {"/proc/self/exe", "answer", HabitName(server.habit),
              server.addresses.front(), config};
    default:
      return {SoftwareName(server.software), "-d", "-c", config};
  }
}

std::string SqlPath(const Server& server, const std::string& folder) {
  return folder + "/" + server.name + ".sql";
}

std::string LateSqlPath(const Server& server, const std::string& folder) {
  return folder + "/" + server.name + ".late.sql";
}

std::string StateFolder(const std::string& folder) { return folder + "/state"; }

std::string ConfigPath(const Server& server, const std::string& folder) {
  const bool is_pdns = server.software == Software::kPdns;
  return folder + (is_pdns ? "/pdns-" : "/") + server.name + ".conf";
}

std::string LogPath(const Server& server, const std::string& folder) {
  return StateOf(server, folder) + "/log";
}

}  // namespace world
