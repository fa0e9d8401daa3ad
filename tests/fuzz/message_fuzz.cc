// Input: a message; its id says how it was asked for. Every section, every
// record and the outcome equal those of the slow decoder, in resolver and in
// iterative mode, so a negative is spotless; what we accept, ldns accepts.
#include <algorithm>
#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/wire.h"
#include "tests/dnswire/decode_text.h"
#include "tests/dnswire/ldns_oracle.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_answer.h"
#include "tests/fuzz/slow_message.h"
#include "tests/fuzz/slow_names.h"

namespace {

using dnswire::Answer;
using dnswire::Message;
using dnswire::NameView;
using dnswire::Outcome;
using fuzz::Require;
using fuzz::SlowMessage;
using fuzz::SlowRecord;

template <typename Range>
std::string StringOf(const Range& octets) {
  return std::string(octets.begin(), octets.end());
}

std::string LowerOf(NameView name) {
  return fuzz::SlowLower(StringOf(name.wire()));
}

void CheckRecord(const Message& message, const dnswire::Record& record,
                 const SlowRecord& slow) {
  const dnswire::PlainRecord plain = dnswire::ToPlain(message, record);
  Require(StringOf(plain.owner) == slow.owner, "owner");
  Require(plain.type == slow.type && plain.record_class == slow.record_class,
          "type and class");
  Require(plain.ttl == slow.ttl, "TTL");
  Require(StringOf(message.octets().subspan(record.rdata_at,
                                            record.rdata_size)) == slow.rdata,
          "rdata as sent");
  if (!plain.decoded) return;
  std::string rdata;
  for (const std::string& name : slow.names) rdata += name;
  const size_t numbers = slow.type == dnswire::kTypeSoa ? 20
                         : slow.names.empty()           ? slow.rdata.size()
                                                        : 0;
  const std::string tail = slow.rdata.substr(slow.rdata.size() - numbers);
  Require(
      fuzz::SlowLower(StringOf(plain.rdata)) == rdata + fuzz::SlowLower(tail),
      "rdata decoded");
}

void CheckSection(const Message& message, const dnswire::RecordRange& range,
                  const std::vector<SlowRecord>& slow) {
  Require(range.size() == slow.size(), "records of a section");
  size_t i = 0;
  for (const dnswire::Record& record : range) {
    CheckRecord(message, record, slow[i++]);
  }
}

void CheckSections(const Message& message, const SlowMessage& slow) {
  Require(dnswire::FaultText(message.fault()) == slow.fault, "place of fault");
  Require(message.trailing_octets() == slow.trailing, "trailing octets");
  CheckSection(message, message.answers(), slow.sections[0]);
  CheckSection(message, message.authorities(), slow.sections[1]);
  CheckSection(message, message.additionals(), slow.sections[2]);
  Require(message.has_opt() == (slow.opt != nullptr), "OPT");
  if (message.has_opt()) {
    Require(StringOf(message.opt().options) == slow.opt->rdata, "options");
  }
}

// The last `id % 64` labels, one more each, up to the whole name: some or all
// of them stand for the zone and for names met before.
struct Asked {
  fuzz::SlowQuestion slow;
  dnswire::NameList previous;
  NameView zone;
};

Asked HowAsked(const Message& message, bool iterative) {
  const NameView name = message.question_name();
  const uint16_t id = message.header().id;
  Asked asked;
  asked.zone = name.Suffix(id % 8);
  asked.slow = {.name = LowerOf(name),
                .type = message.question_type(),
                .iterative = iterative,
                .zone = LowerOf(asked.zone)};
  const int met = std::min(id / 8 % 16, name.label_count() + 1);
  for (int labels = 0; labels < met; ++labels) {
    asked.previous.Add(name.Suffix(labels));
    asked.slow.previous.push_back(LowerOf(name.Suffix(labels)));
  }
  return asked;
}

void CheckData(const Message& message, const dnswire::Question& question,
               const Answer& answer, const std::vector<SlowRecord>& slow) {
  size_t count = 0;
  dnswire::ForEachDataRecord(
      message, question, answer, [&](const dnswire::Record& record) {
        Require(count < slow.size(), "no more data than there is");
        CheckRecord(message, record, slow[count++]);
      });
  Require(count == slow.size() && count > 0, "all data is read");
}

void CheckOutcome(const Message& message, const SlowMessage& slow,
                  bool iterative) {
  const dnswire::Question question = dnswire::QuestionOf(message);
  const Asked asked = HowAsked(message, iterative);
  Answer answer;
  dnswire::ResolveAnswer(message, question,
                         {.iterative = iterative, .zone = asked.zone},
                         asked.previous, &answer);
  const fuzz::SlowAnswer expected = fuzz::SlowResolve(slow, asked.slow);
  Require(dnswire::OutcomeText(answer) == expected.outcome, "outcome");
  std::vector<std::string> chain;
  for (const NameView name : answer.chain.view()) {
    chain.push_back(StringOf(name.wire()));
  }
  Require(chain == expected.chain, "chain");
  Require(LowerOf(answer.last_name) ==
              (chain.empty() ? asked.slow.name : chain.back()),
          "last name");
  if (answer.outcome == Outcome::kData) {
    CheckData(message, question, answer, expected.records);
  }
}

bool IsAskedType(uint16_t type) {
  constexpr uint16_t kTypes[] = {dnswire::kTypePtr, dnswire::kTypeA,
                                 dnswire::kTypeAaaa, dnswire::kTypeNs,
                                 dnswire::kTypeSoa};
  return std::count(std::begin(kTypes), std::end(kTypes), type) > 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Message message = Message::Parse({data, size});
  const SlowMessage slow = fuzz::SlowParse({data, size});
  CheckSections(message, slow);
  if (message.has_question() && IsAskedType(message.question_type())) {
    CheckOutcome(message, slow, false);
    CheckOutcome(message, slow, true);
  }
  if (dnswire::LdnsMustAccept(message) && !message.header().tc) {
    const std::string fault = dnswire::LdnsDisagreement(message);
    Require(fault.empty(), fault.c_str());
  }
  return 0;
}
