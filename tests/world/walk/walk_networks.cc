#include "tests/world/walk/walk_networks.h"

#include <cstdio>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include "tests/world/names.h"
#include "tests/world/networks.h"
#include "tests/world/walk/block.h"
#include "tests/world/walk/nibbles.h"

namespace world {
namespace {

constexpr unsigned kFirstCase = 0xa001;
constexpr unsigned kLastCase = 0xa020;
constexpr unsigned kCases[] = {0xa001, 0xa002, 0xa003, 0xa004, 0xa005, 0xa006,
                               0xa007, 0xa008, 0xa009, 0xa00a, 0xa00b, 0xa00c,
                               0xa00d, 0xa00e, 0xa00f, 0xa010, 0xa011, 0xa012,
                               0xa013, 0xa014, 0xa015, 0xa016, 0xa017, 0xa018,
                               0xa019, 0xa01a, 0xa01b, 0xa020};
static_assert(kCases[0] == kFirstCase &&
              kCases[std::size(kCases) - 1] == kLastCase);

const std::vector<std::string> kSynthNs = {"ns17.example.net"};

// The /48s that the /32 has in its own zone: the first nibble 0 to 9.
constexpr unsigned kOwnBlocks = 64;

void AddOwnBlocks(Model* model) {
  std::mt19937_64 random(model->seed());
  std::set<unsigned> numbers;
  while (numbers.size() < kOwnBlocks) {
    const auto first = static_cast<unsigned>(numbers.size()) % 10;
    // Beyond the blocks 53 to 55 of the other networks.
    numbers.insert(first << 12 |
                   (0x100 + static_cast<unsigned>(random() % 0xf00)));
  }
  for (const unsigned number : numbers) {
    Block block(model, number);
    block.Populate(block.Subnets(4, 0, 0x100), 32, 4);
  }
}

// a020: nothing but hosts. Two of its subnets are known, for the cases with
// longer prefixes.
void AddClean(Model* model) {
  Block block(model, 0xa020);
  block.AddZone(OperatorNameServers(), {"authority"});
  std::vector<unsigned> subnets = block.Subnets(9, 0x100, 0x10000);
  subnets.push_back(0x10);
  block.Populate(subnets, 491, 84);
}

// a007: NSEC, with two delegations, one of them signed, a wildcard with hosts
// beside it, two addresses by alias and a name without PTR.
void AddNsec(Model* model) {
  Block block(model, 0xa007);
  Zone& zone = block.AddZone(kSynthNs, {"synth"});
  zone.signing = Signing::kNsec;
  for (const unsigned subnet : {0xc100U, 0xc200U}) {
    const std::string child = NameOf(block.PrefixOf(subnet, 56));
    model->AddZone(OperatorZone(child));
    block.Populate({subnet + 5}, 4);
  }
  zone.Add({NameOf(block.PrefixOf(0xc100, 56)), Type::kDs, kDefaultTtl,
            "12345 13 2 "
            "00112233445566778899aabbccddeeff"
            "00112233445566778899aabbccddeeff"});
  block.AddWildcard(block.PrefixOf(0xd000, 52), Type::kPtr,
                    block.ForwardName("any"));
  block.Populate({0xd123}, 3);
  const std::vector<unsigned> subnets = block.Subnets(12, 0, 0xb000);
  block.Populate(subnets, 495, 80);
  for (unsigned i = 0; i < 2; ++i) {
    const Address ip = block.PrefixOf(0xb00b).first.Plus(1 + i);
    const std::string target = block.ForwardName("by-alias-" + Letters(i));
    model->Alias(ip.ReverseName(), target);
    block.AddHost(ip, target);
  }
  model->Text(block.PrefixOf(0xb00b).first.Plus(9).ReverseName());
}

// a008, a010, a012: other kinds of signing. a011 narrow, by PowerDNS.
void AddSigned(Model* model) {
  struct Kind {
    unsigned number;
    Signing signing;
    size_t hosts;
    size_t scattered;
    bool by_pdns;
  };
  for (const Kind& kind : {Kind{0xa008, Signing::kNsec3, 497, 76, false},
                           Kind{0xa010, Signing::kOnline, 60, 15, false},
                           Kind{0xa011, Signing::kNarrow, 60, 15, true},
                           Kind{0xa012, Signing::kOptOut, 60, 15, false}}) {
    Block block(model, kind.number);
    Zone& zone = kind.by_pdns
                     ? block.AddZone({"ns07.example.net"}, {"rectified"})
                     : block.AddZone(kSynthNs, {"synth"});
    zone.signing = kind.signing;
    const std::vector<unsigned> subnets =
        block.Subnets(kind.hosts / 30, 0, 0x10000);
    block.Populate(subnets, kind.hosts, kind.scattered);
  }
}

// a00f: PTRs at names of /64s, one of them without a host below it, and an
// address that has something else than a PTR.
void AddShortNames(Model* model) {
  Block block(model, 0xa00f);
  block.AddZone(OperatorNameServers(), {"authority"});
  const std::vector<unsigned> subnets = block.Subnets(3, 0, 0x10000);
  for (const size_t i : {0U, 1U}) {
    model->Add(
        NameOf(block.PrefixOf(subnets[i])), Type::kPtr,
        block.ForwardName("subnet-" + Letters(static_cast<unsigned>(i))));
  }
  block.Populate({subnets[1], subnets[2]}, 16, 2);
  model->Text(block.PrefixOf(subnets[2]).first.Plus(0x50).ReverseName());
}

// a013: a child zone on its parent's server. a017: nothing. a018: all names
// right below the /48 exist.
void AddQuiet(Model* model) {
  Block parent(model, 0xa013);
  parent.AddZone(OperatorNameServers(), {"authority"});
  model->AddZone(OperatorZone(NameOf(parent.PrefixOf(0x7000, 52))));
  parent.Populate({0x10, 0x20, 0x7001, 0x7002}, 40, 4);
  Block(model, 0xa017).AddZone(OperatorNameServers(), {"authority"});
  Block full(model, 0xa018);
  full.AddZone(OperatorNameServers(), {"authority"});
  std::vector<unsigned> subnets;
  for (unsigned nibble = 0; nibble < 16; ++nibble) {
    subnets.push_back(full.Subnets(1, nibble << 12, (nibble + 1) << 12)[0]);
  }
  full.Populate(subnets, 32);
}

// a016, a01b: servers that answer 200 denials a second.
void AddRateLimited(Model* model) {
  Block by_bind(model, 0xa016);
  by_bind.AddZone({"ns12.example.net"}, {"limited-bind"});
  Block by_nsd(model, 0xa01b);
  by_nsd.AddZone({"ns13.example.net"}, {"limited-nsd"});
  for (Block* block : {&by_bind, &by_nsd}) {
    block->Populate(block->Subnets(20, 0, 0x10000), 500);
  }
}

}  // namespace

std::vector<WalkCase> WalkCases() {
  std::vector<WalkCase> cases = {{"all", "2001:db8::/32"}};
  for (const unsigned number : kCases) {
    char name[5];
    std::snprintf(name, sizeof name, "%04x", number);
    cases.push_back({name, std::string("2001:db8:") + name + "::/48"});
  }
  cases.push_back({"undelegated", "3fff::/20"});
  // Names that their zone denies, and some that are made up.
  cases.push_back({"absent", "2001:db8:a017:1::/64"});
  cases.push_back({"absent-signed", "2001:db8:a007:e000::/52"});
  cases.push_back({"made-up", "2001:db8:a001:5100::/56"});
  cases.push_back({"p29", "2001:db8::/29"});
  cases.push_back({"p33", "2001:db8::/33"});
  cases.push_back({"p60", "2001:db8:a020:10::/60"});
  cases.push_back({"p124", "2001:db8:a020:10::/124"});
  cases.push_back({"p128", "2001:db8:a020:10::1b/128"});
  return cases;
}

void AddWalkServers(Model* model) {
  const auto add = [model](Server server) {
    model->AddServer(std::move(server));
  };
  add({"registry", Software::kKnot, Habit::kNone, {"127.0.53.2"}, "arpa"});
  Server giving = {"operator",
                   Software::kBind,
                   Habit::kNone,
                   {"127.0.53.3"},
                   Block(model, 0xa003).apex()};
  giving.transfers = true;
  add(giving);
  add({"unrectified",
       Software::kPdns,
       Habit::kNone,
       {"127.0.53.6"},
       Block(model, 0xa002).apex()});
  Server rectified = {"rectified",
                      Software::kPdns,
                      Habit::kNone,
                      {"127.0.53.7"},
                      Block(model, 0xa00a).apex()};
  rectified.rectified = true;
  add(std::move(rectified));
  add({"tiny",
       Software::kTinydns,
       Habit::kNone,
       {"127.0.53.8"},
       Block(model, 0xa009).apex()});
  giving = {"synth",
            Software::kKnot,
            Habit::kNone,
            {"127.0.53.17"},
            Block(model, 0xa001).apex()};
  giving.transfers = true;
  add(giving);
  Server limited = {"limited-bind",
                    Software::kBind,
                    Habit::kNone,
                    {"10.53.0.12"},
                    Block(model, 0xa016).apex()};
  limited.rate_limited = true;
  add(limited);
  limited = {"limited-nsd",
             Software::kNsd,
             Habit::kNone,
             {"10.53.0.13"},
             Block(model, 0xa01b).apex()};
  limited.rate_limited = true;
  add(limited);
  for (const char* number : {"2", "3", "8", "17"}) {
    model->NameServer(std::string("ns") + number + ".example.net",
                      {std::string("127.0.53.") + number});
  }
  model->NameServer("ns06.example.net", {"127.0.53.6"});
  model->NameServer("ns07.example.net", {"127.0.53.7"});
  model->NameServer("ns12.example.net", {"10.53.0.12"});
  model->NameServer("ns13.example.net", {"10.53.0.13"});
}

void AddWalkNetworks(Model* model) {
  model->SetWalked();
  AddOwnBlocks(model);
  AddClean(model);
  AddNsec(model);
  AddSigned(model);
  AddShortNames(model);
  AddQuiet(model);
  AddRateLimited(model);
  AddWalkFaults(model);
}

std::vector<Address> KnownAddresses(const Model& model) {
  std::vector<Address> known;
  for (const Zone& zone : model.zones()) {
    for (const std::string& owner : zone.late) {
      const auto prefix = PrefixOfName(owner);
      if (prefix) known.push_back(prefix->first);
    }
  }
  known.resize(known.size() / 2);
  return known;
}

}  // namespace world
