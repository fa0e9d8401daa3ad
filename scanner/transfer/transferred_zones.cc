#include "scanner/transfer/transferred_zones.h"

#include <algorithm>
#include <cassert>
#include <functional>

#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace scanner {

using dnswire::IpPrefix;
using dnswire::Outcome;

void TransferredZones::Add(const IpPrefix& prefix, TransferredZone zone) {
  const Key key(prefix.length(), prefix.first());
  assert(!zones_.contains(key));
  zones_[key] = std::move(zone);
  std::vector<int>& lengths = lengths_[prefix.first().is_v4() ? 0 : 1];
  const auto at = std::lower_bound(lengths.begin(), lengths.end(),
                                   prefix.length(), std::greater<>());
  if (at == lengths.end() || *at != prefix.length()) {
    lengths.insert(at, prefix.length());
  }
}

const TransferredZone* TransferredZones::Find(
    const dnswire::IpAddress& address) const {
  return Find(IpPrefix::Covering(address, address.is_v4() ? 32 : 128));
}

const TransferredZone* TransferredZones::Find(const IpPrefix& prefix) const {
  const dnswire::IpAddress& first = prefix.first();
  for (const int length : lengths_[first.is_v4() ? 0 : 1]) {
    if (length > prefix.length()) continue;
    const auto zone =
        zones_.find({length, IpPrefix::Covering(first, length).first()});
    if (zone != zones_.end()) return &zone->second;
  }
  return nullptr;
}

const TransferredZone* TransferredZones::Ask(const dnswire::IpAddress& address,
                                             dnswire::Answer* answer) const {
  const TransferredZone* const zone = Find(address);
  if (zone == nullptr) return nullptr;
  uint8_t wire[dnswire::kMaxReverseOctets];
  const size_t size = dnswire::EncodeReverseName(address, wire);
  zone->image->Resolve({.name = dnswire::NameView::FromValidWire({wire, size}),
                        .type = dnswire::kTypePtr},
                       {}, answer);
  const bool settled = answer->outcome == Outcome::kData ||
                       answer->outcome == Outcome::kNxdomain ||
                       answer->outcome == Outcome::kNodata;
  return settled ? zone : nullptr;
}

}  // namespace scanner
