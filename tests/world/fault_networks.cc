// 198.51.100.0/24 and small blocks: every verdict that a resolver can show. The
// sets in braces are flags of VERDICTS.md 4.2, 4.3 and 5, stated by hand.
#include <string>
#include <vector>

#include "tests/world/names.h"
#include "tests/world/networks.h"

namespace world {
namespace {

constexpr char kReverse[] = "100.51.198.in-addr.arpa";

std::string Ip(int host) { return "198.51.100." + std::to_string(host); }

std::string ReverseOf(int host) { return Join(std::to_string(host), kReverse); }

// A label as it is written: any octets.
std::string Odd(std::string_view octets, std::string_view below) {
  return Join(EscapeLabel(octets, true), below);
}

// 1..19: how many names, and which of them lead back.
void AddNameSets(Model* model) {
  model->Host(Ip(1), "one.example.net");
  for (const char* name : {"first.example.com", "second.example.com"}) {
    model->Host(Ip(2), name);
  }
  for (const char* name : {"here.example.com", "there.example.org"}) {
    model->Host(Ip(3), name);  // multi_domain
  }
  model->Host(Ip(4), "right.example.com");
  model->Ptr(Ip(4), "wrong.example.com");
  model->Forward("wrong.example.com", "192.31.196.4");
  model->Host(Ip(5), "present.example.com");
  model->Ptr(Ip(5), "absent.example.com");
  model->Host(Ip(6), "filled.example.com");
  model->Ptr(Ip(6), "hollow.example.com");
  model->Text("hollow.example.com");
  model->Host(Ip(7), "works.example.com");
  model->Ptr(Ip(7), "works.servfail.example.net");  // forward_incomplete
  model->Ptr(Ip(8), "differs.example.com");
  model->Forward("differs.example.com", "192.31.196.8");
  model->Ptr(Ip(8), "fails.servfail.example.net");  // error before mismatch
  model->Ptr(Ip(9), "strays.example.com");
  model->Forward("strays.example.com", "192.31.196.9");
  model->Ptr(Ip(9), "missing.example.com");  // mismatch before no_forward
  model->Host(Ip(10), "beside.example.com");
  model->Ptr(Ip(10), "localhost", {"localhost", "single_label"});
  model->Ptr(Ip(11), "nowhere.example.com");
  model->Ptr(Ip(11), "localhost", {"localhost", "single_label"});
}

// Letters only, so that no rule of VERDICTS.md 5 sees a number: "aa", "ab"...
std::string Letters(int number) {
  return {static_cast<char>('a' + number / 26),
          static_cast<char>('a' + number % 26)};
}

// 20..29: sets beyond --max-names, and beyond what UDP carries.
void AddLargeSets(Model* model) {
  for (int i = 0; i < 12; ++i) {  // the first ten are asked
    model->Host(Ip(20), Letters(i) + ".many.example.com");
  }
  for (int i = 0; i < 11; ++i) {  // only the eleventh would confirm
    model->Ptr(Ip(21), Letters(i) + ".eleven.example.com");
  }
  model->Forward(Letters(10) + ".eleven.example.com", Ip(21));
  for (int i = 0; i < 64; ++i) {
    const std::string name =
        Letters(i) + "-tenant-of-the-shared-platform-with-a-long-name." +
        Letters(63 - i) + "-region.example.org";
    model->Host(Ip(22), name);
  }
  model->Ptr(Ip(23), "crowd.example.org");
  model->Ptr(Ip(24), "crowd-without.example.org");
  model->Ptr(Ip(25), "crowd-late.example.org");
  for (int i = 0; i < 120; ++i) {
    const std::string other = "192.31.196." + std::to_string(i + 1);
    model->Forward("crowd.example.org", other);
    model->Forward("crowd-without.example.org", other);
    model->Forward("crowd-late.example.org", other);
  }
  model->Forward("crowd.example.org", "198.51.100.23");
  model->Forward("crowd-late.example.org", "198.51.100.25");
  for (int i = 0; i < 60; ++i) {  // the lowest 50 leave the target out
    model->Forward("low-crowd.example.org",
                   "192.31.197." + std::to_string(i + 1));
  }
  model->Ptr(Ip(26), "low-crowd.example.org");
  model->Forward("low-crowd.example.org", Ip(26));
}

// 30..49: what looking up one name comes to.
void AddForwardOutcomes(Model* model) {
  model->Ptr(Ip(30), "elsewhere.example.net");
  model->Forward("elsewhere.example.net", "192.31.196.30");
  model->Ptr(Ip(31), "neighbour.example.net");
  model->Forward("neighbour.example.net", Ip(1));
  model->Ptr(Ip(32), "vanished.example.net");
  model->Ptr(Ip(33), "addressless.example.net");
  model->Text("addressless.example.net");
  model->Ptr(Ip(34), "alias.example.net");
  model->Alias("alias.example.net", "real.example.org");
  model->Forward("real.example.org", Ip(34));
  model->Ptr(Ip(35), "alias-to-nothing.example.net");
  model->Alias("alias-to-nothing.example.net", "nothing.example.org");
  model->Ptr(Ip(36), "circle-a.example.net");
  model->Alias("circle-a.example.net", "circle-b.example.net");
  model->Alias("circle-b.example.net", "circle-a.example.net");
  model->Ptr(Ip(37), "www.servfail.example.net");
  model->Ptr(Ip(38), "www.refused.example.net");
  model->Ptr(Ip(39), "www.lame.example.net");
  model->Ptr(Ip(40), "www.nowhere.example.net");
  model->Ptr(Ip(41), "www.silent.example.net");
  model->Ptr(Ip(42), "private.example.net");
  model->Forward("private.example.net", "10.1.2.3");
  model->Ptr(Ip(43), "inner.example.net");
  model->Forward("inner.example.net", "127.0.0.1");
  model->Ptr(Ip(44), "sixth-only.example.net");
  model->Forward("sixth-only.example.net", "2001:db8:54::44");
}

// 45..48: names with addresses of both families. The IPv6 one has the name, no
// name, another name, or nobody says which.
void AddDualStacks(Model* model) {
  model->Host(Ip(45), "both-ways.example.net");
  model->Host(Ip(46), "one-way.example.net");
  model->Forward("one-way.example.net", "2001:db8:55::6");
  model->Host(Ip(47), "other-way.example.net");
  model->Forward("other-way.example.net", "2001:db8:55::1");
  model->Host(Ip(48), "no-way.example.net");
  model->Forward("no-way.example.net", "2001:db8:54::1");
}

void AddFailingForwardZones(Model* model) {
  model->AddZone(ZoneAt("refused.example.net", {"ns5.example.net"}, {}));
  model->AddZone(ZoneAt("lame.example.net", {"ns9.example.net"}, {}));
  model->AddZone(ZoneAt("nowhere.example.net", {"ns.gone.example.org"}, {}));
  model->AddZone(ZoneAt("silent.example.net", {"ns99.example.net"}, {}));
}

// 50..89: names that are no host names, and names that only look odd.
void AddOddNames(Model* model) {
  const std::set<std::string> illegal = {"illegal_chars"};
  constexpr std::string_view kOddLabels[] = {
      "a,b",        "line\nbreak",    "quo\"te",     "back\\slash",
      "two words",  {"nul\0l", 5},    "esc\033[31m", "=cmd|calc",
      "<script>",   "m\xc3\xbcnchen", "-start",      "end-",
      "@here",      "+plus",          "dot.inside",  "*",
      "semi;colon", "per%cent",       "tab\there",   "\x7f\x80\xff"};
  int host = 50;
  for (const std::string_view label : kOddLabels) {
    model->Ptr(Ip(host++), Odd(label, "odd.example.net"), illegal);
  }
  model->Host(Ip(70), "UPPER-Case.Example.NET");
  model->Host(Ip(71), std::string(63, 'l') + ".example.net");
  model->Host(Ip(72), std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                          std::string(63, 'c') + "." + std::string(49, 'd') +
                          ".example.net");  // 255 octets
  model->Host(Ip(73), "under_score.example.net", {"underscore"});
  model->Host(Ip(74), "xn--mnchen-3ya.example.net", {"idn"});
  model->Host(Ip(75), "example.com", {"apex_name"});
  model->Host(Ip(76), "good-beside-odd.example.net");
  model->Ptr(Ip(76), Odd("a b", "odd.example.net"), illegal);
}

void AddUnusableNames(Model* model) {
  model->Ptr(Ip(77), ".", {"root_name"});
  model->Ptr(Ip(78), "localhost.localdomain", {"localhost", "internal_tld"});
  model->Ptr(Ip(79), "mail.example.com.100.51.198.in-addr.arpa",
             {"arpa_name", "missing_dot"});
  model->Ptr(Ip(80), ReverseOf(80), {"self_ptr", "arpa_name"});
  model->Ptr(Ip(81), ReverseOf(5), {"arpa_name"});
  model->Ptr(Ip(82), "server", {"single_label"});
  model->Ptr(Ip(83), "198.51.100.83", {"ip_literal"});
  model->Ptr(Ip(84), "rack.84", {"numeric_name"});
  model->Ptr(Ip(85), "printer.office.lan", {"internal_tld"});
  model->Ptr(Ip(86), "box.home.arpa", {"internal_tld"});
  model->Ptr(Ip(87), Odd("a b", "example.local"),
             {"illegal_chars", "internal_tld"});
  model->Ptr(Ip(88), "www.localhost", {"localhost"});
  model->Ptr(Ip(89), "1.2.0.192.in-addr.arpa", {"arpa_name"});
}

// 100..120: what a name says of its host (VERDICTS.md 5).
void AddTellingNames(Model* model) {
  struct Telling {
    int host;
    const char* name;
    std::set<std::string> flags;
  };
  const Telling names[] = {
      {100, "198-51-100-100.pool.example.net", {"generic"}},
      {101, "101.100.51.198.static.example.net", {"generic"}},
      {102, "host102-100.51-198.example.net", {"generic"}},
      {103, "h198051100103.example.org", {"generic"}},
      {104, "c6336468.dyn.example.net", {"generic"}},
      {105, "c6-33-64-69.example.net", {"generic"}},
      {106, "n3325256810.example.com", {"generic"}},
      {107, "51-100-107.cust.example.net", {"generic"}},
      {108, "cust-100-108.example.net", {"generic"}},
      {109, "r100109.dsl.example.net", {"generic"}},
      {110, "smtp-100-110.pool.example.net", {"mail_name"}},
      {111, "out-198-51-100-111.mail.example.com", {"generic", "mail_name"}},
      {112, "db-100-112.example.org", {}},
      {113, "cable-4711.cust.example.net", {"access_name"}},
      {114, "198-51-100-99.pool.example.net", {"dynamic_name"}},
      {115, "dhcp-a7.example.net", {"dynamic_name"}},
      {116, "static-gw.example.net", {"static_name"}},
      {117, "unused-lot.example.net", {"placeholder_name"}},
      {118, "cpe-001a2b3c4d5e.example.net", {"mac_in_name"}},
      {119, "mx119.example.com", {"mail_name"}},
  };
  for (const Telling& telling : names) {
    model->Host(Ip(telling.host), telling.name, telling.flags);
  }
  model->Ptr(Ip(120), "ec2-198-51-100-120.compute-1.amazonaws.com",
             {"generic", "provider_default"});
}

// 128..151: reverse names that are aliases.
void AddReverseAliases(Model* model) {
  const std::string child = Odd("128/28", kReverse);
  model->AddZone(OperatorZone(child));
  for (int host = 128; host < 144; ++host) {
    const std::string label = std::to_string(host);
    model->Alias(ReverseOf(host), Join(label, child));
    if (host == 130) continue;  // dangling: no such name
    if (host == 131) {
      model->Text(Join(label, child));  // dangling: no PTR
      continue;
    }
    const std::string name = "lan" + Letters(host - 128) + ".example.org";
    model->PtrAt(Join(label, child), Ip(host), name);
    model->Forward(name, Ip(host));
  }
  model->Alias(ReverseOf(144), "outside.rev.example.org");
  model->PtrAt("outside.rev.example.org", Ip(144), "led-away.example.net");
  model->Forward("led-away.example.net", Ip(144));
  model->Alias(ReverseOf(145), "middle.rev.example.net");
  model->Alias("middle.rev.example.net", "end.rev.example.org");
  model->PtrAt("end.rev.example.org", Ip(145), "two-hops.example.net");
  model->Forward("two-hops.example.net", Ip(145));
  model->Alias(ReverseOf(146), ReverseOf(1));  // another address's PTR
}

// An alias chain of `hops` CNAMEs from the reverse name to a PTR.
void AddChain(Model* model, int host, int hops) {
  const std::string below = "chain" + Letters(host) + ".example.net";
  std::string owner = ReverseOf(host);
  for (int hop = 1; hop <= hops; ++hop) {
    const std::string target = Letters(hop) + "." + below;
    model->Alias(owner, target);
    owner = target;
  }
  model->PtrAt(owner, Ip(host), "end-of-" + below);
  model->Forward("end-of-" + below, Ip(host));
}

void AddLongChains(Model* model) {
  AddChain(model, 147, 9);
  AddChain(model, 148, 11);
  AddChain(model, 149, 12);
  model->Alias(ReverseOf(150), "ring-a.example.net");
  model->Alias("ring-a.example.net", "ring-b.example.net");
  model->Alias("ring-b.example.net", "ring-a.example.net");
}

// A zone for one address, so that each has servers of its own.
Zone& LeafZone(Model* model, int host,
               const std::vector<std::string>& name_servers,
               const std::vector<std::string>& served_by) {
  return model->AddZone(ZoneAt(ReverseOf(host), name_servers, served_by));
}

// 160..175: delegations that work badly or not at all.
void AddReverseDelegations(Model* model) {
  LeafZone(model, 160, {"ns9.example.net"}, {});  // upward referral
  LeafZone(model, 161, {"ns5.example.net"}, {});  // REFUSED
  LeafZone(model, 162, OperatorNameServers(), {"authority"}).source =
      Source::kMissingFile;                       // SERVFAIL
  LeafZone(model, 163, {"ns4.example.net"}, {});  // refers to itself
  LeafZone(model, 164, {"ns98.example.net"}, {});
  LeafZone(model, 165, {"ns99.example.net"}, {});
  LeafZone(model, 166, {"ns98.example.net", "ns99.example.net"}, {});
  LeafZone(model, 167, {"ns.gone.example.org"}, {});
  LeafZone(model, 168, {"ns4.example.net", "ns5.example.net"}, {"authority"});
  model->Host(Ip(168), "half-served.example.net");
  LeafZone(model, 169, {"ns6.example.net"}, {"authority"});
  model->Host(Ip(169), "served-over-six.example.net");
  model->AddZone(ZoneAt("loop-a.example.org", {"ns.loop-b.example.org"}, {}));
  model->AddZone(ZoneAt("loop-b.example.org", {"ns.loop-a.example.org"}, {}));
  LeafZone(model, 170, {"ns.loop-a.example.org"}, {});
}

// 180..189: negatives and times to live.
void AddNegativesAndTtls(Model* model) {
  model->Text(ReverseOf(180));                 // NODATA
  model->Text(Join("below", ReverseOf(181)));  // NODATA: empty non-terminal
  model->Add(ReverseOf(182), Type::kPtr, "slow-to-change.example.net", 172800);
  model->Forward("slow-to-change.example.net", Ip(182));
  model->Add(ReverseOf(183), Type::kPtr, "a-day.example.net", 86400);
  model->Forward("a-day.example.net", Ip(183));
  model->Host(Ip(255), "last.example.net");  // edge_address
}

void AddExpectations(Model* model) {
  model->AddLabel({"198.51.100.1", "plain", "one.example.net"});
  model->AddLabel({"198.51.100.2", "plain", "second.example.com"});
  model->AddLabel({"198.51.100.3", "plain", "third.example.org"});
  model->AddLabel({"198.51.100.30", "plain", "elsewhere.example.net"});
  model->AddLabel({"198.51.100.32", "plain", "one.example.net"});
  model->AddLabel({"198.51.100.77", "plain", "*.example.net"});
  model->AddLabel({"198.51.100.165", "plain", "one.example.net"});
}

// 198.19.0.0/16: a DNAME above reverse names; a registry's own network.
void AddRewrittenBlocks(Model* model) {
  model->AddZone(OperatorZone("19.198.in-addr.arpa"));
  model->Add("17.19.198.in-addr.arpa", Type::kDname, "seventeen.example.net");
  for (int host = 1; host <= 8; ++host) {
    const std::string name = "moved-" + Letters(host) + ".example.org";
    const std::string ip = "198.19.17." + std::to_string(host);
    model->PtrAt(std::to_string(host) + ".seventeen.example.net", ip, name);
    model->Forward(name, ip);
  }
  Zone registry = OperatorZone("33.19.198.in-addr.arpa");
  registry.soa = {.mname = "manus.authdns.ripe.net", .rname = "dns.ripe.net"};
  model->AddZone(std::move(registry));
  model->Host("198.19.33.1", "office-of-the-registry.example.org");
  model->AddTarget("198.19.17.0/28", "v4");
  model->AddTarget("198.19.33.0/30", "v4");
}

// Zones that the resolver answers by itself (RFC 6303).
void AddLocalZones(Model* model) {
  for (const char* apex : {"127.in-addr.arpa", "168.192.in-addr.arpa"}) {
    Zone zone;
    zone.apex = apex;
    zone.served_by = {"resolver"};
    zone.soa = {
        .mname = "localhost", .rname = "nobody.invalid", .minimum = 10800};
    zone.source =
        apex[0] == '1' && apex[1] == '2' ? Source::kBuiltIn : Source::kFile;
    model->AddZone(std::move(zone));
  }
  model->Ptr("127.0.0.1", "localhost", {"localhost", "single_label"});
  model->Add("5.53.168.192.in-addr.arpa", Type::kPtr, "short.example.net", 60);
  model->Forward("short.example.net", "192.168.53.5");
  model->AddTarget("127.0.0.0/30", "v4");
  model->AddTarget("192.168.53.0/29", "v4");
}

void AddIpv6Faults(Model* model) {
  model->AddZone(ZoneAt("4.5.0.0.8.b.d.0.1.0.0.2.ip6.arpa", {"ns5.example.net"},
                        {}));  // REFUSED
  model->AddZone(ZoneAt("5.5.0.0.8.b.d.0.1.0.0.2.ip6.arpa", {"ns6.example.net"},
                        {"authority"}));
  model->Host("2001:db8:55::1", "six-to-six.example.net");
  model->Ptr("2001:db8:55::2", "mapped.example.net");
  model->Forward("mapped.example.net", "::ffff:192.0.2.1");
  model->Ptr("2001:db8:55::3", "inner.example.net");
  model->Forward("inner.example.net", "::1");
  model->Ptr("2001:db8:55::4", "near.example.net");
  model->Forward("near.example.net", "2001:db8:55::1");
  model->Host("2001:db8:55::5", "both-ways.example.net");
  model->Host("2001:db8:55:0:21a:2bff:fe3c:4d5e",
              "cpe-001a2b3c4d5e.example.net", {"generic", "mac_in_name"});
  model->AddTarget("2001:db8:54::/126", "v6");
  model->AddTarget("2001:db8:55::/124", "v6");
  model->AddTarget("2001:db8:55:0:21a:2bff:fe3c:4d5e/128", "v6");
}

}  // namespace

void AddFaultNetworks(Model* model) {
  model->AddZone(OperatorZone(kReverse));
  AddFailingForwardZones(model);
  AddReverseDelegations(model);
  AddNameSets(model);
  AddLargeSets(model);
  AddForwardOutcomes(model);
  AddDualStacks(model);
  AddOddNames(model);
  AddUnusableNames(model);
  AddTellingNames(model);
  AddReverseAliases(model);
  AddLongChains(model);
  AddNegativesAndTtls(model);
  AddExpectations(model);
  AddRewrittenBlocks(model);
  AddLocalZones(model);
  AddIpv6Faults(model);
  model->AddTarget("198.51.100.0/24", "v4");
}

}  // namespace world
