#include "scanner/targets/target_order.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

using dnswire::IpAddress;

constexpr int kCellIndexBits = 12;
constexpr int kRoundBits = 8;
constexpr int kWindowShift = kCellIndexBits + kRoundBits;
constexpr uint32_t kSuperBlockCells = 1u << (kSuperBlockBits - kCellBits);
static_assert(TargetOrder::kWindowCells == 1u << kCellIndexBits);
static_assert(TargetOrder::kCellAddresses == 1u << kRoundBits &&
              TargetOrder::kCellAddresses == 1u << kCellBits);

// So many super-blocks use up all positions.
constexpr absl::uint128 kMaxSuperBlocks = absl::uint128(1) << 112;

// Separate what the seed is used for.
constexpr uint64_t kGroupSalt = 1;
constexpr uint64_t kCellSalt = 2;

IpAddress MakeAddress(uint32_t value) { return IpAddress::V4(value); }
IpAddress MakeAddress(absl::uint128 value) { return IpAddress::V6(value); }

// The part of a range from `first` to `last`; they overlap.
template <typename Range, typename Value>
Range Clip(const Range& range, Value first, Value last) {
  return {std::max(range.first, first), std::min(range.last, last)};
}

// The address number `index` of those in `cell_last`'s cell, from the range
// `at` on, which holds the first of them.
template <typename Value>
IpAddress SelectAddress(const RangeList<Value>& list, size_t at,
                        Value cell_last, uint32_t index) {
  const Value cell_first = cell_last & ~Value{(1u << kCellBits) - 1};
  for (;; ++at) {
    const auto piece = Clip(list.ranges()[at], cell_first, cell_last);
    const auto size = static_cast<uint32_t>(piece.last - piece.first) + 1;
    if (index < size) return MakeAddress(piece.first + index);
    index -= size;
  }
}

// The blocks that decide about shards: an IPv4 /24, an IPv6 /64.
template <typename Value>
constexpr int kBlockBits = sizeof(Value) == sizeof(uint32_t) ? 8 : 64;

template <typename Value>
uint64_t HashOfBlock(Value block) {
  const uint64_t family = sizeof(Value) == sizeof(uint32_t) ? 4 : 6;
  return Mix(family, absl::uint128(block));
}

// Adds the sizes of the finer shards of shard `shard` of `shards`.
template <typename Value>
void AddShardSizes(const RangeList<Value>& list, uint32_t shard,
                   uint32_t shards, std::vector<uint64_t>* sizes) {
  constexpr int kBits = kBlockBits<Value>;
  for (const auto& range : list.ranges()) {
    const Value last_block = range.last >> kBits;
    for (Value block = range.first >> kBits; block <= last_block; ++block) {
      const uint64_t fine = HashOfBlock(block) % (shards * sizes->size());
      if (fine % shards != shard) continue;
      const Value first = block << kBits;
      const auto piece = Clip(range, first, first | ((Value{1} << kBits) - 1));
      (*sizes)[fine / shards] +=
          static_cast<uint64_t>(piece.last - piece.first) + 1;
    }
  }
}

// How many super-blocks make a group: as many as fill a window on average, at
// least 64.
uint32_t GroupSize(absl::uint128 super_blocks, absl::uint128 cells) {
  absl::uint128 size = TargetOrder::kGroupSuperBlocks;
  while (size * cells < super_blocks * TargetOrder::kWindowCells) size *= 2;
  return static_cast<uint32_t>(size);
}

// First of `count` things when things 0..total-1 are cut into `parts` parts
// that differ by one at most.
template <typename Value>
Value PartBegin(Value total, Value parts, Value part) {
  return total / parts * part + std::min(total % parts, part);
}

// Fisher and Yates' shuffle.
template <typename Element>
void Shuffle(uint64_t seed, std::vector<Element>* elements) {
  for (size_t left = elements->size(); left > 1; --left) {
    const size_t chosen = Mix(seed, uint64_t{left}) % left;
    std::swap((*elements)[chosen], (*elements)[left - 1]);
  }
}

uint32_t WindowsFor(size_t cells) {
  constexpr size_t kMax = TargetOrder::kWindowCells;
  return static_cast<uint32_t>((cells + kMax - 1) / kMax);
}

}  // namespace

TargetOrder::TargetOrder(const TargetSet* targets, uint64_t seed,
                         uint32_t shard, uint32_t shards)
    : targets_(targets), seed_(seed), shard_(shard), shards_(shards) {
  assert(shard < shards);
  if (targets->empty()) return;
  const auto& v4 = targets->v4();
  const auto& v6 = targets->v6();
  super_blocks_ =
      std::min(v4.super_blocks() + v6.super_blocks(), kMaxSuperBlocks);
  super_block_order_ = Permutation(super_blocks_, seed);
  const uint32_t size = GroupSize(super_blocks_, v4.cells() + v6.cells());
  windows_ = size * kSuperBlockCells / kWindowCells;
  groups_ = (super_blocks_ + size - 1) / size;
  active_.reserve(kWindowCells);
  OpenGroup(0);
}

std::vector<uint64_t> TargetOrder::ShardSizes(const TargetSet& targets,
                                              uint32_t shard, uint32_t shards,
                                              uint32_t parts) {
  assert(shard < shards);
  if (shards == 1 && parts == 1) return {absl::Uint128Low64(targets.size())};
  std::vector<uint64_t> sizes(parts);
  AddShardSizes(targets.v4(), shard, shards, &sizes);
  AddShardSizes(targets.v6(), shard, shards, &sizes);
  return sizes;
}

bool TargetOrder::Take(Item* item) {
  while (next_ == active_.size()) {
    if (!OpenNext()) return false;
  }
  const uint16_t index = active_[next_++];
  item->position = round_position_ + index;
  item->address = AddressOf(cells_[window_begin_ + index], round_);
  return true;
}

void TargetOrder::Seek(Position position) {
  const Place place = PlaceOf(position);
  if (place.group != group_) OpenGroup(place.group);
  if (group_ == groups_) return;
  OpenWindow(place.window, place.round);
  next_ = static_cast<size_t>(
      std::lower_bound(active_.begin(), active_.end(), place.cell) -
      active_.begin());
}

uint64_t TargetOrder::SeekCounting(Position position) {
  const Place place = PlaceOf(position);
  constexpr uint32_t kAllWindows = ~uint32_t{0};
  uint64_t before = 0;
  for (absl::uint128 group = 0; group < place.group; ++group) {
    OpenGroup(group);
    before += CountBefore({.group = group, .window = kAllWindows});
  }
  Seek(position);
  // Of the round itself, those that Seek() went past.
  return group_ == groups_ ? before : before + CountBefore(place) + next_;
}

std::optional<IpAddress> TargetOrder::At(Position position) const {
  const Place place = PlaceOf(position);
  if (place.group >= groups_) return std::nullopt;
  std::vector<Cell> other_group;
  if (place.group != group_) other_group = CellsOfGroup(place.group);
  const auto& cells = place.group == group_ ? cells_ : other_group;
  const uint32_t windows = WindowsFor(cells.size());
  if (place.window >= windows) return std::nullopt;
  const size_t begin = PartBegin<size_t>(cells.size(), windows, place.window);
  const size_t end = PartBegin<size_t>(cells.size(), windows, place.window + 1);
  if (begin + place.cell >= end) return std::nullopt;
  const Cell& cell = cells[begin + place.cell];
  if (place.round >= cell.size) return std::nullopt;
  return AddressOf(cell, place.round);
}

TargetOrder::Place TargetOrder::PlaceOf(Position position) const {
  const absl::uint128 window = position >> kWindowShift;
  const auto low = static_cast<uint32_t>(position);
  return {.group = std::min(window / windows_, groups_),
          .window = static_cast<uint32_t>(window % windows_),
          .round = low >> kCellIndexBits & (kCellAddresses - 1),
          .cell = low & (kWindowCells - 1)};
}

TargetOrder::Position TargetOrder::FirstPosition(absl::uint128 group,
                                                 uint32_t window,
                                                 uint32_t round) const {
  return (group * windows_ + window) << kWindowShift | absl::uint128(round)
                                                           << kCellIndexBits;
}

std::vector<TargetOrder::Cell> TargetOrder::CellsOfGroup(
    absl::uint128 group) const {
  std::vector<Cell> cells;
  const auto end = PartBegin(super_blocks_, groups_, group + 1);
  for (auto i = PartBegin(super_blocks_, groups_, group); i < end; ++i) {
    AppendCells(super_block_order_.At(i), &cells);
  }
  Shuffle(Mix(Mix(seed_, kGroupSalt), group), &cells);
  return cells;
}

uint64_t TargetOrder::CountBefore(const Place& place) const {
  const uint32_t windows = WindowsFor(cells_.size());
  uint64_t count = 0;
  for (uint32_t window = 0; window < windows && window <= place.window;
       ++window) {
    const uint32_t rounds =
        window < place.window ? kCellAddresses : place.round;
    const size_t end = PartBegin<size_t>(cells_.size(), windows, window + 1);
    for (size_t i = PartBegin<size_t>(cells_.size(), windows, window); i < end;
         ++i) {
      if (cells_[i].mine) count += std::min<uint64_t>(cells_[i].size, rounds);
    }
  }
  return count;
}

// Ranks count the super-blocks of IPv4, then those of IPv6.
void TargetOrder::AppendCells(absl::uint128 super_block_rank,
                              std::vector<Cell>* cells) const {
  const absl::uint128 v4 = targets_->v4().super_blocks();
  if (super_block_rank < v4) {
    AppendCellsOf(targets_->v4(), super_block_rank, cells);
  } else {
    AppendCellsOf(targets_->v6(), super_block_rank - v4, cells);
  }
}

template <typename Value>
void TargetOrder::AppendCellsOf(const RangeList<Value>& list,
                                absl::uint128 rank,
                                std::vector<Cell>* cells) const {
  const auto [first, range] = list.FindSuperBlock(rank);
  const Value last = first | ((1u << kSuperBlockBits) - 1);
  std::optional<Value> open;  // the cell that is last in *cells
  for (size_t i = range;
       i < list.ranges().size() && list.ranges()[i].first <= last; ++i) {
    const auto part = Clip(list.ranges()[i], first, last);
    const Value last_cell = part.last >> kCellBits;
    for (Value cell = part.first >> kCellBits; cell <= last_cell; ++cell) {
      const Value cell_first = cell << kCellBits;
      const Value cell_last = cell_first | ((1u << kCellBits) - 1);
      const auto piece = Clip(part, cell_first, cell_last);
      const auto size = static_cast<uint16_t>(piece.last - piece.first + 1);
      if (open == cell) {
        cells->back().size = static_cast<uint16_t>(cells->back().size + size);
        cells->back().whole = false;
      } else {
        const IpAddress address = MakeAddress(piece.first);
        cells->push_back({.first = address,
                          .key = Mix(seed_ + kCellSalt, absl::uint128(cell)),
                          .range = static_cast<uint32_t>(i),
                          .size = size,
                          .whole = true,
                          .mine = ShardOf(address, shards_) == shard_});
        open = cell;
      }
    }
  }
}

uint32_t TargetOrder::ShardOf(const IpAddress& address, uint32_t shards) {
  if (shards == 1) return 0;
  const absl::uint128 value = address.value();
  const uint64_t hash =
      address.is_v4()
          ? HashOfBlock(static_cast<uint32_t>(value) >> kBlockBits<uint32_t>)
          : HashOfBlock(value >> kBlockBits<absl::uint128>);
  return static_cast<uint32_t>(hash % shards);
}

IpAddress TargetOrder::AddressOf(const Cell& cell, uint32_t round) const {
  if (cell.size == 1) return cell.first;
  const absl::uint128 value = cell.first.value();
  const uint32_t index = PermuteSmall(round, cell.size, cell.key);
  if (cell.whole) return cell.first.WithValue(value + index);
  const absl::uint128 last = value | (kCellAddresses - 1);
  return cell.first.is_v4()
             ? SelectAddress(targets_->v4(), cell.range,
                             static_cast<uint32_t>(last), index)
             : SelectAddress(targets_->v6(), cell.range, last, index);
}

void TargetOrder::OpenGroup(absl::uint128 group) {
  group_ = group;
  active_.clear();
  next_ = 0;
  cells_.clear();
  if (group == groups_) return;
  cells_ = CellsOfGroup(group);
  OpenWindow(0, 0);
}

// Leaves no cell active if the group has no such window.
void TargetOrder::OpenWindow(uint32_t window, uint32_t round) {
  window_ = window;
  round_ = round;
  round_position_ = FirstPosition(group_, window, round);
  active_.clear();
  next_ = 0;
  const uint32_t windows = WindowsFor(cells_.size());
  if (window >= windows) return;
  window_begin_ = PartBegin<size_t>(cells_.size(), windows, window);
  const size_t end = PartBegin<size_t>(cells_.size(), windows, window + 1);
  for (size_t i = window_begin_; i < end; ++i) {
    if (cells_[i].mine && cells_[i].size > round) {
      active_.push_back(static_cast<uint16_t>(i - window_begin_));
    }
  }
}

// Goes to the next round that may have an address, of this window or a later
// one. False at the end.
bool TargetOrder::OpenNext() {
  if (!active_.empty() && round_ + 1 < kCellAddresses) {
    ++round_;
    round_position_ += kWindowCells;
    next_ = 0;
    std::erase_if(active_, [this](uint16_t index) {
      return cells_[window_begin_ + index].size <= round_;
    });
  } else if (window_ + 1 < WindowsFor(cells_.size())) {
    OpenWindow(window_ + 1, 0);
  } else if (group_ < groups_) {
    OpenGroup(group_ + 1);
  }
  return group_ < groups_;
}

}  // namespace scanner
