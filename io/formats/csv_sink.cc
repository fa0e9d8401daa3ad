#include "io/formats/csv_sink.h"

#include <algorithm>
#include <utility>

namespace io {
namespace {

// All Put functions as in row_text.h.

// A field with a comma or a quote in it goes between quotes, its own quotes
// doubled (RFC 4180 section 2, rules 6 and 7). Line breaks never get here.
// Returns the field's new end.
char* Quote(char* begin, char* end) {
  if (std::none_of(begin, end, [](char c) { return c == ',' || c == '"'; })) {
    return end;
  }
  end = PutBefore("\"", '"', begin, end);
  std::copy_backward(begin, end, end + 1);
  *begin = '"';
  return PutChar('"', end + 1);
}

char* PutFlags(FlagSet flags, char* out) {
  char* const begin = out;
  ForEachFlagByName(flags, [&out, begin](Flag flag) {
    if (out != begin) out = PutChar(' ', out);
    out = PutText(FlagName(flag), out);
  });
  return out;
}

char* PutNames(dnswire::NameListView names, NameTexts* texts, char* out) {
  char* const begin = out;
  for (const dnswire::NameView name : names) {
    if (out != begin) out = PutChar(' ', out);
    out = texts->Put(name, out);
  }
  return out;
}

char* PutForwardItem(const ForwardItem& item, NameTexts* texts, char* out) {
  out = texts->Put(item.name, out);
  out = PutChar('=', out);
  out = PutOutcome(item, out);
  char separator = ':';
  for (const dnswire::IpAddress& address : item.addresses) {
    out = PutChar(separator, out);
    out = PutAddress(address, out);
    separator = ',';
  }
  return out;
}

// The only field without text from a label file that can hold a comma.
char* PutForward(std::span<const ForwardItem> items, NameTexts* texts,
                 char* out) {
  const bool quotes = std::any_of(
      items.begin(), items.end(),
      [](const ForwardItem& item) { return item.addresses.size() > 1; });
  if (quotes) out = PutChar('"', out);
  for (const ForwardItem& item : items) {
    if (&item != items.data()) out = PutChar(' ', out);
    out = PutForwardItem(item, texts, out);
  }
  return quotes ? PutChar('"', out) : out;
}

char* PutOptional(const std::optional<dnswire::NameView>& name,
                  NameTexts* texts, char* out) {
  if (name) out = texts->Put(*name, out);
  return PutChar(',', out);
}

char* PutOptional(const std::optional<uint32_t>& number, char* out) {
  if (number) out = PutNumber(*number, out);
  return PutChar(',', out);
}

// `put` is how this kind of carried text is put.
char* PutCarried(absl::string_view text,
                 char* (*put)(absl::string_view text, char* out), char* out) {
  return text.empty() ? out : Quote(out, put(text, out));
}

// ip to forward.
char* PutVerdict(const Row& row, NameTexts* texts, char* out) {
  out = PutAddress(row.ip, out);
  out = PutChar(',', out);
  out = PutText(StatusName(row.status), out);
  out = PutChar(',', out);
  out = PutText(CauseName(row.cause), out);
  out = PutChar(',', out);
  out = PutFlags(row.flags, out);
  out = PutChar(',', out);
  if (!row.ptr_known) return PutLiteral(",,,", out);
  out = PutNames(row.ptr, texts, out);
  out = PutChar(',', out);
  out = PutNames(row.confirmed, texts, out);
  out = PutChar(',', out);
  out = PutForward(row.forward, texts, out);
  return PutChar(',', out);
}

// ttl_s to time.
char* PutEvidence(const Row& row, TextMemory* memory, char* out) {
  out = PutOptional(row.ttl_s, out);
  if (row.rcode) out = PutRcode(*row.rcode, out);
  out = PutChar(',', out);
  out = PutOptional(row.zone, &memory->names, out);
  out = PutOptional(row.zone_mname, &memory->names, out);
  out = PutOptional(row.zone_rname, &memory->names, out);
  if (row.server) out = memory->servers.Put(*row.server, out);
  out = PutChar(',', out);
  out = PutNumber(row.queries, out);
  out = PutChar(',', out);
  out = PutOptional(row.rtt_us, out);
  out = PutTime(row.time_us, &memory->time, out);
  return PutChar(',', out);
}

char* PutRow(const Row& row, TextMemory* memory, char* out) {
  out = PutVerdict(row, &memory->names, out);
  out = PutEvidence(row, memory, out);
  out = PutCarried(row.label, PutLabel, out);
  out = PutChar(',', out);
  out = PutCarried(row.expected, PutExpected, out);
  return PutChar('\n', out);
}

}  // namespace

CsvSink::CsvSink(std::unique_ptr<OutputFile> file)
    : file_(std::move(file)), formatter_(PutRow) {
  if (file_->written_octets() > 0) return;  // what is gone on with has it
  std::string header;
  AppendHeader(&header);
  file_->Write(header).IgnoreError();  // the next call returns it again
}

absl::Status CsvSink::Write(std::span<const Row> rows) {
  rows_ += rows.size();
  return formatter_.Write(rows, file_.get());
}

absl::Status CsvSink::Flush() { return file_->Flush(); }

absl::StatusOr<SyncedRows> CsvSink::Sync(SyncTo /*to*/) {
  absl::Status status = file_->Sync();
  if (!status.ok()) return status;
  return SyncedRows{.octets = file_->written_octets(), .rows = rows_};
}

absl::Status CsvSink::Finish() { return file_->Finish(); }

void CsvSink::AppendHeader(std::string* out) {
  for (const Column& column : Columns()) {
    if (&column != Columns().data()) out->push_back(',');
    out->append(column.name.data(), column.name.size());
  }
  out->push_back('\n');
}

void CsvSink::AppendRow(const Row& row, std::string* out) {
  RowFormatter(PutRow).Append(row, out);
}

}  // namespace io
