#include "tests/support/scripted_replies.h"

#include <chrono>
#include <utility>

namespace testing_support {
namespace {

// Where the question's name stands in every reply.
constexpr size_t kQuestionAt = 12;

}  // namespace

PacketBuilder ReplyTo(const Asked& asked) {
  PacketBuilder reply = PacketBuilder::ReplyTo(asked.query);
  reply.Ra();
  return reply;
}

Octets PtrReply(const Asked& asked,
                std::initializer_list<absl::string_view> names) {
  PacketBuilder reply = ReplyTo(asked);
  reply.Answer();
  for (const absl::string_view name : names) {
    reply.Ptr(Pointer(kQuestionAt), name);
  }
  return reply.Build();
}

Octets AReply(const Asked& asked,
              std::initializer_list<absl::string_view> addresses) {
  PacketBuilder reply = ReplyTo(asked);
  reply.Answer();
  for (const absl::string_view address : addresses) {
    reply.A(Pointer(kQuestionAt), address);
  }
  return reply.Build();
}

Octets CnameReply(const Asked& asked, absl::string_view target) {
  return ReplyTo(asked).Answer().Cname(Pointer(kQuestionAt), target).Build();
}

Octets RcodeReply(const Asked& asked, uint8_t rcode,
                  std::optional<uint16_t> ede) {
  PacketBuilder reply = ReplyTo(asked);
  reply.Rcode(rcode);
  if (ede) reply.Additional().Opt({.options = ExtendedError(*ede)});
  return reply.Build();
}

Octets NegativeReply(const Asked& asked, uint8_t rcode,
                     absl::string_view zone) {
  return ReplyTo(asked)
      .Rcode(rcode)
      .Authority()
      .Soa(zone, "ns1.example.net", "hostmaster.example.net")
      .Build();
}

Octets TruncatedReply(const Asked& asked) {
  return ReplyTo(asked).Tc().Build();
}

Octets MalformedReply(const Asked& asked) {
  return ReplyTo(asked)
      .Answer()
      .Ptr(Pointer(kQuestionAt), "mail.example.com", {.rdlength = 400})
      .Build();
}

Replies Once(Octets octets, int delay_ms) {
  return {{.octets = std::move(octets),
           .delay = std::chrono::milliseconds(delay_ms)}};
}

Replies ScriptTable::operator()(const Asked& asked) const {
  const auto rule = rules_.find({asked.name, asked.type});
  if (rule != rules_.end()) return rule->second(asked);
  return Once(RcodeReply(asked, rcode::kNxdomain));
}

}  // namespace testing_support
