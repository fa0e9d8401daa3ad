#include "io/formats/ndjson_sink.h"

#include <algorithm>
#include <utility>

namespace io {
namespace {

// Names and carried text are printable: of what JSON escapes (RFC 8259 section
// 7) only these two can be in them.
void EscapeSince(char* begin, RowText* out) {
  out->set_at(PutBefore("\"\\", '\\', begin, out->at()));
}

void WriteName(dnswire::NameView name, RowText* out) {
  out->Char('"');
  char* const begin = out->at();
  if (out->Name(name)) EscapeSince(begin, out);
  out->Char('"');
}

void WriteQuoted(absl::string_view plain, RowText* out) {
  out->Char('"');
  out->Text(plain);
  out->Char('"');
}

void WriteQuoted(const dnswire::IpAddress& address, RowText* out) {
  out->Char('"');
  out->Address(address);
  out->Char('"');
}

void WriteFlags(FlagSet flags, RowText* out) {
  if (flags.empty()) return out->Literal("[]");
  char separator = '[';
  ForEachFlagByName(flags, [&](Flag flag) {
    out->Char(separator);
    WriteQuoted(FlagName(flag), out);
    separator = ',';
  });
  out->Char(']');
}

void WriteNames(const Row& row, dnswire::NameListView names, RowText* out) {
  if (!row.ptr_known) return out->Literal("null");
  if (names.empty()) return out->Literal("[]");
  char separator = '[';
  for (const dnswire::NameView name : names) {
    out->Char(separator);
    WriteName(name, out);
    separator = ',';
  }
  out->Char(']');
}

void WriteAddresses(std::span<const dnswire::IpAddress> addresses,
                    RowText* out) {
  if (addresses.empty()) return out->Literal("[]");
  char separator = '[';
  for (const dnswire::IpAddress& address : addresses) {
    out->Char(separator);
    WriteQuoted(address, out);
    separator = ',';
  }
  out->Char(']');
}

void WriteForward(const Row& row, RowText* out) {
  if (!row.ptr_known) return out->Literal("null");
  if (row.forward.empty()) return out->Literal("[]");
  char separator = '[';
  for (const ForwardItem& item : row.forward) {
    out->Char(separator);
    out->Literal("{\"name\":");
    WriteName(item.name, out);
    out->Literal(",\"outcome\":\"");
    out->Outcome(item);
    out->Literal("\",\"addresses\":");
    WriteAddresses(item.addresses, out);
    out->Char('}');
    separator = ',';
  }
  out->Char(']');
}

void WriteOptional(const std::optional<dnswire::NameView>& name, RowText* out) {
  if (!name) return out->Literal("null");
  WriteName(*name, out);
}

void WriteOptional(const std::optional<uint32_t>& number, RowText* out) {
  if (!number) return out->Literal("null");
  out->Number(*number);
}

void WriteRcode(const std::optional<uint16_t>& rcode, RowText* out) {
  if (!rcode) return out->Literal("null");
  out->Char('"');
  out->Rcode(*rcode);
  out->Char('"');
}

void WriteServer(const std::optional<Endpoint>& server, RowText* out) {
  if (!server) return out->Literal("null");
  out->Char('"');
  char* const begin = out->at();
  out->Server(*server);
  if (server->scope != 0) EscapeSince(begin, out);
  out->Char('"');
}

// `write` is how RowText writes this kind of text.
void WriteCarried(absl::string_view text,
                  void (RowText::*write)(absl::string_view), RowText* out) {
  if (text.empty()) return out->Literal("null");
  out->Char('"');
  char* const begin = out->at();
  (out->*write)(text);
  EscapeSince(begin, out);
  out->Char('"');
}

// ip to forward.
void WriteVerdict(const Row& row, RowText* out) {
  out->Literal("{\"ip\":");
  WriteQuoted(row.ip, out);
  out->Literal(",\"status\":");
  WriteQuoted(StatusName(row.status), out);
  out->Literal(",\"cause\":");
  if (row.cause == Cause::kNone) {
    out->Literal("null");
  } else {
    WriteQuoted(CauseName(row.cause), out);
  }
  out->Literal(",\"flags\":");
  WriteFlags(row.flags, out);
  out->Literal(",\"ptr\":");
  WriteNames(row, row.ptr, out);
  out->Literal(",\"confirmed\":");
  WriteNames(row, row.confirmed, out);
  out->Literal(",\"forward\":");
  WriteForward(row, out);
}

// ttl_s to time.
void WriteEvidence(const Row& row, TimestampText* timestamp, RowText* out) {
  out->Literal(",\"ttl_s\":");
  WriteOptional(row.ttl_s, out);
  out->Literal(",\"rcode\":");
  WriteRcode(row.rcode, out);
  out->Literal(",\"zone\":");
  WriteOptional(row.zone, out);
  out->Literal(",\"zone_mname\":");
  WriteOptional(row.zone_mname, out);
  out->Literal(",\"zone_rname\":");
  WriteOptional(row.zone_rname, out);
  out->Literal(",\"server\":");
  WriteServer(row.server, out);
  out->Literal(",\"queries\":");
  out->Number(row.queries);
  out->Literal(",\"rtt_us\":");
  WriteOptional(row.rtt_us, out);
  out->Literal(",\"time\":\"");
  out->Time(row.time_us, timestamp);
  out->Char('"');
}

void WriteRow(const Row& row, TimestampText* timestamp, RowText* out) {
  WriteVerdict(row, out);
  WriteEvidence(row, timestamp, out);
  out->Literal(",\"label\":");
  WriteCarried(row.label, &RowText::Label, out);
  out->Literal(",\"expected\":");
  WriteCarried(row.expected, &RowText::Expected, out);
  out->Literal("}\n");
}

}  // namespace

NdjsonSink::NdjsonSink(std::unique_ptr<OutputFile> file)
    : file_(std::move(file)), formatter_(WriteRow) {}

absl::Status NdjsonSink::Write(std::span<const Row> rows) {
  return formatter_.Write(rows, file_.get());
}

absl::Status NdjsonSink::Flush() { return file_->Flush(); }

absl::Status NdjsonSink::Finish() { return file_->Finish(); }

void NdjsonSink::AppendRow(const Row& row, std::string* out) {
  RowFormatter(WriteRow).Append(row, out);
}

}  // namespace io
