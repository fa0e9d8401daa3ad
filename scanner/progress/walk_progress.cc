#include "scanner/progress/walk_progress.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/files/packed_octets.h"

namespace scanner {
namespace {

// False: not what Changes() makes.
bool ApplyChanges(absl::string_view changes,
                  std::vector<dnswire::IpAddress>* kept_back) {
  io::OctetTaker taker(changes);
  const absl::uint128 gone = taker.TakeShort();
  const absl::uint128 count = taker.TakeShort();
  if (gone > kept_back->size() ||
      count > taker.left() / sizeof(absl::uint128)) {
    return false;
  }
  kept_back->erase(kept_back->begin(),
                   kept_back->begin() + static_cast<std::ptrdiff_t>(gone));
  for (absl::uint128 i = 0; i < count; ++i) {
    kept_back->push_back(dnswire::IpAddress::V6(taker.Take128()));
  }
  return taker.IsDone();
}

}  // namespace

uint64_t WalkProgress::FindingsOctets(const io::JournalRecord& record) {
  io::OctetTaker taker(record.progress);
  const auto octets = taker.Take<uint64_t>();
  taker.TakeText();
  taker.TakeText();
  return taker.IsDone() ? octets : 0;
}

std::string WalkProgress::FindingsPlace(const io::JournalRecord& record) {
  io::OctetTaker taker(record.progress);
  taker.Take<uint64_t>();
  const std::string place(taker.TakeText());
  taker.TakeText();
  return taker.IsDone() ? place : "";
}

bool WalkProgress::TakeUp(const io::JournalContent& content) {
  io::OctetTaker taker(content.last.progress);
  findings_octets_ = taker.Take<uint64_t>();
  findings_place_ = std::string(taker.TakeText());
  resumed_.state = std::string(taker.TakeText());
  if (!taker.IsDone()) return false;
  if (resumed_.state.empty() && !content.last.complete) return false;
  for (const std::string& changes : content.changes) {
    if (!ApplyChanges(changes, &resumed_.again)) return false;
  }
  gone_ = resumed_.again.size();
  return true;
}

void WalkProgress::Add(const OutputBatch& batch) {
  for (const io::Row& row : batch.rows.rows()) kept_back_.push_back(row.ip);
  state_ = batch.walk_state;
}

void WalkProgress::Finish(size_t rows) {
  kept_back_.erase(kept_back_.begin(),
                   kept_back_.begin() + static_cast<std::ptrdiff_t>(rows));
  const size_t recorded = std::min(rows, recorded_);
  recorded_ -= recorded;
  gone_ += recorded;
}

void WalkProgress::PutChanges(io::JournalRecord* record) {
  record->progress = Progress();
  record->changes = Changes(gone_, recorded_);
}

void WalkProgress::PutAll(io::JournalRecord* record) {
  record->progress = Progress();
  record->changes = Changes(0, 0);
}

std::string WalkProgress::Progress() const {
  io::OctetPacker packer;
  packer.Put(findings_octets_);
  packer.PutText(findings_place_);
  packer.PutText(state_);
  return packer.octets();
}

std::string WalkProgress::Changes(size_t gone, size_t first) {
  io::OctetPacker packer;
  packer.PutShort(gone);
  packer.PutShort(kept_back_.size() - first);
  for (size_t i = first; i < kept_back_.size(); ++i) {
    packer.Put128(kept_back_[i].value());
  }
  recorded_ = kept_back_.size();
  gone_ = 0;
  return packer.octets();
}

}  // namespace scanner
