// What an observer of tries is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/scanner/asking/asker_rig.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing_support::Asked;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::Transport;
using testing_support::TruncatedReply;

constexpr const char* kEnds[] = {"answered", "timeout", "unsent", "tcp failed",
                                 "unmatched"};

// "answered 1.2.0.192.in-addr.arpa tcp", one for each try.
std::vector<std::string> SeenOf(AskerRig* rig) {
  std::vector<std::string> seen;
  rig->asker().Observe([&seen](const SeenTry& of) {
    EXPECT_EQ(of.message != nullptr, of.end == SeenTry::End::kAnswered);
    EXPECT_EQ(of.answer != nullptr, of.end == SeenTry::End::kAnswered);
    EXPECT_GT(of.waited, 0);
    EXPECT_EQ(of.question.payer, 1u);
    seen.push_back(absl::StrCat(kEnds[static_cast<size_t>(of.end)], " ",
                                of.name.ToText(), of.tcp ? " tcp" : ""));
  });
  rig->AskPtr(1, "192.0.2.1");
  rig->Run();
  rig->Close();
  return seen;
}

TEST(AskerObserverTest, HearsOfEachTryOverUdpAndTcp) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.transport == Transport::kTcp) {
      return Once(PtrReply(asked, {"mail.example.com"}));
    }
    if (asked.nth == 1) return {};
    return Once(TruncatedReply(asked));
  });
  AskerRig rig(OptionsFor({&server}));
  EXPECT_THAT(SeenOf(&rig), ElementsAre("timeout 1.2.0.192.in-addr.arpa",
                                        "answered 1.2.0.192.in-addr.arpa",
                                        "answered 1.2.0.192.in-addr.arpa tcp"));
}

TEST(AskerObserverTest, HearsOfTcpThatFails) {
  const ScriptedServer server(
      [](const Asked& asked) -> Replies {
        if (asked.nth > 1) return Once(PtrReply(asked, {"mail.example.com"}));
        return Once(TruncatedReply(asked));
      },
      {.tcp = false});
  AskerRig rig(OptionsFor({&server}));
  EXPECT_THAT(SeenOf(&rig),
              testing::Contains("tcp failed 1.2.0.192.in-addr.arpa tcp"));
}

TEST(AskerObserverTest, HearsOfRepliesThatDoNotBelongToTheTry) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    return {
        {.octets = PtrReply(asked, {"forged.example"}), .from_stranger = true},
        {.octets = PtrReply(asked, {"mail.example.com"}),
         .delay = std::chrono::milliseconds(20)}};
  });
  AskerRig rig(OptionsFor({&server}));
  EXPECT_THAT(SeenOf(&rig), ElementsAre("unmatched 1.2.0.192.in-addr.arpa",
                                        "answered 1.2.0.192.in-addr.arpa"));
}

}  // namespace
}  // namespace scanner
