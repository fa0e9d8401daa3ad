#include "tests/support/disturbances.h"

#include <algorithm>

#include "tests/support/ordinary_answers.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scripted_replies.h"

namespace testing_support {
namespace {

using Seconds = Disturbances::Seconds;

// So much of a second's tokens can be saved up.
constexpr double kBurstSeconds = 0.05;
constexpr size_t kQuestionAt = 12;

double Depth(double rate) { return std::max(2.0, rate * kBurstSeconds); }

bool Within(const Disturbances::Period& period, Seconds now) {
  return now >= period.from && now < period.from + period.length;
}

PacketBuilder ReplyWithRa(std::span<const uint8_t> query) {
  PacketBuilder reply = PacketBuilder::ReplyTo(query);
  reply.Ra();
  return reply;
}

Octets Denied(std::span<const uint8_t> query, uint8_t rcode) {
  return ReplyWithRa(query)
      .Rcode(rcode)
      .Authority()
      .Soa("", "ns1.example.net", "hostmaster.example.net")
      .Build();
}

Octets Rewritten(std::span<const uint8_t> query) {
  PacketBuilder reply = ReplyWithRa(query);
  const QuestionText question = ReadQuestion(query);
  if (question.type == rr::kPtr) {
    reply.Answer().Ptr(Pointer(kQuestionAt), "landing.example.net");
  } else if (question.type == rr::kA) {
    reply.Answer().A(Pointer(kQuestionAt), "198.51.100.80");
  }
  return reply.Build();
}

// False if it is no question about a PTR of an ordinary address.
bool StrangersName(std::span<const uint8_t> query, Octets* reply) {
  const auto address = AddressInReverse(ReadQuestion(query));
  if (!address) return false;
  constexpr uint32_t kStranger = 0x00010101;
  *reply = ReplyWithRa(query)
               .Answer()
               .Ptr(Pointer(kQuestionAt), OrdinaryHost(*address ^ kStranger))
               .Build();
  return true;
}

bool Tell(Lie lie, std::span<const uint8_t> query, Octets* reply) {
  switch (lie) {
    case Lie::kNxdomain:
      *reply = Denied(query, rcode::kNxdomain);
      return true;
    case Lie::kNodata:
      *reply = Denied(query, rcode::kNoerror);
      return true;
    case Lie::kRewrite:
      *reply = Rewritten(query);
      return true;
    case Lie::kStranger:
      return StrangersName(query, reply);
  }
  return false;
}

void Limit(LimitBy by, std::span<const uint8_t> query, Octets* reply) {
  switch (by) {
    case LimitBy::kDrop:
      return;
    case LimitBy::kTruncation:
      *reply = ReplyWithRa(query).Tc().Build();
      return;
    case LimitBy::kRefused:
      *reply = ReplyWithRa(query).Rcode(rcode::kRefused).Build();
      return;
  }
}

}  // namespace

bool Disturber::Deal(std::span<const uint8_t> query, Transport transport,
                     TimePoint now, Octets* reply) {
  if (!disturbances_.any()) return false;
  if (!first_) {
    first_ = now;
    tokens_ = Depth(disturbances_.limit_qps);
  }
  const Seconds since = now - *first_;
  if (Within(disturbances_.silent, since)) return true;
  if (Within(disturbances_.refusing, since)) {
    Limit(LimitBy::kRefused, query, reply);
    return true;
  }
  if (transport == Transport::kUdp && !TakeToken(since)) {
    Limit(disturbances_.limit_by, query, reply);
    return true;
  }
  return Within(disturbances_.lying, since) &&
         Tell(disturbances_.lie, query, reply);
}

bool Disturber::TakeToken(Seconds now) {
  const double rate = disturbances_.limit_qps;
  if (rate <= 0) return true;
  tokens_ = std::min(Depth(rate), tokens_ + rate * (now - filled_).count());
  filled_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace testing_support
