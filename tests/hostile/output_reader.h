// Readers of ptrsweep's output that share no code with it: strict, small, and
// only for what hostile tests look at.
#ifndef PTRSWEEP_TESTS_HOSTILE_OUTPUT_READER_H_
#define PTRSWEEP_TESTS_HOSTILE_OUTPUT_READER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hostile {

struct OutputRow {
  std::string ip;
  std::string status;
  std::string cause;
  std::string ttl_s;
  std::vector<std::string> flags;
  std::vector<std::string> ptr;
};

// All rows; nullopt if the text is not well-formed or lacks a column.
std::optional<std::vector<OutputRow>> ReadNdjson(const std::string& text);
std::optional<std::vector<OutputRow>> ReadCsv(const std::string& text);

// Octets other than printable ASCII and line feeds, as "offset: value".
std::vector<std::string> RawOctets(const std::string& text);

// The counters of `ptrsweep scan -v`: lines of a name and a number.
std::map<std::string, uint64_t> ReadCounters(const std::string& summary);

}  // namespace hostile

#endif  // PTRSWEEP_TESTS_HOSTILE_OUTPUT_READER_H_
