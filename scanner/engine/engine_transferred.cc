// Part of Engine: targets whose zone was transferred whole, and what a walk
// asks of such a zone. They have their reverse answer when their turn comes,
// and no packet is spent on it; their names are asked as everybody's.
#include <span>
#include <utility>

#include "scanner/engine/engine.h"
#include "scanner/walk/reverse_tree.h"

namespace scanner {

// False if the target has to be asked. Also of a late pass, where it is names
// that were put off.
bool Engine::StartTransferred(const Lookup& begun) {
  if (transferred_->empty() || IsExcluded(begun.target)) return false;
  const TransferredZone* const zone =
      transferred_->Ask(begun.target, &zone_answer_);
  if (zone == nullptr) return false;
  const bool asks =
      zone_answer_.outcome == dnswire::Outcome::kData && !options_.ptr_only;
  if (asks && begun.pass == 0 && IsRunBudgetSpent()) return false;
  if (options_.note_zones) {
    zone_serials_.NoteSoa({.apex = zone->image->apex(),
                           .mname = zone->image->mname(),
                           .rname = zone->image->rname(),
                           .serial = zone->image->serial(),
                           .server = zone->server,
                           .now_us = zone->time_us});
  }
  const uint32_t index = NewLookup(begun);
  if (walk_ && begun.area != kNil) {
    WalkAnswer told = HostAnswerOf(!zone_answer_.chain.empty(), zone_answer_,
                                   zone->image->apex());
    told.free = true;
    if (!TellWalkedHost(index, told)) return true;
  }
  lookups_[index].reverse = ReverseResultOf(zone_answer_.outcome);
  GatheredOf(index).KeepTransferred(*zone, zone_answer_, &sorter_);
  if (asks) AskNames(index);
  Advance(index);
  return true;
}

// A walk's question, if a transferred zone has the answer. False: it has to be
// asked.
bool Engine::AnswerTransferred(const WalkWork& work) {
  if (transferred_->empty()) return false;
  const ReverseTree names;
  dnswire::NameView above = work.name;
  auto node = names.NodeOf(above);
  // A name of no node may be one that shows the chain of the zone above.
  while (!node && !work.for_chain && !above.is_root()) {
    above = above.parent();
    node = names.NodeOf(above);
  }
  if (!node) return false;
  const TransferredZone* const zone = transferred_->Find(node->prefix());
  WalkAnswer told;
  if (zone == nullptr || !ReadTransferred(work, *zone->image, &told)) {
    return false;
  }
  walk_->OnAnswer(work.tag, told);
  return true;
}

// As WalkAnswerOf() reads a response of the zone's server. False: the zone does
// not say it all.
bool Engine::ReadTransferred(const WalkWork& work, const ZoneImage& image,
                             WalkAnswer* told) {
  using enum WalkAnswer::Said;
  image.Resolve({.name = work.name, .type = work.type}, {}, &zone_answer_);
  *told = {.said = kData, .free = true};
  told->apex = image.apex();
  switch (zone_answer_.outcome) {
    case dnswire::Outcome::kReferral:
      told->said = kReferral;
      told->cut = zone_answer_.ns_owner;
      // Below it the servers of the zone that begins there are asked.
      return !work.follow && zone_answer_.has_ns_owner &&
             zone_answer_.ns_owner.view().Equals(work.name);
    case dnswire::Outcome::kData:
    case dnswire::Outcome::kNodata:
    case dnswire::Outcome::kNxdomain:
    case dnswire::Outcome::kFollow:
      break;
    default:
      return false;
  }
  const dnswire::Outcome outcome = zone_answer_.outcome;
  if (zone_answer_.dname && FindTransferredDname(image, work.name)) {
    told->said = kDname;
    told->dname_owner = walk_owner_;
    told->target = walk_target_;
  } else if (!zone_answer_.chain.empty()) {
    told->said = kAlias;
    told->target = zone_answer_.chain.view()[0];
  } else if (outcome == dnswire::Outcome::kNodata) {
    told->said = kNodata;
  } else if (outcome == dnswire::Outcome::kNxdomain) {
    ReadDenial(zone_answer_, told);
  } else if (work.type != dnswire::kTypeSoa) {
    ReadTransferredTarget(work, image);
    told->target = walk_target_;
  }
  return true;
}

// The DNAME that redirects `name`, unless it is an alias of it that one does:
// sets walk_owner_ and walk_target_.
bool Engine::FindTransferredDname(const ZoneImage& image,
                                  dnswire::NameView name) {
  dnswire::Answer answer;
  while (name.IsBelow(image.apex())) {
    name = name.parent();
    const dnswire::Question question = {.name = name,
                                        .type = dnswire::kTypeDname};
    image.Resolve(question, {}, &answer);
    if (answer.outcome != dnswire::Outcome::kData || !answer.chain.empty()) {
      continue;
    }
    walk_owner_.Assign(name);
    image.ForEachData(question, answer, [&](std::span<const uint8_t> rdata) {
      walk_target_.Assign(dnswire::NameView::FromValidWire(rdata));
    });
    return true;
  }
  return false;
}

// Its first record. REQUIRES: that came to kData, of a type that is a name.
void Engine::ReadTransferredTarget(const WalkWork& work,
                                   const ZoneImage& image) {
  bool found = false;
  image.ForEachData(
      {.name = work.name, .type = work.type}, zone_answer_,
      [&](std::span<const uint8_t> rdata) {
        if (std::exchange(found, true)) return;
        walk_target_.Assign(dnswire::NameView::FromValidWire(rdata));
      });
  walk_target_.Lower();
}

}  // namespace scanner
