#include "scanner/reuse/serial_reuse.h"

#include <algorithm>

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

using Ruling = ZoneRulings::Ruling;

constexpr size_t kFewestSamples = 4;
constexpr size_t kMostSamples = 512;
constexpr size_t kRowsOfASample = 128;
// The SOA of a zone and the referral to it.
constexpr size_t kSerialPackets = 2;

}  // namespace

SerialReuse::SerialReuse(const KnownRows* known, uint32_t shards, uint64_t seed)
    : known_(known),
      rulings_(known->rulings()),
      shards_(shards),
      seed_(seed),
      zones_(known->zones().size()) {}

// ---- targets

bool SerialReuse::Take(const PlannedTarget& target, io::TimeNs now) {
  const KnownRow* const row = known_->Find(target.item.address);
  if (row == nullptr) return false;
  ZoneState& zone = zones_[row->zone];
  if (zone.state == State::kNew) Begin(row->zone, now);
  const Ruling ruling = rulings_.Of(row->zone);
  if (ruling == Ruling::kAsked) return false;
  const uint32_t at = slab_.Acquire();
  slab_[at] = {.target = target, .row = row};
  ++waiting_;
  Append(at, ruling == Ruling::kUnchanged ? &ready_ : &zone.waiting);
  return true;
}

void SerialReuse::Begin(uint32_t index, io::TimeNs now) {
  ZoneState& zone = zones_[index];
  zone.heard = now;
  if (!rulings_.Claim(index)) {
    zone.state = State::kOthers;
    others_.push_back(index);
    return;
  }
  const size_t rows = known_->zones()[index].rows.size();
  const size_t samples =
      std::clamp(rows / kRowsOfASample, kFewestSamples, kMostSamples);
  zone.wanted =
      static_cast<uint16_t>(std::max(samples / shards_, kFewestSamples));
  if (rows <= zone.wanted + kSerialPackets) {
    Settle(index, false);
    return;
  }
  zone.state = State::kAsking;
  serials_.push_back(index);
}

void SerialReuse::Settle(uint32_t index, bool unchanged) {
  zones_[index].state = State::kSettled;
  if (unchanged) {
    rulings_.RuleUnchanged(index);
  } else {
    rulings_.RuleAsked(index);
  }
  std::erase(open_, index);
  Release(index);
}

// Its targets go on, as the ruling says.
void SerialReuse::Release(uint32_t index) {
  List& waiting = zones_[index].waiting;
  if (waiting.head == kNil) return;
  if (ready_.head == kNil) {
    ready_.head = waiting.head;
  } else {
    slab_[ready_.tail].next = waiting.head;
  }
  ready_.tail = waiting.tail;
  waiting = {};
}

void SerialReuse::Append(uint32_t at, List* list) {
  if (list->head == kNil) {
    list->head = at;
  } else {
    slab_[list->tail].next = at;
  }
  list->tail = at;
}

// ---- work

bool SerialReuse::HasWork() const {
  const bool asks =
      !serials_.empty() || !sampling_.empty() || !accused_.empty();
  return ready_.head != kNil || (asks && questions_ < kMaxQuestions);
}

std::optional<ReuseWork> SerialReuse::NextWork(io::TimeNs now) {
  if (!accused_.empty() && questions_ < kMaxQuestions) {
    const auto [zone, server] = accused_.front();
    accused_.pop_front();
    ++questions_;
    return ReuseWork{
        .kind = ReuseWork::Kind::kAccuse, .zone = zone, .server = server};
  }
  while (!serials_.empty() && questions_ < kMaxQuestions) {
    const uint32_t zone = serials_.front();
    serials_.pop_front();
    if (zones_[zone].state != State::kAsking) continue;  // it moved meanwhile
    zones_[zone].heard = now;
    open_.push_back(zone);
    ++questions_;
    return ReuseWork{.kind = ReuseWork::Kind::kSerial, .zone = zone};
  }
  while (!sampling_.empty() && questions_ < kMaxQuestions) {
    const uint32_t zone = sampling_.front();
    sampling_.pop_front();
    const KnownRow* const row = NextSample(zone);
    if (row == nullptr) continue;
    sampling_.push_back(zone);
    ++questions_;
    return ReuseWork{
        .kind = ReuseWork::Kind::kSample, .zone = zone, .row = row};
  }
  return NextReady();
}

std::optional<ReuseWork> SerialReuse::NextReady() {
  if (ready_.head == kNil) return std::nullopt;
  const uint32_t at = ready_.head;
  const Waiting waiting = slab_[at];
  ready_.head = waiting.next;
  slab_.Release(at);
  --waiting_;
  const bool stands = rulings_.Of(waiting.row->zone) == Ruling::kUnchanged;
  return ReuseWork{
      .kind = stands ? ReuseWork::Kind::kReuse : ReuseWork::Kind::kAsk,
      .zone = waiting.row->zone,
      .row = waiting.row,
      .target = waiting.target};
}

// The next sample of a zone, one from each of `wanted` equal parts of its rows;
// null if it has had all.
const KnownRow* SerialReuse::NextSample(uint32_t index) {
  ZoneState& zone = zones_[index];
  if (zone.state != State::kSampling) return nullptr;
  const std::vector<uint32_t>& rows = known_->zones()[index].rows;
  size_t first = 0;
  size_t last = rows.size();
  if (zone.taken < zone.wanted) {
    first = rows.size() * zone.taken / zone.wanted;
    last = rows.size() * (zone.taken + size_t{1}) / zone.wanted;
    ++zone.taken;
  } else if (zone.redo > 0) {
    --zone.redo;
  } else {
    return nullptr;
  }
  const size_t at = first + Mix(seed_, drawn_++) % (last - first);
  return &known_->rows()[rows[at]];
}

// ---- what came of it

void SerialReuse::OnSerial(uint32_t index, bool same, io::TimeNs now) {
  --questions_;
  ZoneState& zone = zones_[index];
  if (zone.state != State::kAsking) return;  // given up
  zone.heard = now;
  if (!same) return Settle(index, false);
  zone.state = State::kSampling;
  sampling_.push_back(index);
}

void SerialReuse::OnSample(uint32_t index, Sample sample, ServerIndex server,
                           io::TimeNs now) {
  --questions_;
  ZoneState& zone = zones_[index];
  if (zone.state != State::kSampling) return;
  zone.heard = now;
  if (sample == Sample::kSame) {
    if (++zone.same == zone.wanted) Settle(index, true);
  } else if (sample == Sample::kOther) {
    accused_.emplace_back(index, server);
    Settle(index, false);
  } else if (zone.spare == 0) {
    Settle(index, false);
  } else {
    --zone.spare;
    if (zone.redo++ == 0 && zone.taken == zone.wanted) {
      sampling_.push_back(index);
    }
  }
}

void SerialReuse::OnMoved(uint32_t zone) {
  if (zones_[zone].state == State::kOthers) return rulings_.RuleAsked(zone);
  Settle(zone, false);
}

void SerialReuse::Look(io::TimeNs now) {
  for (size_t i = 0; i < others_.size();) {
    const uint32_t zone = others_[i];
    if (full() && now - zones_[zone].heard >= kPatience) {
      rulings_.RuleAsked(zone);
    }
    if (rulings_.Of(zone) == Ruling::kClaimed) {
      ++i;
      continue;
    }
    zones_[zone].state = State::kSettled;
    Release(zone);
    others_[i] = others_.back();
    others_.pop_back();
  }
  if (!full()) return;
  const std::vector<uint32_t> open = open_;
  for (const uint32_t zone : open) {
    if (now - zones_[zone].heard >= kPatience) Settle(zone, false);
  }
}

}  // namespace scanner
