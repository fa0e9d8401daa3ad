#include "tests/scanner/walk/walk_world.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using dnswire::NameView;
namespace rr = testing_support::rr;

std::pair<IpAddress, int> Key(const NibbleNode& node) {
  return {node.first, node.depth};
}

bool Has(const std::vector<NibbleNode>& nodes, const NibbleNode& node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

// `name` with `target` in the place of its end `owner`.
Name Redirected(NameView name, NameView owner, NameView target) {
  Name to(target);
  std::vector<std::string> labels;
  for (; name.size() > owner.size(); name = name.parent()) {
    labels.emplace_back(name.first_label());
  }
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    if (!to.PrependLabel(*label)) break;
  }
  return to;
}

}  // namespace

NibbleNode NodeAt(absl::string_view prefix) {
  return NibbleNode::Of(*dnswire::IpPrefix::Parse(prefix));
}

IpAddress AddressAt(absl::string_view text) { return *IpAddress::Parse(text); }

WalkWorld::WalkWorld(std::vector<WorldZone> zones) {
  std::sort(zones.begin(), zones.end(),
            [](const WorldZone& a, const WorldZone& b) {
              return a.apex.depth < b.apex.depth;
            });
  for (WorldZone& zone : zones) {
    Tree tree;
    if (!zone.base.empty()) {
      tree.names_of = ReverseTree(zone.apex, *Name::Parse(zone.base));
    }
    tree.apex = *tree.names_of.NameOf(zone.apex);
    tree.zone = std::move(zone);
    AddNames(&tree);
    trees_.push_back(std::move(tree));
  }
  for (Tree& tree : trees_) {
    if (tree.zone.chain) Sign(&tree);
  }
  for (Tree& tree : trees_) AddCuts(&tree);
}

void WalkWorld::AddNames(Tree* tree) {
  const WorldZone& zone = tree->zone;
  const auto exists = [&](NibbleNode node) {
    for (; node.depth >= zone.apex.depth; node = node.Above()) {
      tree->names.insert(Key(node));
      if (node.depth == zone.apex.depth) break;
    }
  };
  exists(zone.apex);
  for (const IpAddress& host : zone.hosts) exists(NibbleNode::OfAddress(host));
  for (const IpAddress& host : zone.nameless) {
    exists(NibbleNode::OfAddress(host));
  }
  for (const auto* nodes : {&zone.short_names, &zone.wildcards,
                            &zone.void_wildcards, &zone.synthesized}) {
    for (const NibbleNode& node : *nodes) exists(node);
  }
  for (const auto& [owner, target] : zone.dnames) exists(owner);
  for (const std::string& text : zone.others) AddOther(tree, text);
}

void WalkWorld::AddOther(Tree* tree, const std::string& text) {
  const Name other = *Name::Parse(text);
  for (NameView at = other; at.IsBelow(tree->apex); at = at.parent()) {
    const auto node = tree->names_of.NodeOf(at);
    if (node) {
      tree->names.insert(Key(*node));
    } else {
      tree->others.insert(at.ToText());
    }
  }
}

// The names of zones delegated from this one.
void WalkWorld::AddCuts(Tree* tree) {
  for (Tree& other : trees_) {
    if (!other.apex.view().IsBelow(tree->apex)) continue;
    if (DeepestOf(other.apex.view().parent()) != tree) continue;
    other.known = false;
    other.is_cut = true;
    tree->cuts.insert(Key(other.zone.apex));
    for (NibbleNode node = other.zone.apex; node.depth > tree->zone.apex.depth;
         node = node.Above()) {
      tree->names.insert(Key(node));
    }
    if (!tree->chain) continue;
    testing_support::RecordTypes types = {rr::kNs};
    if (other.zone.has_ds) types.insert(rr::kDs);
    tree->chain->Add(other.apex, types);
  }
}

void WalkWorld::ForgetCuts() {
  for (Tree& tree : trees_) tree.known = !tree.is_cut;
}

void WalkWorld::Sign(Tree* tree) {
  const WorldZone& zone = tree->zone;
  tree->chain.emplace(*zone.chain, tree->apex);
  const auto add = [tree](const NibbleNode& node, uint16_t type) {
    tree->chain->Add(*tree->names_of.NameOf(node), {type});
  };
  const auto add_wildcard = [tree](const NibbleNode& node, uint16_t type) {
    Name name = *tree->names_of.NameOf(node);
    if (name.PrependLabel("*")) tree->chain->Add(name, {type});
  };
  for (const IpAddress& host : zone.hosts) {
    add(NibbleNode::OfAddress(host), rr::kPtr);
  }
  for (const IpAddress& host : zone.nameless) {
    add(NibbleNode::OfAddress(host), rr::kTxt);
  }
  for (const NibbleNode& node : zone.short_names) add(node, rr::kPtr);
  for (const NibbleNode& node : zone.wildcards) add_wildcard(node, rr::kPtr);
  for (const NibbleNode& node : zone.void_wildcards) {
    add_wildcard(node, rr::kTxt);
  }
  for (const auto& [owner, target] : zone.dnames) add(owner, rr::kDname);
  for (const std::string& text : zone.others) {
    tree->chain->Add(*Name::Parse(text), {rr::kTxt});
  }
}

WalkWorld::Tree* WalkWorld::DeepestOf(NameView name) {
  Tree* deepest = nullptr;
  for (Tree& tree : trees_) {
    if (name.IsAtOrBelow(tree.apex)) deepest = &tree;
  }
  return deepest;
}

const WalkWorld::Tree* WalkWorld::Find(absl::string_view apex) const {
  for (const Tree& tree : trees_) {
    if (tree.zone.base.empty() ? tree.zone.apex == NodeAt(apex)
                               : tree.zone.base == apex) {
      return &tree;
    }
  }
  return nullptr;
}

uint64_t WalkWorld::asked_of(absl::string_view apex) const {
  return Find(apex)->asked;
}

uint64_t WalkWorld::NodesOf(absl::string_view apex) const {
  const Tree& tree = *Find(apex);
  return static_cast<uint64_t>(std::count_if(
      tree.names.begin(), tree.names.end(), [&](const auto& name) {
        return name.second < kNibbles && !tree.cuts.contains(name);
      }));
}

size_t WalkWorld::LinksOf(absl::string_view apex) const {
  return Find(apex)->chain->size();
}

std::vector<std::string> WalkWorld::FindingTexts() const {
  std::vector<std::string> texts;
  for (const Finding& finding : findings) {
    texts.push_back(absl::StrCat(finding.prefix.ToString(), " ",
                                 FindingKindName(finding.kind)));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

bool WalkWorld::Run(Walk* walk, uint32_t seed, size_t open, uint64_t answers) {
  std::mt19937 random(seed);
  std::vector<WalkWork> asked;
  const auto take = [this, walk] {
    for (Finding& finding : walk->TakeFindings()) {
      findings.push_back(std::move(finding));
    }
  };
  while (!walk->done()) {
    while (asked.size() < open && walk->HasWork()) {
      if (const auto work = walk->NextWork()) asked.push_back(*work);
    }
    if (asked.empty()) {
      if (walk->done()) break;
      walk->BeginLatePass();
      continue;
    }
    take();
    if (answers-- == 0) return false;
    const auto fast = std::partition(
        asked.begin(), asked.end(),
        [this](const WalkWork& work) { return !is_slow || !is_slow(work); });
    const auto some = static_cast<size_t>(fast - asked.begin());
    const size_t of = some > 0 ? some : asked.size();
    std::swap(asked[random() % of], asked.back());
    const WalkWork work = asked.back();
    asked.pop_back();
    Tell(walk, work);
  }
  take();
  return true;
}

void WalkWorld::Tell(Walk* walk, const WalkWork& work) {
  using enum WalkAnswer::Said;
  if (work.kind == WalkWork::Kind::kServers) {
    const std::string result = work.names_only ? "" : "=asked";
    return walk->OnServers(work.tag,
                           {absl::StrCat("ns.", work.name.ToText(), result)});
  }
  ++asked_;
  if (work.kind == WalkWork::Kind::kHost) return TellHost(walk, work);
  Tree* tree = DeepestOf(work.name);
  if (tree == nullptr) {
    apex_ = *Name::Parse("example.net");
    return walk->OnAnswer(work.tag, {.said = kNx, .apex = apex_});
  }
  if (!std::exchange(tree->known, true) && !work.follow) {
    cut_ = tree->apex;
    Tree* parent = DeepestOf(cut_.view().parent());
    const uint64_t before = parent->asked++;
    apex_ = parent->apex;
    WalkAnswer answer = {.said = kReferral, .apex = apex_, .cut = cut_};
    const bool bare =
        parent->zone.is_bare && parent->zone.is_bare(work, before);
    ShowNothing(&answer);
    if (parent->chain && work.dnssec_ok && !bare) {
      Show(parent->chain->Referral(cut_), &answer);
    }
    return walk->OnAnswer(work.tag, answer);
  }
  walk->OnAnswer(work.tag, Answer(tree, work, work.name));
}

// A PTR that is looked up: DNAMEs on the way are followed.
void WalkWorld::TellHost(Walk* walk, const WalkWork& work) {
  using enum WalkAnswer::Said;
  constexpr int kMaxHops = 16;
  Name name = *ReverseTree().NameOf(NibbleNode::OfAddress(work.address));
  WalkAnswer answer;
  bool redirected = false;
  for (int hop = 0; hop < kMaxHops; ++hop) {
    Tree* tree = DeepestOf(name);
    if (tree == nullptr) break;
    tree->known = true;
    answer = Answer(tree, work, name);
    if (answer.said != kDname) break;
    redirected = true;
    name = Redirected(name, owner_, target_);
  }
  answer.message = nullptr;
  if (redirected && answer.said != kSilent && answer.said != kFail) {
    answer.said = kAlias;
  }
  if (answer.said == kData || answer.said == kAlias) {
    found_.insert(work.address);
  }
  walk->OnAnswer(work.tag, answer);
}

WalkAnswer WalkWorld::Answer(Tree* tree, const WalkWork& work,
                             const Name& name) {
  using enum WalkAnswer::Said;
  WalkAnswer answer;
  const uint64_t before = tree->asked++;
  const WorldZone& zone = tree->zone;
  apex_ = tree->apex;
  if ((zone.is_lost && zone.is_lost(work, before)) ||
      zone.servers == WorldZone::Servers::kSilent) {
    answer = {.said = kSilent, .cause = io::Cause::kTimeout};
  } else if (zone.servers == WorldZone::Servers::kLame) {
    answer = {.said = kFail, .cause = io::Cause::kRefused};
  } else if (zone.servers == WorldZone::Servers::kNone) {
    answer = {.said = kSilent, .cause = io::Cause::kNsUnresolvable};
  } else {
    by_wildcard_ = false;
    answer = AnswerOf(*tree, name, work.type);
    ShowNothing(&answer);
    const bool shows = tree->chain && work.dnssec_ok &&
                       !(zone.is_bare && zone.is_bare(work, before));
    if (shows && (answer.said == kNx || answer.said == kNodata)) {
      Show(tree->chain->Denial(name), &answer);
    } else if (shows && by_wildcard_) {
      Show(tree->chain->Wildcard(name), &answer);
    }
  }
  answer.apex = apex_;
  answer.registry = zone.registry;
  return answer;
}

// A response that has none of the chain's records.
void WalkWorld::ShowNothing(WalkAnswer* answer) {
  Show(testing_support::PacketBuilder().Response().Aa().Build(), answer);
}

void WalkWorld::Show(const testing_support::Octets& octets,
                     WalkAnswer* answer) {
  octets_ = octets;
  message_ = dnswire::Message::Parse(octets_);
  answer->message = &message_;
}

WalkAnswer WalkWorld::AnswerOf(const Tree& tree, const Name& name,
                               uint16_t type) {
  using enum WalkAnswer::Said;
  for (const auto& [node, target] : tree.zone.dnames) {
    owner_ = *tree.names_of.NameOf(node);
    target_ = *Name::Parse(target);
    if (name.view().IsBelow(owner_)) {
      return {.said = kDname, .target = target_, .dname_owner = owner_};
    }
    if (name.view().Equals(owner_)) {
      const bool asked = type == dnswire::kTypeDname;
      return {.said = asked ? kData : kNodata, .target = target_};
    }
  }
  const auto node = tree.names_of.NodeOf(name);
  WalkAnswer answer;
  if (node) {
    answer = AnswerOfNode(tree, *node);
  } else if (tree.others.contains(name.view().ToText())) {
    answer.said = kNodata;
  } else {
    NameView above = name;
    while (!tree.names_of.NodeOf(above) &&
           !tree.others.contains(above.ToText())) {
      above = above.parent();
    }
    const auto encloser = tree.names_of.NodeOf(above);
    answer = {.said = kNx};
    if (encloser) {
      answer = tree.names.contains(Key(*encloser))
                   ? AnswerByWildcard(tree, *encloser)
                   : AnswerOfNode(tree, *encloser);
    }
  }
  if (type == dnswire::kTypeSoa && answer.said == kData) answer.said = kNodata;
  return answer;
}

WalkAnswer WalkWorld::Named(const std::string& target) {
  target_ = *Name::Parse(target);
  return {.said = WalkAnswer::Said::kData, .target = target_};
}

WalkAnswer WalkWorld::AnswerOfNode(const Tree& tree, const NibbleNode& node) {
  using enum WalkAnswer::Said;
  const WorldZone& zone = tree.zone;
  for (const NibbleNode& made_up : zone.synthesized) {
    if (!node.IsAtOrBelow(made_up)) continue;
    if (node.depth < kNibbles) return {.said = kNodata};
    return Named(absl::StrCat("made-up-",
                              absl::Uint128Low64(node.first.value() % 1000003),
                              ".example.net"));
  }
  if (node.depth == kNibbles && zone.hosts.contains(node.first)) {
    return Named("host.example.net");
  }
  if (Has(zone.short_names, node)) return Named("short.example.net");
  if (tree.names.contains(Key(node))) {
    const bool own =
        node == zone.apex || node.depth == kNibbles || Has(zone.undenied, node);
    return {.said = zone.denies_empty && !own ? kNx : kNodata};
  }
  NibbleNode encloser = node;
  while (!tree.names.contains(Key(encloser))) encloser = encloser.Above();
  return AnswerByWildcard(tree, encloser);
}

WalkAnswer WalkWorld::AnswerByWildcard(const Tree& tree,
                                       const NibbleNode& encloser) {
  using enum WalkAnswer::Said;
  if (Has(tree.zone.void_wildcards, encloser)) {
    by_wildcard_ = true;
    return {.said = kNodata};
  }
  if (!Has(tree.zone.wildcards, encloser)) return {.said = kNx};
  by_wildcard_ = true;
  return Named("wild.example.net");
}

}  // namespace scanner
