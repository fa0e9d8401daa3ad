#include "dnswire/message.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

#include "dnswire/wire.h"

namespace dnswire {
namespace {

// Root owner, type, class, TTL, RDLENGTH; root name, type, class.
constexpr size_t kMinRecordOctets = 11;
constexpr size_t kMinQuestionOctets = 5;
constexpr size_t kSoaNumberOctets = 20;
constexpr uint8_t kPointerMark = 0xc0;

uint16_t U16At(const uint8_t* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

// REQUIRES: kHeaderOctets at `at`.
void ReadHeader(const uint8_t* at, Header* header) {
  const uint16_t flags = U16At(at + 2);
  header->id = U16At(at);
  header->qr = (flags & 0x8000) != 0;
  header->opcode = flags >> 11 & 0xf;
  header->aa = (flags & 0x0400) != 0;
  header->tc = (flags & 0x0200) != 0;
  header->rd = (flags & 0x0100) != 0;
  header->ra = (flags & 0x0080) != 0;
  header->z = (flags & 0x0040) != 0;
  header->ad = (flags & 0x0020) != 0;
  header->cd = (flags & 0x0010) != 0;
  header->rcode = flags & 0xf;
  header->question_count = U16At(at + 4);
  header->answer_count = U16At(at + 6);
  header->authority_count = U16At(at + 8);
  header->additional_count = U16At(at + 10);
}

uint32_t U32At(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 |
         at[3];
}

// Type, class, TTL, RDLENGTH.
constexpr size_t kFieldOctets = 10;

// Everything but the rdata. REQUIRES: kFieldOctets at `fields_at`.
void ReadFields(const uint8_t* message, size_t owner_at, size_t fields_at,
                Record* record) {
  const uint8_t* const fields = message + fields_at;
  record->owner_at = owner_at;
  record->type = U16At(fields);
  record->record_class = U16At(fields + 2);
  record->ttl = U32At(fields + 4);
  record->rdata_size = U16At(fields + 8);
  record->rdata_at = fields_at + kFieldOctets;
}

// Moves over the rdata by what its type says; RDLENGTH decides for types that
// are not decoded.
void SkipRdata(const Record& record, Reader* reader) {
  const bool decoded = record.record_class == kClassIn;
  switch (decoded ? record.type : uint16_t{0}) {
    case kTypePtr:
    case kTypeCname:
    case kTypeDname:
    case kTypeNs:
      return reader->SkipName();
    case kTypeA:
      return reader->Skip(4);
    case kTypeAaaa:
      return reader->Skip(16);
    case kTypeSoa:
      reader->SkipName();
      reader->SkipName();
      return reader->Skip(kSoaNumberOctets);
    default:
      return reader->Skip(record.rdata_size);
  }
}

bool SkipQuestions(uint16_t count, Reader* reader) {
  if (count > reader->remaining() / kMinQuestionOctets) return false;
  for (int i = 0; i < count && reader->ok(); ++i) {
    reader->SkipName();
    reader->Skip(4);
  }
  return reader->ok();
}

bool AreSoundOptions(std::span<const uint8_t> options) {
  Reader reader(options);
  while (reader.remaining() > 0) {
    reader.Skip(2);  // code
    reader.Skip(reader.ReadU16());
  }
  return reader.ok();
}

// The name's own octets were checked before: it needs no bounds.
size_t EndOfSoundName(std::span<const uint8_t> message, size_t at) {
  while (message[at] != 0) {
    if (message[at] >= kPointerMark) return at + 2;
    at += size_t{1} + message[at];
  }
  return at + 1;
}

bool LabelsEqual(const uint8_t* a, const uint8_t* b, size_t size) {
  return std::memcmp(a, b, size) == 0 ||
         std::equal(a, a + size, b, [](uint8_t x, uint8_t y) {
           return LowerOctet(x) == LowerOctet(y);
         });
}

}  // namespace

void RecordRange::Iterator::Load() {
  ReadFields(message_.data(), position_, EndOfSoundName(message_, position_),
             &record_);
  position_ = record_.rdata_at + record_.rdata_size;
}

void Message::ReadHead(std::span<const uint8_t> octets, NameView expected) {
  new (this) Message;  // a copy of so many small fields waits for each of them
  octets_ = octets;
  if (octets.size() < kHeaderOctets) return;
  ReadHeader(octets.data(), &header_);
  fault_ = Fault::kNone;
  if (header_.question_count != 1) return;
  Reader reader(octets, kHeaderOctets);
  ReadQuestion(expected, &reader);
}

Message Message::Parse(std::span<const uint8_t> octets) {
  Message message = ParseHead(octets);
  message.ParseSections();
  return message;
}

void Message::ReadQuestion(NameView expected, Reader* reader) {
  if (reader->remaining() >= expected.size() &&
      std::memcmp(&octets_[kQuestionAt], expected.wire().data(),
                  expected.size()) == 0) {
    reader->Skip(expected.size());
  } else {
    reader->SkipName();
  }
  const size_t name_end = reader->position();
  question_type_ = reader->ReadU16();
  question_class_ = reader->ReadU16();
  has_question_ = reader->ok();
  if (!has_question_) {
    fault_ = Fault::kQuestion;
    return;
  }
  question_name_ = NameView::FromValidWire(
      octets_.subspan(kQuestionAt, name_end - kQuestionAt));
  answers_at_ = reader->position();
}

void Message::ParseSections() {
  if (parsed_ || fault_ != Fault::kNone) return;
  parsed_ = true;
  Reader reader(octets_, answers_at_);
  if (!has_question_ && !SkipQuestions(header_.question_count, &reader)) {
    fault_ = Fault::kQuestion;
    return;
  }
  if (ParseSection(Fault::kAnswer, header_.answer_count, &reader, &answers_) &&
      ParseSection(Fault::kAuthority, header_.authority_count, &reader,
                   &authorities_) &&
      ParseSection(Fault::kAdditional, header_.additional_count, &reader,
                   &additionals_)) {
    trailing_octets_ = reader.remaining();
  } else {
    has_opt_ = false;
  }
}

bool Message::ParseSection(Fault fault, uint16_t count, Reader* reader,
                           RecordRange* range) {
  const size_t at = reader->position();
  bool sound = count <= reader->remaining() / kMinRecordOctets;
  for (int i = 0; i < count && sound; ++i) sound = CheckRecord(fault, reader);
  if (sound) {
    *range = RecordRange(octets_, at, count);
  } else {
    fault_ = fault;
  }
  return sound;
}

bool Message::CheckRecord(Fault section, Reader* reader) {
  const size_t owner_at = reader->position();
  // The common owner is a pointer to the question, which was checked already.
  if (has_question_ && reader->remaining() >= 2 &&
      octets_[owner_at] == kPointerMark &&
      octets_[owner_at + 1] == kQuestionAt) {
    reader->Skip(2);
  } else {
    reader->SkipName();
  }
  const size_t fields_at = reader->position();
  reader->Skip(kFieldOctets);
  if (!reader->ok()) return false;
  Record record;
  ReadFields(octets_.data(), owner_at, fields_at, &record);
  SkipRdata(record, reader);
  if (!reader->ok() ||
      reader->position() != record.rdata_at + record.rdata_size) {
    return false;
  }
  const bool is_opt = record.type == kTypeOpt && section == Fault::kAdditional;
  return !is_opt || TakeOpt(record);
}

bool Message::TakeOpt(const Record& record) {
  const auto options = octets_.subspan(record.rdata_at, record.rdata_size);
  if (has_opt_ || !NameEquals(record.owner_at, NameView()) ||
      !AreSoundOptions(options)) {
    return false;
  }
  has_opt_ = true;
  opt_.payload = record.record_class;
  opt_.extended_rcode = static_cast<uint8_t>(record.ttl >> 24);
  opt_.version = static_cast<uint8_t>(record.ttl >> 16);
  opt_.dnssec_ok = (record.ttl & 0x8000) != 0;
  opt_.options = options;
  return true;
}

uint16_t Message::rcode() const {
  const int high = has_opt_ ? opt_.extended_rcode : 0;
  return static_cast<uint16_t>(high << 4 | header_.rcode);
}

std::optional<std::span<const uint8_t>> Message::FindCookie() const {
  std::optional<std::span<const uint8_t>> cookie;
  if (!has_opt_) return cookie;
  ForEachOption(opt_.options,
                [&cookie](uint16_t code, std::span<const uint8_t> octets) {
                  if (code == kOptionCookie && !cookie) cookie = octets;
                });
  return cookie;
}

void Message::ReadName(size_t position, Name* name) const {
  Reader reader(octets_, position);
  reader.ReadName(name);
  assert(reader.ok());
}

void Message::ReadLowerName(size_t position, Name* name) const {
  Reader reader(octets_, position);
  reader.ReadLowerName(name);
  assert(reader.ok());
}

size_t Message::NameStart(size_t position) const {
  while (octets_[position] >= kPointerMark) {
    position = static_cast<size_t>(octets_[position] & 0x3f) << 8 |
               octets_[position + 1];
  }
  return position;
}

bool Message::NameEquals(size_t position, NameView name) const {
  const uint8_t* label = name.wire().data();
  for (;;) {
    position = NameStart(position);
    const uint8_t size = octets_[position];
    if (size != *label) return false;
    if (size == 0) return true;
    if (!LabelsEqual(&octets_[position + 1], label + 1, size)) return false;
    position += size_t{1} + size;
    label += size_t{1} + size;
  }
}

// Only the ancestor with as many labels can be equal, so the work stays linear
// however the names repeat themselves.
bool Message::NameIsAtOrAbove(size_t position, NameView name) const {
  int labels = 0;
  for (size_t at = NameStart(position); octets_[at] != 0;
       at = NameStart(at + size_t{1} + octets_[at])) {
    ++labels;
  }
  return NameEquals(position, name.Suffix(labels));
}

Soa Message::ReadSoa(const Record& record) const {
  Soa soa;
  Reader reader(octets_, record.rdata_at);
  soa.mname_at = reader.position();
  reader.SkipName();
  soa.rname_at = reader.position();
  reader.SkipName();
  soa.serial = reader.ReadU32();
  soa.refresh = reader.ReadU32();
  soa.retry = reader.ReadU32();
  soa.expire = reader.ReadU32();
  soa.minimum = reader.ReadU32();
  return soa;
}

}  // namespace dnswire
