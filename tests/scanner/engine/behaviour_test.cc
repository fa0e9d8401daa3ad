// What a row says of each way a resolver can answer, or not. Every table is one
// scan: its behaviours run side by side, one address each.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/engine/behaviours.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using testing_support::AReply;
using testing_support::Asked;
using testing_support::CnameReply;
using testing_support::MalformedReply;
using testing_support::NegativeReply;
using testing_support::Octets;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::ScriptTable;
using testing_support::Transport;
using testing_support::TruncatedReply;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies Good(const Asked& asked) {
  return Once(PtrReply(asked, {HostOf(asked)}));
}
Script Always(Octets (*reply)(const Asked&)) {
  return [reply](const Asked& asked) { return Once(reply(asked)); };
}
Script AlwaysRcode(uint8_t code, std::optional<uint16_t> ede = std::nullopt) {
  return [=](const Asked& asked) { return Once(RcodeReply(asked, code, ede)); };
}
// `first` over UDP, `then` over TCP.
Script UdpTcp(const Script& first, const Script& then) {
  return [=](const Asked& asked) {
    return asked.transport == Transport::kUdp ? first(asked) : then(asked);
  };
}
// Silent until the n-th try.
Script GoodFrom(int n) {
  return [n](const Asked& asked) {
    return asked.nth < n ? Silent(asked) : Good(asked);
  };
}
Script Alias(const std::string& target) {
  return [=](const Asked& asked) { return Once(CnameReply(asked, target)); };
}

Replies WrongId(const Asked& asked) {
  PacketBuilder reply = PacketBuilder::ReplyTo(asked.query);
  const int id = asked.query[0] << 8 | asked.query[1];
  return Once(reply.Id(static_cast<uint16_t>(id ^ 0x0101)).Ra().Build());
}
Replies WrongQuestion(const Asked& asked) {
  return Once(
      PacketBuilder()
          .Id(static_cast<uint16_t>(asked.query[0] << 8 | asked.query[1]))
          .Response()
          .Ra()
          .Question("1.1.1.1.in-addr.arpa", rr::kPtr)
          .Build());
}
Replies FromStranger(const Asked& asked) {
  Replies replies = Good(asked);
  replies[0].from_stranger = true;
  return replies;
}
Script ThenGood(const Script& first) {
  return [=](const Asked& asked) {
    Replies replies = first(asked);
    for (testing_support::Reply& reply : Good(asked)) replies.push_back(reply);
    return replies;
  };
}

Replies DnameAnswer(const Asked& asked) {
  const std::string target =
      absl::StrCat(FirstLabel(asked), ".rev.example.net");
  return Once(testing_support::ReplyTo(asked)
                  .Answer()
                  .Dname("2.0.192.in-addr.arpa", "rev.example.net")
                  .Ptr(target, HostOf(asked))
                  .Build());
}
Octets LameAnswer(const Asked& asked) {
  return PacketBuilder::ReplyTo(asked.query).Build();
}
Octets WithoutQuestion(const Asked& asked) {
  return PacketBuilder()
      .Id(static_cast<uint16_t>(asked.query[0] << 8 | asked.query[1]))
      .Response()
      .Rcode(rcode::kFormerr)
      .Build();
}

TEST(BehaviourTest, ResponsesThatSettleAtOnce) {
  const auto negative = [](uint8_t code) {
    return [code](const Asked& asked) {
      return Once(NegativeReply(asked, code, "2.0.192.in-addr.arpa"));
    };
  };
  Check(
      {
          {"data", Good, "pass - 0 2", "h1.example.com",
           "h1.example.com=confirmed:192.0.2.1", "private_forward"},
          {"NXDOMAIN", negative(rcode::kNxdomain), "no_ptr nxdomain 3 1", "",
           ""},
          {"NODATA", negative(rcode::kNoerror), "no_ptr nodata 0 1", "", ""},
          {"two names",
           [](const Asked& asked) {
             return Once(PtrReply(asked, {"other.example.org", HostOf(asked)}));
           },
           "pass - 0 3", "h4.example.com other.example.org",
           "h4.example.com=confirmed:192.0.2.4 other.example.org=nxdomain",
           "forward_partial multi_domain multiple_ptr private_forward"},
          {"a name that is none",
           [](const Asked& asked) {
             return Once(PtrReply(asked, {"localhost"}));
           },
           "bad_name - 0 1", "localhost", "", "localhost single_label"},
          {"another address", Good, "mismatch - 0 2", "h6.example.com",
           "h6.example.com=differs:192.0.2.99", "near_match private_forward",
           [](const Asked& asked) {
             return Once(AReply(asked, {"192.0.2.99"}));
           }},
          {"no address", Good, "no_forward - 0 2", "h7.example.com",
           "h7.example.com=nxdomain", "", AlwaysRcode(rcode::kNxdomain)},
      },
      1);
}

TEST(BehaviourTest, ErrorsAreAskedAgainAsTheTableSays) {
  const ScanReport report = Check(
      {
          {"SERVFAIL, also unvalidated", AlwaysRcode(rcode::kServfail),
           "reverse_error servfail 2 4"},
          {"SERVFAIL, EDE 6", AlwaysRcode(rcode::kServfail, 6),
           "reverse_error dnssec_bogus 2 3"},
          {"SERVFAIL, EDE 22", AlwaysRcode(rcode::kServfail, 22),
           "reverse_error all_ns_unreachable 2 3"},
          {"REFUSED", AlwaysRcode(rcode::kRefused),
           "reverse_error resolver_refused 5 2"},
          {"NOTAUTH", AlwaysRcode(rcode::kNotauth),
           "reverse_error notauth 9 2"},
          {"blocked", AlwaysRcode(rcode::kNxdomain, 15),
           "reverse_error blocked 3 2"},
          {"FORMERR", AlwaysRcode(rcode::kFormerr),
           "reverse_error formerr 1 2"},
          {"NOTIMP", AlwaysRcode(rcode::kNotimp), "reverse_error notimp 4 2"},
          {"YXDOMAIN", AlwaysRcode(6), "reverse_error other_rcode 6 1"},
          {"FORMERR without question", Always(WithoutQuestion),
           "reverse_error formerr 1 2"},
          {"no recursion", Always(LameAnswer), "reverse_error lame 0 1"},
          {"malformed, also by TCP", Always(MalformedReply),
           "reverse_error malformed 0 4"},
          {"malformed, good by TCP", UdpTcp(Always(MalformedReply), Good),
           "pass - 0 3"},
          {"truncated, good by TCP", UdpTcp(Always(TruncatedReply), Good),
           "pass - 0 3"},
          {"truncated, SERVFAIL by TCP",
           UdpTcp(Always(TruncatedReply), AlwaysRcode(rcode::kServfail)),
           "reverse_error truncated 2 5"},
          {"SERVFAIL, good in the late pass",
           [](const Asked& asked) {
             return asked.nth < 3 ? AlwaysRcode(rcode::kServfail)(asked)
                                  : Good(asked);
           },
           "pass - 0 4"},
          {"forward SERVFAIL", Good, "forward_error servfail 0 5",
           "h17.example.com", "h17.example.com=servfail", "",
           AlwaysRcode(rcode::kServfail)},
          {"forward SERVFAIL, good in the late pass", Good, "pass - 0 5",
           "h18.example.com", "h18.example.com=confirmed:192.0.2.18",
           "private_forward",
           [](const Asked& asked) {
             return asked.nth < 3 ? AlwaysRcode(rcode::kServfail)(asked)
                                  : Once(AReply(asked, {"192.0.2.18"}));
           }},
          {"forward lame: final", Good, "forward_error lame 0 2",
           "h19.example.com", "h19.example.com=lame", "", Always(LameAnswer)},
      },
      1);
  EXPECT_EQ(report.stats.rescued, 2u);
  EXPECT_EQ(report.stats.deferred, 11u);
}

TEST(BehaviourTest, AliasesLeadToFurtherQuestions) {
  std::vector<Behaviour> behaviours = {
      {"out of the zone", Alias("a.sub.example.net"), "pass - 0 3",
       "h1.example.com", nullptr, "cname_chain private_forward"},
      {"to a missing name", Alias("missing.example.net"),
       "no_ptr dangling_cname 3 2", "", "", "cname_chain"},
      {"loop over two messages", Alias("loop.example.net"),
       "reverse_error loop 0 2"},
      {"a twelfth hop", Alias("hop1.example.net"),
       "reverse_error chain_too_long 0 12"},
      {"eleven hops", Alias("hop2.example.net"), "pass - 0 13",
       "h5.example.com", nullptr, "cname_chain private_forward"},
      {"DNAME in one message", DnameAnswer, "pass - 0 2", "h6.example.com",
       nullptr, "cname_chain dname private_forward"},
      {"forward alias", Good, "pass - 0 3", "h7.example.com",
       "h7.example.com=confirmed:192.0.2.7", "cname_target private_forward",
       Alias("web.example.net")},
      {"forward alias in a loop", Good, "forward_error loop 0 3",
       "h8.example.com", "h8.example.com=loop", nullptr,
       Alias("again.example.net")},
  };
  ScriptTable table = TableOf(behaviours);
  const auto ptr = [](const char* name) {
    return [name](const Asked& asked) { return Once(PtrReply(asked, {name})); };
  };
  table.On("a.sub.example.net", rr::kPtr, ptr("h1.example.com"))
      .On("loop.example.net", rr::kPtr, Alias(ReverseOf(AddressOf(2))))
      .On("hop12.example.net", rr::kPtr, ptr("h5.example.com"))
      .On("again.example.net", rr::kA, Alias("h8.example.com"))
      .On("web.example.net", rr::kA, [](const Asked& asked) {
        return Once(AReply(asked, {"192.0.2.7"}));
      });
  for (int hop = 1; hop < 12; ++hop) {
    table.On(absl::StrCat("hop", hop, ".example.net"), rr::kPtr,
             Alias(absl::StrCat("hop", hop + 1, ".example.net")));
  }
  const ScriptedServer server(table);
  Check(behaviours, OptionsFor({&server}));
}

TEST(BehaviourTest, LateAndRepeatedAndForgedReplies) {
  const ScanReport report = Check(
      {
          {"a good one, for the round trip", Good, "pass - 0 2"},
          {"second try", GoodFrom(2), "pass - 0 3"},
          {"third try", GoodFrom(3), "pass - 0 4"},
          {"twice", ThenGood(Good), "pass - 0 2"},
          {"wrong id, then the right one", ThenGood(WrongId), "pass - 0 2"},
          {"wrong question, then the right one", ThenGood(WrongQuestion),
           "pass - 0 2"},
          {"from elsewhere, then right", ThenGood(FromStranger), "pass - 0 2"},
          {"first try answered after the second was sent",
           [](const Asked& asked) -> Replies {
             if (asked.nth > 1) return {};
             return Once(PtrReply(asked, {HostOf(asked)}), 1200);
           },
           "pass - 0 3"},
          {"two contradictory answers: the first counts",
           [](const Asked& asked) {
             Replies replies = Good(asked);
             replies.push_back({.octets = RcodeReply(asked, rcode::kNxdomain)});
             return replies;
           },
           "pass - 0 2"},
      },
      0);
  // The second of "twice" and the contradiction; the answer to the first try
  // of "third try" never came.
  EXPECT_EQ(report.stats.late, 2u);
  EXPECT_EQ(report.stats.stray, 1u);
  EXPECT_EQ(report.stats.drop_question, 1u);
  EXPECT_EQ(report.stats.drop_source, 1u);
}

// Connections are refused, so the last word of the late pass is soon said.
TEST(BehaviourTest, SilenceIsATimeoutWhateverItsReason) {
  Check(
      {
          {"silent", Silent, "reverse_timeout timeout - 7", "", ""},
          {"wrong id only", WrongId, "reverse_timeout unmatched - 7"},
          {"wrong question only", WrongQuestion,
           "reverse_timeout unmatched - 7"},
          {"from elsewhere only", FromStranger,
           "reverse_timeout unmatched - 7"},
          {"silent until the late pass", GoodFrom(4), "pass - 0 5"},
          {"forward silent", Good, "forward_error timeout 0 9", nullptr,
           "h6.example.com=timeout", nullptr, Silent},
          {"truncated, TCP refused", Always(TruncatedReply),
           "reverse_error truncated 0 4"},
          {"malformed, TCP refused", Always(MalformedReply),
           "reverse_error malformed 0 4"},
          {"an alias into silence", Alias("silent.example.net"),
           "reverse_timeout timeout - 9"},
      },
      1, {.tcp = false});
}

TEST(BehaviourTest, TheLastWordOfSilenceIsATcpExchange) {
  const ScanReport report = Check(
      {
          {"a good one, for the round trip", Good, "pass - 0 2"},
          {"answers by TCP only", UdpTcp(Silent, Good), "pass - 0 8"},
          {"truncated, then silent", UdpTcp(Always(TruncatedReply), Silent),
           "reverse_error truncated 0 4"},
      },
      1);
  EXPECT_EQ(report.stats.rescued, 1u);
}

Replies Closing(const Asked&) { return {{.close = true}}; }

TEST(BehaviourTest, TcpThatFailsNeverMakesANegative) {
  Check(
      {
          {"closes", UdpTcp(Always(TruncatedReply), Closing),
           "reverse_error truncated 0 4"},
          {"truncated by TCP too", Always(TruncatedReply),
           "reverse_error truncated 0 4"},
          {"another question by TCP",
           UdpTcp(Always(TruncatedReply), WrongQuestion),
           "reverse_error truncated 0 4"},
      },
      1);
}

}  // namespace
}  // namespace scanner
