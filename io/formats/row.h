// Row: one judged address, and kColumns, the schema of every output format.
#ifndef PTRSWEEP_IO_FORMATS_ROW_H_
#define PTRSWEEP_IO_FORMATS_ROW_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/status.h"
#include "io/net/endpoint.h"

namespace io {

// One name of K and what looking it up came to.
struct ForwardItem {
  dnswire::NameView name;
  ForwardOutcome outcome = ForwardOutcome::kError;
  Cause cause = Cause::kNone;  // of kError
  // Ascending; at most 50 of them (VERDICTS.md, forward_many).
  std::span<const dnswire::IpAddress> addresses = {};
};

// A value of views: what it points to belongs to whoever made it (a RowBatch
// copies). Meaning of the fields: OUTPUT.md section 1.
struct Row {
  dnswire::IpAddress ip;
  Status status = Status::kSkipped;
  Cause cause = Cause::kNone;
  FlagSet flags;
  // False: not known whether a PTR exists; ptr, confirmed and forward are null.
  bool ptr_known = false;
  dnswire::NameListView ptr;
  dnswire::NameListView confirmed;
  std::span<const ForwardItem> forward;
  std::optional<uint32_t> ttl_s;
  std::optional<uint16_t> rcode;  // extended rcode of the PTR response
  std::optional<dnswire::NameView> zone;
  std::optional<dnswire::NameView> zone_mname;
  std::optional<dnswire::NameView> zone_rname;
  std::optional<Endpoint> server;
  uint32_t queries = 0;
  std::optional<uint32_t> rtt_us;
  int64_t time_us = 0;         // microseconds since 1970, UTC
  absl::string_view label;     // empty: null
  absl::string_view expected;  // empty: null
};

enum class ColumnType : uint8_t {
  kText,
  kTextList,
  kForwardList,
  kInt,
  kTimestamp,
};

struct Column {
  absl::string_view name;
  ColumnType type;
  absl::string_view doc;  // one line, for the README and the man page
  bool nullable = true;
};

// CSV header, NDJSON keys and their order. Sinks write a row's values in this
// order and are tested against it.
std::span<const Column> Columns();

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_H_
