#include "tests/support/collecting_sink.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "io/formats/status.h"

namespace testing_support {
namespace {

std::string ToString(absl::string_view text) {
  return std::string(text.data(), text.size());
}

std::string NamesText(dnswire::NameListView names) {
  std::vector<std::string> texts;
  for (const dnswire::NameView name : names) texts.push_back(name.ToText());
  return absl::StrJoin(texts, " ");
}

std::string FlagsText(io::FlagSet flags) {
  std::vector<std::string> names;
  for (const io::Flag flag : io::FlagsByName()) {
    if (flags.Has(flag)) names.push_back(ToString(io::FlagName(flag)));
  }
  return absl::StrJoin(names, " ");
}

std::string ItemText(const io::ForwardItem& item) {
  const bool failed = item.outcome == io::ForwardOutcome::kError;
  std::string text =
      absl::StrCat(item.name.ToText(), "=",
                   failed ? io::CauseName(item.cause)
                          : io::ForwardOutcomeName(item.outcome));
  const char* separator = ":";
  for (const dnswire::IpAddress& address : item.addresses) {
    absl::StrAppend(&text, separator, address.ToString());
    separator = ",";
  }
  return text;
}

std::string ForwardText(std::span<const io::ForwardItem> items) {
  std::vector<std::string> texts;
  for (const io::ForwardItem& item : items) texts.push_back(ItemText(item));
  return absl::StrJoin(texts, " ");
}

}  // namespace

CollectedRow Collect(const io::Row& row) {
  return {.status = ToString(io::StatusName(row.status)),
          .cause = ToString(io::CauseName(row.cause)),
          .flags = FlagsText(row.flags),
          .ptr_known = row.ptr_known,
          .ptr = NamesText(row.ptr),
          .confirmed = NamesText(row.confirmed),
          .forward = ForwardText(row.forward),
          .ttl_s = row.ttl_s,
          .rcode = row.rcode,
          .zone = row.zone ? row.zone->ToText() : "",
          .server = row.server ? row.server->ToString() : "",
          .queries = row.queries,
          .rtt_us = row.rtt_us,
          .time_us = row.time_us,
          .label = ToString(row.label),
          .expected = ToString(row.expected)};
}

absl::Status CollectingSink::Write(std::span<const io::Row> rows) {
  ++writes_;
  if (before_write_) {
    absl::Status status = before_write_(writes_);
    if (!status.ok()) return status;
  }
  for (const io::Row& row : rows) {
    rows_[row.ip.ToString()] = Collect(row);
    ++written_;
  }
  return absl::OkStatus();
}

absl::Status CollectingSink::Finish() {
  finished_ = true;
  return absl::OkStatus();
}

}  // namespace testing_support
