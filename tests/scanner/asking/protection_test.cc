// How the asker protects its answers, over real sockets: letter case, cookies,
// EDNS that is not understood, the spoof alarm, ids in quarantine.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "tests/scanner/asking/asker_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using testing_support::Asked;
using testing_support::EdnsOption;
using testing_support::Octets;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::Transport;
namespace rcode = testing_support::rcode;

Replies Answer(const Asked& asked) {
  return Once(PtrReply(asked, {"mail.example.com"}));
}

// The question's name as it came, its letters in their case.
std::string RawName(const Asked& asked) {
  return {
      asked.query.begin() + 12,
      asked.query.begin() + 12 + static_cast<ptrdiff_t>(asked.name.size()) + 2};
}
bool HasUpperCase(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c >= 'A' && c <= 'Z'; });
}

// An OPT record is the only additional record a query ever has.
bool HasOpt(const Asked& asked) { return asked.query[11] == 1; }
// What follows the OPT record's ten octets: its options.
Octets OptionsOf(const Asked& asked) {
  const size_t question_end = 12 + asked.name.size() + 2 + 4;
  const size_t options_at = question_end + 11;
  if (asked.query.size() <= options_at) return {};
  return {asked.query.begin() + static_cast<ptrdiff_t>(options_at),
          asked.query.end()};
}

Octets LowerCaseReply(const Asked& asked) {
  return PacketBuilder()
      .Id(static_cast<uint16_t>(asked.query[0] << 8 | asked.query[1]))
      .Response()
      .Ra()
      .Question(asked.name, asked.type)
      .Answer()
      .Ptr(testing_support::Pointer(12), "mail.example.com")
      .Build();
}

TEST(ProtectionTest, QuestionsHaveRandomCaseIfItIsOn) {
  std::atomic<int> upper = 0;
  const ScriptedServer server([&](const Asked& asked) {
    upper += HasUpperCase(RawName(asked));
    return Answer(asked);
  });
  for (const Choice choice : {Choice::kAuto, Choice::kOn}) {
    upper = 0;
    ScanOptions options = OptionsFor({&server});
    options.case_random = choice;
    AskerRig rig(options);
    for (uint32_t i = 0; i < 50; ++i) rig.AskPtr(i, "192.0.2.1");
    rig.Run();
    // All ten letters small: one in 1,024.
    if (choice == Choice::kOn) {
      EXPECT_GE(upper, 45);
    } else {
      EXPECT_EQ(upper, 0) << "auto: not on loopback";
    }
    EXPECT_EQ(rig.stats().drop_case, 0u);
    rig.Close();
  }
}

// Three questions go to TCP; by then the server is known for it.
TEST(ProtectionTest, AServerThatLosesTheCaseIsAskedByTcpThenWithoutRandomCase) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    return Once(LowerCaseReply(asked));
  });
  ScanOptions options = OptionsFor({&server});
  options.case_random = Choice::kOn;
  options.resolver_window = 1;
  AskerRig rig(options);
  for (uint32_t i = 0; i < 20; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run();
  for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(rig.ending(i).answered) << i;
  EXPECT_EQ(rig.stats().drop_case, 3u);
  EXPECT_EQ(rig.stats().tcp_queries, 3u);
  EXPECT_TRUE(rig.server(0).letter_case.no_0x20());
  rig.Close();
}

TEST(ProtectionTest, CookiesGoOutAndComeBackAndAreLearnt) {
  std::atomic<int> with_server_cookie = 0;
  const ScriptedServer server([&](const Asked& asked) {
    const Octets option = OptionsOf(asked);
    EXPECT_GE(option.size(), 12u) << "no cookie";
    if (option.size() == 4 + 16) ++with_server_cookie;
    Octets cookie(option.begin() + 4, option.begin() + 12);
    cookie.resize(16, 0x42);
    return Once(testing_support::ReplyTo(asked)
                    .Answer()
                    .Ptr(testing_support::Pointer(12), "mail.example.com")
                    .Additional()
                    .Opt({.options = EdnsOption(10, cookie)})
                    .Build());
  });
  ScanOptions options = OptionsFor({&server});
  options.cookies = Choice::kOn;
  options.resolver_window = 1;
  AskerRig rig(options);
  for (uint32_t i = 0; i < 5; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run();
  EXPECT_EQ(with_server_cookie, 4);
  EXPECT_TRUE(rig.server(0).cookies.server_knows());
  EXPECT_EQ(rig.stats().drop_cookie, 0u);
  rig.Close();
}

// The forged reply has another's client cookie; the question goes on by TCP.
TEST(ProtectionTest, AReplyWithAWrongCookieIsDroppedAndTheNextTryIsByTcp) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.transport == Transport::kTcp) return Answer(asked);
    return Once(testing_support::ReplyTo(asked)
                    .Answer()
                    .Ptr(testing_support::Pointer(12), "forged.example")
                    .Additional()
                    .Opt({.options = EdnsOption(10, Octets(16, 9))})
                    .Build());
  });
  ScanOptions options = OptionsFor({&server});
  options.cookies = Choice::kOn;
  AskerRig rig(options);
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(rig.stats().drop_cookie, 1u);
  EXPECT_EQ(rig.stats().udp_tries, 1u);
  EXPECT_EQ(rig.stats().tcp_queries, 1u);
  rig.Close();
}

// BADCOOKIE with a new server cookie: once again by UDP, then by TCP.
TEST(ProtectionTest, BadcookieIsAnsweredWithTheNewCookieThenByTcp) {
  for (const int refusals : {1, 2}) {
    const ScriptedServer server([refusals](const Asked& asked) -> Replies {
      const Octets option = OptionsOf(asked);
      Octets cookie(option.begin() + 4, option.begin() + 12);
      cookie.resize(16, static_cast<uint8_t>(asked.nth));
      PacketBuilder reply = testing_support::ReplyTo(asked);
      const bool bad =
          asked.transport == Transport::kUdp && asked.nth <= refusals;
      if (bad) {
        reply.Rcode(23 & 0xf);
      } else {
        reply.Answer().Ptr(testing_support::Pointer(12), "mail.example.com");
      }
      return Once(reply.Additional()
                      .Opt({.extended_rcode = static_cast<uint8_t>(bad ? 1 : 0),
                            .options = EdnsOption(10, cookie)})
                      .Build());
    });
    ScanOptions options = OptionsFor({&server});
    options.cookies = Choice::kOn;
    AskerRig rig(options);
    rig.AskPtr(1, "192.0.2.1");
    rig.Run();
    EXPECT_TRUE(rig.ending(1).answered) << refusals;
    EXPECT_EQ(rig.stats().udp_tries, 2u) << refusals;
    EXPECT_EQ(rig.stats().tcp_queries, refusals == 2 ? 1u : 0u) << refusals;
    rig.Close();
  }
}

TEST(ProtectionTest, AServerThatRefusesOptIsAskedWithoutItForTheRun) {
  std::atomic<int> with_opt = 0;
  const ScriptedServer server([&](const Asked& asked) -> Replies {
    if (!HasOpt(asked)) return Answer(asked);
    ++with_opt;
    return Once(RcodeReply(asked, rcode::kFormerr));
  });
  AskerRig rig(OptionsFor({&server}));
  for (uint32_t i = 0; i < 10; ++i) {
    rig.AskPtr(i, "192.0.2.1");
    rig.Run();
    EXPECT_TRUE(rig.ending(i).answered) << i;
  }
  EXPECT_EQ(with_opt, 2);
  EXPECT_TRUE(rig.server(0).edns.no_edns());
  EXPECT_EQ(rig.packets(), 12u);
  rig.Close();
}

// Silent to OPT: the third try has none.
TEST(ProtectionTest, TheThirdTryToAServerWithoutEdnsHasNoOpt) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (HasOpt(asked)) return {};
    return Answer(asked);
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(rig.packets(), 3u);
  rig.Close();
}

// Every query brings 150 replies under wrong ids; the answers come by TCP only.
Replies Guesses(const Asked& asked) {
  if (asked.transport == Transport::kTcp) return Answer(asked);
  Replies replies;
  for (int i = 1; i <= 150; ++i) {
    PacketBuilder forged = PacketBuilder::ReplyTo(asked.query);
    const int id = asked.query[0] << 8 | asked.query[1];
    forged.Id(static_cast<uint16_t>(id + i))
        .Ra()
        .Answer()
        .Ptr(testing_support::Pointer(12), "forged.example");
    replies.push_back({.octets = forged.Build()});
  }
  return replies;
}

TEST(ProtectionTest, AGuessingForgerMovesTheServersQuestionsToTcp) {
  const ScriptedServer server(Guesses);
  AskerRig rig(OptionsFor({&server}));
  for (uint32_t i = 0; i < 3; ++i) rig.AskPtr(i, "192.0.2.1");
  const io::TimeNs began = io::EventLoop::Now();
  rig.Run();
  for (uint32_t i = 3; i < 10; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run();
  // No deadline was waited for: what was open has moved.
  EXPECT_LT(io::EventLoop::Now() - began, 900 * io::kMillisecond);
  for (uint32_t i = 0; i < 10; ++i) EXPECT_TRUE(rig.ending(i).answered) << i;
  EXPECT_EQ(rig.stats().udp_tries, 3u);
  EXPECT_EQ(rig.stats().udp_cancelled, 3u);
  EXPECT_EQ(rig.stats().tcp_queries, 10u);
  EXPECT_EQ(rig.server(0).alarm.alarms(), 1u);
  EXPECT_EQ(rig.stats().udp_accepted, 0u);
  rig.Close();
}

// Without TCP there is UDP only, under random case.
TEST(ProtectionTest, WhereTcpIsRefusedTheAlarmForcesRandomCase) {
  std::atomic<int> upper = 0;
  const ScriptedServer server(
      [&](const Asked& asked) -> Replies {
        upper += HasUpperCase(RawName(asked));
        Replies replies = Guesses(asked);
        if (asked.nth > 1) replies = Answer(asked);
        return replies;
      },
      {.tcp = false});
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.AskPtr(2, "192.0.2.2");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_TRUE(rig.ending(2).answered);
  EXPECT_TRUE(rig.server(0).tcp_refused);
  EXPECT_GE(upper, 1);
  rig.Close();
}

// A second reply to an answered try is late, not a guess; so is the first reply
// to a try whose question another one settled, and that one tells a round trip.
TEST(ProtectionTest, RepliesUnderAnIdInQuarantineAreLate) {
  const ScriptedServer server([](const Asked& asked) {
    Replies replies = Answer(asked);
    replies.push_back({.octets = replies[0].octets});
    return replies;
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.AskPtr(2, "192.0.2.2");
  rig.Run([&] { return rig.stats().late == 2; });
  EXPECT_EQ(rig.stats().stray, 0u);
  EXPECT_EQ(rig.server(0).late, 0u) << "the try was answered before";
  EXPECT_EQ(rig.server(0).alarm.near_misses(), 0u);
  rig.Close();
}

TEST(ProtectionTest, ALateFirstReplyIsARoundTrip) {
  // The first try is answered after the second, which comes at once.
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.name == "keep.example") return {};
    return Once(PtrReply(asked, {"mail.example.com"}),
                asked.nth == 1 ? 1300 : 0);
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.AskForward(2, "keep.example", dnswire::kTypePtr);
  rig.Run([&] { return rig.server(0).late > 0; });
  EXPECT_GE(rig.server(0).late, 1u);
  EXPECT_GT(rig.server(0).timer.srtt(), 100 * io::kMillisecond);
  rig.Close();
}

}  // namespace
}  // namespace scanner
