// What the responder answers, in a world that is a function of the address:
// the fastest server there can be, so that measurements show the client.
//
//   7.2.0.192.in-addr.arpa PTR    hc0000207.example.net, but for a share of the
//                                 addresses, which have no name
//   hc0000207.example.net A       192.0.2.7
//   D.in-addr.arpa SOA            the apex of a reverse zone, as example.net
//   what exists, other types      NOERROR without data
//   all else                      NXDOMAIN
//
// Negatives carry the SOA of their zone. A query with OPT gets one back, as
// from a real server; its options are ignored.
#ifndef PTRSWEEP_BENCH_RESPONDER_ANSWER_H_
#define PTRSWEEP_BENCH_RESPONDER_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace bench {

// Header, question, one record and OPT, at their longest.
inline constexpr size_t kMaxAnswerOctets = 12 + 255 + 4 + 67 + 11;

// Writes the answer to `query` to `out` (kMaxAnswerOctets or more) and returns
// its size; 0 for what is no query with one sound question.
size_t WriteAnswer(std::span<const uint8_t> query, uint32_t nxdomain_percent,
                   uint8_t* out);

}  // namespace bench

#endif  // PTRSWEEP_BENCH_RESPONDER_ANSWER_H_
