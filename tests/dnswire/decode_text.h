// Text forms of a decoded message for comparison in tests, by the column
// definitions of the corpus: names in uncompressed wire form, octets in
// lower-case hex, items of a list joined by ';', nothing is '-'.
#ifndef PTRSWEEP_TESTS_DNSWIRE_DECODE_TEXT_H_
#define PTRSWEEP_TESTS_DNSWIRE_DECODE_TEXT_H_

#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "tests/support/packet_builder.h"

namespace dnswire {

// A record that stands on its own: owner and names in rdata uncompressed, in
// the letter case of the message.
struct PlainRecord {
  testing_support::Octets owner = {};
  uint16_t type = 0;
  uint16_t record_class = 0;
  uint32_t ttl = 0;
  uint16_t rdlength = 0;  // as sent
  bool decoded = false;   // IsDecoded; else rdata is empty
  testing_support::Octets rdata = {};

  friend bool operator==(const PlainRecord&, const PlainRecord&) = default;
};

// The record's rdata is one that WIRE.md 3 decodes: by type, and class IN.
bool IsDecoded(const Record& record);
PlainRecord ToPlain(const Message& message, const Record& record);

// "ok", "bad:answer", "lax:authority", ...
std::string FaultText(Fault fault);
// "data", "nxdomain", "rcode5", ...
std::string OutcomeText(const Answer& answer);
// Names reached by hops.
std::string ChainText(const Answer& answer);
// Addresses, or PTR names in lower case, each once. REQUIRES: outcome is kData.
std::string ValuesText(const Message& message, const Question& question,
                       const Answer& answer);

// The question that a message carries, as ResolveAnswer wants it.
Question QuestionOf(const Message& message);

// Columns 3 to 12 of the corpus.
std::vector<std::string> DecodeColumns(std::span<const uint8_t> octets);

}  // namespace dnswire

#endif  // PTRSWEEP_TESTS_DNSWIRE_DECODE_TEXT_H_
