#include "scanner/audit/block_tree.h"

#include <algorithm>
#include <string>

#include "absl/numeric/bits.h"
#include "absl/numeric/int128.h"
#include "dnswire/reverse.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using dnswire::IpRange;

constexpr int kBlockBits = 24;  // of an IPv4 block's prefix
constexpr int kStepV4 = 8;
constexpr int kStepV6 = 4;

int StepOf(const IpAddress& address) {
  return address.is_v4() ? kStepV4 : kStepV6;
}

IpRange RangeOf(const IpPrefix& prefix) {
  return {.first = prefix.first(), .last = prefix.last()};
}

std::vector<IpRange> BlocksOf(const TargetSet& targets) {
  std::vector<IpRange> blocks;
  for (size_t i = 0; i < targets.range_count(); ++i) {
    IpRange range = targets.range(i);
    if (range.first.is_v4()) {
      range.first = IpPrefix::Covering(range.first, kBlockBits).first();
      range.last = IpPrefix::Covering(range.last, kBlockBits).last();
    }
    blocks.push_back(range);
  }
  return blocks;
}

IpAddress After(const IpAddress& address) {
  return address.WithValue(address.value() + 1);
}

// The largest prefix that begins with `first` and ends at `last` or before.
IpPrefix LargestPrefix(const IpAddress& first, const IpAddress& last) {
  int length = first.bits();
  while (length > 0) {
    const auto wider = IpPrefix::Make(first, length - 1);
    if (!wider || wider->last() > last) break;
    --length;
  }
  return *IpPrefix::Make(first, length);
}

}  // namespace

BlockTree::BlockTree(const TargetSet& targets)
    : blocks_(BlocksOf(targets), {}) {}

std::vector<IpPrefix> BlockTree::Roots() const {
  std::vector<IpPrefix> roots;
  for (const IpPrefix& all : {IpPrefix::Covering(IpAddress::V4(0), 0),
                              IpPrefix::Covering(IpAddress::V6(0), 0)}) {
    if (!PartsOf(all).empty()) roots.push_back(all);
  }
  return roots;
}

std::vector<IpPrefix> BlockTree::Children(const IpPrefix& prefix) const {
  std::vector<IpPrefix> children;
  const int length = prefix.length() + StepOf(prefix.first());
  if (IsBlock(prefix)) return children;
  for (const IpRange& part : PartsOf(prefix)) {
    IpPrefix child = IpPrefix::Covering(part.first, length);
    // Two parts may lie in one child.
    if (children.empty() || children.back() != child) {
      children.push_back(child);
    }
    while (child.last() < part.last) {
      child = *IpPrefix::Make(After(child.last()), length);
      children.push_back(child);
    }
  }
  return children;
}

bool BlockTree::IsBlock(const IpPrefix& prefix) const {
  return prefix.first().is_v4() ? prefix.length() == kBlockBits
                                : Covers(prefix);
}

bool BlockTree::Covers(const IpPrefix& prefix) const {
  const std::vector<IpRange> parts = PartsOf(prefix);
  return parts.size() == 1 && parts[0] == RangeOf(prefix);
}

std::vector<IpRange> BlockTree::PartsOf(const IpPrefix& prefix) const {
  std::vector<IpRange> parts;
  const IpRange wanted = RangeOf(prefix);
  // The ranges are ascending and disjoint: from the first that reaches it.
  size_t first = 0;
  for (size_t end = blocks_.range_count(); first < end;) {
    const size_t middle = first + (end - first) / 2;
    if (blocks_.range(middle).last < wanted.first) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  for (size_t i = first; i < blocks_.range_count(); ++i) {
    const IpRange range = blocks_.range(i);
    if (range.first > wanted.last) break;
    parts.push_back({.first = std::max(range.first, wanted.first),
                     .last = std::min(range.last, wanted.last)});
  }
  return parts;
}

std::vector<IpPrefix> FewestPrefixes(const std::vector<IpRange>& ranges) {
  const TargetSet merged(ranges, {});
  std::vector<IpPrefix> prefixes;
  for (size_t i = 0; i < merged.range_count(); ++i) {
    IpRange rest = merged.range(i);
    for (;;) {
      prefixes.push_back(LargestPrefix(rest.first, rest.last));
      const IpAddress last = prefixes.back().last();
      if (last == rest.last) break;
      rest.first = After(last);
    }
  }
  return prefixes;
}

uint64_t CountBlocks(const std::vector<IpRange>& ranges) {
  uint64_t blocks = 0;
  for (const IpPrefix& prefix : FewestPrefixes(ranges)) {
    const int length = prefix.length();
    if (prefix.first().is_v4()) {
      blocks += uint64_t{1} << std::max(0, kBlockBits - length);
    } else {
      blocks += uint64_t{1} << (kStepV6 - 1 - (length + kStepV6 - 1) % kStepV6);
    }
  }
  return blocks;
}

}  // namespace scanner
