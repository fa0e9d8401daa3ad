// WalkWorld: zones of a reverse tree as their servers would answer for them, by
// the rules of RFC 1034, 4592, 6672 and 8020, for a Walk without sockets.
#ifndef PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_
#define PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "scanner/walk/reverse_tree.h"
#include "scanner/walk/walk.h"
#include "tests/scanner/walk/signed_zone.h"

namespace scanner {

NibbleNode NodeAt(absl::string_view prefix);
dnswire::IpAddress AddressAt(absl::string_view text);

struct WorldZone {
  enum class Servers : uint8_t { kWell, kLame, kSilent, kNone };
  NibbleNode apex;
  // Its name, if it is not below ip6.arpa: a DNAME leads to it.
  std::string base;
  Servers servers = Servers::kWell;
  std::optional<SignedZone::Chain> chain;  // else it is not signed
  bool has_ds = false;                     // signed, as its parent says
  bool denies_empty = false;  // NXDOMAIN for names that only have others below
  std::vector<NibbleNode> undenied;  // of them, those it does not deny
  bool registry = false;
  std::set<dnswire::IpAddress> hosts;
  std::set<dnswire::IpAddress> nameless;   // names without a PTR
  std::vector<NibbleNode> short_names;     // with a PTR
  std::vector<NibbleNode> wildcards;       // *.name of these
  std::vector<NibbleNode> void_wildcards;  // the same, without a PTR
  std::vector<NibbleNode> synthesized;
  std::vector<std::pair<NibbleNode, std::string>> dnames;  // and where to
  std::vector<std::string> others;  // names that are no nodes, without a PTR
  // Questions it does not answer, by how many of it came before.
  std::function<bool(const WalkWork& work, uint64_t before)> is_lost;
  // Questions that it answers without the records of its chain.
  std::function<bool(const WalkWork& work, uint64_t before)> is_bare;
};

class WalkWorld {
 public:
  explicit WalkWorld(std::vector<WorldZone> zones);

  // Answers all that the walk asks, in the order of chance, `open` at a time,
  // with late passes, until it is done. False: `answers` have been given
  // before.
  bool Run(Walk* walk, uint32_t seed = 1, size_t open = 64,
           uint64_t answers = UINT64_MAX);

  // Questions whose answers come behind those of all others.
  std::function<bool(const WalkWork& work)> is_slow;
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
  // Records of its chain.
  size_t LinksOf(absl::string_view apex) const;

 private:
  struct Tree {
    WorldZone zone;
    ReverseTree names_of;
    dnswire::Name apex;
    std::set<std::pair<dnswire::IpAddress, int>> names;  // that exist
    std::set<std::pair<dnswire::IpAddress, int>> cuts;
    std::set<std::string> others;  // and names above them
    std::optional<SignedZone> chain;
    bool is_cut = false;  // delegated from another of them
    bool known = true;    // its cut has been met
    uint64_t asked = 0;
  };

  static void AddNames(Tree* tree);
  static void AddOther(Tree* tree, const std::string& text);
  void AddCuts(Tree* tree);
  static void Sign(Tree* tree);
  const Tree* Find(absl::string_view apex) const;
  // Null: nobody serves it.
  Tree* DeepestOf(dnswire::NameView name);
  void Tell(Walk* walk, const WalkWork& work);
  void TellHost(Walk* walk, const WalkWork& work);
  WalkAnswer Answer(Tree* tree, const WalkWork& work,
                    const dnswire::Name& name);
  WalkAnswer AnswerOf(const Tree& tree, const dnswire::Name& name,
                      uint16_t type);
  WalkAnswer AnswerOfNode(const Tree& tree, const NibbleNode& node);
  WalkAnswer AnswerByWildcard(const Tree& tree, const NibbleNode& encloser);
  WalkAnswer Named(const std::string& target);
  void ShowNothing(WalkAnswer* answer);
  void Show(const testing_support::Octets& octets, WalkAnswer* answer);

  std::vector<Tree> trees_;  // by depth of their apexes
  std::multiset<dnswire::IpAddress> found_;
  uint64_t asked_ = 0;
  dnswire::Name apex_;
  dnswire::Name cut_;
  dnswire::Name owner_;
  dnswire::Name target_;
  bool by_wildcard_ = false;
  testing_support::Octets octets_;
  dnswire::Message message_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_WALK_WALK_WORLD_H_
