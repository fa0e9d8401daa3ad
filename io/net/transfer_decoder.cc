#include "io/net/transfer_decoder.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dnswire/reader.h"
#include "dnswire/wire.h"

namespace io {

// The names of an rdata follow each other; `before` and `after` are octets.
struct TransferDecoder::RdataLayout {
  uint16_t type;
  uint8_t before;
  uint8_t names;
  uint8_t after;

  // Null for types that are not decoded.
  static const RdataLayout* Find(uint16_t type);
};

const TransferDecoder::RdataLayout* TransferDecoder::RdataLayout::Find(
    uint16_t type) {
  static constexpr RdataLayout kLayouts[] = {
      {dnswire::kTypeNs, 0, 1, 0},
      {3, 0, 1, 0},  // MD, RFC 1035 section 3.3.4
      {4, 0, 1, 0},  // MF, section 3.3.5
      {dnswire::kTypeCname, 0, 1, 0},
      {dnswire::kTypeSoa, 0, 2, 20},
      {7, 0, 1, 0},  // MB, section 3.3.3
      {8, 0, 1, 0},  // MG, section 3.3.6
      {9, 0, 1, 0},  // MR, section 3.3.8
      {dnswire::kTypePtr, 0, 1, 0},
      {14, 0, 2, 0},  // MINFO, section 3.3.7
      {15, 2, 1, 0},  // MX, section 3.3.9
      {17, 0, 2, 0},  // RP, RFC 1183 section 2.2
      {18, 2, 1, 0},  // AFSDB, RFC 1183 section 1
      {21, 2, 1, 0},  // RT, RFC 1183 section 3.3
      {26, 2, 2, 0},  // PX, RFC 2163 section 4
      {33, 6, 1, 0},  // SRV, RFC 2782
      {dnswire::kTypeDname, 0, 1, 0},
  };
  const auto* const found =
      std::find_if(std::begin(kLayouts), std::end(kLayouts),
                   [type](const RdataLayout& l) { return l.type == type; });
  return found == std::end(kLayouts) ? nullptr : found;
}

namespace {

using dnswire::Message;
using dnswire::Record;

// The message's TSIG, if there is one: it is the last record (RFC 8945 section
// 5.1). nullopt if there is none, or TSIGs stand elsewhere too.
std::optional<Record> FindTsig(const Message& message) {
  std::optional<Record> last;
  size_t count = 0;
  for (const auto& section :
       {message.answers(), message.authorities(), message.additionals()}) {
    for (const Record& record : section) {
      count += record.type == dnswire::kTypeTsig ? 1 : 0;
      last = record;
    }
  }
  const bool sound = count == 1 && last->type == dnswire::kTypeTsig &&
                     message.additionals().size() > 0;
  return sound ? last : std::nullopt;
}

// ", TSIG error BADKEY": what a server that refuses says of the signature (RFC
// 8945 section 3). Empty if it says nothing.
std::string TsigErrorText(const Message& message) {
  const std::optional<Record> tsig = FindTsig(message);
  if (!tsig) return "";
  dnswire::Reader reader(message.octets(), tsig->rdata_at);
  reader.SkipName();  // algorithm
  reader.Skip(8);     // time, fudge
  reader.Skip(reader.ReadU16());
  reader.Skip(2);  // original id
  const uint16_t error = reader.ReadU16();
  if (!reader.ok() || error == 0) return "";
  // 16 is BADVERS where it is no TSIG's.
  return absl::StrCat(", TSIG error ",
                      error == 16 ? "BADSIG" : dnswire::RcodeName(error));
}

}  // namespace

absl::string_view TransferFailureName(TransferFailure failure) {
  switch (failure) {
    case TransferFailure::kNone:
      return "none";
    case TransferFailure::kConnect:
      return "connect";
    case TransferFailure::kClosed:
      return "closed";
    case TransferFailure::kStalled:
      return "stalled";
    case TransferFailure::kRcode:
      return "rcode";
    case TransferFailure::kMalformed:
      return "malformed";
    case TransferFailure::kChanged:
      return "changed";
    case TransferFailure::kTooLarge:
      return "too_large";
    case TransferFailure::kUnsigned:
      return "tsig_unsigned";
    case TransferFailure::kTsig:
      return "tsig";
  }
  return "?";
}

TransferDecoder::TransferDecoder(const Options& options, Taker take)
    : options_(options), take_(std::move(take)) {}

TransferDecoder::State TransferDecoder::Add(std::span<const uint8_t> octets) {
  assert(state_ == State::kMore);
  ++messages_;
  octets_ += octets.size();
  const Message message = Message::Parse(octets);
  if (octets_ > options_.max_octets) {
    Fail(TransferFailure::kTooLarge,
         absl::StrCat("more than ", options_.max_octets, " octets"));
  } else if (CheckHead(message) && CheckSignature(message) &&
             CheckQuestion(message)) {
    TakeRecords(message);
  }
  return state_;
}

// A refusal need not be signed, nor carry the question: believed or forged, it
// leads to queries.
bool TransferDecoder::CheckHead(const Message& message) {
  const dnswire::Header& header = message.header();
  if (!header.qr || header.opcode != 0 || header.id != options_.id) {
    return Malformed("does not answer the query");
  }
  if (message.rcode() != dnswire::kRcodeNoerror) {
    return Fail(TransferFailure::kRcode,
                absl::StrCat(dnswire::RcodeName(message.rcode()),
                             TsigErrorText(message)));
  }
  if (header.tc) return Malformed("is truncated");
  if (message.fault() != dnswire::Fault::kNone ||
      message.trailing_octets() > 0) {
    return Malformed("does not decode");
  }
  return true;
}

bool TransferDecoder::CheckSignature(const Message& message) {
  if (options_.signer == nullptr) return true;
  const std::optional<Record> tsig = FindTsig(message);
  if (!tsig) {
    return Fail(TransferFailure::kUnsigned,
                absl::StrCat("message ", messages_, " is not signed"));
  }
  const absl::Status verified =
      options_.signer->Verify(message.octets(), tsig->owner_at);
  return verified.ok() ||
         Fail(TransferFailure::kTsig,
              absl::StrCat("message ", messages_, ": ", verified.message()));
}

// RFC 5936 section 2.2.1: the first message has the question, the others may.
bool TransferDecoder::CheckQuestion(const Message& message) {
  if (messages_ > 1 && message.header().question_count == 0) return true;
  return (message.has_question() &&
          message.question_type() == dnswire::kTypeAxfr &&
          message.question_class() == dnswire::kClassIn &&
          message.question_name().Equals(options_.zone)) ||
         Malformed("does not carry the question");
}

bool TransferDecoder::TakeRecords(const Message& message) {
  if (message.answers().size() == 0) return Malformed("holds no record");
  for (const Record& record : message.answers()) {
    if (!TakeRecord(message, record)) return false;
  }
  return true;
}

bool TransferDecoder::TakeRecord(const Message& message, const Record& record) {
  if (state_ == State::kComplete) {
    return Malformed("goes on behind the last SOA");
  }
  if (record.record_class != dnswire::kClassIn) {
    return Malformed("holds a record of another class");
  }
  message.ReadName(record.owner_at, &owner_);
  const bool is_apex_soa =
      record.type == dnswire::kTypeSoa && owner_.view().Equals(options_.zone);
  if (is_apex_soa && records_ > 0) {
    return TakeApexSoa(message.ReadSoa(record).serial);
  }
  if (records_ == 0) {
    if (!is_apex_soa) return Malformed("does not begin with the zone's SOA");
    serial_ = message.ReadSoa(record).serial;
  }
  if (!owner_.view().IsAtOrBelow(options_.zone)) {
    ++outside_;
    return true;
  }
  return HandOn(message, record);
}

bool TransferDecoder::TakeApexSoa(uint32_t serial) {
  if (serial != serial_) {
    return Fail(TransferFailure::kChanged,
                absl::StrCat("the SOA's serial is ", serial_,
                             " at the beginning and ", serial, " at the end"));
  }
  state_ = State::kComplete;
  return true;
}

bool TransferDecoder::HandOn(const Message& message, const Record& record) {
  std::span<const uint8_t> rdata;
  if (!Expand(message, record, &rdata)) {
    return Malformed("holds an rdata that does not decode");
  }
  ++records_;
  const absl::Status taken = take_({.owner = owner_,
                                    .type = record.type,
                                    .ttl_s = dnswire::EffectiveTtl(record.ttl),
                                    .rdata = rdata});
  return taken.ok() || Fail(TransferFailure::kTooLarge, taken.message());
}

bool TransferDecoder::Expand(const Message& message, const Record& record,
                             std::span<const uint8_t>* rdata) {
  *rdata = message.octets().subspan(record.rdata_at, record.rdata_size);
  const RdataLayout* const layout = RdataLayout::Find(record.type);
  if (layout == nullptr) return true;
  size_t size = 0;
  const auto append = [this, &size](std::span<const uint8_t> octets) {
    std::copy(octets.begin(), octets.end(), expanded_.begin() + size);
    size += octets.size();
  };
  dnswire::Reader reader(message.octets(), record.rdata_at);
  append(reader.ReadOctets(layout->before));
  for (int i = 0; i < layout->names && reader.ok(); ++i) {
    dnswire::Name name;
    reader.ReadName(&name);
    if (reader.ok()) append(name.view().wire());
  }
  append(reader.ReadOctets(layout->after));
  *rdata = std::span(expanded_).first(size);
  return reader.ok() &&
         reader.position() == record.rdata_at + size_t{record.rdata_size};
}

bool TransferDecoder::Fail(TransferFailure failure, absl::string_view reason) {
  state_ = State::kFailed;
  failure_ = failure;
  reason_ = std::string(reason);
  return false;
}

bool TransferDecoder::Malformed(absl::string_view what) {
  return Fail(TransferFailure::kMalformed,
              absl::StrCat("message ", messages_, " ", what));
}

}  // namespace io
