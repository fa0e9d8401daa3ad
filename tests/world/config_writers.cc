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
    "mod-onlinesign:\n"
    "  - id: online\n"
    "    policy: nsec\n"
    "template:\n"
    "  - id: default\n"
    "    zonefile-load: whole\n"
    "    zonefile-sync: -1\n"
    "    journal-content: none\n";

std::string KnotSigning(Signing signing) {
  switch (signing) {
    case Signing::kNone:
      return "";
    case Signing::kOnline:
      return KnotLine("module", "mod-onlinesign/online");
    case Signing::kNsec:
    case Signing::kNsec3:
      return KnotLine("dnssec-signing", "on") +
             KnotLine("dnssec-policy",
                      signing == Signing::kNsec ? "nsec" : "nsec3");
  }
  return "";
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
  text += kKnotPolicies;
  text += KnotLine("storage", Quoted(folder + "/zones")) + "zone:\n";
  for (const Zone& zone : model.zones()) {
    if (!Serves(server, zone)) continue;
    text += "  - domain: " + zone.apex + ".\n" +
            KnotLine("file", Quoted(ZoneFileName(zone, server.name))) +
            KnotSigning(zone.signing);
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
      "  allow-query { any; };\n  allow-transfer { none; };\n  recursion " +
      (recursive ? "yes;\n  allow-recursion { any; };\n};\n" : "no;\n};\n");
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
         "webserver=no\napi=no\n";
}

std::vector<std::string> PdnsCommand(const Server& server,
                                     const std::string& folder) {
  const std::string start =
      "sqlite3 \"$1\" <\"$2\" && "
      "exec \"$3\" --config-dir=\"$4\" --config-name=\"$5\"";
  return {"sh",
          "-c",
          start,
          "sh",
          PdnsDatabase(server, folder),
          SqlPath(server, folder),
          FindProgram("pdns_server"),
          folder,
          server.name};
}

}  // namespace world
