// Blocks of 10.0.0.0/8 for scans that ask the authorities: delegations of every
// kind, each a /24 (10.20.0.0/16), and large blocks in which there is something
// to save or to get wrong by saving. ITERATION.md 4.3, where 10.30, 10.31 and
// 10.32 are called 198.18, 198.19 and 198.51.100.
#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/world/names.h"
#include "tests/world/networks.h"
#include "tests/world/odd_server.h"

namespace world {
namespace {

constexpr char kList[] = "iterate";
constexpr char kForward[] = ".ten.example.net";

std::string IpOf(unsigned second, unsigned third, unsigned host) {
  return "10." + std::to_string(second) + "." + std::to_string(third) + "." +
         std::to_string(host);
}

// "third.second.10.in-addr.arpa"
std::string BlockName(unsigned second, unsigned third) {
  return std::to_string(third) + "." + std::to_string(second) +
         ".10.in-addr.arpa";
}

std::string BlockPrefix(unsigned second, unsigned third) {
  return IpOf(second, third, 0) + "/24";
}

// The first hosts of a block, each right; all 256, or from 1 on.
void Fill(Model* model, unsigned second, unsigned third, unsigned hosts) {
  const unsigned first = hosts == 256 ? 0 : 1;
  for (unsigned host = first; host < first + hosts; ++host) {
    const unsigned number = third * 256 + host;
    model->Host(IpOf(second, third, host),
                "unit-" + Letters(number) + "." + Letters(second) + kForward);
  }
}

// 10.20.THIRD.0/24 as a zone, and as a target.
Zone& AddBlock(Model* model, unsigned third,
               const std::vector<std::string>& name_servers,
               const std::vector<std::string>& served_by) {
  model->AddTarget(BlockPrefix(20, third), kList);
  return model->AddZone(ZoneAt(BlockName(20, third), name_servers, served_by));
}

// An alias chain of `hops` CNAMEs that goes to and fro between two servers.
void AddChain(Model* model, unsigned host, int hops) {
  const std::string ip = IpOf(20, 0, host);
  std::string owner = Address::Of(ip).ReverseName();
  for (int hop = 1; hop <= hops; ++hop) {
    const std::string target =
        Letters(static_cast<unsigned>(hop)) + ".chain" + Letters(host) +
        (hop % 2 == 0 ? kForward : ".rewritten.example.net");
    model->Alias(owner, target);
    owner = target;
  }
  model->PtrAt(owner, ip, "end-" + Letters(host) + kForward);
  model->Forward("end-" + Letters(host) + kForward, ip);
}

// 10.20.0.0/24: RFC 2317. The children are on another server.
void AddClassless(Model* model) {
  const std::string parent = BlockName(20, 0);
  AddBlock(model, 0, OperatorNameServers(), {"authority"});
  const std::pair<unsigned, std::string> children[] = {
      {0, Join(EscapeLabel("0/25", true), parent)},
      {128, Join("128-255", parent)},
      {200, "outside.rewritten.example.net"}};
  for (const auto& [first, child] : children) {
    if (IsBelow(child, parent)) {
      model->AddZone(ZoneAt(child, {"ns17.example.net"}, {"synth"}));
    }
    const unsigned end = first == 0 ? 120 : first + 8;
    for (unsigned host = first; host < end; ++host) {
      const std::string alias = Join(std::to_string(host), child);
      model->Alias(Join(std::to_string(host), parent), alias);
      if (host % 8 == 5) continue;  // dangling
      const std::string name = "lan-" + Letters(host) + kForward;
      model->PtrAt(alias, IpOf(20, 0, host), name);
      model->Forward(name, IpOf(20, 0, host));
    }
  }
  model->Alias(Join("212", parent), "ring-a.rewritten.example.net");
  model->Alias("ring-a.rewritten.example.net",
               std::string("ring-b") + kForward);
  model->Alias(std::string("ring-b") + kForward,
               "ring-a.rewritten.example.net");
  AddChain(model, 213, 11);
  AddChain(model, 214, 12);
}

// 10.20.1.0/24: a DNAME to another server's zone.
void AddRewritten(Model* model) {
  model->Add(BlockName(20, 1), Type::kDname, "one.rewritten.example.net");
  for (unsigned host = 1; host <= 64; ++host) {
    const std::string name = "moved-" + Letters(host) + kForward;
    model->PtrAt(std::to_string(host) + ".one.rewritten.example.net",
                 IpOf(20, 1, host), name);
    model->Forward(name, IpOf(20, 1, host));
  }
  model->AddTarget(BlockPrefix(20, 1), kList);
}

// 10.20.2.0/24: one name for all that have none of their own. 10.20.3.0/24: an
// answer that UDP does not carry.
void AddWildcardAndLargeSet(Model* model) {
  AddBlock(model, 2, OperatorNameServers(), {"authority"});
  model->Add(Join(kWildcardLabel, BlockName(20, 2)), Type::kPtr,
             std::string("any") + kForward);
  model->Forward(std::string("any") + kForward, IpOf(20, 2, 77));
  Fill(model, 20, 2, 8);
  model->Text(Address::Of(IpOf(20, 2, 9)).ReverseName());  // NODATA
  AddBlock(model, 3, OperatorNameServers(), {"authority"});
  for (unsigned i = 0; i < 100; ++i) {
    model->Ptr(IpOf(20, 3, 1), "tenant-" + Letters(i) + kForward);
  }
  model->Forward("tenant-" + Letters(0) + kForward, IpOf(20, 3, 1));
  model->Add(Address::Of(IpOf(20, 3, 2)).ReverseName(), Type::kPtr,
             std::string("restless") + kForward, 60);
  model->Forward(std::string("restless") + kForward, IpOf(20, 3, 2));
}

// 10.20.4 to 12: delegations that lead nowhere, each in its own way.
void AddBroken(Model* model) {
  AddBlock(model, 4, {"ns9.example.net"}, {});  // upward referral
  AddBlock(model, 5, {"ns4.example.net"}, {});  // refers to itself
  AddBlock(model, 6, {"ns3.example.net"}, {});  // REFUSED
  AddBlock(model, 7, {"ns17.example.net"}, {"synth"}).source =
      Source::kMissingFile;                                          // SERVFAIL
  AddBlock(model, 8, {"ns98.example.net", "ns99.example.net"}, {});  // silent
  AddBlock(model, 9, {"ns.gone.example.org"}, {});
  model->AddZone(ZoneAt("loop-c.example.org", {"ns.loop-d.example.org"}, {}));
  model->AddZone(ZoneAt("loop-d.example.org", {"ns.loop-c.example.org"}, {}));
  AddBlock(model, 10, {"ns.loop-c.example.org"}, {});
  AddBlock(model, 11, {"ns10.example.net"}, {});
  AddBlock(model, 12, {"ns15.example.net"}, {});
}

// 10.20.13 to 17: delegations that work, in spite of something.
void AddHalfBroken(Model* model) {
  AddBlock(model, 13, {"ns14.example.net", "ns3.example.net"}, {"second"})
      .apex_name_servers = {"ns14.example.net"};
  AddBlock(model, 14, {"ns14six.example.net"}, {"second"});
  AddBlock(model, 15, OperatorNameServers(), {"authority"});
  AddBlock(model, 16, {"ns20.example.net"}, {"poison"});
  AddBlock(model, 17, {"ns21.example.net"}, {"no-edns"});
  for (unsigned third = 13; third <= 17; ++third) {
    Fill(model, 20, third, 20);
  }
  model->Host(IpOf(20, 16, 30), "one.poison.example.net");
}

// `wanted` of the numbers 0 to 255, by seed, ascending.
std::vector<unsigned> SomeBlocks(Model* model, unsigned salt, size_t wanted) {
  std::vector<unsigned> blocks(256);
  std::iota(blocks.begin(), blocks.end(), 0U);
  std::mt19937_64 random(model->seed() * 1000 + salt);
  for (size_t i = blocks.size(); i > 1; --i) {
    std::swap(blocks[i - 1], blocks[random() % i]);
  }
  blocks.resize(wanted);
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

// 10.SECOND.0.0/16 with `wanted` blocks of so many hosts.
void AddSuperBlock(Model* model, unsigned second, Zone zone, size_t wanted,
                   unsigned hosts) {
  zone.apex = std::to_string(second) + ".10.in-addr.arpa";
  model->AddZone(std::move(zone));
  for (const unsigned third : SomeBlocks(model, second, wanted)) {
    Fill(model, second, third, hosts);
  }
}

void AddSuperBlocks(Model* model) {
  // Nothing there, and nobody can prove it.
  AddSuperBlock(model, 21, OperatorZone(""), 0, 0);
  model->AddTarget("10.21.0.0/16", "iterate-empty");
  Zone online = ZoneAt("", {"ns17.example.net"}, {"synth"});
  online.signing = Signing::kOnline;
  AddSuperBlock(model, 22, std::move(online), 3, 200);
  model->AddTarget("10.22.0.0/16", "iterate-online", /*prunable=*/true);
  // It tells absent from empty.
  AddSuperBlock(model, 30, OperatorZone(""), 40, 256);
  model->AddTarget("10.30.0.0/16", "iterate-honest", /*prunable=*/true);
  AddSuperBlock(model, 34, OperatorZone(""), 128, 256);
  model->AddTarget("10.34.0.0/16", "iterate-half", /*prunable=*/true);
  // It does not: absent is said of blocks that have hosts.
  AddSuperBlock(model, 31, ZoneAt("", {"ns06.example.net"}, {"unrectified"}), 8,
                20);
  model->AddTarget("10.31.0.0/16", "iterate-denied");
}

// 10.32.0.0/24: two servers that differ.
void AddTwoServers(Model* model) {
  Zone zone =
      ZoneAt("0.32.10.in-addr.arpa", {"ns3.example.net", "ns14.example.net"},
             {"operator", "second"});
  zone.soa.serial = 7;
  zone.lag = {"second", 5, "9.0.32.10.in-addr.arpa",
              std::string("former") + kForward};
  model->AddZone(std::move(zone));
  Fill(model, 32, 0, 256);
  model->Forward(std::string("former") + kForward, IpOf(32, 0, 9));
  model->AddTarget("10.32.0.0/24", kList);
}

// Blocks whose absence is signed, in NSEC3 and in NSEC.
void AddSignedAbsence(Model* model) {
  Zone zone = ZoneAt("33.10.in-addr.arpa", {"ns2.example.net"}, {"registry"});
  zone.signing = Signing::kNsec3;
  model->AddZone(std::move(zone));
  Fill(model, 33, 3, 10);
  Fill(model, 33, 11, 10);
  model->AddTarget("10.33.0.0/20", kList, /*prunable=*/true);
  model->AddTarget("192.0.0.0/24", kList, /*prunable=*/true);
  model->AddTarget("192.168.64.0/20", kList, /*prunable=*/true);
}

void AddServer(Model* model, const std::string& name, Software software,
               const std::vector<std::string>& addresses, Habit habit,
               const std::string& healthy_zone) {
  model->AddServer({.name = name,
                    .software = software,
                    .habit = habit,
                    .addresses = addresses,
                    .healthy_zone = healthy_zone});
}

}  // namespace

void AddIterateServers(Model* model) {
  const Habit none = Habit::kNone;
  AddServer(model, "registry", Software::kKnot, {"127.0.53.2"}, none, "arpa");
  AddServer(model, "operator", Software::kBind, {"127.0.53.3"}, none,
            "0.32.10.in-addr.arpa");
  AddServer(model, "unrectified", Software::kPdns, {"127.0.53.6"}, none,
            "31.10.in-addr.arpa");
  AddServer(model, "recursive", Software::kBind, {"127.0.53.10"},
            Habit::kRecursive, "example.net");
  AddServer(model, "second", Software::kNsd, {"127.0.53.14", "fd53::14"}, none,
            "0.32.10.in-addr.arpa");
  AddServer(model, "catch-all", Software::kBind, {"127.0.53.15"},
            Habit::kCatchAll, "in-addr.arpa");
  AddServer(model, "synth", Software::kKnot, {"127.0.53.17"}, none,
            "22.10.in-addr.arpa");
  AddServer(model, "poison", Software::kOwn, {"127.0.53.20"}, Habit::kPoison,
            "16.20.10.in-addr.arpa");
  AddServer(model, "no-edns", Software::kOwn, {"127.0.53.21"}, Habit::kNoEdns,
            "17.20.10.in-addr.arpa");
  AddServer(model, "forger", Software::kOwn, {kForgerAddress}, Habit::kForger,
            ".");
  for (const char* number : {"2", "3", "10", "14", "15", "17", "20", "21"}) {
    model->NameServer(std::string("ns") + number + ".example.net",
                      {std::string("127.0.53.") + number});
  }
  model->NameServer("ns06.example.net", {"127.0.53.6"});
  model->NameServer("ns14six.example.net", {"fd53::14"});
}

void AddIterateNetworks(Model* model) {
  model->AddZone(OperatorZone("10.in-addr.arpa"));
  model->AddZone(OperatorZone("20.10.in-addr.arpa"));
  model->AddZone(
      ZoneAt("rewritten.example.net", {"ns17.example.net"}, {"synth"}));
  AddClassless(model);
  AddRewritten(model);
  AddWildcardAndLargeSet(model);
  AddBroken(model);
  AddHalfBroken(model);
  AddSuperBlocks(model);
  AddTwoServers(model);
  AddSignedAbsence(model);
}

}  // namespace world
