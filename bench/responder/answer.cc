#include "bench/responder/answer.h"

#include <array>
#include <cassert>
#include <cstring>

#include "bench/responder/question.h"
#include "dnswire/wire.h"

namespace bench {
namespace {

using Kind = Question::Kind;

constexpr uint8_t kPointer = 0xc0;
constexpr uint8_t kQuestionName = dnswire::kHeaderOctets;

// Records as they stand behind the question, owned by its name, TTL 3600; what
// differs is written over the zeros.
// clang-format off
constexpr size_t kPtrDigitsAt = 14;
constexpr auto kPtr = std::to_array<uint8_t>({
    kPointer, kQuestionName, 0, dnswire::kTypePtr, 0, dnswire::kClassIn,
    0, 0, 0x0e, 0x10,
    0, 23,
    9, 'h', 0, 0, 0, 0, 0, 0, 0, 0,
    7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't', 0,
});
constexpr auto kA = std::to_array<uint8_t>({
    kPointer, kQuestionName, 0, dnswire::kTypeA, 0, dnswire::kClassIn,
    0, 0, 0x0e, 0x10,
    0, 4,
    0, 0, 0, 0,
});
// Behind its owner: TTL 300, ns.example.net, admin.example.net, serial 1,
// refresh 3600, retry 600, expire 86400, minimum 300.
constexpr auto kSoa = std::to_array<uint8_t>({
    0, dnswire::kTypeSoa, 0, dnswire::kClassIn,
    0, 0, 0x01, 0x2c,
    0, 55,
    2, 'n', 's', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't', 0,
    5, 'a', 'd', 'm', 'i', 'n',
    7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't', 0,
    0, 0, 0, 1,
    0, 0, 0x0e, 0x10,
    0, 0, 0x02, 0x58,
    0, 0x01, 0x51, 0x80,
    0, 0, 0x01, 0x2c,
});
constexpr auto kOpt = std::to_array<uint8_t>({
    0, 0, dnswire::kTypeOpt,
    dnswire::kEdnsPayload >> 8, dnswire::kEdnsPayload & 0xff,
    0, 0, 0, 0,
    0, 0,
});
// clang-format on

constexpr std::array<std::array<char, 2>, 256> kHexPairs = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {kDigits[i >> 4], kDigits[i & 15]};
  }
  return pairs;
}();

// One answer on its way into its octets.
class AnswerWriter {
 public:
  AnswerWriter(std::span<const uint8_t> query, const Question& question,
               uint8_t* out)
      : query_(query), question_(question), out_(out), at_(question.end) {
    std::memcpy(out, query.data(), question.end);
  }

  size_t Ptr() {
    uint8_t* digits = out_ + at_ + kPtrDigitsAt;
    Append(kPtr);
    for (int shift = 24; shift >= 0; shift -= 8, digits += 2) {
      const auto& pair = kHexPairs[question_.address >> shift & 0xff];
      std::memcpy(digits, pair.data(), pair.size());
    }
    return Finish(dnswire::kRcodeNoerror, 1, 0);
  }
  size_t A() {
    const auto address =
        std::to_array<uint8_t>({static_cast<uint8_t>(question_.address >> 24),
                                static_cast<uint8_t>(question_.address >> 16),
                                static_cast<uint8_t>(question_.address >> 8),
                                static_cast<uint8_t>(question_.address)});
    Append(kA);
    std::memcpy(out_ + at_ - address.size(), address.data(), address.size());
    return Finish(dnswire::kRcodeNoerror, 1, 0);
  }
  // REQUIRES: the question's name is a zone's apex.
  size_t Soa() {
    AppendSoa();
    return Finish(dnswire::kRcodeNoerror, 1, 0);
  }
  size_t Negative(uint8_t rcode) {
    AppendSoa();
    return Finish(rcode, 0, 1);
  }

 private:
  template <size_t kSize>
  void Append(const std::array<uint8_t, kSize>& octets) {
    std::memcpy(out_ + at_, octets.data(), kSize);
    at_ += kSize;
  }
  void AppendSoa() {
    if (question_.apex_at == 0) {
      out_[at_++] = 0;
    } else {
      assert(question_.apex_at <= UINT8_MAX);
      Append(std::array{kPointer, static_cast<uint8_t>(question_.apex_at)});
    }
    Append(kSoa);
  }
  bool QueryHasOpt() const {
    const auto rest = query_.subspan(question_.end);
    return query_[11] != 0 && rest.size() >= kOpt.size() && rest[0] == 0 &&
           rest[1] == 0 && rest[2] == dnswire::kTypeOpt;
  }
  void PutCount(size_t at, uint8_t count) {
    out_[at] = 0;
    out_[at + 1] = count;
  }
  // QR, AA and RA set, RD and CD as asked.
  size_t Finish(uint8_t rcode, uint8_t answers, uint8_t authorities) {
    const bool opt = QueryHasOpt();
    if (opt) Append(kOpt);
    out_[2] = static_cast<uint8_t>(0x84 | (query_[2] & 0x01));
    out_[3] = static_cast<uint8_t>(0x80 | (query_[3] & 0x10) | rcode);
    PutCount(6, answers);
    PutCount(8, authorities);
    PutCount(10, opt);
    return at_;
  }

  std::span<const uint8_t> query_;
  const Question& question_;
  uint8_t* out_;
  size_t at_;
};

bool HasName(uint32_t address, uint32_t nxdomain_percent) {
  const uint32_t mixed = address * 2654435761u >> 8;
  return mixed % 100 >= nxdomain_percent;
}

}  // namespace

size_t WriteAnswer(std::span<const uint8_t> query, uint32_t nxdomain_percent,
                   uint8_t* out) {
  Question question;
  if (!ReadQuestion(query, &question)) return 0;
  AnswerWriter writer(query, question, out);
  switch (question.kind) {
    case Kind::kAddress:
      if (!HasName(question.address, nxdomain_percent)) break;
      if (question.type == dnswire::kTypePtr) return writer.Ptr();
      return writer.Negative(dnswire::kRcodeNoerror);
    case Kind::kHost:
      if (question.type == dnswire::kTypeA) return writer.A();
      return writer.Negative(dnswire::kRcodeNoerror);
    case Kind::kApex:
      if (question.type == dnswire::kTypeSoa) return writer.Soa();
      return writer.Negative(dnswire::kRcodeNoerror);
    case Kind::kBlock:
      return writer.Negative(dnswire::kRcodeNoerror);
    case Kind::kOther:
      break;
  }
  return writer.Negative(dnswire::kRcodeNxdomain);
}

}  // namespace bench
