#include "scanner/overview/hilbert.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace scanner {
namespace {

using dnswire::IpPrefix;
using Blocks = std::span<const Block>;

// A map of which less than one square in this many has something is sparse.
constexpr size_t kSparse = 64;

// The smallest prefix of even length that holds first and last.
IpPrefix Around(Blocks blocks) {
  const uint32_t first = blocks.front().prefix.first().v4();
  const uint32_t last = blocks.back().prefix.last().v4();
  const int same = std::countl_zero(first ^ last);
  const int length = std::min(same & ~1, blocks.front().prefix.length() & ~1);
  return IpPrefix::Covering(blocks.front().prefix.first(), length);
}

bool IsSparse(const IpPrefix& area, Blocks blocks) {
  const int order = blocks.front().prefix.length() - area.length();
  return blocks.size() * kSparse < size_t{1} << order;
}

// The blocks, by their prefixes of that length.
std::vector<Blocks> Divide(Blocks blocks, int length) {
  std::vector<Blocks> parts;
  size_t begin = 0;
  for (size_t i = 1; i <= blocks.size(); ++i) {
    if (i < blocks.size() &&
        IpPrefix::Covering(blocks[begin].prefix.first(), length)
            .Contains(blocks[i].prefix.first())) {
      continue;
    }
    parts.push_back(blocks.subspan(begin, i - begin));
    begin = i;
  }
  return parts;
}

}  // namespace

MapPoint HilbertPoint(uint32_t index, int order) {
  // From the smallest square to the whole: each step takes two bits, which say
  // in which quarter the square before stands, and how it is turned there.
  MapPoint point;
  for (int level = 0; level < order; ++level) {
    const uint32_t side = uint32_t{1} << level;
    const uint32_t quarter = index >> (2 * level) & 3;
    if (quarter == 0) {
      std::swap(point.x, point.y);
    } else if (quarter == 3) {
      point = {side - 1 - point.y, side - 1 - point.x};
    }
    if (quarter >= 2) point.x += side;
    if (quarter == 1 || quarter == 2) point.y += side;
  }
  return point;
}

std::vector<IpPrefix> MapAreas(Blocks blocks, size_t max_maps) {
  if (blocks.empty()) return {};
  // Blocks longer joined than a /8 each: the whole space is one map.
  if (blocks.front().prefix.length() <= 16) return {Around(blocks)};
  std::vector<IpPrefix> areas;
  std::vector<IpPrefix> finer;
  for (const Blocks part : Divide(blocks, 8)) {
    const IpPrefix area = Around(part);
    areas.push_back(area);
    if (!IsSparse(area, part)) {
      finer.push_back(area);
      continue;
    }
    for (const Blocks small : Divide(part, 16)) finer.push_back(Around(small));
  }
  if (finer.size() <= max_maps) return finer;
  return areas.size() <= max_maps ? areas : std::vector{Around(blocks)};
}

}  // namespace scanner
