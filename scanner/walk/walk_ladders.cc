// Part of Walk: names that nobody has made (ITERATION.md 3.3, 3.5): wildcards,
// and servers that make up a name for every address.
#include <algorithm>
#include <utility>

#include "scanner/walk/walk.h"

namespace scanner {
namespace {

constexpr uint8_t kDenseSamples = 32;
// Levels in a row all of whose nodes exist, of which wildcards are suspected.
constexpr int kDenseLevels = 3;
// Deeper, a full node is not looked into: random names may be real ones.
constexpr uint8_t kMaxLadderDepth = 28;
constexpr int kExamples = 3;
// Of 16 children none of which is absent.
constexpr int kManyEmpty = 12;

bool Exists(const WalkAnswer& answer) {
  return answer.said == WalkAnswer::Said::kData ||
         answer.said == WalkAnswer::Said::kAlias;
}

}  // namespace

// One that had no answer may be made up like those beside it.
bool Walk::IsFull(const Expansion& expansion) {
  const auto& children = expansion.children;
  return std::all_of(children.begin(), children.end(),
                     [](ChildIs is) {
                       return is == ChildIs::kEmpty || is == ChildIs::kFailed;
                     }) &&
         std::count(children.begin(), children.end(), ChildIs::kEmpty) > 0;
}

// No child is known to be absent, most are empty names.
bool Walk::IsCrowded(const Expansion& expansion) {
  const auto& children = expansion.children;
  const auto count = [&children](ChildIs is) {
    return std::count(children.begin(), children.end(), is);
  };
  return count(ChildIs::kAbsent) == 0 && count(ChildIs::kEmpty) > 0 &&
         count(ChildIs::kEmpty) + count(ChildIs::kFailed) >= kManyEmpty;
}

// All children have been told, or a ladder has one more answer.
void Walk::StepExpansion(uint32_t index) {
  Expansion& expansion = expansions_[index];
  expansion.step = Expansion::Step::kBelow;
  if (AskBelow(index)) return;
  const Zone& zone = zones_[expansion.zone];
  if (!IsCrowded(expansion) || expansion.at.node.depth > kMaxLadderDepth ||
      zone.spent) {
    return EndExpansion(index, true);
  }
  if (!zone.ended) return AskTwo(index);
  expansion.cause = zone.cause;
  PutOffExpansion(index);
}

void Walk::AskLadder(uint32_t index, const NibbleNode& node) {
  ++expansions_[index].open;
  NewAsk(expansions_[index].zone,
         {.what = Ask::For::kLadder, .expansion = index, .node = node});
}

void Walk::OnLadder(const Ask& ask, const WalkAnswer& answer) {
  Expansion& expansion = expansions_[ask.expansion];
  --expansion.open;
  const bool exists = Exists(answer);
  if (answer.said == WalkAnswer::Said::kFail ||
      answer.said == WalkAnswer::Said::kSilent) {
    expansion.failed = true;
    expansion.cause = answer.cause;
  }
  if (expansion.failed && expansion.step != Expansion::Step::kBelow) {
    if (expansion.open == 0) PutOffExpansion(ask.expansion);
    return;
  }
  switch (expansion.step) {
    case Expansion::Step::kChildren:
      return;
    case Expansion::Step::kBelow:
      OnBelow(&expansion, answer);
      return StepExpansion(ask.expansion);
    case Expansion::Step::kSearch: {
      const uint8_t depth = ask.node.depth;
      if (exists) {
        expansion.high = depth;
      } else {
        expansion.low = static_cast<uint8_t>(depth + 1);
      }
      return Search(ask.expansion);
    }
    case Expansion::Step::kEmpty:
      if (answer.said == WalkAnswer::Said::kNodata) {
        expansion.children[static_cast<size_t>(
            ask.node.NibbleAt(expansion.at.node.depth))] = ChildIs::kWild;
      }
      if (expansion.open == 0) EndExpansion(ask.expansion, true);
      return;
    case Expansion::Step::kTwo:
    case Expansion::Step::kSixteen:
    case Expansion::Step::kDense:
      break;
  }
  if (answer.said == WalkAnswer::Said::kNodata) ++expansion.empty_hits;
  if (exists) {
    expansion.path = ask.node.first;
    if (expansion.hits < kExamples) {
      if (expansion.hits > 0) expansion.example += ' ';
      expansion.example += answer.target.ToText();
    }
    ++expansion.hits;
  }
  if (expansion.open > 0) return;
  if (expansion.step == Expansion::Step::kTwo) return FinishTwo(ask.expansion);
  if (expansion.step == Expansion::Step::kSixteen) {
    return FinishSixteen(ask.expansion);
  }
  FinishDense(ask.expansion);
}

// ---- a name above depth 32

// Asks below the next child that has a name, unless it is clear that a wildcard
// made it. False: there is none left.
bool Walk::AskBelow(uint32_t index) {
  Expansion& expansion = expansions_[index];
  for (size_t child = 0; child < 16; ++child) {
    if (expansion.children[child] != ChildIs::kNamed) continue;
    const auto& wild = expansion.wild_targets;
    const bool known = std::find(wild.begin(), wild.end(),
                                 expansion.targets[child]) != wild.end();
    if (expansion.computed || known) {
      expansion.children[child] = ChildIs::kWild;
      continue;
    }
    expansion.below = static_cast<uint8_t>(child);
    const NibbleNode node = expansion.at.node.Child(static_cast<int>(child));
    AskLadder(index, NibbleNode::OfAddress(RandomBelow(node)));
    return true;
  }
  return false;
}

void Walk::OnBelow(Expansion* expansion, const WalkAnswer& answer) {
  ChildIs& child = expansion->children[expansion->below];
  if (std::exchange(expansion->failed, false)) {
    child = ChildIs::kFailed;
    expansion->causes[expansion->below] = expansion->cause;
    return;
  }
  const uint64_t target = HashOfName(answer.target);
  const bool same = target == expansion->targets[expansion->below];
  // Far down the random name may be that of a real host.
  const bool real = !same && expansion->at.node.depth >= kMaxLadderDepth;
  if (!Exists(answer) || real) {  // an ordinary record at a short name
    child = ChildIs::kEmpty;
    return;
  }
  child = ChildIs::kWild;
  if (!same) {
    expansion->computed = true;
  } else {
    expansion->wild_targets.push_back(target);
  }
}

// ---- sixteen children that exist

void Walk::AskTwo(uint32_t index) {
  Expansion& expansion = expansions_[index];
  expansion.step = Expansion::Step::kTwo;
  expansion.hits = 0;
  expansion.empty_hits = 0;
  if (IsFull(expansion)) expansion.example.clear();
  for (int i = 0; i < 2; ++i) {
    AskLadder(index,
              NibbleNode::OfAddress(RandomBelow(expansions_[index].at.node)));
  }
}

void Walk::FinishTwo(uint32_t index) {
  Expansion& expansion = expansions_[index];
  if (expansion.empty_hits > 0 && !expansion.of_start) return AskEmpty(index);
  // One that is not full has no made-up names: all its children would have.
  if (expansion.hits < 2 || !(expansion.of_start || IsFull(expansion))) {
    return EndExpansion(index, true);
  }
  expansion.step = Expansion::Step::kSearch;
  const uint8_t depth = expansion.at.node.depth;
  // Its children are empty names; those of a zone's start are not known.
  expansion.low = static_cast<uint8_t>(depth + (expansion.of_start ? 1 : 2));
  expansion.high = kNibbles;
  Search(index);
}

// A wildcard that has no PTR makes every name an empty one. Below those that
// exist it is not.
void Walk::AskEmpty(uint32_t index) {
  expansions_[index].step = Expansion::Step::kEmpty;
  for (int child = 0; child < 16; ++child) {
    const Expansion& expansion = expansions_[index];
    const ChildIs is = expansion.children[static_cast<size_t>(child)];
    if (is != ChildIs::kEmpty && is != ChildIs::kFailed) continue;
    const NibbleNode node = expansion.at.node.Child(child);
    AskLadder(index, NibbleNode::OfAddress(RandomBelow(node)));
  }
}

// From which depth on names on a path exist that has one at its end.
void Walk::Search(uint32_t index) {
  Expansion& expansion = expansions_[index];
  if (expansion.low < expansion.high) {
    const int middle = (expansion.low + expansion.high) / 2;
    const auto path = NibbleNode::OfAddress(expansion.path);
    return AskLadder(index, path.Above(kNibbles - middle));
  }
  if (expansion.high == kNibbles) return AskSixteen(index);
  if (!AskDense(index)) EndExpansion(index, true);
}

void Walk::AskSixteen(uint32_t index) {
  Expansion& expansion = expansions_[index];
  expansion.step = Expansion::Step::kSixteen;
  expansion.hits = 0;
  expansion.example.clear();
  const NibbleNode node = expansion.at.node;
  for (int child = 0; child < 16; ++child) {
    const dnswire::IpAddress random = RandomBelow(node.Child(child));
    AskLadder(index, NibbleNode::OfAddress(random));
  }
}

void Walk::FinishSixteen(uint32_t index) {
  const Expansion& expansion = expansions_[index];
  if (expansion.hits < 16) return EndExpansion(index, true);
  Zone& zone = zones_[expansion.zone];
  zone.fruitful = zone.made_up = true;
  if (expansion.of_start) zone.walked = true;
  AddFinding(zone, expansion.at.node, FindingKind::kSynthesized).example =
      expansion.example;
  EndExpansion(index, false);
}

// Three full levels with wildcards below: every /60 may have one. False: there
// is no reason to suspect that, or all are to be looked at.
bool Walk::AskDense(uint32_t index) {
  Expansion& expansion = expansions_[index];
  Zone& zone = zones_[expansion.zone];
  if (options_.exhaustive || expansion.of_start ||
      expansion.at.full_levels + 1 < kDenseLevels) {
    return false;
  }
  const NibbleNode all = expansion.at.node.Above(kDenseLevels - 1);
  if (!zone.dense_tried.insert(all).second) return false;
  expansion.step = Expansion::Step::kDense;
  expansion.hits = 0;
  expansion.example.clear();
  for (int i = 0; i < kDenseSamples; ++i) {
    const auto path = NibbleNode::OfAddress(RandomBelow(all));
    AskLadder(index, path.Above(kNibbles - expansion.high));
  }
  return true;
}

void Walk::FinishDense(uint32_t index) {
  const Expansion& expansion = expansions_[index];
  if (expansion.hits < kDenseSamples) return EndExpansion(index, true);
  Zone& zone = zones_[expansion.zone];
  const NibbleNode all = expansion.at.node.Above(kDenseLevels - 1);
  zone.dense.insert(all);
  zone.fruitful = zone.made_up = true;
  Finding& finding = AddFinding(zone, all, FindingKind::kWildcardDense);
  finding.depth = expansion.high;
  finding.example = expansion.example;
  EndExpansion(index, false);
}

}  // namespace scanner
