#include "scanner/reuse/serial_reuse.h"

#include <algorithm>

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

constexpr size_t kFewestSamples = 4;
constexpr size_t kMostSamples = 512;
constexpr size_t kRowsOfASample = 128;
// The SOA of a zone and the referral to it.
constexpr size_t kSerialPackets = 2;

}  // namespace

SerialReuse::SerialReuse(const KnownRows* known, Part part, uint64_t seed)
    : known_(known), part_(part), seed_(seed), zones_(known->zones().size()) {}

// ---- targets

bool SerialReuse::Take(const PlannedTarget& target, io::TimeNs now) {
  const KnownRow* const row = known_->Find(target.item.address);
  if (row == nullptr) return false;
  ZoneState& zone = zones_[row->zone];
  if (zone.state == State::kNew) Begin(row->zone, now);
  if (zone.state == State::kAsked) return false;
  const uint32_t at = slab_.Acquire();
  slab_[at] = {.target = target, .row = row};
  ++waiting_;
  Append(at, zone.state == State::kUnchanged ? &ready_ : &zone.waiting);
  return true;
}

void SerialReuse::Begin(uint32_t index, io::TimeNs now) {
  ZoneState& zone = zones_[index];
  const size_t rows = known_->zones()[index].rows.size();
  const size_t samples =
      std::clamp(rows / kRowsOfASample, kFewestSamples, kMostSamples);
  zone.wanted =
      static_cast<uint16_t>(std::max(samples / part_.count, kFewestSamples));
  if (rows <= zone.wanted + kSerialPackets) {
    zone.state = State::kAsked;
    return;
  }
  zone.state = State::kAsking;
  zone.heard = now;
  serials_.push_back(index);
  open_.push_back(index);
}

// Its targets go on, as the outcome says.
void SerialReuse::Settle(uint32_t index, State outcome) {
  ZoneState& zone = zones_[index];
  zone.state = outcome;
  if (zone.waiting.head != kNil) {
    if (ready_.head == kNil) {
      ready_.head = zone.waiting.head;
    } else {
      slab_[ready_.tail].next = zone.waiting.head;
    }
    ready_.tail = zone.waiting.tail;
    zone.waiting = {};
  }
  std::erase(open_, index);
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
  const bool asks = !serials_.empty() || !sampling_.empty();
  return ready_.head != kNil || (asks && questions_ < kMaxQuestions);
}

std::optional<ReuseWork> SerialReuse::NextWork() {
  while (!serials_.empty() && questions_ < kMaxQuestions) {
    const uint32_t zone = serials_.front();
    serials_.pop_front();
    if (zones_[zone].state != State::kAsking) continue;  // given up
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
  const bool stands = zones_[waiting.row->zone].state == State::kUnchanged;
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

bool SerialReuse::OnSerial(uint32_t index, std::optional<uint32_t> serial,
                           io::TimeNs now) {
  --questions_;
  ZoneState& zone = zones_[index];
  const bool same = serial == known_->zones()[index].record.serial;
  if (zone.state != State::kAsking) return same;  // given up
  zone.heard = now;
  if (!same) {
    Settle(index, State::kAsked);
    return false;
  }
  zone.state = State::kSampling;
  sampling_.push_back(index);
  return true;
}

bool SerialReuse::OnSample(uint32_t index, Sample sample, io::TimeNs now) {
  --questions_;
  ZoneState& zone = zones_[index];
  const bool lies = sample == Sample::kOther;
  if (zone.state != State::kSampling) return lies;
  zone.heard = now;
  if (lies) {
    Settle(index, State::kAsked);
  } else if (sample == Sample::kSame) {
    if (++zone.same == zone.wanted) Settle(index, State::kUnchanged);
  } else if (zone.spare == 0) {
    Settle(index, State::kAsked);
  } else {
    --zone.spare;
    if (zone.redo++ == 0 && zone.taken == zone.wanted) {
      sampling_.push_back(index);
    }
  }
  return lies;
}

void SerialReuse::GiveUpSlow(io::TimeNs now) {
  if (!full()) return;
  const std::vector<uint32_t> open = open_;
  for (const uint32_t zone : open) {
    if (now - zones_[zone].heard >= kPatience) Settle(zone, State::kAsked);
  }
}

}  // namespace scanner
