#include "tests/transfer/transfer_server.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tests/world/dns_client.h"

namespace transfer {
namespace {

using testing_support::ReadFileOctets;
using testing_support::WriteFileOctets;

constexpr std::chrono::seconds kPatience{15};

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", text, "\"");
}

std::string NsdConfig(const std::string& address, const std::string& folder,
                      const std::vector<ServedZone>& zones) {
  std::string text = absl::StrCat(
      "server:\n  username: \"\"\n  database: \"\"\n  server-count: 1\n"
      "  rrl-ratelimit: 0\n  zonefiles-write: 0\n  verbosity: 1\n",
      "  ip-address: ", address, "\n  zonesdir: ", Quoted(folder),
      "\n  pidfile: ", Quoted(folder + "/nsd.pid"),
      "\n  xfrdfile: ", Quoted(folder + "/xfrd.state"),
      "\n  xfrdir: ", Quoted(folder),
      "\n  zonelistfile: ", Quoted(folder + "/zone.list"),
      "\nremote-control:\n  control-enable: no\n", "key:\n  name: ", kKeyName,
      "\n  algorithm: hmac-sha256\n  secret: ", Quoted(kSecret), "\n");
  for (const ServedZone& served : zones) {
    absl::StrAppend(&text, "zone:\n  name: ", Quoted(served.zone.apex),
                    "\n  zonefile: ", Quoted(served.zone.apex),
                    "\n  provide-xfr: 127.0.0.0/8 ",
                    served.needs_key ? kKeyName : "NOKEY", "\n");
  }
  return text;
}

std::string KnotConfig(const std::string& address, const std::string& folder,
                       const std::vector<ServedZone>& zones) {
  std::string text = absl::StrCat(
      "server:\n  rundir: ", Quoted(folder), "\n  listen: ", address,
      "@53\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n",
      "database:\n  storage: ", Quoted(folder + "/db"),
      "\nlog:\n - target: stderr\n   any: info\n", "key:\n - id: ", kKeyName,
      "\n   algorithm: hmac-sha256\n   secret: ", kSecret,
      "\nacl:\n - id: open\n   address: 127.0.0.0/8\n   action: transfer\n",
      " - id: keyed\n   key: ", kKeyName, "\n   action: transfer\n",
      "template:\n - id: default\n   storage: ", Quoted(folder),
      "\n   zonefile-load: whole\n   journal-content: none\n",
      "   zonefile-sync: -1\nzone:\n");
  for (const ServedZone& served : zones) {
    absl::StrAppend(&text, " - domain: ", served.zone.apex,
                    "\n   file: ", served.zone.apex,
                    "\n   acl: ", served.needs_key ? "keyed" : "open", "\n");
  }
  return text;
}

std::string BindConfig(const std::string& address, const std::string& folder,
                       const std::vector<ServedZone>& zones) {
  std::string text = absl::StrCat(
      "options { directory ", Quoted(folder), "; listen-on port 53 { ", address,
      "; }; listen-on-v6 { none; }; recursion no; notify no; pid-file none;",
      " session-keyfile none; dnssec-validation no;"
      " check-names primary ignore; };\ncontrols { };\nkey ",
      Quoted(kKeyName), " { algorithm hmac-sha256; secret ", Quoted(kSecret),
      "; };\n");
  for (const ServedZone& served : zones) {
    absl::StrAppend(
        &text, "zone ", Quoted(served.zone.apex), " { type primary; file ",
        Quoted(served.zone.apex), "; allow-transfer { ",
        served.needs_key ? absl::StrCat("key ", kKeyName) : std::string("any"),
        "; }; };\n");
  }
  return text;
}

// The configuration's text, and the command that reads it from `path`.
struct Setting {
  std::string text;
  std::vector<std::string> command;
};

std::string ProgramOf(Software software) {
  switch (software) {
    case Software::kNsd:
      return "nsd";
    case Software::kKnot:
      return "knotd";
    case Software::kBind:
      return "named";
  }
  return "";
}

Setting SettingOf(Software software, const std::string& address,
                  const std::string& folder, const std::string& path,
                  const std::vector<ServedZone>& zones) {
  const std::string program = world::FindProgram(ProgramOf(software));
  switch (software) {
    case Software::kNsd:
      return {NsdConfig(address, folder, zones), {program, "-d", "-c", path}};
    case Software::kKnot:
      return {KnotConfig(address, folder, zones), {program, "-c", path}};
    case Software::kBind:
      return {BindConfig(address, folder, zones),
              {program, "-g", "-n", "1", "-c", path}};
  }
  return {};
}

}  // namespace

std::string SoftwareName(Software software) {
  switch (software) {
    case Software::kNsd:
      return "nsd";
    case Software::kKnot:
      return "knot";
    case Software::kBind:
      return "bind9";
  }
  return "";
}

std::string MissingPackage(Software software) {
  const bool is_here = !world::FindProgram(ProgramOf(software)).empty();
  return is_here ? "" : SoftwareName(software);
}

TransferServer::TransferServer(Software software, const std::string& address,
                               const std::vector<ServedZone>& zones,
                               const std::string& folder)
    : address_(address), log_path_(folder + "/log") {
  std::filesystem::create_directories(folder + "/db");
  for (const ServedZone& served : zones) {
    WriteFileOctets(folder + "/" + served.zone.apex, served.zone.Text());
  }
  const std::string path = folder + "/config";
  const Setting setting = SettingOf(software, address, folder, path, zones);
  WriteFileOctets(path, setting.text);
  process_.Start(setting.command, log_path_);
}

std::string TransferServer::WaitReady(const std::string& apex) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline && process_.Running()) {
    world::DnsClient client(address_, false, 200, 1);
    const world::Reply reply = client.Ask(apex, "SOA");
    if (reply.rcode == "NOERROR" && !reply.answer.empty()) return "";
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::StrCat("no answer for ", apex, ":\n", ReadFileOctets(log_path_));
}

}  // namespace transfer
