#include "scanner/transfer/transfer_phase.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/transfer/served_zones.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::Asked;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::Transport;
namespace rcode = testing_support::rcode;

constexpr char kZone[] = "2.0.192.in-addr.arpa";

Replies Refused(const Asked& asked) {
  return Once(RcodeReply(asked, rcode::kRefused));
}
Replies Gives(const Asked& asked) { return WholeZone(asked); }
Replies Silent(const Asked&) { return {}; }

int TransfersOf(const ScriptedServer& server, const std::string& zone) {
  return server.asked(zone, kAxfr, Transport::kTcp);
}

class TransferPhaseTest : public ::testing::Test {
 protected:
  TransferPhaseTest() {
    std::signal(SIGPIPE, SIG_IGN);
    loop_ = *io::EventLoop::Create();
    plan_.limits.connect = absl::Milliseconds(500);
    plan_.limits.progress = absl::Milliseconds(500);
  }

  void Begin(const std::vector<std::string>& targets) {
    std::vector<dnswire::IpRange> ranges;
    for (const std::string& text : targets) {
      const auto prefix = *dnswire::IpPrefix::Parse(text);
      ranges.push_back({prefix.first(), prefix.last()});
    }
    phase_.emplace(
        &plan_, options_, TargetSet(ranges, {}), loop_.get(),
        [this](const std::string& line) { warned_.push_back(line); });
    phase_->Begin();
  }

  void Run(const std::vector<std::string>& targets) {
    const io::TimeNs give_up = io::EventLoop::Now() + 20 * io::kSecond;
    loop_->OnTurn([this, give_up] {
      const io::TimeNs wake = phase_->Turn();
      if (phase_->done()) return loop_->Stop();
      if (io::EventLoop::Now() < give_up) {
        return loop_->WakeAt(std::min(wake, give_up));
      }
      ADD_FAILURE() << "waited in vain";
      loop_->Stop();
    });
    loop_->Wake();
    Begin(targets);
    loop_->Run();
  }

  bool Has(absl::string_view address) {
    return phase_->zones().Find(*dnswire::IpAddress::Parse(address)) != nullptr;
  }

  TransferPlan plan_;
  ScanOptions options_;
  std::unique_ptr<io::EventLoop> loop_;
  std::vector<std::string> warned_;
  std::optional<TransferPhase> phase_;
};

TEST_F(TransferPhaseTest, TransfersTheListedZonesThatHoldTargets) {
  const ScriptedServer server(Gives);
  plan_.zones = {Listed("192.0.2.0/24", {&server}),
                 Listed("10.0.0.0/8", {&server}),
                 Listed("2001:db8::/32", {&server})};
  Run({"192.0.2.64/28", "2001:db8::7/128"});
  EXPECT_THAT(warned_, IsEmpty());
  EXPECT_TRUE(Has("192.0.2.1"));
  EXPECT_TRUE(Has("2001:db8::8"));
  EXPECT_FALSE(Has("10.0.0.1"));
  EXPECT_EQ(TransfersOf(server, "10.in-addr.arpa"), 0);
  ASSERT_EQ(phase_->reports().size(), 2u);
  const TransferReport& report = phase_->reports()[0];
  EXPECT_EQ(report.apex.ToText(), kZone);
  EXPECT_TRUE(report.transferred);
  EXPECT_EQ(report.server, EndpointOf(server));
  EXPECT_EQ(report.records, 1u);
  EXPECT_GT(report.octets, 100u);
}

TEST_F(TransferPhaseTest, WithoutAListThereIsNothingToDo) {
  Run({"192.0.2.0/24"});
  EXPECT_TRUE(phase_->zones().empty());
  TransferPhase none(nullptr, options_, {}, loop_.get(), {});
  none.Begin();
  EXPECT_TRUE(none.done());
}

TEST_F(TransferPhaseTest, ServersAreTriedInTheirOrder) {
  const ScriptedServer refusing(Refused);
  const ScriptedServer giving(Gives);
  const ScriptedServer spare(Gives);
  plan_.zones = {Listed("192.0.2.0/24", {&refusing, &giving, &spare})};
  Run({"192.0.2.0/24"});
  EXPECT_THAT(warned_, IsEmpty());
  EXPECT_EQ(phase_->reports()[0].server, EndpointOf(giving));
  EXPECT_EQ(TransfersOf(refusing, kZone), 1);
  EXPECT_EQ(TransfersOf(spare, kZone), 0);
}

// One line for a zone, with each server and what was wrong there.
TEST_F(TransferPhaseTest, AZoneThatFailsEverywhereIsWarnedOfOnce) {
  const ScriptedServer refusing(Refused);
  const ScriptedServer cut([](const Asked& asked) {
    PacketBuilder first = PacketBuilder::ReplyTo(asked.query);
    first.Answer().Soa(asked.name, "ns.example.net", "root.example.net");
    return Replies{{.octets = first.Build()}, {.octets = {}, .close = true}};
  });
  plan_.zones = {Listed("192.0.2.0/24", {&refusing, &cut})};
  Run({"192.0.2.0/24"});
  EXPECT_FALSE(Has("192.0.2.1"));
  EXPECT_FALSE(phase_->reports()[0].transferred);
  EXPECT_EQ(phase_->reports()[0].records, 0u);
  const auto from = [](const ScriptedServer& server) {
    return absl::StrCat("transfer of ", kZone, " from ",
                        EndpointOf(server).ToString(), ": ");
  };
  EXPECT_THAT(warned_,
              ElementsAre(absl::StrCat(
                  from(refusing), "REFUSED (rcode); ", from(cut),
                  "the connection ended after 1 messages, before the last SOA "
                  "(closed); its addresses are asked one by one")));
}

TEST_F(TransferPhaseTest, AZoneThatIsTooLargeIsDiscarded) {
  const ScriptedServer server([](const Asked& asked) {
    Replies replies;
    for (int part = 0; part < 4; ++part) {
      PacketBuilder reply = PacketBuilder::ReplyTo(asked.query);
      reply.Answer();
      const auto soa = [&] {
        reply.Soa(asked.name, "ns.example.net", "root.example.net");
      };
      if (part == 0) soa();
      for (int i = 0; i < 300; ++i) {
        reply.Ptr(absl::StrCat(300 * part + i, ".", asked.name),
                  absl::StrCat(std::string(50, 'h'), ".example"));
      }
      if (part == 3) soa();
      replies.push_back({.octets = reply.Build()});
    }
    return replies;
  });
  plan_.zones = {Listed("192.0.2.0/24", {&server})};
  plan_.max_octets = 64 << 10;
  Run({"192.0.2.0/24"});
  EXPECT_THAT(warned_, ElementsAre(::testing::HasSubstr(
                           ": more than 65536 octets (too_large)")));
  EXPECT_FALSE(Has("192.0.2.1"));
  plan_.max_octets = 256 << 10;
  warned_.clear();
  Run({"192.0.2.0/24"});
  EXPECT_THAT(warned_, IsEmpty());
  EXPECT_TRUE(Has("192.0.2.1"));
}

// The next zone is asked for once the last octet of the one before is there.
TEST_F(TransferPhaseTest, AServerGivesOneZoneAtATime) {
  const ScriptedServer server([](const Asked& asked) {
    Replies replies = WholeZone(asked);
    replies[0].delay = std::chrono::milliseconds(50);
    return replies;
  });
  for (int i = 0; i < 3; ++i) {
    plan_.zones.push_back(Listed(absl::StrCat("10.", i, ".0.0/16"), {&server}));
  }
  const io::TimeNs begun = io::EventLoop::Now();
  Run({"10.0.0.0/8"});
  EXPECT_GE(io::EventLoop::Now() - begun, 150 * io::kMillisecond);
  EXPECT_TRUE(Has("10.2.0.1"));
}

TEST_F(TransferPhaseTest, AServerThatStallsIsNotTriedAgain) {
  const ScriptedServer silent(Silent);
  const ScriptedServer giving(Gives);
  for (int i = 0; i < 20; ++i) {
    plan_.zones.push_back(
        Listed(absl::StrCat("10.", i, ".0.0/16"), {&silent, &giving}));
  }
  plan_.zones.push_back(Listed("192.0.2.0/24", {&silent}));
  const io::TimeNs begun = io::EventLoop::Now();
  Run({"10.0.0.0/8", "192.0.2.0/24"});
  EXPECT_LT(io::EventLoop::Now() - begun, 5 * io::kSecond);
  EXPECT_TRUE(Has("10.19.0.1"));
  EXPECT_EQ(silent.arrived(Transport::kTcp), 1u);
  EXPECT_THAT(
      warned_,
      ElementsAre(absl::StrCat(
          "transfer of ", kZone, " from ", EndpointOf(silent).ToString(),
          ": not tried again (stalled); its addresses are asked one "
          "by one")));
}

// Not listed with a server, and nobody knows its own.
TEST_F(TransferPhaseTest, AZoneWithoutServersIsWarnedOf) {
  const ScriptedServer resolver([](const Asked& asked) {
    return Once(RcodeReply(asked, rcode::kNxdomain));
  });
  const ScriptedServer giving(Gives);
  options_.resolvers = {EndpointOf(resolver)};
  plan_.zones = {Listed("192.0.2.0/24", {}), Listed("10.0.0.0/8", {&giving})};
  Run({"192.0.2.0/24", "10.0.0.0/8"});
  EXPECT_THAT(warned_,
              ElementsAre(absl::StrCat(
                  "transfer of ", kZone,
                  ": its name servers could not be found out; its addresses "
                  "are asked one by one")));
  EXPECT_TRUE(Has("10.0.0.1"));
  EXPECT_EQ(phase_->stats().zone_check_packets, 1u);
}

TEST_F(TransferPhaseTest, StopGivesUpFindingServers) {
  const ScriptedServer resolver(Silent);
  options_.resolvers = {EndpointOf(resolver)};
  plan_.zones = {Listed("192.0.2.0/24", {})};
  Begin({"192.0.2.0/24"});
  phase_->Turn();
  EXPECT_FALSE(phase_->done());
  phase_->Stop();
  EXPECT_TRUE(phase_->done());
  EXPECT_THAT(warned_, IsEmpty());
  EXPECT_THAT(phase_->stats().BrokenIdentities(), IsEmpty());
}

TEST_F(TransferPhaseTest, StopGivesUpAndSaysNothing) {
  const ScriptedServer silent(Silent);
  plan_.zones = {Listed("192.0.2.0/24", {&silent})};
  plan_.limits.progress = absl::Hours(1);
  Begin({"192.0.2.0/24"});
  EXPECT_FALSE(phase_->done());
  phase_->Stop();
  EXPECT_TRUE(phase_->done());
  EXPECT_THAT(warned_, IsEmpty());
  EXPECT_TRUE(phase_->zones().empty());
}

}  // namespace
}  // namespace scanner
