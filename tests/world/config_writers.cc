#include "tests/world/config_writers.h"

#include <algorithm>

#include "tests/world/process.h"
#include "tests/world/server_config.h"
#include "tests/world/zone_writer.h"

namespace world {
namespace {

// In knot's configuration a line of an item after its first.
std::string KnotLine(const std::string& key, const std::string& value) {
  return "    " + key + ": " + value + "\n";
}

constexpr char kKnotPolicies[] =
    "policy:\n"
    "  - id: nsec\n"
    "    algorithm: ecdsap256sha256\n"
    "    single-type-signing: on\n"
    "    nsec3: off\n"
    "  - id: nsec3\n"
    "    algorithm: ecdsap256sha256\n"
    "    single-type-signing: on\n"
    "    nsec3: on\n"
    "    nsec3-iterations: 0\n"
    "  - id: opt-out\n"
    "    algorithm: ecdsap256sha256\n"
    "    single-type-signing: on\n"
    "    nsec3: on\n"
    "    nsec3-opt-out: on\n"
    "    nsec3-iterations: 0\n"
    "mod-onlinesign:\n"
    "  - id: online\n"
    "    policy: nsec\n"
    "acl:\n"
    "  - id: whole\n"
    "    address: 127.0.0.0/8\n"
    "    action: transfer\n"
    "template:\n"
    "  - id: default\n"
    "    zonefile-load: whole\n"
    "    zonefile-sync: -1\n"
    "    journal-content: none\n";

std::string KnotSigned(const std::string& policy) {
  return KnotLine("dnssec-signing", "on") + KnotLine("dnssec-policy", policy);
}

std::string KnotSigning(Signing signing) {
  switch (signing) {
    case Signing::kOnline:
      return KnotLine("module", "mod-onlinesign/online");
    case Signing::kNsec:
      return KnotSigned("nsec");
    case Signing::kNsec3:
      return KnotSigned("nsec3");
    case Signing::kOptOut:
      return KnotSigned("opt-out");
    case Signing::kNone:
    case Signing::kNarrow:  // PowerDNS only
      break;
  }
  return "";
}

// One module for each zone that makes up names, named after it.
std::string KnotSynthesis(const Model& model, const Server& server) {
  std::string text;
  for (const Zone& zone : model.zones()) {
    if (!Serves(server, zone) || zone.synthesized.empty()) continue;
    text += "  - id: " + zone.apex + "\n" + KnotLine("type", "reverse") +
            KnotLine("prefix", "made-") +
            KnotLine("origin", "made.example.net") + KnotLine("ttl", "3600") +
            KnotLine("network", zone.synthesized);
  }
  return text.empty() ? "" : "mod-synthrecord:\n" + text;
}

std::string BindZone(const std::string& apex, const std::string& type,
                     const std::string& path) {
  return "zone " + Quoted(apex) + " { type " + type + "; file " + Quoted(path) +
         "; };\n";
}

std::string PdnsDatabase(const Server& server, const std::string& folder) {
  return StateOf(server, folder) + "/pdns.sqlite3";
}

}  // namespace

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

bool Serves(const Server& server, const Zone& zone) {
  return std::find(zone.served_by.begin(), zone.served_by.end(), server.name) !=
         zone.served_by.end();
}

std::string StateOf(const Server& server, const std::string& folder) {
  return StateFolder(folder) + "/" + server.name;
}

std::string KnotConfig(const Model& model, const Server& server,
                       const std::string& folder) {
  const std::string state = StateOf(server, folder);
  std::string text = "server:\n" + KnotLine("rundir", Quoted(state)) +
                     KnotLine("udp-workers", "1") +
                     KnotLine("tcp-workers", "1") +
                     KnotLine("background-workers", "1");
  for (const std::string& address : server.addresses) {
    text += KnotLine("listen", address + "@53");
  }
  text += "log:\n  - target: stdout\n" + KnotLine("any", "info");
  text += "database:\n" + KnotLine("storage", Quoted(state));
  text += KnotSynthesis(model, server);
  text += kKnotPolicies;
  text += KnotLine("storage", Quoted(folder + "/zones")) + "zone:\n";
  for (const Zone& zone : model.zones()) {
    if (!Serves(server, zone)) continue;
    text += "  - domain: " + zone.apex + ".\n" +
            KnotLine("file", Quoted(ZoneFileName(zone, server.name))) +
            KnotSigning(zone.signing) +
            (server.transfers ? KnotLine("acl", "whole") : "");
    if (!zone.synthesized.empty()) {
      text += KnotLine("module", "mod-synthrecord/" + zone.apex);
    }
  }
  return text;
}

std::string BindConfig(const Model& model, const Server& server,
                       const std::string& folder) {
  const bool recursive = server.habit == Habit::kRecursive;
  std::string text =
      "controls {};\noptions {\n  directory " +
      Quoted(StateOf(server, folder)) + ";\n  listen-on { " +
      server.addresses.front() +
      "; };\n  listen-on-v6 { none; };\n  pid-file none;\n"
      "  session-keyfile none;\n  lock-file none;\n  notify no;\n"
      "  dnssec-validation no;\n  empty-zones-enable no;\n"
      "  allow-query { any; };\n  allow-transfer { " +
      (server.transfers ? "127.0.0.0/8" : "none") + "; };\n  recursion " +
      (recursive ? "yes;\n  allow-recursion { any; };\n" : "no;\n") +
      (server.rate_limited
           ? "  rate-limit { responses-per-second 200; slip 2; };\n};\n"
           : "};\n");
  if (recursive) text += BindZone(".", "hint", folder + "/root.hints");
  if (server.habit == Habit::kCatchAll) {
    text += BindZone("in-addr.arpa", "primary", folder + "/zones/catch-all");
  }
  for (const Zone& zone : model.zones()) {
    if (!Serves(server, zone)) continue;
    text += BindZone(zone.apex, "primary",
                     folder + "/zones/" + ZoneFileName(zone, server.name));
  }
  return text;
}

std::string PdnsConfig(const Server& server, const std::string& folder) {
  return "launch=gsqlite3\ngsqlite3-database=" + PdnsDatabase(server, folder) +
         "\nlocal-address=" + server.addresses.front() +
         "\nlocal-port=53\nsocket-dir=" + StateOf(server, folder) +
         "\ndaemon=no\nguardian=no\ndisable-syslog=yes\n"
         "receiver-threads=1\ndistributor-threads=1\nsecurity-poll-suffix=\n"
         "webserver=no\napi=no\n" +
         (server.rectified ? "enable-lua-records=yes\ngsqlite3-dnssec=yes\n"
                           : "");
}

std::vector<std::string> PdnsCommand(const Server& server,
                                     const std::string& folder) {
  const std::string fill = "sqlite3 \"$1\" <\"$2\" && ";
  const std::string rectify =
      "\"$7\" --config-dir=\"$4\" --config-name=\"$5\" rectify-all-zones && "
      "sqlite3 \"$1\" <\"$6\" && ";
  const std::string start =
      "exec \"$3\" --config-dir=\"$4\" --config-name=\"$5\"";
  return {"sh",
          "-c",
          fill + (server.rectified ? rectify : "") + start,
          "sh",
          PdnsDatabase(server, folder),
          SqlPath(server, folder),
          FindProgram("pdns_server"),
          folder,
          server.name,
          LateSqlPath(server, folder),
          FindProgram("pdnsutil")};
}

std::vector<std::string> TinydnsCommand(const Server& server,
                                        const std::string& folder) {
  const std::string start =
      "mkdir \"$1\" && cp \"$2\" \"$1/data\" && cd \"$1\" && \"$3\" && "
      "exec env ROOT=\"$1\" IP=\"$4\" UID=65534 GID=65534 \"$5\"";
  return {"sh",
          "-c",
          start,
          "sh",
          StateOf(server, folder) + "/root",
          ConfigPath(server, folder),
          FindProgram("tinydns-data"),
          server.addresses.front(),
          FindProgram("tinydns")};
}

}  // namespace world
