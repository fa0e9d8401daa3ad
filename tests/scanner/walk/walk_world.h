// WalkWorld: zones of a reverse tree as their servers would answer for them, by
// the rules of RFC 1034, 4592 and 8020, for a Walk without sockets.
#ifndef PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_
#define PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "scanner/walk/reverse_tree.h"
#include "scanner/walk/walk.h"

namespace scanner {

NibbleNode NodeAt(absl::string_view prefix);
dnswire::IpAddress AddressAt(absl::string_view text);

struct WorldZone {
  enum class Servers : uint8_t { kWell, kLame, kSilent, kNone };
  NibbleNode apex;
  Servers servers = Servers::kWell;
  bool denies_empty = false;  // NXDOMAIN for names that only have others below
  std::vector<NibbleNode> undenied;  // of them, those it does not deny
  bool registry = false;
  std::set<dnswire::IpAddress> hosts;
  std::set<dnswire::IpAddress> nameless;   // names without a PTR
  std::vector<NibbleNode> short_names;     // with a PTR
  std::vector<NibbleNode> wildcards;       // *.name of these
  std::vector<NibbleNode> void_wildcards;  // the same, without a PTR
  std::vector<NibbleNode> synthesized;
  // Questions it does not answer, by how many of it came before.
  std::function<bool(const WalkWork& work, uint64_t before)> is_lost;
};

class WalkWorld {
 public:
  explicit WalkWorld(std::vector<WorldZone> zones);

  // Answers all that the walk asks, in the order of chance, `open` at a time,
  // with late passes, until it is done. False: `answers` have been given
  // before.
  bool Run(Walk* walk, uint32_t seed = 1, size_t open = 64,
           uint64_t answers = UINT64_MAX);

  // Whoever asks next knows no cuts, as after a restart.
  void ForgetCuts();

  // What came of it.
  const std::multiset<dnswire::IpAddress>& hosts() const { return found_; }
  uint64_t asked() const { return asked_; }
  uint64_t asked_of(absl::string_view apex) const;
  std::vector<Finding> findings;
  // "2001:db8::/48 wildcard", sorted.
  std::vector<std::string> FindingTexts() const;
  // Of the zone: distinct names that exist, from its apex to depth 31.
  uint64_t NodesOf(absl::string_view apex) const;

 private:
  struct Tree {
    WorldZone zone;
    std::set<std::pair<dnswire::IpAddress, int>> names;  // that exist
    std::set<std::pair<dnswire::IpAddress, int>> cuts;
    bool known = false;  // its cut has been met
    uint64_t asked = 0;
  };

  Tree& DeepestOf(const NibbleNode& node);
  void Tell(Walk* walk, const WalkWork& work);
  WalkAnswer AnswerOf(Tree* tree, const NibbleNode& node);

  std::vector<Tree> trees_;  // by depth of their apexes
  std::multiset<dnswire::IpAddress> found_;
  uint64_t asked_ = 0;
  dnswire::Name apex_;
  dnswire::Name cut_;
  dnswire::Name target_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_
