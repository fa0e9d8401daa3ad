#include "tests/support/ordinary_answers.h"

#include <charconv>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/scripted_replies.h"

namespace testing_support {
namespace {

constexpr size_t kHeaderSize = 12;
constexpr size_t kAdditionalCountAt = 11;
constexpr uint32_t kTopOctet = 10;

// splitmix64.
uint64_t Mixed(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

// Four texts, the first on top, as an address under 10.0.0.0/8.
std::optional<uint32_t> AddressOf(
    const std::array<absl::string_view, 4>& parts) {
  uint32_t address = 0;
  for (const absl::string_view part : parts) {
    uint8_t octet = 0;
    const char* const end = part.data() + part.size();
    const auto read = std::from_chars(part.data(), end, octet);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    address = address << 8 | octet;
  }
  if (address >> 24 != kTopOctet) return std::nullopt;
  return address;
}

bool EndsWith(const QuestionText& question, size_t labels_before,
              absl::string_view next, absl::string_view last) {
  return question.count == labels_before + 2 &&
         absl::EqualsIgnoreCase(question.labels[labels_before], next) &&
         absl::EqualsIgnoreCase(question.labels[labels_before + 1], last);
}

std::string Dotted(uint32_t address) {
  return absl::StrCat(address >> 24, ".", address >> 16 & 0xff, ".",
                      address >> 8 & 0xff, ".", address & 0xff);
}

void Deny(absl::string_view zone, PacketBuilder* reply) {
  reply->Rcode(rcode::kNxdomain)
      .Authority()
      .Soa(zone, "ns1.example.net", "hostmaster.example.net");
}

void AnswerPtr(uint32_t address, Fate fate, PacketBuilder* reply) {
  if (fate == Fate::kNoPtr) return Deny("10.in-addr.arpa", reply);
  reply->Answer().Ptr(Pointer(kHeaderSize), OrdinaryHost(address));
}

void AnswerA(uint32_t address, Fate fate, PacketBuilder* reply) {
  if (fate == Fate::kNoPtr || fate == Fate::kNoForward) {
    return Deny("example.com", reply);
  }
  const uint32_t shown = fate == Fate::kMismatch ? address ^ 1 : address;
  reply->Answer().A(Pointer(kHeaderSize), Dotted(shown));
}

}  // namespace

Fate FateOf(uint32_t address, uint64_t seed) {
  const uint64_t draw = Mixed(Mixed(seed) ^ address) % 100;
  if (draw < 80) return Fate::kPass;
  if (draw < 90) return Fate::kNoPtr;
  return draw < 95 ? Fate::kMismatch : Fate::kNoForward;
}

absl::string_view StatusOf(Fate fate) {
  switch (fate) {
    case Fate::kPass:
      return "pass";
    case Fate::kNoPtr:
      return "no_ptr";
    case Fate::kMismatch:
      return "mismatch";
    case Fate::kNoForward:
      return "no_forward";
  }
  return "";
}

std::string OrdinaryHost(uint32_t address) {
  return absl::StrCat("h-", address >> 24, "-", address >> 16 & 0xff, "-",
                      address >> 8 & 0xff, "-", address & 0xff, ".example.com");
}

QuestionText ReadQuestion(std::span<const uint8_t> query) {
  QuestionText question;
  size_t at = kHeaderSize;
  while (at < query.size() && query[at] != 0) {
    const size_t size = query[at];
    if (size > 63 || at + 1 + size > query.size() ||
        question.count == QuestionText::kMaxLabels) {
      return {};
    }
    question.labels[question.count++] = absl::string_view(
        reinterpret_cast<const char*>(query.data()) + at + 1, size);
    at += 1 + size;
  }
  if (at + 5 > query.size()) return {};
  question.type = static_cast<uint16_t>(query[at + 1] << 8 | query[at + 2]);
  return question;
}

std::optional<uint32_t> AddressInReverse(const QuestionText& question) {
  if (question.type != rr::kPtr || !EndsWith(question, 4, "in-addr", "arpa")) {
    return std::nullopt;
  }
  const auto& labels = question.labels;
  return AddressOf({labels[3], labels[2], labels[1], labels[0]});
}

std::optional<uint32_t> AddressInHost(const QuestionText& question) {
  if (question.type != rr::kA || !EndsWith(question, 1, "example", "com")) {
    return std::nullopt;
  }
  absl::string_view rest = question.labels[0];
  if (rest.size() < 2 || (rest[0] | 0x20) != 'h' || rest[1] != '-') {
    return std::nullopt;
  }
  rest.remove_prefix(2);
  std::array<absl::string_view, 4> parts;
  for (absl::string_view& part : parts) {
    part = rest.substr(0, rest.find('-'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
  return rest.empty() ? AddressOf(parts) : std::nullopt;
}

bool AnswerOrdinary(std::span<const uint8_t> query, uint64_t seed,
                    Octets* reply) {
  const QuestionText question = ReadQuestion(query);
  const auto reverse = AddressInReverse(question);
  const auto host = AddressInHost(question);
  if (!reverse && !host) return false;
  PacketBuilder built = PacketBuilder::ReplyTo(query);
  built.Ra();
  if (reverse) {
    AnswerPtr(*reverse, FateOf(*reverse, seed), &built);
  } else {
    AnswerA(*host, FateOf(*host, seed), &built);
  }
  if (query[kAdditionalCountAt] != 0) built.Additional().Opt();
  *reply = built.Build();
  return true;
}

}  // namespace testing_support
