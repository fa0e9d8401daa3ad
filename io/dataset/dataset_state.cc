#include "io/dataset/dataset_state.h"

#include <algorithm>

#include "io/files/packed_octets.h"

namespace io {
namespace {

constexpr uint8_t kGrown = 'g';
constexpr uint8_t kClosed = 'c';
constexpr uint64_t kMaxOctets = uint64_t{1} << 62;

DatasetPart TakePart(OctetTaker* taker) {
  DatasetPart part = {.rows = taker->Take<uint64_t>(),
                      .octets = taker->Take<uint64_t>()};
  const absl::string_view digest = taker->TakeRaw(part.sha256.size());
  std::transform(digest.begin(), digest.end(), part.sha256.begin(),
                 [](char c) { return static_cast<uint8_t>(c); });
  return part;
}

}  // namespace

DatasetState::DatasetState(int64_t start_us) : start_us_(start_us) {
  OctetPacker packer;
  packer.Put(static_cast<uint64_t>(start_us));
  octets_ = packer.octets();
}

absl::StatusOr<DatasetState> DatasetState::Parse(absl::string_view octets,
                                                 uint64_t data_octets) {
  const absl::Status senseless = absl::DataLossError(
      "has a record that says nothing sensible of a shard's parts");
  OctetTaker taker(octets);
  DatasetState state(static_cast<int64_t>(taker.Take<uint64_t>()));
  while (taker.ok() && taker.left() > 0) {
    const auto kind = taker.Take<uint8_t>();
    if (kind == kGrown) {
      const absl::string_view grown = taker.TakeText();
      state.part_state_.append(grown.data(), grown.size());
    } else if (kind == kClosed) {
      const DatasetPart part = TakePart(&taker);
      if (part.octets > kMaxOctets - state.closed_octets_) return senseless;
      state.parts_.push_back(part);
      state.closed_octets_ += part.octets;
      state.part_state_.clear();
    } else {
      return senseless;
    }
  }
  if (!taker.IsDone() || state.closed_octets_ > data_octets) return senseless;
  state.part_octets_ = data_octets - state.closed_octets_;
  // An open part has both or neither.
  if (state.part_state_.empty() != (state.part_octets_ == 0)) return senseless;
  state.grown_ = state.part_state_.size();
  state.octets_ = std::string(octets);
  return state;
}

void DatasetState::Grow(absl::string_view state) {
  if (state.size() == grown_) return;
  OctetPacker packer;
  packer.Put(kGrown);
  packer.PutText(state.substr(grown_));
  octets_ += packer.octets();
  grown_ = state.size();
}

void DatasetState::Close(const DatasetPart& part) {
  OctetPacker packer;
  packer.Put(kClosed);
  packer.Put(part.rows);
  packer.Put(part.octets);
  for (const uint8_t octet : part.sha256) packer.Put(octet);
  octets_ += packer.octets();
  parts_.push_back(part);
  closed_octets_ += part.octets;
  grown_ = 0;
}

}  // namespace io
