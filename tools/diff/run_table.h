// RunTable: a run as `diff` compares it, by address; read from its files, whose
// rows come in any order.
#ifndef PTRSWEEP_TOOLS_DIFF_RUN_TABLE_H_
#define PTRSWEEP_TOOLS_DIFF_RUN_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "scanner/review/difference.h"
#include "scanner/review/run_review.h"

namespace tools {

// What is told of a row that changed. Borrows from its table.
struct ComparedEntry {
  dnswire::IpAddress ip;
  scanner::ComparedRow compared;
  io::FlagSet flags;  // all of the row
  scanner::Reviewed reviewed;
  io::Cause cause = io::Cause::kNone;
  dnswire::NameListView ptr;
  // Of all names together, ascending, each once.
  std::vector<dnswire::IpAddress> addresses;
  absl::string_view label;
};

// Memory, in octets a row: 72 here, 64 in the review while it reads (40 then),
// PTR names as they are on the wire and one more each, 5 or 17 a forward
// address; each label once.
class RunTable {
 public:
  // `path`: a file of rows or a folder DIR/date=... of a dataset. Errors name
  // the file; an address may be in one row only.
  static absl::StatusOr<std::unique_ptr<RunTable>> Read(
      const std::string& path, scanner::Profile profile);

  // By address, ascending.
  size_t size() const { return review_.entries().size(); }
  const dnswire::IpAddress& ip(size_t i) const {
    return review_.entries()[i].ip;
  }
  const scanner::ComparedRow& compared(size_t i) const;
  absl::string_view label(size_t i) const;
  ComparedEntry entry(size_t i) const;

 private:
  struct Record {
    scanner::ComparedRow compared;
    io::FlagSet flags;
    const uint8_t* octets = nullptr;  // names, then addresses
    uint32_t name_octets = 0;
    uint32_t name_count = 0;
    uint32_t address_octets = 0;
    uint32_t label = 0;  // of labels_
    io::Cause cause = io::Cause::kNone;
  };

  explicit RunTable(scanner::Profile profile) : profile_(profile) {}
  absl::Status ReadFile(const std::string& path);
  absl::Status FinishReading(const std::string& path);
  void Add(const io::Row& row);
  const uint8_t* Keep(std::span<const uint8_t> names,
                      std::span<const uint8_t> addresses);
  uint32_t LabelNumber(absl::string_view label);
  const Record& RecordOf(size_t i) const {
    return records_[review_.entries()[i].row];
  }

  const scanner::Profile profile_;
  scanner::RunReview review_;
  std::deque<Record> records_;  // as they were read
  std::vector<std::unique_ptr<uint8_t[]>> blocks_;
  uint8_t* free_ = nullptr;  // the rest of the last one
  size_t block_left_ = 0;    // its octets
  std::deque<std::string> labels_;
  absl::flat_hash_map<absl::string_view, uint32_t> label_numbers_;
  std::vector<uint8_t> scratch_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DIFF_RUN_TABLE_H_
