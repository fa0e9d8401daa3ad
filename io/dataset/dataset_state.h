// DatasetState: what the writer of a shard knows beyond the octets written, for
// whoever goes on with it. The journal records it (journal_format.h, `sink`):
//
//   state = start u64 | entry*
//   entry = 'g' | text          what came to the open part's ParquetState
//         | 'c' | rows u64 | octets u64 | sha256, 32 octets
//                               the open part is closed: it is whole, has its
//                               name, and the next one is open
//   text  = size u32 | octets   numbers little-endian
//   start                       of the run, microseconds since 1970
//
// It only grows. A record that says N data octets of a shard means the octets
// of its closed parts, and N less those of the open one.
#ifndef PTRSWEEP_IO_DATASET_DATASET_STATE_H_
#define PTRSWEEP_IO_DATASET_DATASET_STATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/dataset/manifest.h"

namespace io {

class DatasetState {
 public:
  explicit DatasetState(int64_t start_us);

  // Takes up what octets() gave when the shard had `data_octets` octets.
  // kDataLoss, a sentence's rest ("has ..."): it is no such state.
  static absl::StatusOr<DatasetState> Parse(absl::string_view octets,
                                            uint64_t data_octets);

  // `state`: the open part's ParquetState, which only grows.
  void Grow(absl::string_view state);
  void Close(const DatasetPart& part);

  int64_t start_us() const { return start_us_; }
  // The parts that are closed.
  const std::vector<DatasetPart>& parts() const { return parts_; }
  uint64_t closed_octets() const { return closed_octets_; }
  // Of the open part, up to Parse(); later ones are not kept.
  const std::string& part_state() const { return part_state_; }
  uint64_t part_octets() const { return part_octets_; }
  // For Parse(). Valid until the next Grow() or Close().
  absl::string_view octets() const { return octets_; }

 private:
  int64_t start_us_;
  std::vector<DatasetPart> parts_;
  uint64_t closed_octets_ = 0;
  std::string part_state_;
  uint64_t part_octets_ = 0;
  size_t grown_ = 0;  // octets of the open part's state in octets_
  std::string octets_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_DATASET_STATE_H_
