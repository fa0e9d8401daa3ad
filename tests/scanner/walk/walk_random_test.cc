// Walks of worlds made by chance: a /32 with zones of all kinds. Whatever is
// lost, whenever the walk is killed, and on however many hosts it runs, it
// finds each host once, none that is not there, and tells the same.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::IsEmpty;
using Chain = SignedZone::Chain;

constexpr char kAll[] = "2001:db8::/32";

// Zones of a /32, and what is to be found in them.
class RandomWorld {
 public:
  explicit RandomWorld(uint64_t seed) : random_(seed) {
    parent_ = {.apex = NodeAt(kAll), .chain = AnyChain(4)};
    const uint64_t count = 3 + random_() % 8;
    for (uint64_t i = 0; i < count; ++i) AddZone(i);
    zones_.push_back(parent_);
    for (const WorldZone& zone : zones_) {
      if (zone.servers != WorldZone::Servers::kWell) continue;
      auto& hosts = zone.denies_empty ? hidden_ : hosts_;
      hosts.insert(zone.hosts.begin(), zone.hosts.end());
    }
  }

  const std::vector<WorldZone>& zones() const { return zones_; }
  const std::set<IpAddress>& hosts() const { return hosts_; }
  // That may be found: their servers deny the names above them.
  const std::set<IpAddress>& hidden() const { return hidden_; }
  // What is told of wildcards without PTR depends on names drawn by chance.
  bool IsByChance(const Finding& finding) const {
    return std::any_of(zones_.begin(), zones_.end(), [&](const auto& zone) {
      return !zone.void_wildcards.empty() &&
             NibbleNode::Of(finding.prefix).IsAtOrBelow(zone.apex);
    });
  }
  std::vector<IpAddress> Known() {
    std::vector<IpAddress> known;
    for (const auto* hosts : {&hosts_, &hidden_}) {
      for (const IpAddress& host : *hosts) {
        if (random_() % 8 == 0) known.push_back(host);
        if (random_() % 40 == 0) {
          known.push_back(IpAddress::V6(host.value() + 0x7700));
        }
      }
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    return known;
  }

 private:
  std::optional<Chain> AnyChain(uint64_t of) {
    const uint64_t chosen = random_() % of;
    if (chosen == 0) return Chain::kNsec;
    if (chosen == 1) return Chain::kNsec3;
    return std::nullopt;
  }

  // A prefix of `depth` nibbles right or further below `above`.
  NibbleNode Below(NibbleNode above, int depth) {
    while (above.depth < depth) {
      above = above.Child(static_cast<int>(random_() % 16));
    }
    return above;
  }

  std::set<IpAddress> SomeHosts(const NibbleNode& at, uint64_t most) {
    std::set<IpAddress> hosts;
    const uint64_t count = random_() % (most + 1);
    NibbleNode subnet = Below(at, std::max<int>(at.depth, 16));
    while (hosts.size() < count) {
      if (random_() % 5 == 0) subnet = Below(at, std::max<int>(at.depth, 16));
      const bool low = random_() % 3 != 0 && subnet.depth <= 28;
      hosts.insert(low ? IpAddress::V6(subnet.first.value() + random_() % 64)
                       : Below(subnet, kNibbles).first);
    }
    return hosts;
  }

  void AddZone(uint64_t number) {
    // Each in a /36 of its own, or together in one.
    const NibbleNode part = NodeAt(kAll).Child(static_cast<int>(number));
    WorldZone zone = {.apex = Below(part, 9 + static_cast<int>(random_() % 6))};
    zone.chain = AnyChain(3);
    zone.has_ds = random_() % 2 == 0;
    zone.hosts = SomeHosts(zone.apex, 40);
    if (random_() % 3 == 0) zone.nameless.insert(Below(part, 32).first);
    std::erase_if(zone.nameless, [&zone](const IpAddress& address) {
      return !NibbleNode::OfAddress(address).IsAtOrBelow(zone.apex) ||
             zone.hosts.contains(address);
    });
    switch (random_() % 9) {
      case 0:
        zone.chain.reset();
        zone.denies_empty = true;
        break;
      case 1:
        zone.wildcards.push_back(AnyAbove(zone));
        AddInnerWildcard(&zone);
        break;
      case 2:
        zone.chain.reset();
        zone.void_wildcards.push_back(AnyAbove(zone));
        break;
      case 3:
        AddSynthesized(&zone);
        break;
      case 4:
        zone.short_names.push_back(AnyAbove(zone));
        if (zone.short_names[0].depth <= zone.apex.depth) {
          zone.short_names.clear();
        }
        break;
      case 5:
        return AddDname(std::move(zone), number);
      case 6:
        AddNested(zone);
        break;
      case 7:
        AddFaulty(&zone);
        break;
      default:
        break;
    }
    // Without a delegation, now and then.
    if (random_() % 6 == 0 && zone.servers == WorldZone::Servers::kWell &&
        !zone.denies_empty && zone.synthesized.empty()) {
      return AddToParent(zone);
    }
    zones_.push_back(std::move(zone));
  }

  NibbleNode AnyAbove(const WorldZone& zone) {
    if (zone.hosts.empty()) return zone.apex;
    const auto host =
        std::next(zone.hosts.begin(),
                  static_cast<std::ptrdiff_t>(random_() % zone.hosts.size()));
    const int up =
        4 + static_cast<int>(random_() % static_cast<uint64_t>(
                                             kNibbles - 3 - zone.apex.depth));
    return NibbleNode::OfAddress(*host).Above(up);
  }

  // One below the other, sometimes.
  void AddInnerWildcard(WorldZone* zone) {
    const NibbleNode outer = zone->wildcards[0];
    const NibbleNode inner = AnyAbove(*zone);
    const bool fits = inner != outer && inner.IsAtOrBelow(outer);
    if (fits && random_() % 2 == 0) zone->wildcards.push_back(inner);
  }

  void AddSynthesized(WorldZone* zone) {
    zone->chain.reset();
    const NibbleNode made_up = Below(zone->apex, zone->apex.depth + 1);
    zone->synthesized.push_back(made_up);
    const auto is_inside = [&made_up](const IpAddress& host) {
      return NibbleNode::OfAddress(host).IsAtOrBelow(made_up);
    };
    std::erase_if(zone->hosts, is_inside);
    std::erase_if(zone->nameless, is_inside);
  }

  void AddDname(WorldZone zone, uint64_t number) {
    const NibbleNode owner = zone.apex;
    zone.base = absl::StrCat("v", number, ".example.net");
    zone.has_ds = false;
    if (random_() % 4 == 0) {  // a circle
      const NibbleNode deeper = Below(owner, owner.depth + 1);
      zone.dnames.emplace_back(deeper, zone.base);
      const auto is_inside = [&deeper](const IpAddress& host) {
        return NibbleNode::OfAddress(host).IsAtOrBelow(deeper);
      };
      std::erase_if(zone.hosts, is_inside);
      std::erase_if(zone.nameless, is_inside);
    }
    parent_.dnames.emplace_back(owner, zone.base);
    zones_.push_back(std::move(zone));
  }

  void AddNested(const WorldZone& zone) {
    WorldZone inner = {.apex = Below(zone.apex, zone.apex.depth + 2),
                       .chain = AnyChain(3),
                       .has_ds = random_() % 2 == 0};
    inner.hosts = SomeHosts(inner.apex, 20);
    const auto is_inside = [&inner](const IpAddress& host) {
      return NibbleNode::OfAddress(host).IsAtOrBelow(inner.apex);
    };
    if (std::any_of(zone.hosts.begin(), zone.hosts.end(), is_inside) ||
        std::any_of(zone.nameless.begin(), zone.nameless.end(), is_inside)) {
      return;
    }
    zones_.push_back(std::move(inner));
  }

  void AddFaulty(WorldZone* zone) {
    using enum WorldZone::Servers;
    const auto chosen = random_() % 3;
    zone->servers = chosen == 0 ? kLame : chosen == 1 ? kSilent : kNone;
  }

  void AddToParent(const WorldZone& zone) {
    parent_.hosts.insert(zone.hosts.begin(), zone.hosts.end());
    parent_.nameless.insert(zone.nameless.begin(), zone.nameless.end());
    const auto add = [](const std::vector<NibbleNode>& from,
                        std::vector<NibbleNode>* to) {
      to->insert(to->end(), from.begin(), from.end());
    };
    add(zone.wildcards, &parent_.wildcards);
    add(zone.short_names, &parent_.short_names);
  }

  std::mt19937_64 random_;
  WorldZone parent_;
  std::vector<WorldZone> zones_;
  std::set<IpAddress> hosts_;
  std::set<IpAddress> hidden_;
};

struct Came {
  std::set<IpAddress> hosts;
  std::set<std::string> findings;
  uint64_t asked = 0;
};

// Checks what holds in every world.
Came Check(const RandomWorld& world, const Walked& walked) {
  Came came = {.asked = walked.world.asked()};
  std::vector<std::string> wrong;
  for (const IpAddress& host : walked.world.hosts()) {
    const bool is_new = came.hosts.insert(host).second;
    if (!is_new) wrong.push_back("twice " + host.ToString());
    if (!world.hosts().contains(host) && !world.hidden().contains(host)) {
      wrong.push_back("false " + host.ToString());
    }
  }
  std::set<std::string> told;
  for (const Finding& finding : walked.world.findings) {
    const std::string text = absl::StrCat(finding.prefix.ToString(), " ",
                                          FindingKindName(finding.kind));
    if (!told.insert(text).second) wrong.push_back("twice " + text);
    if (!world.IsByChance(finding)) came.findings.insert(text);
  }
  EXPECT_THAT(wrong, IsEmpty());
  return came;
}

void ExpectAllHosts(const RandomWorld& world,
                    const std::set<IpAddress>& hosts) {
  std::vector<std::string> missing;
  for (const IpAddress& host : world.hosts()) {
    if (!hosts.contains(host)) missing.push_back(host.ToString());
  }
  EXPECT_THAT(missing, IsEmpty());
}

std::vector<std::string> Difference(const std::set<std::string>& a,
                                    const std::set<std::string>& b) {
  std::vector<std::string> only;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(),
                      std::back_inserter(only));
  return only;
}

void ExpectSame(const Came& whole, const Came& other) {
  EXPECT_THAT(Difference(whole.findings, other.findings), IsEmpty());
  EXPECT_THAT(Difference(other.findings, whole.findings), IsEmpty());
}

// ITERATION.md 3.9, of plain zones that deny what they should.
void ExpectCheap(const RandomWorld& world, const WalkWorld& asked) {
  uint64_t redirected = 0;  // hosts whose lookups pass the parent
  for (const WorldZone& zone : world.zones()) {
    if (!zone.base.empty()) redirected += zone.hosts.size();
  }
  for (const WorldZone& zone : world.zones()) {
    if (zone.chain || zone.denies_empty || !zone.base.empty() ||
        !zone.void_wildcards.empty() ||
        zone.servers != WorldZone::Servers::kWell) {
      continue;
    }
    const std::string apex = zone.apex.prefix().ToString();
    uint64_t most = 1 + 16 * asked.NodesOf(apex) + 3 + 20;
    most += 50 * zone.synthesized.size();
    // With wildcards a name for each, and full nodes.
    most += 3 * zone.wildcards.size();
    most += 2 * zone.short_names.size() + zone.dnames.size();
    if (zone.apex == NodeAt(kAll)) most += redirected;
    EXPECT_LE(asked.asked_of(apex), most) << apex;
  }
}

std::vector<WorldZone> WithLosses(std::vector<WorldZone> zones, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (WorldZone& zone : zones) {
    const uint64_t share = 2 + random() % 40;
    const auto draw = std::make_shared<std::mt19937_64>(random());
    zone.is_lost = [share, draw](const WalkWork& work, uint64_t) {
      return !work.late && (*draw)() % share == 0;
    };
  }
  return zones;
}

void WalkWorldOf(uint64_t seed) {
  SCOPED_TRACE(seed);
  RandomWorld world(seed);
  const std::vector<IpAddress> known =
      seed % 3 == 0 ? world.Known() : std::vector<IpAddress>();
  std::mt19937 random(static_cast<uint32_t>(seed));
  const auto draw = [&random] { return static_cast<uint32_t>(random()); };
  Walked undisturbed(world.zones(), {kAll}, {}, known);
  const Came whole = Check(world, undisturbed.Run(draw()));
  ExpectAllHosts(world, whole.hosts);
  if (known.empty()) ExpectCheap(world, undisturbed.world);
  {
    SCOPED_TRACE("lossy");
    Walked lossy(WithLosses(world.zones(), seed), {kAll}, {}, known);
    const Came came = Check(world, lossy.Run(draw()));
    ExpectAllHosts(world, came.hosts);
    ExpectSame(whole, came);
  }
  {
    SCOPED_TRACE("killed");
    Walked killed(world.zones(), {kAll}, {}, known);
    killed.RunWithKills(&random, 3 + static_cast<int>(seed % 4), whole.asked);
    const Came came = Check(world, killed);
    ExpectAllHosts(world, came.hosts);
    ExpectSame(whole, came);
  }
  {
    SCOPED_TRACE("killed and lossy");
    Walked both(WithLosses(world.zones(), seed + 1), {kAll}, {}, known);
    both.RunWithKills(&random, 3 + static_cast<int>(seed % 4), whole.asked);
    const Came came = Check(world, both);
    ExpectAllHosts(world, came.hosts);
    ExpectSame(whole, came);
  }
  Came all;
  const uint32_t shards = 2 + static_cast<uint32_t>(seed % 3);
  for (uint32_t shard = 0; shard < shards; ++shard) {
    SCOPED_TRACE(absl::StrCat("shard ", shard, " of ", shards));
    Walked part(world.zones(), {kAll}, {.shard = shard, .shards = shards},
                known);
    Came came = Check(world, part.Run(draw()));
    for (const IpAddress& host : came.hosts) {
      EXPECT_TRUE(all.hosts.insert(host).second) << host.ToString();
    }
  }
  ExpectAllHosts(world, all.hosts);
}

TEST(WalkRandomTest, EveryWorldIsWalkedAllTheSame) {
  const char* const text = std::getenv("WALK_SEEDS");  // "FIRST COUNT"
  uint64_t first = 1;
  uint64_t count = 80;
  if (text != nullptr) {
    char* rest = nullptr;
    first = std::strtoull(text, &rest, 10);
    count = std::strtoull(rest, nullptr, 10);
  }
  for (uint64_t seed = first; seed < first + count; ++seed) WalkWorldOf(seed);
}

}  // namespace
}  // namespace scanner
