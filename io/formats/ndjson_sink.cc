#include "io/formats/ndjson_sink.h"

#include <algorithm>
#include <utility>

namespace io {
namespace {

// All Put functions as in row_text.h.

// Names and carried text are printable: of what JSON escapes (RFC 8259 section
// 7) only these two can be in them. Returns the text's new end.
char* Escape(char* begin, char* end) {
  return PutBefore("\"\\", '\\', begin, end);
}

char* PutName(dnswire::NameView name, NameTexts* texts, char* out) {
  char* const begin = PutChar('"', out);
  char* end = texts->Put(name, begin);
  const auto octets = static_cast<size_t>(end - begin);
  if (NameTexts::HasEscapes(name, octets)) end = Escape(begin, end);
  return PutChar('"', end);
}

char* PutQuoted(absl::string_view plain, char* out) {
  return PutChar('"', PutText(plain, PutChar('"', out)));
}

char* PutQuoted(const dnswire::IpAddress& address, char* out) {
  return PutChar('"', PutAddress(address, PutChar('"', out)));
}

char* PutFlags(FlagSet flags, char* out) {
  if (flags.empty()) return PutLiteral("[]", out);
  char separator = '[';
  ForEachFlagByName(flags, [&out, &separator](Flag flag) {
    out = PutQuoted(FlagName(flag), PutChar(separator, out));
    separator = ',';
  });
  return PutChar(']', out);
}

char* PutNames(const Row& row, dnswire::NameListView names, NameTexts* texts,
               char* out) {
  if (!row.ptr_known) return PutLiteral("null", out);
  if (names.empty()) return PutLiteral("[]", out);
  char separator = '[';
  for (const dnswire::NameView name : names) {
    out = PutName(name, texts, PutChar(separator, out));
    separator = ',';
  }
  return PutChar(']', out);
}

char* PutAddresses(std::span<const dnswire::IpAddress> addresses, char* out) {
  if (addresses.empty()) return PutLiteral("[]", out);
  char separator = '[';
  for (const dnswire::IpAddress& address : addresses) {
    out = PutQuoted(address, PutChar(separator, out));
    separator = ',';
  }
  return PutChar(']', out);
}

char* PutForward(const Row& row, NameTexts* texts, char* out) {
  if (!row.ptr_known) return PutLiteral("null", out);
  if (row.forward.empty()) return PutLiteral("[]", out);
  char separator = '[';
  for (const ForwardItem& item : row.forward) {
    out = PutChar(separator, out);
    out = PutLiteral("{\"name\":", out);
    out = PutName(item.name, texts, out);
    out = PutLiteral(",\"outcome\":\"", out);
    out = PutOutcome(item, out);
    out = PutLiteral("\",\"addresses\":", out);
    out = PutAddresses(item.addresses, out);
    out = PutChar('}', out);
    separator = ',';
  }
  return PutChar(']', out);
}

char* PutOptional(const std::optional<dnswire::NameView>& name,
                  NameTexts* texts, char* out) {
  return name ? PutName(*name, texts, out) : PutLiteral("null", out);
}

char* PutOptional(const std::optional<uint32_t>& number, char* out) {
  return number ? PutNumber(*number, out) : PutLiteral("null", out);
}

char* PutOptionalRcode(const std::optional<uint16_t>& rcode, char* out) {
  if (!rcode) return PutLiteral("null", out);
  return PutChar('"', PutRcode(*rcode, PutChar('"', out)));
}

char* PutOptionalServer(const std::optional<Endpoint>& server,
                        ServerTexts* texts, char* out) {
  if (!server) return PutLiteral("null", out);
  char* const begin = PutChar('"', out);
  char* end = texts->Put(*server, begin);
  if (server->scope != 0) end = Escape(begin, end);
  return PutChar('"', end);
}

// `put` is how this kind of carried text is put.
char* PutCarried(absl::string_view text,
                 char* (*put)(absl::string_view text, char* out), char* out) {
  if (text.empty()) return PutLiteral("null", out);
  char* const begin = PutChar('"', out);
  return PutChar('"', Escape(begin, put(text, begin)));
}

// ip to forward.
char* PutVerdict(const Row& row, NameTexts* texts, char* out) {
  out = PutLiteral("{\"ip\":", out);
  out = PutQuoted(row.ip, out);
  out = PutLiteral(",\"status\":", out);
  out = PutQuoted(StatusName(row.status), out);
  out = PutLiteral(",\"cause\":", out);
  out = row.cause == Cause::kNone ? PutLiteral("null", out)
                                  : PutQuoted(CauseName(row.cause), out);
  out = PutLiteral(",\"flags\":", out);
  out = PutFlags(row.flags, out);
  out = PutLiteral(",\"ptr\":", out);
  out = PutNames(row, row.ptr, texts, out);
  out = PutLiteral(",\"confirmed\":", out);
  out = PutNames(row, row.confirmed, texts, out);
  out = PutLiteral(",\"forward\":", out);
  return PutForward(row, texts, out);
}

// ttl_s to time.
char* PutEvidence(const Row& row, TextMemory* memory, char* out) {
  out = PutLiteral(",\"ttl_s\":", out);
  out = PutOptional(row.ttl_s, out);
  out = PutLiteral(",\"rcode\":", out);
  out = PutOptionalRcode(row.rcode, out);
  out = PutLiteral(",\"zone\":", out);
  out = PutOptional(row.zone, &memory->names, out);
  out = PutLiteral(",\"zone_mname\":", out);
  out = PutOptional(row.zone_mname, &memory->names, out);
  out = PutLiteral(",\"zone_rname\":", out);
  out = PutOptional(row.zone_rname, &memory->names, out);
  out = PutLiteral(",\"server\":", out);
  out = PutOptionalServer(row.server, &memory->servers, out);
  out = PutLiteral(",\"queries\":", out);
  out = PutNumber(row.queries, out);
  out = PutLiteral(",\"rtt_us\":", out);
  out = PutOptional(row.rtt_us, out);
  out = PutLiteral(",\"time\":\"", out);
  out = PutTime(row.time_us, &memory->time, out);
  return PutChar('"', out);
}

char* PutRow(const Row& row, TextMemory* memory, char* out) {
  out = PutVerdict(row, &memory->names, out);
  out = PutEvidence(row, memory, out);
  out = PutLiteral(",\"label\":", out);
  out = PutCarried(row.label, PutLabel, out);
  out = PutLiteral(",\"expected\":", out);
  out = PutCarried(row.expected, PutExpected, out);
  return PutLiteral("}\n", out);
}

}  // namespace

NdjsonSink::NdjsonSink(std::unique_ptr<OutputFile> file)
    : file_(std::move(file)), formatter_(PutRow) {}

absl::Status NdjsonSink::Write(std::span<const Row> rows) {
  rows_ += rows.size();
  return formatter_.Write(rows, file_.get());
}

absl::Status NdjsonSink::Flush() { return file_->Flush(); }

absl::StatusOr<SyncedRows> NdjsonSink::Sync(SyncTo /*to*/) {
  absl::Status status = file_->Sync();
  if (!status.ok()) return status;
  return SyncedRows{.octets = file_->written_octets(), .rows = rows_};
}

absl::Status NdjsonSink::Finish() { return file_->Finish(); }

void NdjsonSink::AppendRow(const Row& row, std::string* out) {
  RowFormatter(PutRow).Append(row, out);
}

}  // namespace io
