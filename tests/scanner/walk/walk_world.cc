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

std::pair<IpAddress, int> Key(const NibbleNode& node) {
  return {node.first, node.depth};
}

NibbleNode NodeOfName(dnswire::NameView name) {
  return *ReverseTree().NodeOf(name);
}

Name NameOfNode(const NibbleNode& node) { return *ReverseTree().NameOf(node); }

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
  for (WorldZone& zone : zones) trees_.push_back({.zone = std::move(zone)});
  for (Tree& tree : trees_) {
    const NibbleNode apex = tree.zone.apex;
    const auto exists = [&](NibbleNode node) {
      for (; node.depth >= apex.depth; node = node.Above()) {
        tree.names.insert(Key(node));
        if (node.depth == apex.depth) break;
      }
    };
    exists(apex);
    for (const IpAddress& host : tree.zone.hosts) {
      exists(NibbleNode::OfAddress(host));
    }
    for (const IpAddress& host : tree.zone.nameless) {
      exists(NibbleNode::OfAddress(host));
    }
    for (const NibbleNode& node : tree.zone.short_names) exists(node);
    for (const NibbleNode& node : tree.zone.wildcards) exists(node);
    for (const NibbleNode& node : tree.zone.void_wildcards) exists(node);
    for (const NibbleNode& node : tree.zone.synthesized) exists(node);
    for (const Tree& other : trees_) {
      const NibbleNode cut = other.zone.apex;
      if (cut == apex || !cut.IsAtOrBelow(apex)) continue;
      // Of the next deeper zones only.
      if (&DeepestOf(cut.Above()) != &tree) continue;
      tree.cuts.insert(Key(cut));
      exists(cut);
    }
  }
}

void WalkWorld::ForgetCuts() {
  for (Tree& tree : trees_) tree.known = false;
}

WalkWorld::Tree& WalkWorld::DeepestOf(const NibbleNode& node) {
  Tree* deepest = &trees_.front();
  for (Tree& tree : trees_) {
    if (node.IsAtOrBelow(tree.zone.apex)) deepest = &tree;
  }
  return *deepest;
}

uint64_t WalkWorld::asked_of(absl::string_view apex) const {
  for (const Tree& tree : trees_) {
    if (tree.zone.apex == NodeAt(apex)) return tree.asked;
  }
  return 0;
}

uint64_t WalkWorld::NodesOf(absl::string_view apex) const {
  for (const Tree& tree : trees_) {
    if (tree.zone.apex != NodeAt(apex)) continue;
    return static_cast<uint64_t>(std::count_if(
        tree.names.begin(), tree.names.end(), [&](const auto& name) {
          return name.second < kNibbles && !tree.cuts.contains(name);
        }));
  }
  return 0;
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
  while (!walk->done()) {
    while (asked.size() < open && walk->HasWork()) {
      if (const auto work = walk->NextWork()) asked.push_back(*work);
    }
    if (asked.empty()) {
      if (walk->done()) break;
      walk->BeginLatePass();
      continue;
    }
    if (answers-- == 0) return false;
    std::swap(asked[random() % asked.size()], asked.back());
    const WalkWork work = asked.back();
    asked.pop_back();
    Tell(walk, work);
    for (Finding& finding : walk->TakeFindings()) {
      findings.push_back(std::move(finding));
    }
  }
  for (Finding& finding : walk->TakeFindings()) {
    findings.push_back(std::move(finding));
  }
  return true;
}

void WalkWorld::Tell(Walk* walk, const WalkWork& work) {
  using enum WalkAnswer::Said;
  if (work.kind == WalkWork::Kind::kServers) {
    const std::string result = work.names_only ? "" : "=asked";
    return walk->OnServers(work.tag,
                           {absl::StrCat("ns.", work.name.ToText(), result)});
  }
  const bool host = work.kind == WalkWork::Kind::kHost;
  const NibbleNode node =
      host ? NibbleNode::OfAddress(work.address) : NodeOfName(work.name);
  ++asked_;
  Tree& tree = DeepestOf(node);
  apex_ = NameOfNode(tree.zone.apex);
  if (!tree.known && !host && !work.follow && &tree != &trees_.front()) {
    tree.known = true;
    cut_ = apex_;
    ++DeepestOf(tree.zone.apex.Above()).asked;
    return walk->OnAnswer(work.tag, {.said = kReferral, .cut = cut_});
  }
  tree.known = true;
  WalkAnswer answer;
  const uint64_t before = tree.asked++;
  const bool lost = tree.zone.is_lost && tree.zone.is_lost(work, before);
  if (lost || tree.zone.servers == WorldZone::Servers::kSilent) {
    answer = {.said = kSilent, .cause = io::Cause::kTimeout};
  } else if (tree.zone.servers == WorldZone::Servers::kLame) {
    answer = {.said = kFail, .cause = io::Cause::kRefused};
  } else if (tree.zone.servers == WorldZone::Servers::kNone) {
    answer = {.said = kSilent, .cause = io::Cause::kNsUnresolvable};
  } else if (work.type == dnswire::kTypeSoa) {
    answer = AnswerOf(&tree, node);
    if (answer.said == kData) answer.said = kNodata;
  } else {
    answer = AnswerOf(&tree, node);
  }
  answer.apex = apex_;
  answer.registry = tree.zone.registry;
  if (host && answer.said == kData) found_.insert(work.address);
  walk->OnAnswer(work.tag, answer);
}

WalkAnswer WalkWorld::AnswerOf(Tree* tree, const NibbleNode& node) {
  using enum WalkAnswer::Said;
  const WorldZone& zone = tree->zone;
  const auto named = [&](const std::string& text) {
    target_ = *Name::Parse(text);
    return WalkAnswer{.said = kData, .target = target_};
  };
  for (const NibbleNode& made_up : zone.synthesized) {
    if (!node.IsAtOrBelow(made_up)) continue;
    if (node.depth < kNibbles) return {.said = kNodata};
    return named(absl::StrCat("made-up-",
                              absl::Uint128Low64(node.first.value() % 1000003),
                              ".example.net"));
  }
  if (node.depth == kNibbles && zone.hosts.contains(node.first)) {
    return named("host.example.net");
  }
  if (std::find(zone.short_names.begin(), zone.short_names.end(), node) !=
      zone.short_names.end()) {
    return named("short.example.net");
  }
  if (tree->names.contains(Key(node))) {
    const bool own = node == zone.apex || node.depth == kNibbles ||
                     std::find(zone.undenied.begin(), zone.undenied.end(),
                               node) != zone.undenied.end();
    return {.said = zone.denies_empty && !own ? kNx : kNodata};
  }
  NibbleNode encloser = node;
  while (!tree->names.contains(Key(encloser))) encloser = encloser.Above();
  const auto has = [&encloser](const std::vector<NibbleNode>& nodes) {
    return std::find(nodes.begin(), nodes.end(), encloser) != nodes.end();
  };
  if (has(zone.void_wildcards)) return {.said = kNodata};
  return has(zone.wildcards) ? named("wild.example.net")
                             : WalkAnswer{.said = kNx};
}

}  // namespace scanner
