// Rows as an attacker would have them, and what their text must be, reckoned
// without the code under test.
#ifndef PTRSWEEP_TESTS_IO_HOSTILE_ROWS_H_
#define PTRSWEEP_TESTS_IO_HOSTILE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"

namespace testing_support {

// Makes random rows and keeps what they point to.
class HostileRows {
 public:
  explicit HostileRows(uint32_t seed) : random_(seed) {}

  io::Row Make();
  std::vector<io::Row> Make(size_t count);

 private:
  uint32_t Random() { return static_cast<uint32_t>(random_()); }
  uint32_t Below(uint32_t bound) { return Random() % bound; }
  bool OneIn(uint32_t n) { return Below(n) == 0; }
  dnswire::NameView MakeName();
  dnswire::NameListView MakeNames(uint32_t max_count);
  dnswire::IpAddress MakeAddress();
  io::ForwardItem MakeForwardItem();
  std::optional<dnswire::NameView> MaybeName();
  std::optional<uint32_t> MaybeNumber();
  absl::string_view MakeText();
  void FillReverse(io::Row* row);
  void FillForward(io::Row* row);

  std::mt19937 random_;
  std::deque<std::vector<uint8_t>> wires_;
  std::deque<std::string> texts_;
  std::deque<std::vector<dnswire::IpAddress>> addresses_;
  std::deque<std::vector<io::ForwardItem>> forwards_;
};

// Rows in each of which one field is as long as it gets, and its text longest:
// names of 255 octets and carried text that are all `octet`.
class LongestRows {
 public:
  explicit LongestRows(uint8_t octet);
  LongestRows(const LongestRows&) = delete;
  LongestRows& operator=(const LongestRows&) = delete;

  const std::vector<io::Row>& rows() const { return rows_; }

 private:
  std::vector<uint8_t> wire_;
  std::vector<uint8_t> packed_;
  std::vector<dnswire::IpAddress> addresses_;
  std::vector<io::ForwardItem> items_;
  std::string text_;
  std::vector<io::Row> rows_;
};

// WIRE.md 9, the escaper.
std::string NameText(dnswire::NameView name);
// WIRE.md 9, carried text.
std::string CarriedTextOf(absl::string_view text);
// RFC 3339 in UTC with microseconds, by the C library's calendar.
std::string TimeText(int64_t time_us);
// `ADDR`, `ADDR:PORT` or `[V6]:PORT`.
std::string ServerText(const io::Endpoint& server);

// Names of the row's flags in bytewise order.
std::vector<std::string> FlagTexts(io::FlagSet flags);
// The outcome, or the cause of an error.
std::string OutcomeText(const io::ForwardItem& item);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_IO_HOSTILE_ROWS_H_
