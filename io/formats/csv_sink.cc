#include "io/formats/csv_sink.h"

#include <algorithm>
#include <utility>

namespace io {
namespace {

// A field with a comma or a quote in it goes between quotes, its own quotes
// doubled (RFC 4180 section 2, rules 6 and 7). Line breaks never get here.
void QuoteSince(char* begin, RowText* out) {
  if (std::none_of(begin, out->at(),
                   [](char c) { return c == ',' || c == '"'; })) {
    return;
  }
  char* const end = PutBefore("\"", '"', begin, out->at());
  std::copy_backward(begin, end, end + 1);
  *begin = '"';
  out->set_at(end + 1);
  out->Char('"');
}

void WriteFlags(FlagSet flags, RowText* out) {
  char* const begin = out->at();
  ForEachFlagByName(flags, [&](Flag flag) {
    if (out->at() != begin) out->Char(' ');
    out->Text(FlagName(flag));
  });
}

void WriteNames(dnswire::NameListView names, RowText* out) {
  char* const begin = out->at();
  for (const dnswire::NameView name : names) {
    if (out->at() != begin) out->Char(' ');
    out->Name(name);
  }
}

void WriteForwardItem(const ForwardItem& item, RowText* out) {
  out->Name(item.name);
  out->Char('=');
  out->Outcome(item);
  char separator = ':';
  for (const dnswire::IpAddress& address : item.addresses) {
    out->Char(separator);
    out->Address(address);
    separator = ',';
  }
}

// The only field without text from a label file that can hold a comma.
void WriteForward(std::span<const ForwardItem> items, RowText* out) {
  const bool quotes = std::any_of(
      items.begin(), items.end(),
      [](const ForwardItem& item) { return item.addresses.size() > 1; });
  if (quotes) out->Char('"');
  for (const ForwardItem& item : items) {
    if (&item != items.data()) out->Char(' ');
    WriteForwardItem(item, out);
  }
  if (quotes) out->Char('"');
}

void WriteOptional(const std::optional<dnswire::NameView>& name, RowText* out) {
  if (name) out->Name(*name);
  out->Char(',');
}

void WriteOptional(const std::optional<uint32_t>& number, RowText* out) {
  if (number) out->Number(*number);
  out->Char(',');
}

// `write` is how RowText writes this kind of text.
void WriteCarried(absl::string_view text,
                  void (RowText::*write)(absl::string_view), RowText* out) {
  if (text.empty()) return;
  char* const begin = out->at();
  (out->*write)(text);
  QuoteSince(begin, out);
}

// ip to forward.
void WriteVerdict(const Row& row, RowText* out) {
  out->Address(row.ip);
  out->Char(',');
  out->Text(StatusName(row.status));
  out->Char(',');
  out->Text(CauseName(row.cause));
  out->Char(',');
  WriteFlags(row.flags, out);
  out->Char(',');
  if (row.ptr_known) WriteNames(row.ptr, out);
  out->Char(',');
  if (row.ptr_known) WriteNames(row.confirmed, out);
  out->Char(',');
  if (row.ptr_known) WriteForward(row.forward, out);
  out->Char(',');
}

// ttl_s to time.
void WriteEvidence(const Row& row, TimestampText* timestamp, RowText* out) {
  WriteOptional(row.ttl_s, out);
  if (row.rcode) out->Rcode(*row.rcode);
  out->Char(',');
  WriteOptional(row.zone, out);
  WriteOptional(row.zone_mname, out);
  WriteOptional(row.zone_rname, out);
  if (row.server) out->Server(*row.server);
  out->Char(',');
  out->Number(row.queries);
  out->Char(',');
  WriteOptional(row.rtt_us, out);
  out->Time(row.time_us, timestamp);
  out->Char(',');
}

void WriteRow(const Row& row, TimestampText* timestamp, RowText* out) {
  WriteVerdict(row, out);
  WriteEvidence(row, timestamp, out);
  WriteCarried(row.label, &RowText::Label, out);
  out->Char(',');
  WriteCarried(row.expected, &RowText::Expected, out);
  out->Char('\n');
}

}  // namespace

CsvSink::CsvSink(std::unique_ptr<OutputFile> file)
    : file_(std::move(file)), formatter_(WriteRow) {
  std::string header;
  AppendHeader(&header);
  file_->Write(header).IgnoreError();  // the next call returns it again
}

absl::Status CsvSink::Write(std::span<const Row> rows) {
  return formatter_.Write(rows, file_.get());
}

absl::Status CsvSink::Flush() { return file_->Flush(); }

absl::Status CsvSink::Finish() { return file_->Finish(); }

void CsvSink::AppendHeader(std::string* out) {
  for (const Column& column : Columns()) {
    if (&column != Columns().data()) out->push_back(',');
    out->append(column.name.data(), column.name.size());
  }
  out->push_back('\n');
}

void CsvSink::AppendRow(const Row& row, std::string* out) {
  RowFormatter(WriteRow).Append(row, out);
}

}  // namespace io
