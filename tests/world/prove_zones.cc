// The part of prove.h that speaks of zones.
#include <algorithm>
#include <set>
#include <string>

#include "tests/world/dns_client.h"
#include "tests/world/names.h"
#include "tests/world/oracle.h"
#include "tests/world/prove.h"
#include "tests/world/zone_truth.h"

namespace world {
namespace {

constexpr int kPatienceMs = 2000;
constexpr int kTcpPatienceMs = 500;

// The flags of VERDICTS.md 6 that asking servers shows, ent_broken apart: that
// is proved name by name.
constexpr const char* kShown[] = {"ns_mismatch",    "odd_soa",      "no_tcp",
                                  "no_edns",        "recursive_ns", "wildcard",
                                  "serial_mismatch"};

// What is seen of one zone, server by server.
class ZoneView {
 public:
  explicit ZoneView(const Zone& zone) : zone_(zone) {}

  void AskAt(const std::string& address) {
    DnsClient client(address, false, kPatienceMs, 1);
    const Reply soa = client.Ask(zone_.apex, "SOA");
    asked_ += 4;
    if (soa.recursion_available) seen_.insert("recursive_ns");
    if (soa.without_edns) seen_.insert("no_edns");
    for (const ReplyRecord& record : soa.authority) {
      if (record.type == "SOA" && IsBelow(zone_.apex, record.owner)) {
        seen_.insert("odd_soa");
      }
    }
    if (!soa.authoritative || soa.answer.empty()) return;
    const std::string& data = soa.answer.front().data;
    serials_.insert(data.substr(data.rfind(' ')));
    DnsClient by_tcp(address, false, kTcpPatienceMs, 1);
    if (!by_tcp.AskByTcp(zone_.apex, "SOA").received) seen_.insert("no_tcp");
    if (!client.Ask(Join("absentname", zone_.apex), "PTR").answer.empty()) {
      seen_.insert("wildcard");
    }
    CompareNames(client.Ask(zone_.apex, "NS"));
  }

  std::set<std::string> Flags() const {
    std::set<std::string> flags = seen_;
    if (serials_.size() > 1) flags.insert("serial_mismatch");
    return flags;
  }
  size_t asked() const { return asked_; }

 private:
  void CompareNames(const Reply& reply) {
    std::set<std::string> names;
    for (const ReplyRecord& record : reply.answer) {
      if (record.type == "NS") names.insert(record.data);
    }
    if (names != std::set<std::string>(zone_.name_servers.begin(),
                                       zone_.name_servers.end())) {
      seen_.insert("ns_mismatch");
    }
  }

  const Zone& zone_;
  std::set<std::string> seen_;
  std::set<std::string> serials_;
  size_t asked_ = 0;
};

std::string Shown(const std::set<std::string>& flags) {
  std::string text;
  for (const char* flag : kShown) {
    if (flags.contains(flag)) text += std::string(" ") + flag;
  }
  return text;
}

}  // namespace

void ProveZoneFlags(const Model& model, Proof* proof) {
  for (const Zone& zone : model.zones()) {
    ZoneView view(zone);
    for (const std::string& name : zone.name_servers) {
      for (const std::string& address : model.AddressesOf(name)) {
        if (AskForSoa(model, zone, address) != ServerResult::kTimeout) {
          view.AskAt(address);
        }
      }
    }
    proof->asked += view.asked();
    const std::string want = Shown(ZoneFlags(model, zone));
    const std::string got = Shown(view.Flags());
    if (want == got) continue;
    std::string contradiction = "flags of " + zone.apex;
    contradiction.append(": want").append(want).append(", got").append(got);
    proof->contradictions.push_back(contradiction);
  }
}

}  // namespace world
