// The sound side of fakedns: every address under 10.0.0.0/8 has a fate, drawn
// from its number and a seed, and the answers that go with it.
#ifndef PTRSWEEP_TESTS_SUPPORT_ORDINARY_ANSWERS_H_
#define PTRSWEEP_TESTS_SUPPORT_ORDINARY_ANSWERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/support/packet_builder.h"

namespace testing_support {

// Of 100 addresses: 80, 10, 5, 5.
enum class Fate : uint8_t { kPass, kNoPtr, kMismatch, kNoForward };

// `address`: four octets, the first one on top.
Fate FateOf(uint32_t address, uint64_t seed);
// The status of its row.
absl::string_view StatusOf(Fate fate);
// h-10-1-2-3.example.com
std::string OrdinaryHost(uint32_t address);

// The question of a query without allocation: its labels point into it.
struct QuestionText {
  static constexpr size_t kMaxLabels = 8;

  std::array<absl::string_view, kMaxLabels> labels;
  size_t count = 0;  // 0: the root, no question, or more labels than fit
  uint16_t type = 0;
};
QuestionText ReadQuestion(std::span<const uint8_t> query);
// The address under 10.0.0.0/8 that a PTR question, or the A question of its
// host, is about. Letter case counts for nothing.
std::optional<uint32_t> AddressInReverse(const QuestionText& question);
std::optional<uint32_t> AddressInHost(const QuestionText& question);

// True if the query is about such an address; `reply` is then its answer, with
// OPT if the query has it.
bool AnswerOrdinary(std::span<const uint8_t> query, uint64_t seed,
                    Octets* reply);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_ORDINARY_ANSWERS_H_
