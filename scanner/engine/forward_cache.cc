#include "scanner/engine/forward_cache.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "absl/hash/hash.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

// A usual entry: header, a name of 30 octets, one address.
constexpr size_t kUsualEntryOctets = 72;

uint32_t HashOf(dnswire::NameView name, uint16_t type) {
  const absl::string_view octets(
      reinterpret_cast<const char*>(name.wire().data()), name.size());
  return static_cast<uint32_t>(absl::HashOf(octets, type));
}

size_t AddressOctets(uint16_t type) { return type == dnswire::kTypeA ? 4 : 16; }

}  // namespace

ForwardCache::ForwardCache(size_t octets)
    : ring_octets_(std::max(octets, kMinOctets) & ~(kAlign - 1)),
      ring_(std::make_unique_for_overwrite<uint8_t[]>(ring_octets_)),
      // Entries have a minimum size, so the table can never be full.
      index_(2 * std::bit_ceil(ring_octets_ / sizeof(Header))) {
  static_assert(sizeof(Header) % kAlign == 0);
  static_assert(sizeof(Header) < kUsualEntryOctets);
}

std::optional<ForwardAnswer> ForwardCache::Find(
    dnswire::NameView name, uint16_t type, io::TimeNs now,
    std::vector<dnswire::IpAddress>* addresses) const {
  const size_t slot = FindSlot(HashOf(name, type), name, type);
  if (index_[slot] == 0) return std::nullopt;
  const size_t offset = size_t{index_[slot] - 1} * kAlign;
  const Header& header = At(offset);
  if (now >= header.expiry) return std::nullopt;
  if (!header.answer.final && header.pass != pass_) return std::nullopt;
  if (IsNegative(header.answer) && header.doubts != doubts_) {
    return std::nullopt;
  }
  ReadAddresses(offset, addresses);
  return header.answer;
}

void ForwardCache::Insert(dnswire::NameView name, uint16_t type,
                          const ForwardAnswer& answer,
                          std::span<const dnswire::IpAddress> addresses,
                          io::TimeNs expiry) {
  const size_t wanted =
      sizeof(Header) + name.size() + addresses.size() * AddressOctets(type);
  const size_t size = (wanted + kAlign - 1) & ~(kAlign - 1);
  if (size > ring_octets_ / 4) return;
  const size_t offset = Allocate(size);
  const uint32_t hash = HashOf(name, type);
  new (ring_.get() + offset)
      Header{.size_octets = static_cast<uint32_t>(size),
             .hash = hash,
             .expiry = expiry,
             .address_count = static_cast<uint32_t>(addresses.size()),
             .type = type,
             .name_octets = static_cast<uint8_t>(name.size()),
             .pass = pass_,
             .answer = answer,
             .doubts = doubts_,
             .filler = false};
  uint8_t* out = ring_.get() + offset + sizeof(Header);
  std::memcpy(out, name.wire().data(), name.size());
  out += name.size();
  for (const dnswire::IpAddress& address : addresses) {
    for (int i = 0; i < address.bits() / 8; ++i) *out++ = address.octet(i);
  }
  const size_t slot = FindSlot(hash, name, type);
  if (index_[slot] == 0) ++entries_;
  index_[slot] = static_cast<uint32_t>(offset / kAlign + 1);
}

dnswire::NameView ForwardCache::NameAt(size_t offset) const {
  return dnswire::NameView::FromValidWire(
      {ring_.get() + offset + sizeof(Header), At(offset).name_octets});
}

bool ForwardCache::IsSame(size_t offset, uint32_t hash, dnswire::NameView name,
                          uint16_t type) const {
  const Header& header = At(offset);
  return header.hash == hash && header.type == type &&
         NameAt(offset).Equals(name);
}

size_t ForwardCache::FindSlot(uint32_t hash, dnswire::NameView name,
                              uint16_t type) const {
  const size_t mask = index_.size() - 1;
  size_t slot = hash & mask;
  while (index_[slot] != 0 &&
         !IsSame(size_t{index_[slot] - 1} * kAlign, hash, name, type)) {
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
  std::fill(index_.begin(), index_.end(), 0);
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
  const size_t slot = FindSlot(header.hash, NameAt(tail_), header.type);
  // A newer answer to the same question may have taken the slot.
  if (index_[slot] == tail_ / kAlign + 1) EraseSlot(slot);
  used_ -= header.size_octets;
  tail_ += header.size_octets;
}

// Deletion without tombstones: what follows in the probe run moves up unless
// it already stands between its home and the gap.
void ForwardCache::EraseSlot(size_t slot) {
  const size_t mask = index_.size() - 1;
  --entries_;
  size_t gap = slot;
  for (size_t next = (gap + 1) & mask; index_[next] != 0;
       next = (next + 1) & mask) {
    const size_t home = At(size_t{index_[next] - 1} * kAlign).hash & mask;
    if (((next - home) & mask) < ((next - gap) & mask)) continue;
    index_[gap] = index_[next];
    gap = next;
  }
  index_[gap] = 0;
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
