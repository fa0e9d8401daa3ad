// Tables of responses and what they come to, shared by the tests of
// ResolveAnswer.
#ifndef PTRSWEEP_TESTS_DNSWIRE_ANSWER_CASE_H_
#define PTRSWEEP_TESTS_DNSWIRE_ANSWER_CASE_H_

#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "tests/support/packet_builder.h"

namespace dnswire {

struct AnswerCase {
  std::string label;
  testing_support::PacketBuilder packet;
  std::string expected;  // as Summary() writes it
};

// The outcome and the names of the chain, joined by blanks: "data a.example".
std::string Summary(const Answer& answer);

// Resolves `octets` for the question that they carry.
Answer Resolve(const testing_support::Octets& octets,
               const AskedAs& asked_as = {}, NameListView previous = {});

// Each case of a table, one by one.
void ExpectOutcomes(const std::vector<AnswerCase>& cases,
                    const AskedAs& asked_as = {}, NameListView previous = {});

// REQUIRES: `text` is a name.
Name ParsedName(const char* text);

}  // namespace dnswire

#endif  // PTRSWEEP_TESTS_DNSWIRE_ANSWER_CASE_H_
