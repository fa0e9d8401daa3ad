// The servers, the top of the tree, and the registries (ITERATION.md 4.2).
#include "tests/world/networks.h"

namespace world {
namespace {

constexpr char kTopNs[] = "ns1.example.net";

// `mname` in a registry's domain makes a denial from the zone "undelegated"
// (VERDICTS.md 2, status 3).
void AddRegistryZone(Model* model, const std::string& apex,
                     const std::string& mname, const std::string& rname) {
  Zone zone = ZoneAt(apex, {kTopNs}, {"root"});
  zone.soa = {.mname = mname, .rname = rname};
  model->AddZone(std::move(zone));
}

void AddServers(Model* model) {
  model->AddServer(
      {.name = "root",
       .addresses = {"127.0.53.1", kRootAddress, "2001:503:ba3e::2:30"},
       .healthy_zone = "."});
  model->AddServer(
      {.name = "stray", .addresses = {"127.0.53.9"}, .healthy_zone = "."});
  model->AddServer({.name = "authority",
                    .addresses = {"127.0.53.4", "fd53::4"},
                    .healthy_zone = "example.net"});
  model->AddServer({.name = "direct",
                    .addresses = {kDirectAddress},
                    .healthy_zone = "18.198.in-addr.arpa"});
  model->AddServer({.name = "silent",
                    .software = Software::kSilent,
                    .addresses = {"127.0.53.99"},
                    .healthy_zone = ""});
  model->AddServer({.name = "resolver",
                    .software = Software::kUnbound,
                    .addresses = {kResolverAddress},
                    .healthy_zone = "example.net"});
}

void AddTopZones(Model* model) {
  Zone root = ZoneAt(".", {"a.root-servers.net"}, {"root", "stray"});
  root.soa.rname = "nstld.example.net";
  model->AddZone(std::move(root));
  for (const char* tld : {"net", "com"}) model->AddZone(OperatorZone(tld));
  for (const char* apex : {"org", "root-servers.net", "arpa"}) {
    model->AddZone(ZoneAt(apex, {kTopNs}, {"root"}));
  }
  for (const char* apex : {"example.net", "example.com", "example.org"}) {
    model->AddZone(OperatorZone(apex));
  }
}

void AddNameServerHosts(Model* model) {
  model->NameServer("a.root-servers.net",
                    {kRootAddress, "2001:503:ba3e::2:30"});
  model->NameServer(kTopNs, {"127.0.53.1"});
  model->NameServer("ns4.example.net", {"127.0.53.4"});
  model->NameServer("ns6.example.net", {"fd53::4"});
  model->NameServer("ns5.example.net", {kDirectAddress});
  model->NameServer("ns9.example.net", {"127.0.53.9"});
  model->NameServer("ns98.example.net", {"127.0.53.98"});
  model->NameServer("ns99.example.net", {"127.0.53.99"});
}

void AddRegistries(Model* model) {
  AddRegistryZone(model, "in-addr.arpa", "b.in-addr-servers.arpa",
                  "nstld.iana.org");
  AddRegistryZone(model, "ip6.arpa", "b.ip6-servers.arpa", "nstld.iana.org");
  AddRegistryZone(model, "192.in-addr.arpa", "z.arin.net", "dns-ops.arin.net");
  AddRegistryZone(model, "198.in-addr.arpa", "z.arin.net", "dns-ops.arin.net");
  AddRegistryZone(model, "203.in-addr.arpa", "ns1.apnic.net",
                  "read-txt-record-of-zone-first-dns-admin.apnic.net");
  AddRegistryZone(model, "0.1.0.0.2.ip6.arpa", "pri.authdns.ripe.net",
                  "dns.ripe.net");
  // Nobody is delegated these: denied by 203, in-addr.arpa, 0.1.0.0.2 and
  // ip6.arpa.
  model->AddTarget("203.0.113.0/24", "v4");
  model->AddTarget("240.0.0.0/30", "v4");
  model->AddTarget("2001:2::/124", "v6");
  model->AddTarget("3fff::/124", "v6");
}

}  // namespace

std::vector<std::string> OperatorNameServers() {
  return {"ns4.example.net", "ns6.example.net"};
}

Zone ZoneAt(const std::string& apex,
            const std::vector<std::string>& name_servers,
            const std::vector<std::string>& served_by) {
  Zone zone;
  zone.apex = apex;
  zone.name_servers = name_servers;
  zone.served_by = served_by;
  zone.soa = {.mname = name_servers.front(), .rname = "dns.example.net"};
  return zone;
}

Zone OperatorZone(const std::string& apex) {
  return ZoneAt(apex, OperatorNameServers(), {"authority"});
}

void AddServersAndRegistries(Model* model) {
  AddServers(model);
  AddTopZones(model);
  AddNameServerHosts(model);
  AddRegistries(model);
}

std::unique_ptr<Model> BuildWorld(uint64_t seed, bool with_bench) {
  auto model = std::make_unique<Model>(seed);
  AddServersAndRegistries(model.get());
  AddDemoNetwork(model.get());
  AddFaultNetworks(model.get());
  AddBenchNetwork(model.get(), with_bench);
  return model;
}

}  // namespace world
