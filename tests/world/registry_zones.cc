// The servers, the top of the tree, and the registries (ITERATION.md 4.2).
#include "tests/world/networks.h"
#include "tests/world/walk/walk_networks.h"

namespace world {
namespace {

constexpr char kTopNs[] = "ns1.example.net";
constexpr char kRegistryNs[] = "ns2.example.net";

// Who serves arpa and the registries' zones.
struct Registrar {
  std::string ns_name = kTopNs;
  std::string server = "root";
  Signing nsec = Signing::kNone;
  Signing nsec3 = Signing::kNone;
};

Registrar RegistrarOf(const Extent& extent) {
  if (!extent.iterate && !extent.walk) return {};
  return {kRegistryNs, "registry", Signing::kNsec, Signing::kNsec3};
}

// `mname` in a registry's domain makes a denial from the zone "undelegated"
// (VERDICTS.md 2, status 3).
void AddRegistryZone(Model* model, const Registrar& registrar,
                     const std::string& apex, const Soa& soa,
                     Signing signing = Signing::kNone) {
  Zone zone = ZoneAt(apex, {registrar.ns_name}, {registrar.server});
  zone.soa = soa;
  zone.signing = signing;
  model->AddZone(std::move(zone));
}

void AddServers(Model* model, const Extent& extent) {
  model->AddServer(
      {.name = "root",
       .addresses = {"127.0.53.1", kRootAddress, "2001:503:ba3e::2:30"},
       .healthy_zone = "."});
  model->AddServer(
      {.name = "stray", .addresses = {"127.0.53.9"}, .healthy_zone = "."});
  model->AddServer({.name = "authority",
                    .addresses = {"127.0.53.4", "fd53::4"},
                    .healthy_zone = "example.net",
                    .transfers = extent.walk});
  model->AddServer({.name = "direct",
                    .addresses = {kDirectAddress},
                    .healthy_zone = "18.198.in-addr.arpa",
                    .transfers = true});
  model->AddServer({.name = "silent",
                    .software = Software::kSilent,
                    .addresses = {"127.0.53.99"},
                    .healthy_zone = ""});
  model->AddServer({.name = "resolver",
                    .software = Software::kUnbound,
                    .addresses = {kResolverAddress},
                    .healthy_zone = "example.net"});
}

void AddTopZones(Model* model, const Registrar& registrar) {
  Zone root = ZoneAt(".", {"a.root-servers.net"}, {"root", "stray"});
  root.soa.rname = "nstld.example.net";
  model->AddZone(std::move(root));
  for (const char* tld : {"net", "com"}) model->AddZone(OperatorZone(tld));
  for (const char* apex : {"org", "root-servers.net"}) {
    model->AddZone(ZoneAt(apex, {kTopNs}, {"root"}));
  }
  model->AddZone(ZoneAt("arpa", {registrar.ns_name}, {registrar.server}));
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

void AddRegistries(Model* model, const Registrar& registrar) {
  const Soa arin = {.mname = "z.arin.net", .rname = "dns-ops.arin.net"};
  AddRegistryZone(
      model, registrar, "in-addr.arpa",
      {.mname = "b.in-addr-servers.arpa", .rname = "nstld.iana.org"});
  AddRegistryZone(model, registrar, "ip6.arpa",
                  {.mname = "b.ip6-servers.arpa", .rname = "nstld.iana.org"});
  AddRegistryZone(model, registrar, "192.in-addr.arpa", arin, registrar.nsec);
  AddRegistryZone(model, registrar, "198.in-addr.arpa", arin, registrar.nsec3);
  AddRegistryZone(
      model, registrar, "203.in-addr.arpa",
      {.mname = "ns1.apnic.net",
       .rname = "read-txt-record-of-zone-first-dns-admin.apnic.net"});
  AddRegistryZone(model, registrar, "0.1.0.0.2.ip6.arpa",
                  {.mname = "pri.authdns.ripe.net", .rname = "dns.ripe.net"});
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

void AddServersAndRegistries(Model* model, const Extent& extent) {
  const Registrar registrar = RegistrarOf(extent);
  AddServers(model, extent);
  AddTopZones(model, registrar);
  AddNameServerHosts(model);
  if (extent.iterate) AddIterateServers(model);
  if (extent.walk) AddWalkServers(model);
  AddRegistries(model, registrar);
}

std::unique_ptr<Model> BuildWorld(uint64_t seed, const Extent& extent) {
  auto model = std::make_unique<Model>(seed);
  AddServersAndRegistries(model.get(), extent);
  AddDemoNetwork(model.get());
  AddFaultNetworks(model.get());
  AddBenchNetwork(model.get(), extent.bench);
  if (extent.iterate) AddIterateNetworks(model.get());
  if (extent.walk) AddWalkNetworks(model.get());
  return model;
}

}  // namespace world
