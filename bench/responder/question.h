// The question of a query, read straight from its octets: no name is built, no
// text parsed.
#ifndef PTRSWEEP_BENCH_RESPONDER_QUESTION_H_
#define PTRSWEEP_BENCH_RESPONDER_QUESTION_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace bench {

struct Question {
  enum class Kind : uint8_t {
    kAddress,  // reverse name of `address`
    kBlock,    // reverse name of a /16 or /24: nothing but names below it
    kApex,     // of a zone: D.in-addr.arpa or example.net
    kHost,     // name of `address`
    kOther,
  };
  Kind kind = Kind::kOther;
  uint32_t address = 0;
  size_t apex_at = 0;  // where its zone's name starts; 0: in the root zone
  size_t end = 0;      // behind type and class
  uint16_t type = 0;
};

// False unless `query` is a query (QR 0, OPCODE 0) with one question of class
// IN that is not compressed. REQUIRES: *question is as constructed. (Returned
// as a value it would be copied as a whole just after its fields were written,
// which costs 9 ns, a third of an answer.)
bool ReadQuestion(std::span<const uint8_t> query, Question* question);

}  // namespace bench

#endif  // PTRSWEEP_BENCH_RESPONDER_QUESTION_H_
