// Scans some of whose zones are transferred whole before they begin: what the
// zones tell is not asked, and everything else goes on as without them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/scanner/transfer/served_zones.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectedRow;
using testing_support::CollectingSink;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::Transport;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

constexpr char kZone[] = "2.0.192.in-addr.arpa";

std::string At(absl::string_view host) {
  return absl::StrCat(host, ".", kZone);
}

// One of everything: 192.0.2.1 leads back, .2 does not, .3 has no PTR, .4 is
// an alias within the zone, .5 is below a cut, .6 an alias out of the zone.
void AddRecords(PacketBuilder* zone) {
  zone->Ptr(At("1"), "B1.example.com", {.ttl = 900})
      .Ptr(At("1"), "a1.example.com", {.ttl = 900})
      .Ptr(At("2"), "h2.example.com")
      .Record(At("3"), rr::kTxt, {1, 'x'})
      .Cname(At("4"), At("4.sub"))
      .Ptr(At("4.sub"), "h4.example.com")
      .Ns(At("5"), "ns.example.com")
      .Cname(At("6"), "6.example.com");
}

// Resolver and server of the zone in one.
Replies World(const Asked& asked) {
  if (asked.type == kAxfr) return WholeZone(asked, AddRecords);
  if (asked.type == rr::kPtr) {
    return Once(PtrReply(asked, {"asked.example.com"}));
  }
  if (asked.name == "h2.example.com") return Once(AReply(asked, {"10.0.0.1"}));
  return Once(AReply(asked, {"192.0.2.1", "192.0.2.4"}));
}

int PtrQuestions(const ScriptedServer& server, const std::string& address) {
  return server.asked(ReverseOf(address), rr::kPtr);
}

TEST(TransferredTest, WhatTheZoneTellsIsNotAsked) {
  const ScriptedServer server(World);
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  CollectingSink sink;
  const ScanReport report = RunToEnd(
      OptionsFor({&server}), TargetsOf({"192.0.2.0/28"}), &sink, {}, &plan);
  const CollectedRow& pass = sink.rows().at("192.0.2.1");
  EXPECT_EQ(pass.status, "pass");
  EXPECT_EQ(pass.ptr, "a1.example.com b1.example.com");
  EXPECT_EQ(pass.queries, 2u) << "its names";
  EXPECT_EQ(pass.rtt_us, std::nullopt);
  EXPECT_EQ(pass.server, EndpointOf(server).ToString());
  EXPECT_EQ(pass.ttl_s, 900u);
  EXPECT_EQ(pass.rcode, 0u);
  EXPECT_EQ(pass.zone, kZone);
  EXPECT_EQ(sink.rows().at("192.0.2.2").status, "mismatch");
  EXPECT_EQ(sink.rows().at("192.0.2.3").cause, "nodata");
  const CollectedRow& absent = sink.rows().at("192.0.2.9");
  EXPECT_EQ(absent.status, "no_ptr");
  EXPECT_EQ(absent.cause, "nxdomain");
  EXPECT_EQ(absent.queries, 0u);
  EXPECT_EQ(absent.zone, kZone);
  EXPECT_THAT(absent.flags, ::testing::Not(HasSubstr("pruned")));
  const CollectedRow& alias = sink.rows().at("192.0.2.4");
  EXPECT_EQ(alias.status, "pass");
  EXPECT_THAT(alias.flags, HasSubstr("cname_chain"));
  for (const char* asked : {"192.0.2.5", "192.0.2.6"}) {
    EXPECT_EQ(PtrQuestions(server, asked), 1) << asked;
    EXPECT_EQ(sink.rows().at(asked).ptr, "asked.example.com") << asked;
    EXPECT_NE(sink.rows().at(asked).rtt_us, std::nullopt) << asked;
  }
  for (const char* told :
       {"192.0.2.1", "192.0.2.3", "192.0.2.4", "192.0.2.9"}) {
    EXPECT_EQ(PtrQuestions(server, told), 0) << told;
  }
  EXPECT_EQ(report.stats.transferred, 14u);
  ASSERT_EQ(report.transfers.size(), 1u);
  EXPECT_EQ(report.transfers[0].records, 9u);
}

TEST(TransferredTest, AZoneThatCannotBeHadIsAskedAfterOneWarning) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == kAxfr) return Once(RcodeReply(asked, rcode::kRefused));
    return World(asked);
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  std::vector<std::string> warned;
  const ScanHooks hooks = {
      .warn = [&](const std::string& line) { warned.push_back(line); }};
  CollectingSink sink;
  const ScanReport report = RunToEnd(
      OptionsFor({&server}), TargetsOf({"192.0.2.0/28"}), &sink, hooks, &plan);
  EXPECT_THAT(warned, ::testing::ElementsAre(::testing::AllOf(
                          HasSubstr(kZone), HasSubstr("REFUSED"),
                          HasSubstr(EndpointOf(server).ToString()))));
  EXPECT_EQ(report.stats.transferred, 0u);
  EXPECT_EQ(PtrQuestions(server, "192.0.2.9"), 1);
}

// A denial from a zone needs no canary, and none is learnt from it.
TEST(TransferredTest, CanariesDoNotDoubtAZone) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == kAxfr) return World(asked);
    return Once(RcodeReply(asked, rcode::kNxdomain));  // a liar
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  ScanOptions options = OptionsFor({&server});
  options.canaries = true;
  options.known_ptrs = {{.address = *dnswire::IpAddress::Parse("10.0.0.1"),
                         .name = *dnswire::Name::Parse("canary.example")}};
  options.max_outage = absl::Milliseconds(100);
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"192.0.2.64/26"}), &sink, {}, &plan);
  EXPECT_EQ(report.stats.transferred, 64u);
  EXPECT_EQ(report.stats.negatives_doubted, 0u);
  EXPECT_EQ(report.stats.negatives_unverified, 0u);
}

// Names that failed are asked again in a late pass, the address is not.
TEST(TransferredTest, ALatePassAsksTheNamesAlone) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == rr::kA && asked.nth <= 2) {
      return Once(RcodeReply(asked, rcode::kServfail));
    }
    return World(asked);
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  ScanOptions options = OptionsFor({&server});
  options.late_passes = 1;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"192.0.2.4"}), &sink, {}, &plan);
  EXPECT_EQ(sink.rows().at("192.0.2.4").status, "pass");
  EXPECT_EQ(sink.rows().at("192.0.2.4").queries, 3u);
  // When the zone came, which is before the pause.
  EXPECT_LT(sink.rows().at("192.0.2.4").time_us,
            absl::GetCurrentTimeNanos() / 1000 - 900'000);
  EXPECT_EQ(report.stats.deferred, 1u);
  EXPECT_EQ(report.stats.rescued, 1u);
  EXPECT_EQ(report.stats.transferred, 1u);
  EXPECT_EQ(PtrQuestions(server, "192.0.2.4"), 0);
}

TEST(TransferredTest, EveryThreadReadsTheSameZones) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type != kAxfr) return World(asked);
    return WholeZone(asked, [](PacketBuilder* zone) {
      for (int i = 0; i < 256; ++i) {
        zone->Ptr(absl::StrCat(i, ".0.7.10.in-addr.arpa"), "h.example.com");
      }
    });
  });
  const TransferPlan plan = {.zones = {Listed("10.7.0.0/16", {&server})}};
  ScanOptions options = OptionsFor({&server});
  options.threads = 3;
  options.max_in_flight = 48;
  CollectingSink sink;
  const ScanReport report = RunToEnd(
      options, TargetsOf({"10.7.0.0/16", "10.8.0.0/24"}), &sink, {}, &plan);
  EXPECT_EQ(report.engines, 3u);
  EXPECT_EQ(report.stats.transferred, 65536u);
  EXPECT_EQ(server.asked("7.10.in-addr.arpa", kAxfr, Transport::kTcp), 1);
  EXPECT_EQ(PtrQuestions(server, "10.8.0.9"), 1);
}

// Rows that need no packet are there whatever the budget; names are asked only
// within it.
TEST(TransferredTest, ASpentBudgetSkipsWhatHasNamesToAsk) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == kAxfr) {
      return WholeZone(asked, [](PacketBuilder* zone) {
        for (int i = 0; i < 100; ++i) {
          zone->Ptr(At(absl::StrCat(i)), absl::StrCat("n", i, ".example.com"));
        }
      });
    }
    return World(asked);
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  ScanOptions options = OptionsFor({&server});
  options.max_queries = 10;
  options.max_in_flight = 1;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"192.0.2.0/24"}), &sink, {}, &plan);
  EXPECT_LE(report.stats.packets(), 10u);
  size_t budget = 0;
  size_t negative = 0;
  for (const auto& [address, row] : sink.rows()) {
    budget += row.cause == "budget";
    negative += row.cause == "nxdomain";
  }
  EXPECT_EQ(negative, 156u);
  EXPECT_EQ(budget, 90u);
}

TEST(TransferredTest, ASignalEndsAScanThatStillTransfers) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == kAxfr) return Replies{};
    return World(asked);
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  bool stopping = false;
  ScanHooks hooks;
  hooks.stopping = [&] { stopping = true; };
  CollectingSink sink;
  std::thread signaller([&] {
    while (server.arrived(Transport::kTcp) == 0) std::this_thread::yield();
    std::raise(SIGTERM);
  });
  const auto report =
      RunScan(OptionsFor({&server}), TargetsOf({"192.0.2.0/28"}), &sink, hooks,
              nullptr, &plan);
  signaller.join();
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(stopping);
  EXPECT_EQ(report->stop_reason, StopReason::kAsked);
  EXPECT_EQ(report->stats.not_started(), 16u);
  EXPECT_THAT(report->broken_identities, IsEmpty());
  EXPECT_LT(report->elapsed, absl::Seconds(5));
}

// What was excluded while zones came gets the row that says so.
TEST(TransferredTest, ExclusionsReadAgainBeatAZone) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type != kAxfr) return World(asked);
    Replies replies = WholeZone(asked, AddRecords);
    replies[0].delay = std::chrono::milliseconds(300);
    return replies;
  });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  ScanHooks hooks;
  hooks.reload_exclusions = [] {
    return std::optional(TargetsOf({"192.0.2.8/29"}).targets);
  };
  CollectingSink sink;
  std::thread signaller([&] {
    while (server.arrived(Transport::kTcp) == 0) std::this_thread::yield();
    std::raise(SIGHUP);
  });
  const ScanReport report = RunToEnd(
      OptionsFor({&server}), TargetsOf({"192.0.2.0/28"}), &sink, hooks, &plan);
  signaller.join();
  EXPECT_EQ(sink.rows().at("192.0.2.9").cause, "excluded");
  EXPECT_EQ(report.stats.transferred, 6u);
}

TEST(TransferredTest, MaxTimeCountsTransfersToo) {
  const ScriptedServer server([](const Asked&) { return Replies{}; });
  const TransferPlan plan = {.zones = {Listed("192.0.2.0/24", {&server})}};
  ScanOptions options = OptionsFor({&server});
  options.max_time = absl::Milliseconds(100);
  CollectingSink sink;
  const auto report =
      RunScan(options, TargetsOf({"192.0.2.0/28"}), &sink, {}, nullptr, &plan);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->stop_reason, StopReason::kTime);
  EXPECT_LT(report->elapsed, absl::Seconds(5));
}

}  // namespace
}  // namespace scanner
