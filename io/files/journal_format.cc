#include "io/files/journal_format.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "io/files/crc32c.h"
#include "io/files/packed_octets.h"

namespace io {
namespace {

constexpr absl::string_view kMagic = "PTRSWEEP";
constexpr size_t kCrcOctets = 4;
constexpr size_t kHeaderOctets = 8 + 4 + 8 + 2 * sizeof(Digest) + 8 + 16 + 4;

absl::string_view TextOf(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest TakeDigest(OctetTaker* taker) {
  Digest digest{};
  const absl::string_view octets = taker->TakeRaw(digest.size());
  for (size_t i = 0; i < octets.size(); ++i) {
    digest[i] = static_cast<uint8_t>(octets[i]);
  }
  return digest;
}

// Whether the last octets are the CRC of those before them.
bool HasGoodCrc(absl::string_view octets) {
  if (octets.size() < kCrcOctets) return false;
  const size_t end = octets.size() - kCrcOctets;
  return OctetTaker(octets.substr(end)).Take<uint32_t>() ==
         Crc32c(octets.substr(0, end));
}

absl::StatusOr<JournalHeader> ParseHeader(absl::string_view octets) {
  if (!absl::StartsWith(octets, kMagic)) {
    return absl::DataLossError("is no journal of ptrsweep");
  }
  OctetTaker taker(octets);
  taker.TakeRaw(kMagic.size());
  const auto version = taker.Take<uint32_t>();
  if (taker.ok() && version > JournalHeader::kVersion) {
    return absl::UnimplementedError(absl::StrCat("has version ", version,
                                                 ", this ptrsweep knows ",
                                                 JournalHeader::kVersion));
  }
  if (version != JournalHeader::kVersion ||
      !HasGoodCrc(octets.substr(0, kHeaderOctets))) {
    return absl::DataLossError("has a broken header");
  }
  JournalHeader header;
  header.run_id = taker.Take<uint64_t>();
  header.targets = TakeDigest(&taker);
  header.options = TakeDigest(&taker);
  header.seed = taker.Take<uint64_t>();
  header.target_count = taker.Take128();
  return header;
}

struct NumberedRecord {
  JournalRecord record;
  uint64_t seq = 0;
  size_t octets = 0;
};

// The record at the start, or nullopt: torn, broken, or the end.
std::optional<NumberedRecord> ParseRecord(absl::string_view octets) {
  OctetTaker taker(octets);
  const size_t length = taker.Take<uint32_t>();
  if (!taker.ok() || taker.left() < length || length < kCrcOctets) {
    return std::nullopt;
  }
  const size_t whole = sizeof(uint32_t) + length;
  if (!HasGoodCrc(octets.substr(0, whole))) return std::nullopt;
  OctetTaker body(taker.TakeRaw(length - kCrcOctets));
  NumberedRecord parsed;
  JournalRecord& record = parsed.record;
  parsed.octets = whole;
  parsed.seq = body.Take<uint64_t>();
  record.data_octets = body.Take<uint64_t>();
  record.complete = body.Take<uint8_t>() != 0;
  for (std::string* text :
       {&record.progress, &record.changes, &record.counters, &record.sink}) {
    *text = std::string(body.TakeText());
  }
  if (!body.IsDone()) return std::nullopt;
  return parsed;
}

}  // namespace

std::string EncodeJournalHeader(const JournalHeader& header) {
  OctetPacker packer;
  packer.PutRaw(kMagic);
  packer.Put(JournalHeader::kVersion);
  packer.Put(header.run_id);
  packer.PutRaw(TextOf(header.targets));
  packer.PutRaw(TextOf(header.options));
  packer.Put(header.seed);
  packer.Put128(header.target_count);
  packer.Put(Crc32c(packer.octets()));
  return packer.octets();
}

std::string EncodeJournalRecord(const JournalRecord& record, uint64_t seq) {
  OctetPacker body;
  body.Put(seq);
  body.Put(record.data_octets);
  body.Put(static_cast<uint8_t>(record.complete ? 1 : 0));
  for (const std::string* text :
       {&record.progress, &record.changes, &record.counters, &record.sink}) {
    body.PutText(*text);
  }
  OctetPacker packer;
  packer.Put(static_cast<uint32_t>(body.octets().size() + kCrcOctets));
  packer.PutRaw(body.octets());
  packer.Put(Crc32c(packer.octets()));
  return packer.octets();
}

absl::StatusOr<JournalContent> ParseJournal(absl::string_view octets,
                                            uint64_t data_octets,
                                            const RecordTest& also_fits) {
  auto header = ParseHeader(octets);
  if (!header.ok()) return header.status();
  JournalContent content = {.header = *std::move(header),
                            .octets = kHeaderOctets};
  std::vector<std::string> changes;  // also of records that do not fit
  size_t sink_octets = 0;            // of those that fit
  size_t at = kHeaderOctets;
  for (uint64_t seq = 0;; ++seq) {
    auto parsed = ParseRecord(octets.substr(at));
    if (!parsed || parsed->seq != seq) break;
    at += parsed->octets;
    changes.push_back(parsed->record.changes);
    content.sink += parsed->record.sink;
    if (parsed->record.data_octets > data_octets) continue;
    if (also_fits && !also_fits(parsed->record)) continue;
    content.last = std::move(parsed->record);
    content.has_record = true;
    content.next_seq = seq + 1;
    content.octets = at;
    sink_octets = content.sink.size();
  }
  if (!content.has_record && !changes.empty()) {
    return absl::DataLossError(
        "has records, but the unfinished output is shorter than each says");
  }
  changes.resize(content.next_seq);
  content.sink.resize(sink_octets);
  content.changes = std::move(changes);
  return content;
}

}  // namespace io
