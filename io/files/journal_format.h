// The journal's file format (WIRE.md section 10), shared by whoever writes and
// whoever reads it. All numbers little-endian.
//
//   journal = header record*
//   header  = magic "PTRSWEEP" | version u32 | run id u64
//             | digest of the targets, 32 octets | of the options, 32 octets
//             | seed u64 | targets u128 | crc u32 of all before it
//   record  = length u32 of what follows it | seq u64, from 0 | data octets u64
//             | complete u8 | progress text | changes text | counters text
//             | sink text | crc u32 of all before it, length included
//   text    = size u32 | octets
//
// A record says what holds of the first `data octets` octets of the output. It
// replaces the one before it, but for `changes` and `sink`, which add up: what
// a format needs to go on may grow with the output (a Parquet file's row
// groups), a record a second must not. Their texts are the owner's business.
//
// It is only appended to, and synced after each record, so a crash leaves whole
// records and perhaps a torn one at the end.
#ifndef PTRSWEEP_IO_FILES_JOURNAL_FORMAT_H_
#define PTRSWEEP_IO_FILES_JOURNAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/sha256.h"

namespace io {

struct JournalHeader {
  static constexpr uint32_t kVersion = 1;

  uint64_t run_id = 0;  // by chance, once a run
  Digest targets{};
  Digest options{};
  uint64_t seed = 0;
  absl::uint128 target_count = 0;
};

struct JournalRecord {
  uint64_t data_octets = 0;
  bool complete = false;  // nothing is left but to give the output its name
  std::string progress;
  std::string changes;  // since the record before
  std::string counters;
  // What the format needs to go on behind data_octets: what came to it since
  // the record before.
  std::string sink;
};

// What a journal says about an output of so many octets.
struct JournalContent {
  JournalHeader header;
  bool has_record = false;
  JournalRecord last;  // that fits
  // `changes` of all records up to it, the first one first.
  std::vector<std::string> changes;
  std::string sink;  // of the same records, one behind the other
  uint64_t next_seq = 0;
  size_t octets = 0;  // of the journal, up to the end of that record
};

std::string EncodeJournalHeader(const JournalHeader& header);
// REQUIRES: fewer than 2^32 octets.
std::string EncodeJournalRecord(const JournalRecord& record, uint64_t seq);

// Whether a record fits what else there is than the output that it counts the
// octets of; empty: there is nothing else.
using RecordTest = std::function<bool(const JournalRecord&)>;

// Takes the last record with a good CRC and the next number whose data_octets
// is `data_octets` at most, and of which `also_fits` holds; what follows it is
// not looked at. Errors, each a sentence's rest after the journal's name: no
// journal, a newer version (kUnimplemented), a broken header, and records of
// which none fits (kDataLoss).
absl::StatusOr<JournalContent> ParseJournal(absl::string_view octets,
                                            uint64_t data_octets,
                                            const RecordTest& also_fits = {});

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_JOURNAL_FORMAT_H_
