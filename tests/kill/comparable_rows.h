// The rows of an output in a form in which those of two runs can be compared,
// and what is wrong with them if they are not whole. Shares no code with the
// product's readers.
#ifndef PTRSWEEP_TESTS_KILL_COMPARABLE_ROWS_H_
#define PTRSWEEP_TESTS_KILL_COMPARABLE_ROWS_H_

#include <cstddef>
#include <map>
#include <string>

namespace testing_support {

struct ComparableRows {
  // By address: the row without server, queries, rtt_us and time, which differ
  // from run to run.
  std::map<std::string, std::string> rows;
  size_t repeated = 0;  // rows of an address that was there before
  size_t torn = 0;      // lines that are not whole rows
};

// Of a CSV file with its header, of NDJSON otherwise.
ComparableRows ReadComparable(const std::string& text);

// "" if the same addresses have the same rows; else some of what differs. Rows
// that say themselves that a question timed out may differ: *timeouts is how
// many there are.
std::string DifferenceOf(const ComparableRows& found,
                         const ComparableRows& expected, size_t* timeouts);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_KILL_COMPARABLE_ROWS_H_
