#include "scanner/progress/progress_map.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <optional>

#include "io/files/packed_octets.h"

namespace scanner {
namespace {

using Position = TargetOrder::Position;

// The mark of a shard that has no targets.
constexpr Position kNoTargets = std::numeric_limits<Position>::max();

void PutDeferred(const Deferred& deferred, io::OctetPacker* packer) {
  packer->Put128(deferred.position);
  packer->Put(static_cast<uint8_t>(deferred.target.is_v4() ? 4 : 6));
  packer->PutShort(deferred.target.value());
  packer->Put(deferred.packets);
  packer->Put(deferred.passes);
  packer->Put(deferred.reverse_seen.bits());
  packer->Put(deferred.forward_seen.bits());
  packer->Put(deferred.failed);
}

std::optional<Deferred> TakeDeferred(io::OctetTaker* taker) {
  Deferred deferred;
  deferred.position = taker->Take128();
  const auto family = taker->Take<uint8_t>();
  const absl::uint128 value = taker->TakeShort();
  const bool is_v4 = family == 4 && value <= UINT32_MAX;
  deferred.target = is_v4 ? dnswire::IpAddress::V4(static_cast<uint32_t>(value))
                          : dnswire::IpAddress::V6(value);
  deferred.packets = taker->Take<uint16_t>();
  deferred.passes = taker->Take<uint8_t>();
  deferred.reverse_seen = CauseSet::FromBits(taker->Take<uint32_t>());
  deferred.forward_seen = CauseSet::FromBits(taker->Take<uint32_t>());
  deferred.failed = taker->Take<uint64_t>();
  if (!taker->ok() || (!is_v4 && family != 6)) return std::nullopt;
  return deferred;
}

std::string EncodeChanges(const std::vector<Position>& removed,
                          const std::vector<Deferred>& added) {
  io::OctetPacker packer;
  packer.PutShort(removed.size());
  for (const Position position : removed) packer.Put128(position);
  packer.PutShort(added.size());
  for (const Deferred& deferred : added) PutDeferred(deferred, &packer);
  return packer.octets();
}

}  // namespace

void ProgressEvents::Clear() {
  started.clear();
  finished.clear();
  late.clear();
  put_off.clear();
  exhausted = false;
}

// Below the lowest mark of a layer every shard is through, so it is where the
// marks of a new one may start.
void ProgressMap::BeginRun(const std::vector<EngineShare>& shares) {
  const uint32_t shards = shares.front().shards;
  DropCoveredLayers();
  running_.clear();
  for (const EngineShare& share : shares) running_.push_back({share.shard, {}});
  if (!layers_.empty() && layers_.back().size() == shards) return;
  Layer layer(shards, kNoTargets);
  const Position start = Mark();
  for (const EngineShare& share : shares) layer[share.shard] = start;
  layers_.push_back(std::move(layer));
}

void ProgressMap::Apply(const ProgressEvents& events) {
  Position& mark = layers_.back()[events.shard];
  OpenLookups& open = OpenOf(events.shard);
  for (const Position position : events.started) {
    open.Start(position);
    if (!left_open_.empty()) left_open_.erase(position);
  }
  if (!events.started.empty()) {
    mark = std::max(mark, events.started.back() + 1);
  }
  if (events.exhausted) mark = std::max(mark, end());
  for (const ProgressEvents::PutOff& put_off : events.put_off) {
    if (put_off.number != ProgressEvents::kLate) open.End(put_off.number);
    deferred_[put_off.deferred.position] = put_off.deferred;
    changed_.insert(put_off.deferred.position);
  }
}

void ProgressMap::Finish(uint32_t shard, uint64_t number) {
  OpenOf(shard).End(number);
}

void ProgressMap::FinishLate(Position position) {
  if (deferred_.erase(position) > 0) changed_.insert(position);
}

// As many as there are threads.
OpenLookups& ProgressMap::OpenOf(uint32_t shard) {
  const auto found = std::find_if(
      running_.begin(), running_.end(),
      [shard](const Running& running) { return running.shard == shard; });
  assert(found != running_.end());
  return found->open;
}

bool ProgressMap::IsTaken(Position position,
                          const dnswire::IpAddress& address) const {
  assert(running_.empty());
  const bool is_below =
      std::any_of(layers_.begin(), layers_.end(), [&](const Layer& layer) {
        const auto shards = static_cast<uint32_t>(layer.size());
        return position < layer[TargetOrder::ShardOf(address, shards)];
      });
  return is_below && !left_open_.contains(position);
}

Position ProgressMap::low_water() const {
  Position first = Mark();
  for (const Position position : OpenPositions()) {
    first = std::min(first, position);
  }
  return first;
}

size_t ProgressMap::open() const {
  size_t open = left_open_.size();
  for (const Running& running : running_) open += running.open.size();
  return open;
}

std::vector<Position> ProgressMap::OpenPositions() const {
  std::vector<Position> open(left_open_.begin(), left_open_.end());
  for (const Running& running : running_) running.open.AppendTo(&open);
  return open;
}

Position ProgressMap::end() const {
  Position end = 0;
  for (const Layer& layer : layers_) {
    for (const Position mark : layer) {
      if (mark != kNoTargets) end = std::max(end, mark);
    }
  }
  return end;
}

std::vector<Deferred> ProgressMap::DeferredOf(uint32_t shard,
                                              uint32_t shards) const {
  std::vector<Deferred> found;
  for (const auto& [position, deferred] : deferred_) {
    if (TargetOrder::ShardOf(deferred.target, shards) == shard) {
      found.push_back(deferred);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Deferred& a, const Deferred& b) {
              return a.position < b.position;
            });
  return found;
}

Position ProgressMap::Mark() const {
  Position mark = 0;
  for (const Layer& layer : layers_) {
    mark = std::max(mark, *std::min_element(layer.begin(), layer.end()));
  }
  return mark;
}

void ProgressMap::DropCoveredLayers() {
  for (size_t i = 0; i + 1 < layers_.size();) {
    const Layer& last = layers_.back();
    const Position lowest = *std::min_element(last.begin(), last.end());
    const Layer& older = layers_[i];
    if (*std::max_element(older.begin(), older.end()) <= lowest) {
      layers_.erase(layers_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

// ---- stored

std::string ProgressMap::Encode() const {
  io::OctetPacker packer;
  packer.PutShort(layers_.size());
  for (const Layer& layer : layers_) {
    packer.PutShort(layer.size());
    for (const Position mark : layer) packer.PutShort(mark);
  }
  std::vector<Position> open = OpenPositions();
  // One engine's are in order as they come: with Parquet a row group of them.
  if (!std::is_sorted(open.begin(), open.end())) {
    std::sort(open.begin(), open.end());
  }
  packer.PutShort(open.size());
  Position before = 0;
  for (const Position position : open) {
    packer.PutShort(position - before);
    before = position;
  }
  return packer.octets();
}

std::string ProgressMap::TakeChanges() {
  std::vector<Position> removed;
  std::vector<Deferred> added;
  for (const Position position : changed_) {
    const auto found = deferred_.find(position);
    if (found == deferred_.end()) {
      removed.push_back(position);
    } else {
      added.push_back(found->second);
    }
  }
  changed_.clear();
  return EncodeChanges(removed, added);
}

std::string ProgressMap::TakeAll() {
  std::vector<Deferred> added;
  for (const auto& [position, deferred] : deferred_) added.push_back(deferred);
  changed_.clear();
  return EncodeChanges({}, added);
}

// Each number has an octet at least, so no count can ask for more memory than
// the octets justify.
bool ProgressMap::Decode(absl::string_view progress) {
  io::OctetTaker taker(progress);
  layers_.clear();
  running_.clear();
  left_open_.clear();
  const absl::uint128 layers = taker.TakeShort();
  for (absl::uint128 i = 0; i < layers && taker.ok(); ++i) {
    const absl::uint128 shards = taker.TakeShort();
    if (shards == 0 || shards > taker.left()) return false;
    Layer& layer = layers_.emplace_back(static_cast<size_t>(shards));
    for (Position& mark : layer) mark = taker.TakeShort();
  }
  const absl::uint128 open = taker.TakeShort();
  Position position = 0;
  for (absl::uint128 i = 0; i < open && taker.ok(); ++i) {
    position += taker.TakeShort();
    left_open_.insert(position);
  }
  return taker.IsDone();
}

bool ProgressMap::DecodeChanges(absl::string_view changes) {
  io::OctetTaker taker(changes);
  const absl::uint128 removed = taker.TakeShort();
  for (absl::uint128 i = 0; i < removed && taker.ok(); ++i) {
    deferred_.erase(taker.Take128());
  }
  const absl::uint128 added = taker.TakeShort();
  for (absl::uint128 i = 0; i < added && taker.ok(); ++i) {
    const auto deferred = TakeDeferred(&taker);
    if (!deferred) return false;
    deferred_[deferred->position] = *deferred;
  }
  return taker.IsDone();
}

}  // namespace scanner
