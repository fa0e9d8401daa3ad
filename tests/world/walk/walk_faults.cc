// The /48s in which something is wrong, or looks like endlessly many names.
#include "tests/world/names.h"
#include "tests/world/networks.h"
#include "tests/world/walk/block.h"
#include "tests/world/walk/nibbles.h"
#include "tests/world/walk/walk_networks.h"

namespace world {
namespace {

// a001: a PTR for each of the 2^76 addresses of a /52.
void AddSynthesized(Model* model) {
  Block block(model, 0xa001);
  block.AddZone({"ns17.example.net"}, {"synth"}).synthesized =
      TextOf(block.PrefixOf(0x5000, 52));
  block.Populate(block.Subnets(4, 0, 0x5000), 50, 10);
}

// a002, a009, a015: servers that deny empty non-terminals, all or some.
void AddBrokenEmptyNames(Model* model) {
  std::vector<unsigned> low_subnets(10);
  for (unsigned i = 0; i < 10; ++i) low_subnets[i] = i;
  Block unrectified(model, 0xa002);
  unrectified.AddZone({"ns06.example.net"}, {"unrectified"});
  unrectified.Populate(low_subnets, 200);
  Block tiny(model, 0xa009);
  tiny.AddZone({"ns8.example.net"}, {"tiny"});
  tiny.Populate({0, 1, 2}, 60);
  Block partly(model, 0xa015);
  Zone& zone = partly.AddZone({"ns07.example.net"}, {"rectified"});
  partly.Populate(partly.Subnets(3, 0x1000, 0x8000), 30, 3);
  for (const Address& ip :
       partly.Populate(partly.Subnets(2, 0x8000, 0x10000), 10)) {
    zone.late.insert(ip.ReverseName());
  }
}

// a003, a00a, a00b, a00e, a014: wildcards, with hosts that they do not cover
// but in the last.
void AddWildcards(Model* model) {
  Block one(model, 0xa003);
  one.AddZone({"ns3.example.net"}, {"operator"});
  one.AddWildcard(one.prefix(), Type::kPtr, one.ForwardName("any"));
  one.Populate(one.Subnets(8, 0, 0x3000), 40, 4);

  Block computed(model, 0xa00a);
  computed.AddZone({"ns07.example.net"}, {"rectified"});
  computed.AddWildcard(
      computed.prefix(), Type::kLua,
      "PTR \"createReverse6('%33%." + computed.ForwardName() + "')\"");
  computed.Populate(computed.Subnets(3, 0, 0x10000), 30, 3);

  Block many(model, 0xa00b);
  many.AddZone({"ns3.example.net"}, {"operator"});
  for (unsigned subnet = 0; subnet < 0x10000; subnet += 0x100) {
    many.AddWildcard(many.PrefixOf(subnet, 56), Type::kPtr,
                     many.ForwardName("any"));
  }
  many.Populate(many.Subnets(16, 0, 0x10000), 16);

  Block alias(model, 0xa00e);
  alias.AddZone(OperatorNameServers(), {"authority"});
  alias.AddWildcard(alias.prefix(), Type::kCname, alias.ForwardName("pool"));
  model->Add(alias.ForwardName("pool"), Type::kPtr, alias.ForwardName("any"));
  alias.Populate(alias.Subnets(3, 0, 0x8000), 12);

  Block dense(model, 0xa014);
  dense.AddZone({"ns3.example.net"}, {"operator"});
  for (unsigned subnet = 0; subnet < 0x10000; subnet += 0x10) {
    dense.AddWildcard(dense.PrefixOf(subnet, 60), Type::kPtr,
                      dense.ForwardName("any"));
  }
}

// a004, a005, a006, a019, a01a: nobody serves them.
void AddUnserved(Model* model) {
  Block(model, 0xa004).AddZone({"ns3.example.net"}, {});
  Block(model, 0xa005).AddZone({"ns99.example.net"}, {});
  Block(model, 0xa006).AddZone({"ns17.example.net"}, {"synth"}).source =
      Source::kMissingFile;
  Block(model, 0xa019).AddZone({"ns4.example.net"}, {});
  Block(model, 0xa01a).AddZone({"ns.gone.example.org"}, {});
}

// a00c: the zone of the /32 leads elsewhere for the whole /48. a00d: two trees
// that lead to one another, each on its own server, and hosts beside the way
// there.
void AddRedirects(Model* model) {
  Block moved(model, 0xa00c);
  const std::string tree = "tree.six.example.net";
  model->AddZone(ZoneAt(tree, {"ns17.example.net"}, {"synth"}));
  model->Add(moved.apex(), Type::kDname, tree);
  for (const unsigned subnet : {0x21U, 0x34U}) {
    for (unsigned host = 1; host <= 10; ++host) {
      const Address ip = moved.PrefixOf(subnet).first.Plus(host * 5);
      const std::string name = ip.ReverseName();
      moved.AddHost(
          ip,
          Join(name.substr(0, name.size() - moved.apex().size() - 1), tree));
    }
  }

  Block circle(model, 0xa00d);
  circle.AddZone(OperatorNameServers(), {"authority"});
  circle.Populate({0x2}, 10);
  model->AddZone(
      ZoneAt("six-a.example.net", {"ns3.example.net"}, {"operator"}));
  model->AddZone(ZoneAt("six-b.example.net", {"ns17.example.net"}, {"synth"}));
  const std::string rings[] = {"ring.six-a.example.net",
                               "ring.six-b.example.net"};
  model->Add(NameOf(circle.PrefixOf(0x1000, 52)), Type::kDname, rings[0]);
  model->Add(rings[0], Type::kDname, rings[1]);
  model->Add(rings[1], Type::kDname, rings[0]);
}

}  // namespace

void AddWalkFaults(Model* model) {
  AddSynthesized(model);
  AddBrokenEmptyNames(model);
  AddWildcards(model);
  AddUnserved(model);
  AddRedirects(model);
}

}  // namespace world
