// Where blocks stand on a map: along Hilbert's curve, on which neighbours in
// number are neighbours on the map, and every prefix of even length is a
// square.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_HILBERT_H_
#define PTRSWEEP_SCANNER_OVERVIEW_HILBERT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/overview/block_table.h"

namespace scanner {

struct MapPoint {
  uint32_t x = 0;  // to the right
  uint32_t y = 0;  // downwards
  friend bool operator==(const MapPoint&, const MapPoint&) = default;
};

// The place of number `index` on a map of 2^order by 2^order squares, from the
// upper left corner to the upper right. REQUIRES: order <= 16, index < 4^order.
MapPoint HilbertPoint(uint32_t index, int order);

// Prefixes of even length that hold all blocks, ascending, each to be drawn as
// one map: a /8 or what of it the blocks are in. A /8 with little in it is
// several maps, of its /16s, if all maps are then at most `max_maps`.
// REQUIRES: blocks are IPv4, of one even length, ascending.
std::vector<dnswire::IpPrefix> MapAreas(std::span<const Block> blocks,
                                        size_t max_maps);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_HILBERT_H_
