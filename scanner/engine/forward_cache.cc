#include "scanner/engine/forward_cache.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "absl/hash/hash.h"
#include "dnswire/wire.h"
#include "scanner/options.h"

namespace scanner {
namespace {

// A usual entry: header, a name of 30 octets, one address.
constexpr size_t kUsualEntryOctets = 72;

uint64_t HashOf(dnswire::NameView name, uint16_t type) {
  const absl::string_view octets(
      reinterpret_cast<const char*>(name.wire().data()), name.size());
  return absl::HashOf(octets, type);
}

size_t AddressOctets(uint16_t type) { return type == dnswire::kTypeA ? 4 : 16; }

}  // namespace

ForwardKey::ForwardKey(dnswire::NameView asked_name, uint16_t asked_type)
    : name(asked_name),
      type(asked_type),
      hash(HashOf(asked_name, asked_type)) {}

ForwardCache::ForwardCache(size_t octets)
    : ring_octets_(std::max(octets, ScanOptions::kMinCacheOctets) &
                   ~(kAlign - 1)),
      ring_(std::make_unique_for_overwrite<uint8_t[]>(ring_octets_)),
      // A header and a name of one octet at least, padded: so the table can
      // never be full.
      index_(std::bit_ceil(ring_octets_ / (sizeof(Header) + kAlign) + 1)) {
  static_assert(sizeof(Header) % kAlign == 0);
  static_assert(sizeof(Header) < kUsualEntryOctets);
}

std::optional<ForwardAnswer> ForwardCache::Find(
    const ForwardKey& key, io::TimeNs now,
    std::vector<dnswire::IpAddress>* addresses) const {
  const Slot& slot =
      index_[FindSlot({static_cast<uint32_t>(key.hash), key.name, key.type})];
  if (slot.place == 0) return std::nullopt;
  const size_t offset = OffsetOf(slot);
  const Header& header = At(offset);
  if (now >= header.expiry) return std::nullopt;
  if (!header.answer.final && header.pass != pass_) return std::nullopt;
  if (IsNegative(header.answer) && header.doubts != doubts_) {
    return std::nullopt;
  }
  ReadAddresses(offset, addresses);
  return header.answer;
}

void ForwardCache::Insert(const ForwardKey& key, const ForwardAnswer& answer,
                          std::span<const dnswire::IpAddress> addresses,
                          io::TimeNs expiry) {
  const size_t needed = sizeof(Header) + key.name.size() +
                        addresses.size() * AddressOctets(key.type);
  const size_t size = (needed + kAlign - 1) & ~(kAlign - 1);
  if (size > ring_octets_ / 4) return;
  const size_t offset = Allocate(size);
  const Wanted wanted = {static_cast<uint32_t>(key.hash), key.name, key.type};
  new (ring_.get() + offset)
      Header{.size_octets = static_cast<uint32_t>(size),
             .hash = wanted.hash,
             .expiry = expiry,
             .address_count = static_cast<uint32_t>(addresses.size()),
             .type = key.type,
             .name_octets = static_cast<uint8_t>(key.name.size()),
             .pass = pass_,
             .answer = answer,
             .doubts = doubts_,
             .filler = false};
  uint8_t* out = ring_.get() + offset + sizeof(Header);
  std::memcpy(out, key.name.wire().data(), key.name.size());
  out += key.name.size();
  for (const dnswire::IpAddress& address : addresses) {
    for (int i = 0; i < address.bits() / 8; ++i) *out++ = address.octet(i);
  }
  Slot& slot = index_[FindSlot(wanted)];
  if (slot.place == 0) ++entries_;
  slot = {.hash = wanted.hash, .place = PlaceOf(offset)};
}

dnswire::NameView ForwardCache::NameAt(size_t offset) const {
  return dnswire::NameView::FromValidWire(
      {ring_.get() + offset + sizeof(Header), At(offset).name_octets});
}

// Looks at the ring only where the hash is the same.
bool ForwardCache::IsSame(const Slot& slot, const Wanted& wanted) const {
  return slot.hash == wanted.hash && At(OffsetOf(slot)).type == wanted.type &&
         NameAt(OffsetOf(slot)).Equals(wanted.name);
}

size_t ForwardCache::FindSlot(const Wanted& wanted) const {
  const size_t mask = index_.size() - 1;
  size_t slot = wanted.hash & mask;
  while (index_[slot].place != 0 && !IsSame(index_[slot], wanted)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

size_t ForwardCache::Allocate(size_t size) {
  const size_t to_end = ring_octets_ - head_;
  if (to_end < size) {
    // The end is too short: a filler takes it, the entry starts over at 0.
    while (used_ + to_end + size > ring_octets_) EvictOldest();
    if (to_end >= sizeof(Header)) {
      new (ring_.get() + head_) Header{.filler = true};
    }
    used_ += to_end;
    head_ = 0;
  }
  while (used_ + size > ring_octets_) EvictOldest();
  const size_t offset = head_;
  head_ += size;
  used_ += size;
  return offset;
}

// A number that entries carry has gone round: none of them may be taken for
// new.
void ForwardCache::Clear() {
  std::fill(index_.begin(), index_.end(), Slot());
  head_ = tail_ = used_ = entries_ = 0;
}

void ForwardCache::EvictOldest() {
  assert(used_ > 0);
  const size_t to_end = ring_octets_ - tail_;
  if (to_end < sizeof(Header) || At(tail_).filler) {
    used_ -= to_end;
    tail_ = 0;
    return;
  }
  const Header& header = At(tail_);
  EraseSlotOf(header, PlaceOf(tail_));
  used_ -= header.size_octets;
  tail_ += header.size_octets;
  // The next to go, at the next answer.
  const size_t next = std::min(tail_, ring_octets_ - sizeof(Header));
  __builtin_prefetch(&index_[At(next).hash & (index_.size() - 1)], 1);
}

// A newer answer to the same question may have taken the slot.
void ForwardCache::EraseSlotOf(const Header& header, uint32_t place) {
  const size_t mask = index_.size() - 1;
  for (size_t slot = header.hash & mask; index_[slot].place != 0;
       slot = (slot + 1) & mask) {
    if (index_[slot].place == place) return EraseSlot(slot);
  }
}

// Deletion without tombstones: what follows in the probe run moves up unless
// it already stands between its home and the gap.
void ForwardCache::EraseSlot(size_t slot) {
  const size_t mask = index_.size() - 1;
  --entries_;
  size_t gap = slot;
  for (size_t next = (gap + 1) & mask; index_[next].place != 0;
       next = (next + 1) & mask) {
    const size_t home = index_[next].hash & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    index_[gap] = index_[next];
    gap = next;
  }
  index_[gap] = Slot();
}

void ForwardCache::ReadAddresses(
    size_t offset, std::vector<dnswire::IpAddress>* addresses) const {
  addresses->clear();
  const Header& header = At(offset);
  const uint8_t* octets =
      ring_.get() + offset + sizeof(Header) + header.name_octets;
  for (uint32_t i = 0; i < header.address_count; ++i) {
    if (header.type == dnswire::kTypeA) {
      addresses->push_back(dnswire::IpAddress::FromV4Octets(
          std::span<const uint8_t, 4>(octets + 4 * size_t{i}, 4)));
    } else {
      addresses->push_back(dnswire::IpAddress::FromV6Octets(
          std::span<const uint8_t, 16>(octets + 16 * size_t{i}, 16)));
    }
  }
}

}  // namespace scanner
