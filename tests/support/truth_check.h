// TruthCheck: compares the NDJSON rows of a scan with Truth, row by row.
#ifndef PTRSWEEP_TESTS_SUPPORT_TRUTH_CHECK_H_
#define PTRSWEEP_TESTS_SUPPORT_TRUTH_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/truth.h"

namespace testing_support {

struct TruthCounts {
  uint64_t rows = 0;
  // reverse_timeout, reverse_error, forward_error: no claim is made.
  uint64_t unknown = 0;
  // A claim that is not the truth: the status, cause, names or addresses of a
  // definite row, the names of an unknown one.
  uint64_t wrong = 0;
  // Of wrong rows: says that something is missing which is there - the PTR, or
  // the address of a name of this world. A name that a flipped bit made is not
  // of this world: it has no address indeed.
  uint64_t false_missing = 0;
  // Of wrong rows: pass, and the truth is not.
  uint64_t false_pass = 0;
  uint64_t repeated = 0;  // a row of that address was there before
  uint64_t foreign = 0;   // the address was not asked for, or no row at all
};

class TruthCheck {
 public:
  // The targets are the `count` addresses from `first` on.
  TruthCheck(const Truth& truth, uint32_t first, uint64_t count)
      : truth_(truth), first_(first), seen_(count) {}

  // One line of NDJSON, without its end.
  void AddRow(std::string_view line);
  // All lines of a text.
  void AddRows(std::string_view text);

  const TruthCounts& counts() const { return counts_; }
  // Addresses without a row.
  uint64_t missing() const { return seen_.size() - distinct_; }
  // The first few rows that are wrong, false, repeated or foreign.
  const std::string& examples() const { return examples_; }
  // "rows 7 unknown 0 wrong 0 ..."
  std::string Format() const;

 private:
  void Judge(std::string_view line, uint32_t address);
  void KeepExample(std::string_view line);

  const Truth truth_;
  const uint32_t first_;
  std::vector<bool> seen_;
  uint64_t distinct_ = 0;
  size_t kept_ = 0;
  TruthCounts counts_;
  std::string examples_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_TRUTH_CHECK_H_
