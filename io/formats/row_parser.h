// RowParser: a Row from the texts of its fields, as the formats write them.
#ifndef PTRSWEEP_IO_FORMATS_ROW_PARSER_H_
#define PTRSWEEP_IO_FORMATS_ROW_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"

namespace io {

// A list of a row has no more elements than a message has octets.
inline constexpr size_t kMaxRowElements = 65'535;

// For each row: Start(), a call for each value that is not null, Finish(). A
// Set or Add returns false, and leaves the row as it was, if the text is none
// that this field can have.
class RowParser {
 public:
  void Start();

  // Column i of Columns(): the text of a kText column, an element of a
  // kTextList, the number of a kInt, the text of a kTimestamp.
  // REQUIRES: it has that type.
  bool SetText(size_t column, absl::string_view text);
  bool SetInt(size_t column, int64_t number);
  bool SetTimestamp(absl::string_view text);

  bool SetIp(absl::string_view text);
  const dnswire::IpAddress& ip() const { return row_.ip; }
  bool SetStatus(absl::string_view text);
  Status status() const { return row_.status; }
  bool SetCause(absl::string_view text);
  bool AddFlag(absl::string_view text);
  // ptr, confirmed and forward are known, if only to be empty.
  void SetPtrKnown() { row_.ptr_known = true; }
  // One of the three has an element.
  bool has_names() const {
    return !ptr_.empty() || !confirmed_.empty() || !items_.empty();
  }
  bool AddPtr(absl::string_view text);
  bool AddConfirmed(absl::string_view text);
  bool AddForward(absl::string_view name, absl::string_view outcome);
  // To the last item of forward. REQUIRES: there is one.
  bool AddForwardAddress(absl::string_view text);
  bool SetTtl(int64_t seconds);
  bool SetRcode(absl::string_view text);
  bool SetZone(absl::string_view text);
  bool SetZoneMname(absl::string_view text);
  bool SetZoneRname(absl::string_view text);
  bool SetServer(absl::string_view text);
  bool SetQueries(int64_t count);
  bool SetRtt(int64_t microseconds);
  void SetTime(int64_t time_us) { row_.time_us = time_us; }
  bool SetLabel(absl::string_view text);
  bool SetExpected(absl::string_view text);

  // Valid until Start().
  const Row& Finish();

 private:
  struct Item {
    dnswire::Name name;
    ForwardOutcome outcome;
    Cause cause;
    size_t addresses;  // how many there are up to its last one
  };

  Row row_;
  dnswire::NameList ptr_;
  dnswire::NameList confirmed_;
  std::vector<Item> items_;
  std::vector<dnswire::IpAddress> addresses_;
  std::vector<ForwardItem> forward_;
  dnswire::Name zone_;
  dnswire::Name zone_mname_;
  dnswire::Name zone_rname_;
  std::string label_;
  std::string expected_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_PARSER_H_
