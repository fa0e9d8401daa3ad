#include "tests/dnswire/decode_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dnswire/reader.h"
#include "dnswire/wire.h"

namespace dnswire {
namespace {

using testing_support::Octets;
using testing_support::ToHex;

Octets Slice(std::span<const uint8_t> octets, size_t at, size_t size) {
  const auto part = octets.subspan(at, size);
  return Octets(part.begin(), part.end());
}

Octets NameAt(const Message& message, size_t position) {
  Name name;
  message.ReadName(position, &name);
  const auto wire = name.view().wire();
  return Octets(wire.begin(), wire.end());
}

Octets PlainRdata(const Message& message, const Record& record) {
  constexpr size_t kNumbers = 20;
  const size_t end = record.rdata_at + record.rdata_size;
  switch (record.type) {
    case kTypeA:
    case kTypeAaaa:
      return Slice(message.octets(), record.rdata_at, record.rdata_size);
    case kTypeSoa: {
      const Soa soa = message.ReadSoa(record);
      return testing_support::Concat(
          {NameAt(message, soa.mname_at), NameAt(message, soa.rname_at),
           Slice(message.octets(), end - kNumbers, kNumbers)});
    }
    default:
      return NameAt(message, record.rdata_at);
  }
}

std::string OrDash(const std::string& list) {
  return list.empty() ? "-" : list;
}

std::string HeaderText(const Header& h) {
  const int fields[] = {h.id,
                        h.qr,
                        h.opcode,
                        h.aa,
                        h.tc,
                        h.rd,
                        h.ra,
                        h.z,
                        h.ad,
                        h.cd,
                        h.rcode,
                        h.question_count,
                        h.answer_count,
                        h.authority_count,
                        h.additional_count};
  return absl::StrJoin(fields, ",");
}

// Read here once more, because a message keeps only a sole question.
std::string QuestionsText(const Message& message) {
  std::vector<std::string> items;
  Reader reader(message.octets(), kHeaderOctets);
  for (int i = 0; i < message.header().question_count; ++i) {
    Name name;
    reader.ReadName(&name);
    const int type = reader.ReadU16();
    const int question_class = reader.ReadU16();
    items.push_back(absl::StrCat(ToHex(name.view().wire()), "/", type, "/",
                                 question_class));
  }
  return OrDash(absl::StrJoin(items, ";"));
}

std::string RecordText(const PlainRecord& record) {
  return absl::StrCat(ToHex(record.owner), "/", record.type, "/",
                      record.record_class, "/", record.ttl, "/",
                      record.rdlength, "/",
                      record.decoded ? ToHex(record.rdata) : ".");
}

template <typename Wanted>
std::string RecordsText(const Message& message, const RecordRange& range,
                        Wanted wanted) {
  std::vector<std::string> items;
  for (const Record& record : range) {
    if (wanted(record)) items.push_back(RecordText(ToPlain(message, record)));
  }
  return OrDash(absl::StrJoin(items, ";"));
}

bool IsZoneRecord(const Record& record) {
  return record.record_class == kClassIn &&
         (record.type == kTypeNs || record.type == kTypeSoa);
}

std::string OptText(const Message& message) {
  if (!message.has_opt()) return "-";
  const Opt& opt = message.opt();
  std::string text = absl::StrCat(opt.payload, ",", opt.extended_rcode, ",",
                                  opt.version, ",", opt.dnssec_ok ? 1 : 0);
  ForEachOption(opt.options,
                [&text](uint16_t code, std::span<const uint8_t> octets) {
                  absl::StrAppend(&text, ",", code, "=", ToHex(octets));
                });
  return text;
}

bool HasOutcome(const Message& message) {
  if (!message.has_question() || message.question_class() != kClassIn) {
    return false;
  }
  const uint16_t type = message.question_type();
  return type == kTypeA || type == kTypeAaaa || type == kTypePtr;
}

// Columns 10 to 12.
void AppendOutcome(const Message& message, std::vector<std::string>* columns) {
  if (!HasOutcome(message)) {
    columns->insert(columns->end(), 3, "-");
    return;
  }
  Answer answer;
  const Question question = QuestionOf(message);
  ResolveAnswer(message, question, AskedAs{}, NameListView(), &answer);
  columns->push_back(OutcomeText(answer));
  columns->push_back(ChainText(answer));
  columns->push_back(answer.outcome == Outcome::kData
                         ? ValuesText(message, question, answer)
                         : "-");
}

}  // namespace

bool IsDecoded(const Record& record) {
  constexpr uint16_t kTypes[] = {kTypePtr, kTypeCname, kTypeDname, kTypeNs,
                                 kTypeSoa, kTypeA,     kTypeAaaa};
  return record.record_class == kClassIn &&
         std::count(std::begin(kTypes), std::end(kTypes), record.type) > 0;
}

PlainRecord ToPlain(const Message& message, const Record& record) {
  PlainRecord plain = {.owner = NameAt(message, record.owner_at),
                       .type = record.type,
                       .record_class = record.record_class,
                       .ttl = record.ttl,
                       .rdlength = record.rdata_size};
  plain.decoded = IsDecoded(record);
  if (plain.decoded) plain.rdata = PlainRdata(message, record);
  return plain;
}

std::string FaultText(Fault fault) {
  constexpr const char* kTexts[] = {
      "ok",         "bad:header",    "bad:question",
      "bad:answer", "lax:authority", "lax:additional"};
  return kTexts[static_cast<size_t>(fault)];
}

std::string OutcomeText(const Answer& answer) {
  constexpr const char* kTexts[] = {
      "data",      "nxdomain",  "nodata",  "follow", "referral",      "lame",
      "malformed", "truncated", "blocked", "loop",   "chain_too_long"};
  if (answer.outcome == Outcome::kRcode) {
    return absl::StrCat("rcode", answer.rcode);
  }
  return kTexts[static_cast<size_t>(answer.outcome)];
}

std::string ChainText(const Answer& answer) {
  std::vector<std::string> items;
  for (const NameView name : answer.chain.view()) {
    items.push_back(ToHex(name.wire()));
  }
  return OrDash(absl::StrJoin(items, ";"));
}

std::string ValuesText(const Message& message, const Question& question,
                       const Answer& answer) {
  std::vector<std::string> items;
  ForEachDataRecord(message, question, answer, [&](const Record& record) {
    PlainRecord plain = ToPlain(message, record);
    if (record.type == kTypePtr) {
      std::transform(plain.rdata.begin(), plain.rdata.end(),
                     plain.rdata.begin(), LowerOctet);
    }
    const std::string item = ToHex(plain.rdata);
    if (std::find(items.begin(), items.end(), item) == items.end()) {
      items.push_back(item);
    }
  });
  return OrDash(absl::StrJoin(items, ";"));
}

Question QuestionOf(const Message& message) {
  return {message.question_name(), message.question_type()};
}

std::vector<std::string> DecodeColumns(std::span<const uint8_t> octets) {
  const Message message = Message::Parse(octets);
  const Fault fault = message.fault();
  const auto unless = [](bool absent, const std::string& text) {
    return absent ? "-" : text;
  };
  const bool no_header = fault == Fault::kHeader;
  const bool no_question = no_header || fault == Fault::kQuestion;
  const bool no_answer = no_question || fault == Fault::kAnswer;
  std::vector<std::string> columns = {
      FaultText(fault),
      unless(fault != Fault::kNone, absl::StrCat(message.trailing_octets())),
      unless(no_header, HeaderText(message.header())),
      no_question ? "-" : QuestionsText(message),
      unless(no_answer, RecordsText(message, message.answers(),
                                    [](const Record&) { return true; })),
      RecordsText(message, message.authorities(), IsZoneRecord),
      OptText(message)};
  AppendOutcome(message, &columns);
  return columns;
}

}  // namespace dnswire
