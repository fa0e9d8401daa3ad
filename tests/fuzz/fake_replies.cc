#include "tests/fuzz/fake_replies.h"

#include <array>
#include <cctype>
#include <string>

#include "tests/fuzz/slow_message.h"
#include "tests/support/packet_builder.h"

namespace fuzz {
namespace {

using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

constexpr size_t kQuestionAt = 12;
constexpr uint16_t kCookieOption = 10;

// What is wrong with a reply; kWait is no fault.
enum Flaw : uint8_t {
  kWrongId = 1,
  kWrongPort = 2,
  kWrongAddress = 4,
  kTruncated = 8,
  kWrongCase = 16,
  kWrongOctet = 32,
  kCut = 64,
  kWait = 128,
};

enum class CookieReply { kWithServers, kClients, kWrong, kNone };

void AddData(uint16_t type, PacketBuilder* reply) {
  constexpr std::array<uint8_t, 16> kAddress = {0x20, 0x01, 0x0d, 0xb8};
  reply->Answer();
  if (type == rr::kPtr) reply->Ptr(Pointer(kQuestionAt), "host.example");
  if (type == rr::kA) reply->A(Pointer(kQuestionAt), "192.0.2.1");
  if (type == rr::kAaaa) reply->Aaaa(Pointer(kQuestionAt), kAddress);
  if (type == rr::kNs) reply->Ns(Pointer(kQuestionAt), "ns.example");
}

// Everything but OPT; returns the extended rcode's high octet.
uint8_t AddContent(uint8_t kind, uint16_t type, PacketBuilder* reply) {
  constexpr uint8_t kRcodes[] = {2, 5, 1, 4, 9, 3};
  switch (kind) {
    case 0:
    case 1:
      AddData(type, reply);
      return 0;
    case 2:
      return 0;  // NODATA
    case 3:
      reply->Tc();
      return 0;
    case 4:
      reply->Answer().Cname(Pointer(kQuestionAt), "alias.example");
      return 0;
    case 5:
      reply->Answer().Cname(Pointer(kQuestionAt), "host.example");
      AddData(type, reply);
      return 0;
    case 6:
      return 1;  // BADVERS
    case 7:
      reply->Rcode(7);
      return 1;  // BADCOOKIE
    case 8:
      reply->AnswerCount(1);  // malformed
      return 0;
    case 9:
      reply->Rcode(4).QuestionCount(0);
      return 0;
    default:
      reply->Rcode(kRcodes[(kind - 10) % 6]);
      return 0;
  }
}

Octets CookieFor(const SlowMessage& query, CookieReply how) {
  Octets cookie;
  if (query.opt == nullptr || how == CookieReply::kNone) return cookie;
  SlowForEachOption(query.opt->rdata,
                    [&cookie](size_t code, const std::string& octets) {
                      if (code != kCookieOption) return;
                      cookie.assign(octets.begin(), octets.end());
                    });
  if (cookie.empty()) return cookie;
  cookie.resize(how == CookieReply::kWithServers ? 24 : 8);
  if (how == CookieReply::kWrong) cookie[0] ^= 1;
  return testing_support::EdnsOption(kCookieOption, cookie);
}

void Spoil(uint8_t flaws, InputReader* input, FakeKernel::Packet* packet) {
  Octets& octets = packet->octets;
  if ((flaws & kWrongId) != 0) {
    octets[0] ^= input->U8();
    octets[1] ^= input->U8();
  }
  if (!packet->tcp) {
    if ((flaws & kWrongPort) != 0) packet->port ^= 1;
    if ((flaws & kWrongAddress) != 0) packet->address ^= 1;
    packet->truncated = (flaws & kTruncated) != 0;
  }
  const size_t letter_at = kQuestionAt + 1;
  if ((flaws & kWrongCase) != 0 && octets.size() > letter_at &&
      std::isalpha(octets[letter_at]) != 0) {
    octets[letter_at] ^= 0x20;
  }
  if ((flaws & kWrongOctet) != 0) {
    const size_t at = input->U8() % octets.size();
    octets[at] ^= input->U8();
  }
  if ((flaws & kCut) != 0) octets.resize(input->U8() % octets.size());
}

}  // namespace

FakeReply MakeReply(const FakeKernel::Packet& sent, InputReader* input) {
  const uint8_t kind = input->U8();
  const uint8_t flaws = input->U8();
  const SlowMessage query = SlowParse(sent.octets);
  PacketBuilder builder = PacketBuilder::ReplyTo(sent.octets).Ra();
  const uint8_t extended =
      AddContent(kind % 16, query.questions[0].type, &builder);
  const auto how = static_cast<CookieReply>(kind >> 4 & 3);
  const Octets cookie = CookieFor(query, how);
  const bool has_opt = query.opt != nullptr && kind < 192;
  if (has_opt) {
    builder.Additional().Opt({.extended_rcode = extended, .options = cookie});
  }
  FakeReply reply = {.packet = sent};
  reply.packet.octets = builder.Build();
  const bool keeps_cookie = query.opt == nullptr || query.opt->rdata.empty() ||
                            (has_opt && (how == CookieReply::kWithServers ||
                                         how == CookieReply::kClients));
  const bool is_sound = kind % 16 != 8 && kind % 16 != 9;
  reply.flawless = keeps_cookie && is_sound && (flaws & ~kWait) == 0;
  reply.wait = (flaws & kWait) != 0;
  Spoil(flaws, input, &reply.packet);
  return reply;
}

}  // namespace fuzz
