// CollectingSink: keeps a deep copy of every row, by address, as text.
#ifndef PTRSWEEP_TESTS_SUPPORT_COLLECTING_SINK_H_
#define PTRSWEEP_TESTS_SUPPORT_COLLECTING_SINK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "io/formats/row.h"
#include "io/formats/row_sink.h"

namespace testing_support {

// Lists are joined by blanks; what is null in the output is empty.
struct CollectedRow {
  std::string status;
  std::string cause;
  std::string flags;  // by name
  bool ptr_known = false;
  std::string ptr;
  std::string confirmed;
  std::string forward;  // "name=outcome" or "name=outcome:addr,addr"
  std::optional<uint32_t> ttl_s;
  std::optional<uint16_t> rcode;
  std::string zone;
  std::string server;
  uint32_t queries = 0;
  std::optional<uint32_t> rtt_us;
  int64_t time_us = 0;
  std::string label;
  std::string expected;
};

CollectedRow Collect(const io::Row& row);

class CollectingSink : public io::RowSink {
 public:
  // `before_write(n)` is asked before the n-th Write, from 1; it may block, and
  // an error is what Write then returns.
  using BeforeWrite = std::function<absl::Status(size_t n)>;

  CollectingSink() = default;
  explicit CollectingSink(BeforeWrite before_write)
      : before_write_(std::move(before_write)) {}

  absl::Status Write(std::span<const io::Row> rows) override;
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Finish() override;

  // Once the scan has ended.
  const std::map<std::string, CollectedRow>& rows() const { return rows_; }
  size_t written() const { return written_; }  // rows, repeated ones too
  bool finished() const { return finished_; }

 private:
  BeforeWrite before_write_;
  size_t writes_ = 0;
  size_t written_ = 0;
  bool finished_ = false;
  std::map<std::string, CollectedRow> rows_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_COLLECTING_SINK_H_
