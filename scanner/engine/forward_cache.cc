#include "scanner/engine/forward_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "absl/hash/hash.h"
#include "dnswire/wire.h"
#include "scanner/options.h"

namespace scanner {
namespace {

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

// As many slots as there can be entries: a header and a name of one octet at
// least, padded. Usual entries take twice as much.
ForwardCache::ForwardCache(size_t octets)
    : ring_octets_(std::max(octets, ScanOptions::kMinCacheOctets) &
                   ~(kAlign - 1)),
      ring_(std::make_unique_for_overwrite<uint8_t[]>(ring_octets_)),
      buckets_(std::bit_ceil(ring_octets_ / (sizeof(Header) + kAlign)) / 8),
      index_(std::make_unique<Bucket[]>(buckets_)),
      head_(ring_octets_),  // no entry's place is 0
      lap_(ring_octets_) {
  static_assert(sizeof(Header) % kAlign == 0);
}

bool ForwardCache::Holds(uint64_t slot, const ForwardKey& key) const {
  if (slot >> kPlaceBits != key.hash >> kPlaceBits || slot == 0) return false;
  const Place place = PlaceOf(slot);
  if (!IsThere(place)) return false;
  const Header& header = HeaderAt(place);
  return header.type == key.type &&
         dnswire::NameView::FromValidWire(
             {At(place) + sizeof header, header.name_octets})
             .Equals(key.name);
}

std::optional<ForwardAnswer> ForwardCache::Find(
    const ForwardKey& key, io::TimeNs now,
    std::vector<dnswire::IpAddress>* addresses) const {
  for (const uint64_t slot : BucketOf(key.hash).slots) {
    if (!Holds(slot, key)) continue;
    const Header& header = HeaderAt(PlaceOf(slot));
    if (now >= header.expiry) return std::nullopt;
    if (!header.answer.final && header.pass != pass_) return std::nullopt;
    if (IsNegative(header.answer) && header.doubts != doubts_) {
      return std::nullopt;
    }
    ReadAddresses(PlaceOf(slot), addresses);
    return header.answer;
  }
  return std::nullopt;
}

void ForwardCache::Insert(const ForwardKey& key, const ForwardAnswer& answer,
                          std::span<const dnswire::IpAddress> addresses,
                          io::TimeNs expiry) {
  const size_t needed = sizeof(Header) + key.name.size() +
                        addresses.size() * AddressOctets(key.type);
  const size_t size = (needed + kAlign - 1) & ~(kAlign - 1);
  if (size > ring_octets_ / 4) return;
  // An older answer to the same question, else the oldest of all: a free slot
  // and one whose entry is gone are older still.
  uint64_t* taken = nullptr;
  for (uint64_t& slot : BucketOf(key.hash).slots) {
    if (Holds(slot, key)) {
      taken = &slot;
      break;
    }
    if (taken == nullptr || (slot & kPlaceMask) < (*taken & kPlaceMask)) {
      taken = &slot;
    }
  }
  const Place place = Allocate(size);
  *taken = (key.hash >> kPlaceBits << kPlaceBits) | place / kAlign;
  uint8_t* out = At(place);
  new (out) Header{.expiry = expiry,
                   .address_count = static_cast<uint32_t>(addresses.size()),
                   .type = key.type,
                   .name_octets = static_cast<uint8_t>(key.name.size()),
                   .pass = pass_,
                   .answer = answer,
                   .doubts = doubts_};
  out += sizeof(Header);
  std::memcpy(out, key.name.wire().data(), key.name.size());
  out += key.name.size();
  for (const dnswire::IpAddress& address : addresses) {
    for (int i = 0; i < address.bits() / 8; ++i) *out++ = address.octet(i);
  }
}

// Where `size` octets may be written: at the ring's start if its end is too
// short.
ForwardCache::Place ForwardCache::Allocate(size_t size) {
  if (head_ + size > lap_ + ring_octets_) {
    lap_ += ring_octets_;
    head_ = lap_;
  }
  const Place place = head_;
  head_ += size;
  return place;
}

// A number that entries carry has gone round: none of them may be taken for
// new.
void ForwardCache::Clear() { std::fill_n(index_.get(), buckets_, Bucket()); }

void ForwardCache::ReadAddresses(
    Place place, std::vector<dnswire::IpAddress>* addresses) const {
  addresses->clear();
  const Header& header = HeaderAt(place);
  const uint8_t* octets = At(place) + sizeof header + header.name_octets;
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
