// 192.0.2.0/24 and 2001:db8:53::/120, the network of the quickstart. The sets
// in braces are flags of VERDICTS.md 4.2, 4.3 and 5, stated by hand.
#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/world/names.h"
#include "tests/world/networks.h"

namespace world {
namespace {

constexpr char kReverse[] = "2.0.192.in-addr.arpa";

std::string Ip(int host) { return "192.0.2." + std::to_string(host); }

std::string Ip6(const std::string& host) { return "2001:db8:53::" + host; }

// Words without digits that no list of VERDICTS.md 5.2 knows, in the order of
// the seed.
std::vector<std::string> HostWords(uint64_t seed) {
  std::vector<std::string> words = {
      "alder",    "aspen",    "beech",  "birch",  "cedar", "cherry",  "elm",
      "fir",      "hazel",    "holly",  "iris",   "ivy",   "juniper", "larch",
      "linden",   "magnolia", "maple",  "myrtle", "oak",   "olive",   "osier",
      "pine",     "poplar",   "rowan",  "rush",   "sedge", "spruce",  "sumac",
      "tamarisk", "teak",     "walnut", "willow", "yew",   "zelkova"};
  std::mt19937_64 random(seed);
  for (size_t i = words.size(); i > 1; --i) {
    std::swap(words[i - 1], words[random() % i]);
  }
  return words;
}

void AddInfrastructure(Model* model) {
  model->Host(Ip(1), "gw.example.net");
  model->Host(Ip(3), "po2-3.r0.pop192.example.net");
  model->Host(Ip(4), "te0-2-0-4.cr2.example.net");
  model->Host(Ip(10), "mail.example.com", {"mail_name"});
  model->Host(Ip(11), "mx1.example.com", {"mail_name"});
  model->Host(Ip(12), "smtp.example.org", {"mail_name"});
  model->Host(Ip(53), "dns1.example.org");
  model->Host(Ip(54), "dns2.example.org");
}

void AddCustomers(Model* model, const std::vector<std::string>& words) {
  for (int i = 0; i < 12; ++i) {
    const std::string& word = words[static_cast<size_t>(i)];
    model->Host(Ip(20 + i), "www-" + word + ".example.org");
    model->Host(Ip(160 + i), word + ".hosting.example.com");
  }
  for (int host = 64; host < 128; ++host) {
    model->Host(Ip(host),
                "192-0-2-" + std::to_string(host) + ".pool.example.net",
                {"generic"});
  }
  for (int host = 128; host < 160; ++host) {
    model->Host(Ip(host), std::to_string(host) + ".2.0.192.static.example.net",
                {"generic"});
  }
}

// RFC 2317: 192.0.2.192/28 is delegated to the customer's own zone.
void AddClassless(Model* model, const std::vector<std::string>& words) {
  const std::string child = Join(EscapeLabel("192/28", true), kReverse);
  model->AddZone(OperatorZone(child));
  for (int host = 192; host < 208; ++host) {
    const std::string label = std::to_string(host);
    const std::string alias = Join(label, child);
    model->Alias(Join(label, kReverse), alias);
    if (host == 204) continue;  // dangling
    const std::string& word = words[static_cast<size_t>(host) - 192 + 12];
    const std::string name = word + ".office.example.org";
    model->PtrAt(alias, Ip(host), name);
    model->Forward(name, Ip(host));
  }
}

void AddWrongForwards(Model* model) {
  model->Ptr(Ip(40), "old-web.example.org");
  model->Forward("old-web.example.org", "192.31.196.40");
  model->Ptr(Ip(41), "shared.example.org");
  model->Forward("shared.example.org", Ip(20));
  model->Ptr(Ip(42), "retired.example.org");
  model->Ptr(Ip(43), "sixth.example.org");
  model->Forward("sixth.example.org", Ip6("43"));
  model->Ptr(Ip(52), "crm.servfail.example.net");
}

void AddSeveralNames(Model* model) {
  model->Host(Ip(44), "shop.example.com");
  model->Host(Ip(44), "blog.example.com");
  model->Host(Ip(45), "app.example.com");
  model->Ptr(Ip(45), "app-old.example.com");
  model->Ptr(Ip(51), "portal.example.com");
  model->Alias("portal.example.com", "balancer.example.com");
  model->Forward("balancer.example.com", Ip(51));
}

void AddBadNames(Model* model) {
  model->Ptr(Ip(46), "db.example.com.2.0.192.in-addr.arpa",
             {"arpa_name", "missing_dot"});
  model->Ptr(Ip(47), "localhost", {"localhost", "single_label"});
  model->Ptr(Ip(48), "printer", {"single_label"});
  model->Ptr(Ip(49), "nas.lan", {"internal_tld"});
  model->Host(Ip(50), "sql_main.example.com", {"underscore"});
}

void AddReverseFaults(Model* model) {
  model->Text(Address::Of(Ip(55)).ReverseName());
  Zone broken = OperatorZone(Join("56", kReverse));
  broken.source = Source::kMissingFile;
  model->AddZone(std::move(broken));
  model->AddZone(ZoneAt(Join("57", kReverse), {"ns9.example.net"}, {}));
}

void AddExpectations(Model* model) {
  model->Host(Ip(58), "vps-rented.example.org");
  model->Forward("new.example.com", Ip(59));
  model->Host(Ip(61), "leftover.example.org");
  model->AddLabel({"192.0.2.0/24", "backbone", ""});
  model->AddLabel({"192.0.2.10", "mail", "mail.example.com"});
  model->AddLabel({"192.0.2.58", "mail", "relay.example.com"});
  model->AddLabel({"192.0.2.59", "launch", "new.example.com"});
  model->AddLabel({"192.0.2.60", "spare", "-"});
  model->AddLabel({"192.0.2.61", "spare", "-"});
  model->AddLabel(
      {"192.0.2.64/26", "pool", "{a}-{b}-{c}-{d}.pool.example.net"});
  model->AddLabel({"192.0.2.160/28", "hosting", "*.hosting.example.com"});
}

void AddIpv6(Model* model, const std::vector<std::string>& words) {
  model->AddZone(OperatorZone("8.b.d.0.1.0.0.2.ip6.arpa"));
  model->AddZone(OperatorZone("3.5.0.0.8.b.d.0.1.0.0.2.ip6.arpa"));
  model->Host(Ip6("1"), "gw.example.net");
  model->Host(Ip6("10"), "mail.example.com", {"mail_name"});
  for (int i = 0; i < 8; ++i) {
    model->Host(Ip6("2" + std::to_string(i)),
                "www-" + words[static_cast<size_t>(i)] + ".example.org");
  }
  model->Host(Ip6("17"), "2001-db8-53--17.static.example.net", {"generic"});
  model->Ptr(Ip6("40"), "old-web.example.org");
  model->Forward("old-web.example.org", "2620:4f:8000::40");
  model->Ptr(Ip6("41"), "retired.example.org");
  model->Ptr(Ip6("42"), "dns1.example.org");
  model->Text(Address::Of(Ip6("55")).ReverseName());
}

}  // namespace

void AddDemoNetwork(Model* model) {
  model->AddZone(OperatorZone(kReverse));
  Zone servfail = OperatorZone("servfail.example.net");
  servfail.source = Source::kMissingFile;
  model->AddZone(std::move(servfail));

  const std::vector<std::string> words = HostWords(model->seed());
  AddInfrastructure(model);
  AddCustomers(model, words);
  AddClassless(model, words);
  AddWrongForwards(model);
  AddSeveralNames(model);
  AddBadNames(model);
  AddReverseFaults(model);
  AddExpectations(model);
  AddIpv6(model, words);
  model->AddTarget("192.0.2.0/24", "v4");
  model->AddTarget("2001:db8:53::/120", "v6");
}

}  // namespace world
