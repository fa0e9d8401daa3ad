// Part of Walk: its state, for whoever goes on with it. Of a zone that was
// being entered only that it is to be: nothing has come of it yet. Of a node
// that was being expanded its children are asked for again, but for hosts: each
// of these is in the state for itself.
#include <utility>

#include "io/files/packed_octets.h"
#include "scanner/walk/walk.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using io::OctetPacker;
using io::OctetTaker;

constexpr uint8_t kVersion = 3;

void PutAddress(const IpAddress& address, OctetPacker* packer) {
  packer->Put128(address.value());
}

IpAddress TakeAddress(OctetTaker* taker) {
  return IpAddress::V6(taker->Take128());
}

void PutNode(const NibbleNode& node, OctetPacker* packer) {
  PutAddress(node.first, packer);
  packer->Put(node.depth);
}

// Depth 0 for what is no node.
NibbleNode TakeNode(OctetTaker* taker) {
  NibbleNode node;
  node.first = TakeAddress(taker);
  node.depth = taker->Take<uint8_t>();
  if (node.depth > kNibbles || node.prefix().first() != node.first) return {};
  return node;
}

void PutName(dnswire::NameView name, OctetPacker* packer) {
  packer->PutText(name.ToText());
}

bool TakeName(OctetTaker* taker, Name* name) {
  const auto parsed = Name::Parse(taker->TakeText());
  if (parsed) *name = *parsed;
  return parsed.has_value();
}

template <typename Nodes>
void PutNodes(const Nodes& nodes, OctetPacker* packer) {
  packer->PutShort(nodes.size());
  for (const NibbleNode& node : nodes) PutNode(node, packer);
}

// Of elements that take an octet each at least.
size_t TakeCount(OctetTaker* taker) {
  const absl::uint128 count = taker->TakeShort();
  if (count <= taker->left()) return static_cast<size_t>(count);
  taker->TakeRaw(taker->left() + 1);  // they are missing
  return 0;
}

template <typename Nodes>
void TakeNodes(OctetTaker* taker, Nodes* nodes) {
  for (size_t left = TakeCount(taker); left > 0; --left) {
    nodes->insert(TakeNode(taker));
  }
}

constexpr uint64_t WalkSummary::*kCounters[] = {
    &WalkSummary::hosts,           &WalkSummary::nameless,
    &WalkSummary::expanded,        &WalkSummary::unexpanded,
    &WalkSummary::skipped,         &WalkSummary::zones,
    &WalkSummary::zones_unentered, &WalkSummary::unknown,
    &WalkSummary::questions};

}  // namespace

bool Walk::IsBeingEntered(const Zone& zone) {
  return zone.stage == Stage::kEnter || zone.stage == Stage::kDenial ||
         zone.stage == Stage::kDynamic;
}

// ---- out

std::string Walk::State() const {
  OctetPacker packer;
  packer.Put(kVersion);
  packer.Put(pass_);
  PutTables(&packer);
  std::vector<Entry> entries(entries_.begin(), entries_.end());
  std::vector<ZoneSlot> begun;
  WalkSummary summary = summary_;
  for (ZoneSlot slot = 0; slot < zones_.size(); ++slot) {
    const Zone& zone = zones_[slot];
    if (!zone.active) continue;
    if (IsBeingEntered(zone) && !zone.ended) {
      entries.push_back(
          {.start = zone.start, .tree = zone.tree, .pass = zone.pass});
      --summary.zones;
    } else {
      begun.push_back(slot);
    }
  }
  summary.expanded -= static_cast<uint64_t>(ExpandedAgain(kNil).size());
  for (const auto counter : kCounters) packer.PutShort(summary.*counter);
  packer.PutShort(entries.size());
  for (const Entry& entry : entries) {
    PutNode(entry.start, &packer);
    packer.Put(entry.tree);
    packer.Put(entry.pass);
  }
  PutLate(late_, &packer);
  PutLate(retries_, &packer);
  packer.PutShort(rests_.size());
  for (const Facts& rest : rests_) PutFacts(rest, &packer);
  packer.PutShort(begun.size());
  for (const ZoneSlot slot : begun) PutZone(slot, &packer);
  PutSurveys(&packer);
  return packer.octets();
}

void Walk::PutTables(OctetPacker* packer) const {
  packer->PutShort(trees_.size());
  for (const Tree& tree : trees_) {
    PutNode(tree.names.top(), packer);
    PutName(tree.names.base(), packer);
    packer->Put(tree.parent);
    packer->Put(static_cast<uint8_t>(tree.nested));
  }
  packer->PutShort(apexes_.size());
  for (const Name& apex : apexes_) PutName(apex, packer);
  packer->PutShort(known_done_.size());
  for (const bool done : known_done_) packer->Put(uint8_t{done});
  PutNodes(zone_starts_, packer);
  PutNodes(holes_, packer);
  PutNodes(told_excluded_, packer);
  packer->PutShort(redirected_.size());
  for (const auto& [tree, owner] : redirected_) {
    packer->Put(tree);
    PutNode(owner, packer);
  }
}

template <typename Lates>
void Walk::PutLate(const Lates& lates, OctetPacker* packer) {
  packer->PutShort(lates.size());
  for (const Late& late : lates) {
    packer->Put(static_cast<uint8_t>(late.what));
    packer->Put(late.pass);
    packer->Put(late.hole);
    packer->Put(static_cast<uint8_t>(late.cause));
    packer->Put(late.children);
    packer->Put(uint8_t{late.wild_told});
    packer->Put(late.tree);
    packer->Put(late.apex);
    packer->Put(late.rest);
    PutNode(late.node, packer);
  }
}

void Walk::PutFacts(const Facts& facts, OctetPacker* packer) {
  PutNode(facts.start, packer);
  packer->Put(facts.tree);
  packer->Put(facts.apex);
  for (const bool flag :
       {facts.spent, facts.honest, facts.fruitful, facts.broken,
        facts.is_signed, facts.by_nsec3, facts.gaps, facts.left_out,
        facts.made_up, facts.too_many_hosts}) {
    packer->Put(uint8_t{flag});
  }
  packer->PutShort(facts.questions);
  packer->PutShort(facts.found);
  packer->PutText(facts.example);
  PutNodes(facts.dense, packer);
  packer->PutShort(facts.hosts.size());
  for (const IpAddress& host : facts.hosts) PutAddress(host, packer);
  packer->PutShort(facts.hits.size());
  for (const IpAddress& hit : facts.hits) PutAddress(hit, packer);
}

void Walk::PutZone(ZoneSlot slot, OctetPacker* packer) const {
  const Zone& zone = zones_[slot];
  PutFacts(zone, packer);
  packer->Put(zone.rest);
  packer->Put(zone.pass);
  packer->Put(static_cast<uint8_t>(zone.stage));
  for (const bool flag : {zone.retry, zone.resting, zone.denied, zone.walked,
                          zone.ended, zone.doubtful}) {
    packer->Put(uint8_t{flag});
  }
  packer->Put(static_cast<uint8_t>(zone.cause));
  packer->PutShort(zone.questions_before);
  packer->PutShort(zone.next_known);
  PutName(zone.chain_at, packer);
  packer->Put(uint8_t{zone.chain_first});
  PutNodes(zone.chain_wilds, packer);
  PutNodes(zone.dense_tried, packer);
  packer->Put(uint8_t{zone.dictionary.has_value()});
  if (zone.dictionary) zone.dictionary->Put(packer);
  PutOpen(slot, packer);
}

// Nodes that are being expanded, of a zone or (kNil) of all. Not those above
// hosts.
std::vector<Walk::StackNode> Walk::ExpandedAgain(ZoneSlot slot) const {
  std::vector<StackNode> nodes;
  for (uint32_t i = 0; i < expansions_.size(); ++i) {
    const Expansion& each = expansions_[i];
    const bool counts = each.active && !each.of_start &&
                        each.at.node.depth + 1 < kNibbles &&
                        (slot == kNil || each.zone == slot);
    if (counts) nodes.push_back(each.at);
  }
  return nodes;
}

// What it has before it, and what is under way.
void Walk::PutOpen(ZoneSlot slot, OctetPacker* packer) const {
  std::vector<StackNode> nodes = zones_[slot].stack;
  const std::vector<StackNode> again = ExpandedAgain(slot);
  nodes.insert(nodes.end(), again.begin(), again.end());
  packer->PutShort(nodes.size());
  for (const StackNode& at : nodes) {
    PutNode(at.node, packer);
    packer->Put(at.full_levels);
    packer->Put(at.hole);
    packer->Put(at.children);
    packer->Put(uint8_t{at.wild_told});
  }
  std::vector<Ask> asks;
  for (uint32_t tag = 0; tag < asks_.size(); ++tag) {
    const Ask& ask = asks_[tag];
    if (!ask.open || ask.zone != slot) continue;
    const bool leaf =
        ask.what == Ask::For::kChild && ask.node.depth == kNibbles;
    if (leaf || ask.what == Ask::For::kLeaf || ask.what == Ask::For::kCanary ||
        ask.what == Ask::For::kKnown || ask.what == Ask::For::kDictionary ||
        ask.what == Ask::For::kDname) {
      asks.push_back(ask);
      if (leaf) asks.back().what = Ask::For::kLeaf;
    }
  }
  packer->PutShort(asks.size());
  for (const Ask& ask : asks) {
    packer->Put(static_cast<uint8_t>(ask.what));
    packer->Put(uint8_t{ask.host});
    packer->Put(ask.hole);
    PutNode(ask.node, packer);
  }
}

void Walk::PutSurveys(OctetPacker* packer) const {
  packer->PutShort(surveys_.in_use());
  for (uint32_t tag = 0; tag < surveys_.size(); ++tag) {
    const Survey& survey = surveys_[tag];
    if (!survey.open) continue;
    const Finding& finding = survey.finding;
    PutName(survey.apex, packer);
    PutNode(NibbleNode::Of(finding.prefix), packer);
    packer->Put(static_cast<uint8_t>(finding.kind));
    packer->Put(static_cast<uint8_t>(finding.cause));
    packer->PutText(finding.zone);
    packer->PutShort(finding.count);
    packer->PutText(finding.detail);
    packer->PutShort(finding.queries);
  }
}

// ---- in

bool Walk::TakeUp(absl::string_view state) {
  OctetTaker taker(state);
  if (taker.Take<uint8_t>() != kVersion) return false;
  entries_.clear();
  zone_starts_.clear();
  findings_.clear();
  pass_ = taker.Take<uint8_t>();
  if (!TakeTables(&taker)) return false;
  for (const auto counter : kCounters) {
    summary_.*counter = absl::Uint128Low64(taker.TakeShort());
  }
  for (size_t left = TakeCount(&taker); left > 0; --left) {
    Entry entry;
    entry.start = TakeNode(&taker);
    entry.tree = taker.Take<uint32_t>();
    entry.pass = taker.Take<uint8_t>();
    if (!IsNode(entry.start, entry.tree)) return false;
    entries_.push_back(entry);
  }
  if (!TakeLate(&taker, &late_) || !TakeLate(&taker, &retries_)) return false;
  if (!TakeRests(&taker)) return false;
  for (size_t left = TakeCount(&taker); left > 0; --left) {
    if (!TakeZone(&taker)) return false;
  }
  return TakeSurveys(&taker) && taker.IsDone();
}

bool Walk::TakeSurveys(OctetTaker* taker) {
  for (size_t left = TakeCount(taker); left > 0; --left) {
    Survey survey;
    Finding& finding = survey.finding;
    if (!TakeName(taker, &survey.apex)) return false;
    const NibbleNode node = TakeNode(taker);
    const auto kind = taker->Take<uint8_t>();
    const auto cause = taker->Take<uint8_t>();
    if (node.depth == 0 || kind >= kFindingKindCount ||
        cause >= io::kCauseCount) {
      return false;
    }
    finding.prefix = node.prefix();
    finding.depth = node.depth;
    finding.kind = static_cast<FindingKind>(kind);
    finding.cause = static_cast<io::Cause>(cause);
    finding.zone = std::string(taker->TakeText());
    finding.count = absl::Uint128Low64(taker->TakeShort());
    finding.detail = std::string(taker->TakeText());
    finding.queries = absl::Uint128Low64(taker->TakeShort());
    NewSurvey(std::move(survey));
  }
  return taker->ok();
}

bool Walk::IsNode(const NibbleNode& node, uint32_t tree) const {
  return node.depth > 0 && tree < trees_.size() &&
         node.IsAtOrBelow(trees_[tree].names.top());
}

bool Walk::TakeTables(OctetTaker* taker) {
  trees_.clear();
  for (size_t left = TakeCount(taker); left > 0; --left) {
    Tree tree;
    const NibbleNode top = TakeNode(taker);
    Name base;
    if (!TakeName(taker, &base)) return false;
    tree.names = ReverseTree(top, base);
    tree.parent = taker->Take<uint32_t>();
    tree.nested = taker->Take<uint8_t>();
    if (tree.parent != kNil && tree.parent >= trees_.size()) return false;
    trees_.push_back(tree);
  }
  for (size_t left = TakeCount(taker); left > 0; --left) {
    Name apex;
    if (!TakeName(taker, &apex)) return false;
    ApexIndex(apex);
  }
  if (TakeCount(taker) != known_done_.size()) return false;
  for (size_t i = 0; i < known_done_.size(); ++i) {
    known_done_[i] = taker->Take<uint8_t>() != 0;
  }
  TakeNodes(taker, &zone_starts_);
  TakeNodes(taker, &holes_);
  TakeNodes(taker, &told_excluded_);
  for (size_t left = TakeCount(taker); left > 0; --left) {
    const auto tree = taker->Take<uint32_t>();
    redirected_.insert({tree, TakeNode(taker)});
  }
  return taker->ok() && !trees_.empty();
}

template <typename Lates>
bool Walk::TakeLate(OctetTaker* taker, Lates* lates) {
  for (size_t left = TakeCount(taker); left > 0; --left) {
    Late late;
    const auto what = taker->Take<uint8_t>();
    late.pass = taker->Take<uint8_t>();
    late.hole = taker->Take<uint8_t>();
    const auto cause = taker->Take<uint8_t>();
    late.children = taker->Take<uint16_t>();
    late.wild_told = taker->Take<uint8_t>() != 0;
    late.tree = taker->Take<uint32_t>();
    late.apex = taker->Take<uint32_t>();
    late.rest = taker->Take<uint32_t>();
    late.node = TakeNode(taker);
    if (what > static_cast<uint8_t>(Late::What::kNode) ||
        cause >= io::kCauseCount || !IsNode(late.node, late.tree) ||
        (late.apex != kNil && late.apex >= apexes_.size())) {
      return false;
    }
    late.what = static_cast<Late::What>(what);
    late.cause = static_cast<io::Cause>(cause);
    lates->push_back(late);
  }
  return taker->ok();
}

bool Walk::TakeRests(OctetTaker* taker) {
  for (size_t left = TakeCount(taker); left > 0; --left) {
    rests_.emplace_back();
    if (!TakeFacts(taker, &rests_.back())) return false;
  }
  const auto is_there = [this](const Late& late) {
    return late.what == Late::What::kZone || late.rest < rests_.size();
  };
  return std::all_of(late_.begin(), late_.end(), is_there) &&
         std::all_of(retries_.begin(), retries_.end(), is_there);
}

bool Walk::TakeFacts(OctetTaker* taker, Facts* facts) const {
  facts->start = TakeNode(taker);
  facts->tree = taker->Take<uint32_t>();
  facts->apex = taker->Take<uint32_t>();
  for (bool* flag :
       {&facts->spent, &facts->honest, &facts->fruitful, &facts->broken,
        &facts->is_signed, &facts->by_nsec3, &facts->gaps, &facts->left_out,
        &facts->made_up, &facts->too_many_hosts}) {
    *flag = taker->Take<uint8_t>() != 0;
  }
  facts->questions = absl::Uint128Low64(taker->TakeShort());
  facts->found = absl::Uint128Low64(taker->TakeShort());
  facts->example = std::string(taker->TakeText());
  TakeNodes(taker, &facts->dense);
  for (size_t left = TakeCount(taker); left > 0; --left) {
    facts->hosts.insert(TakeAddress(taker));
  }
  for (size_t left = TakeCount(taker); left > 0; --left) {
    facts->hits.push_back(TakeAddress(taker));
  }
  // Of a zone that has not ended nothing is kept yet.
  const bool begun =
      facts->start.depth == 0 || IsNode(facts->start, facts->tree);
  return taker->ok() && begun &&
         (facts->apex == kNil || facts->apex < apexes_.size());
}

bool Walk::TakeZone(OctetTaker* taker) {
  Facts facts;
  if (!TakeFacts(taker, &facts)) return false;
  const auto rest = taker->Take<uint32_t>();
  const auto pass = taker->Take<uint8_t>();
  const auto stage = taker->Take<uint8_t>();
  if (!IsNode(facts.start, facts.tree) ||
      (rest != kNil && rest >= rests_.size()) ||
      stage > static_cast<uint8_t>(Stage::kEnd) ||
      (stage == static_cast<uint8_t>(Stage::kChain) && facts.apex == kNil)) {
    return false;
  }
  const ZoneSlot slot = NewZone(facts.start, facts.tree, pass);
  Zone& zone = zones_[slot];
  static_cast<Facts&>(zone) = std::move(facts);
  zone.rest = rest;
  zone.stage = static_cast<Stage>(stage);
  for (bool* flag : {&zone.retry, &zone.resting, &zone.denied, &zone.walked,
                     &zone.ended, &zone.doubtful}) {
    *flag = taker->Take<uint8_t>() != 0;
  }
  if (zone.resting) ++resting_;
  if (zone.by_nsec3) BeginNsec3(&zone);
  const auto cause = taker->Take<uint8_t>();
  if (cause >= io::kCauseCount) return false;
  zone.cause = static_cast<io::Cause>(cause);
  zone.questions_before = absl::Uint128Low64(taker->TakeShort());
  zone.next_known = absl::Uint128Low64(taker->TakeShort());
  if (!TakeName(taker, &zone.chain_at)) return false;
  zone.chain_first = taker->Take<uint8_t>() != 0;
  for (size_t left = TakeCount(taker); left > 0; --left) {
    zone.chain_wilds.push_back(TakeNode(taker));
  }
  TakeNodes(taker, &zone.dense_tried);
  const bool has_dictionary = taker->Take<uint8_t>() != 0;
  if (has_dictionary && !DictionaryOf(&zone).TakeUp(taker)) return false;
  return TakeOpen(taker, slot);
}

bool Walk::TakeOpen(OctetTaker* taker, ZoneSlot slot) {
  Zone& zone = zones_[slot];
  for (size_t left = TakeCount(taker); left > 0; --left) {
    StackNode at;
    at.node = TakeNode(taker);
    at.full_levels = taker->Take<uint8_t>();
    at.hole = taker->Take<uint8_t>();
    at.children = taker->Take<uint16_t>();
    at.wild_told = taker->Take<uint8_t>() != 0;
    if (!IsNode(at.node, zone.tree) || at.node.depth == kNibbles) return false;
    zone.stack.push_back(at);
  }
  for (size_t left = TakeCount(taker); left > 0; --left) {
    Ask ask;
    const auto what = taker->Take<uint8_t>();
    ask.host = taker->Take<uint8_t>() != 0;
    ask.hole = taker->Take<uint8_t>();
    ask.node = TakeNode(taker);
    if (what > static_cast<uint8_t>(Ask::For::kDname) ||
        what == static_cast<uint8_t>(Ask::For::kChild) ||
        what == static_cast<uint8_t>(Ask::For::kLadder) ||
        !IsNode(ask.node, zone.tree) ||
        (ask.host && ask.node.depth != kNibbles)) {
      return false;
    }
    ask.what = static_cast<Ask::For>(what);
    NewAsk(slot, ask);
  }
  if (!taker->ok()) return false;
  if (zone.stage == Stage::kChain && !zone.walked) {
    zone.mode = Mode::kNsec;
    AskLink(slot, ChainSide::kBelow);
  }
  Proceed(slot);
  return true;
}

}  // namespace scanner
