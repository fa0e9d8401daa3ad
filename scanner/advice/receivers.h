// What mail receivers make of an address (VERDICTS.md 9.1).
#ifndef PTRSWEEP_SCANNER_ADVICE_RECEIVERS_H_
#define PTRSWEEP_SCANNER_ADVICE_RECEIVERS_H_

#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/formats/row.h"

namespace scanner {

struct Prediction {
  absl::string_view receiver;  // and the restriction that decides
  absl::string_view outcome;   // "rejects 4.7.25"
};

// One for each receiver, in a fixed order; none where it is not known what
// they will find (skipped, unconfirmed).
std::vector<Prediction> PredictReceivers(const io::Row& row);
// What is to be known with any of them: sentences.
std::span<const absl::string_view> ReceiverNotes();
// Words of rejections that such an address meets; none where it meets none.
std::span<const absl::string_view> BounceTexts(io::Status status);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_RECEIVERS_H_
