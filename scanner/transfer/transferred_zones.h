// TransferredZones: the reverse zones of a scan that were transferred whole,
// by the prefix whose zone each is.
#ifndef PTRSWEEP_SCANNER_TRANSFER_TRANSFERRED_ZONES_H_
#define PTRSWEEP_SCANNER_TRANSFER_TRANSFERRED_ZONES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/answer.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"
#include "scanner/transfer/zone_image.h"

namespace scanner {

struct TransferredZone {
  io::Endpoint server;  // that sent it
  std::unique_ptr<const ZoneImage> image;
  int64_t time_us = 0;  // when it was whole; since 1970
};

// Filled before it is shared; then any thread may read it.
class TransferredZones {
 public:
  // REQUIRES: the image is finished, its apex is the prefix's zone name, and no
  // zone of that prefix is here.
  void Add(const dnswire::IpPrefix& prefix, TransferredZone zone);
  bool empty() const { return zones_.empty(); }

  // The deepest of the zones at or above the address's reverse name, or null.
  // A hash look-up for each length of prefix there is. Allocates nothing.
  const TransferredZone* Find(const dnswire::IpAddress& address) const;
  // The same of the prefix's zone name, which may be a zone's own.
  const TransferredZone* Find(const dnswire::IpPrefix& prefix) const;
  // What that zone says of the address's PTR (ZoneImage::Resolve), if it is
  // data or a denial: then the zone, and *answer is valid. Null: the address
  // has to be asked, for it is in no zone, below a cut, an alias leads out of
  // the zone, or its records are at odds.
  const TransferredZone* Ask(const dnswire::IpAddress& address,
                             dnswire::Answer* answer) const;

 private:
  using Key = std::pair<int, dnswire::IpAddress>;  // length, first address

  absl::flat_hash_map<Key, TransferredZone> zones_;
  std::array<std::vector<int>, 2> lengths_;  // by family, longest first
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TRANSFER_TRANSFERRED_ZONES_H_
