#include "scanner/targets/range_list.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace scanner {
namespace {

// Sorts and merges what overlaps or touches, in place.
template <typename Range>
void Merge(std::vector<Range>* ranges) {
  if (ranges->empty()) return;
  std::sort(ranges->begin(), ranges->end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  auto merged = ranges->begin();
  for (auto next = merged + 1; next != ranges->end(); ++next) {
    // `first - 1` cannot wrap: it is only taken if first > merged->last.
    if (next->first <= merged->last || next->first - 1 == merged->last) {
      merged->last = std::max(merged->last, next->last);
    } else {
      *++merged = *next;
    }
  }
  ranges->erase(merged + 1, ranges->end());
}

// Appends what `holes` leave of `range`. `holes` are merged and start with the
// first one that does not end before the range.
template <typename Range>
void AppendRest(Range range, std::span<const Range> holes,
                std::vector<Range>* out) {
  for (const Range& hole : holes) {
    if (hole.first > range.last) break;
    if (hole.first > range.first) {
      out->push_back({range.first, hole.first - 1});
    }
    if (hole.last >= range.last) return;
    range.first = hole.last + 1;
  }
  out->push_back(range);
}

// REQUIRES: both are merged.
template <typename Range>
std::vector<Range> Subtract(std::vector<Range> ranges,
                            std::span<const Range> holes) {
  if (holes.empty()) return ranges;
  std::vector<Range> rest;
  for (const Range& range : ranges) {
    while (!holes.empty() && holes.front().last < range.first) {
      holes = holes.subspan(1);
    }
    AppendRest(range, holes, &rest);
  }
  return rest;
}

// Counts the different values of `address >> shift` over ranges given in
// ascending order.
template <typename Range>
class GroupCounter {
 public:
  explicit GroupCounter(int shift) : shift_(shift) {}

  absl::uint128 count() const { return count_; }

  void Add(const Range& range) {
    const auto first = range.first >> shift_;
    const auto last = range.last >> shift_;
    const bool shared = count_ > 0 && first == last_;
    count_ += absl::uint128(last - first) + (shared ? 0 : 1);
    last_ = last;
  }

 private:
  int shift_;
  absl::uint128 count_ = 0;
  decltype(Range::last) last_ = 0;
};

}  // namespace

template <typename Value>
RangeList<Value>::RangeList(std::vector<Range> targets,
                            std::vector<Range> exclusions) {
  Merge(&targets);
  Merge(&exclusions);
  ranges_ = Subtract<Range>(std::move(targets), exclusions);
  ranges_.shrink_to_fit();
  Count();
}

template <typename Value>
void RangeList<Value>::Count() {
  GroupCounter<Range> super_blocks(kSuperBlockBits);
  GroupCounter<Range> cells(kCellBits);
  super_blocks_before_.reserve(ranges_.size());
  for (const Range& range : ranges_) {
    super_blocks_before_.push_back(static_cast<Value>(super_blocks.count()));
    super_blocks.Add(range);
    cells.Add(range);
  }
  super_blocks_ = super_blocks.count();
  cells_ = cells.count();
}

template <typename Value>
bool RangeList<Value>::Contains(Value value) const {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), value,
      [](Value v, const Range& range) { return v < range.first; });
  return after != ranges_.begin() && value <= (after - 1)->last;
}

template <typename Value>
absl::uint128 RangeList<Value>::CountWithin(Value first, Value last) const {
  absl::uint128 count = 0;
  auto range = std::lower_bound(
      ranges_.begin(), ranges_.end(), first,
      [](const Range& r, Value value) { return r.last < value; });
  for (; range != ranges_.end() && range->first <= last; ++range) {
    const absl::uint128 rest =
        std::min(range->last, last) - std::max(range->first, first);
    if (rest == absl::Uint128Max()) return rest;
    count += rest + 1;
  }
  return count;
}

template <typename Value>
absl::uint128 RangeList<Value>::size() const {
  constexpr Value kMax = std::numeric_limits<Value>::max();
  absl::uint128 size = 0;
  for (const Range& range : ranges_) {
    if (range.first == 0 && range.last == kMax) {
      return absl::uint128(kMax) + (sizeof(Value) < 16 ? 1 : 0);
    }
    size += absl::uint128(range.last - range.first) + 1;
  }
  return size;
}

template <typename Value>
typename RangeList<Value>::SuperBlock RangeList<Value>::FindSuperBlock(
    absl::uint128 rank) const {
  assert(rank < super_blocks_);
  const auto value = static_cast<Value>(rank);
  const auto after = std::upper_bound(super_blocks_before_.begin(),
                                      super_blocks_before_.end(), value);
  const auto index =
      static_cast<size_t>(after - super_blocks_before_.begin()) - 1;
  Value number = ranges_[index].first >> kSuperBlockBits;
  // The range may begin in a super-block that an earlier one touched already.
  if (index > 0 && ranges_[index - 1].last >> kSuperBlockBits == number) {
    number += 1;
  }
  number += value - super_blocks_before_[index];
  return {number << kSuperBlockBits, index};
}

template class RangeList<uint32_t>;
template class RangeList<absl::uint128>;

}  // namespace scanner
