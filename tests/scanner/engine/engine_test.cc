// Whole scans against a scripted server: what is asked how often, what limits
// bind, and that no row is lost or doubled whatever happens to the scan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectedRow;
using testing_support::CollectingSink;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::Script;
using testing_support::ScriptedServer;
using testing_support::ScriptTable;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies Silent(const Asked&) { return {}; }
Replies Nxdomain(const Asked& asked) {
  return Once(RcodeReply(asked, rcode::kNxdomain));
}

// d.c.b.a.in-addr.arpa has the name hd-c-b-a.example.com, which leads back.
Replies Confirming(const Asked& asked) {
  if (asked.name.empty()) return Nxdomain(asked);  // a probe after silence
  std::string labels = asked.name;
  if (asked.type == rr::kPtr) {
    labels.resize(labels.size() - std::string(".in-addr.arpa").size());
    std::replace(labels.begin(), labels.end(), '.', '-');
    return Once(PtrReply(asked, {absl::StrCat("h", labels, ".example.com")}));
  }
  labels = labels.substr(1, labels.find('.') - 1);
  std::string address;
  while (!labels.empty()) {
    const size_t last = labels.rfind('-');
    const size_t begin = last == std::string::npos ? 0 : last + 1;
    absl::StrAppend(&address, address.empty() ? "" : ".", labels.substr(begin));
    labels.resize(begin == 0 ? 0 : last);
  }
  return Once(AReply(asked, {address}));
}

size_t CountStatus(const CollectingSink& sink, const std::string& status) {
  size_t count = 0;
  for (const auto& [address, row] : sink.rows()) count += row.status == status;
  return count;
}

TEST(EngineTest, ASlash16HasEveryRowOnce) {
  const ScriptedServer server(Confirming);
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(OptionsFor({&server}), TargetsOf({"10.7.0.0/16"}), &sink);
  EXPECT_EQ(report.stats.targets, 65536u);
  EXPECT_EQ(CountStatus(sink, "pass"), 65536u);
  EXPECT_EQ(report.stats.packets(), 131072u);
  EXPECT_EQ(server.asked(), 131072u);
  EXPECT_EQ(report.servers[0].sent, 131072u);
  EXPECT_EQ(report.servers[0].accepted, 131072u);
}

TEST(EngineTest, AsksBothFamilies) {
  ScriptTable table;
  table.On(ReverseOf("2001:db8::17"), rr::kPtr, [](const Asked& asked) {
    return Once(PtrReply(asked, {"v6.example.com"}));
  });
  table.On("v6.example.com", rr::kAaaa, [](const Asked& asked) {
    return Once(testing_support::ReplyTo(asked)
                    .Answer()
                    .Aaaa(testing_support::Pointer(12),
                          {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                           0, 0x17})
                    .Build());
  });
  const ScriptedServer server(table);
  CollectingSink sink;
  RunToEnd(OptionsFor({&server}), TargetsOf({"2001:db8::17", "192.0.2.1"}),
           &sink);
  EXPECT_EQ(sink.rows().at("2001:db8::17").status, "pass");
  EXPECT_EQ(sink.rows().at("192.0.2.1").status, "no_ptr");
}

TEST(EngineTest, ANameManyTargetsShareIsAskedOnce) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == rr::kPtr) {
      return Once(PtrReply(asked, {"shared.example.com"}));
    }
    return Once(AReply(asked, {"192.0.2.1", "192.0.2.2"}));
  });
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(OptionsFor({&server}), TargetsOf({"192.0.2.0/25"}), &sink);
  EXPECT_EQ(server.asked("shared.example.com", rr::kA), 1);
  EXPECT_EQ(report.stats.forward_asked, 1u);
  EXPECT_EQ(report.stats.forward_shared, 127u);
  EXPECT_EQ(CountStatus(sink, "pass"), 2u);
  EXPECT_EQ(CountStatus(sink, "mismatch"), 126u);
}

TEST(EngineTest, ASharedNameThatFailsIsAskedAgainOnceALatePass) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == rr::kPtr) {
      return Once(PtrReply(asked, {"shared.example.com"}));
    }
    return Once(RcodeReply(asked, rcode::kServfail));
  });
  ScanOptions options = OptionsFor({&server});
  options.late_passes = 1;
  CollectingSink sink;
  RunToEnd(options, TargetsOf({"192.0.2.0/26"}), &sink);
  EXPECT_EQ(server.asked("shared.example.com", rr::kA), 3);
  EXPECT_EQ(CountStatus(sink, "forward_error"), 64u);
  for (const auto& [address, row] : sink.rows()) {
    EXPECT_EQ(row.cause, "servfail") << address;
  }
}

TEST(EngineTest, PtrOnlyAsksNoName) {
  const ScriptedServer server(Confirming);
  ScanOptions options = OptionsFor({&server});
  options.ptr_only = true;
  CollectingSink sink;
  RunToEnd(options, TargetsOf({"192.0.2.1"}), &sink);
  const CollectedRow& row = sink.rows().at("192.0.2.1");
  EXPECT_EQ(row.status, "unconfirmed");
  EXPECT_EQ(row.ptr, "h1-2-0-192.example.com");
  EXPECT_EQ(row.queries, 1u);
  EXPECT_EQ(server.asked(), 1u);
}

TEST(EngineTest, AsksAtMostMaxNames) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == rr::kA) return Nxdomain(asked);
    return Once(PtrReply(asked, {"d.example.com", "b.example.com", "localhost",
                                 "a.example.com", "c.example.com"}));
  });
  ScanOptions options = OptionsFor({&server});
  options.max_names = 2;
  CollectingSink sink;
  RunToEnd(options, TargetsOf({"192.0.2.1"}), &sink);
  const CollectedRow& row = sink.rows().at("192.0.2.1");
  EXPECT_EQ(row.forward, "a.example.com=nxdomain b.example.com=nxdomain");
  EXPECT_TRUE(absl::StrContains(row.flags, "excess_ptr")) << row.flags;
  EXPECT_EQ(row.queries, 3u);
}

TEST(EngineTest, SpecialUseSpaceSweptInIsSkippedUnasked) {
  const ScriptedServer server(Nxdomain);
  CollectingSink sink;
  const ScanReport report = RunToEnd(
      OptionsFor({&server}), TargetsOf({"9.255.255.254-10.0.0.2"}), &sink);
  for (const char* address : {"10.0.0.0", "10.0.0.1", "10.0.0.2"}) {
    const CollectedRow& row = sink.rows().at(address);
    EXPECT_EQ(row.status, "skipped");
    EXPECT_EQ(row.cause, "special_use");
    EXPECT_EQ(row.queries, 0u);
    EXPECT_FALSE(row.ptr_known);
  }
  EXPECT_EQ(CountStatus(sink, "no_ptr"), 2u);
  EXPECT_EQ(report.stats.packets(), 2u);
  EXPECT_EQ(report.stats.unknown_rows, 0u);
}

TEST(EngineTest, AnExpectedNameIsLookedUpThoughNoPtrNamesIt) {
  ScriptTable table;
  table.On("www.example.com", rr::kA, [](const Asked& asked) {
    return Once(AReply(asked, {"192.0.2.1"}));
  });
  const ScriptedServer server(table);
  CollectingSink sink;
  RunToEnd(OptionsFor({&server}),
           TargetsOf({"192.0.2.1", "192.0.2.2", "192.0.2.3"},
                     "target,label,expected\n"
                     "192.0.2.1,web,www.example.com\n"
                     "192.0.2.2,old,www.example.com\n"
                     "192.0.2.3,none,-\n"),
           &sink);
  const CollectedRow& ready = sink.rows().at("192.0.2.1");
  EXPECT_EQ(ready.status, "no_ptr");
  EXPECT_EQ(ready.label, "web");
  EXPECT_EQ(ready.expected, "www.example.com");
  EXPECT_TRUE(absl::StrContains(ready.flags, "expected_ready")) << ready.flags;
  EXPECT_EQ(ready.forward, "www.example.com=confirmed:192.0.2.1");
  EXPECT_EQ(ready.confirmed, "") << "not a PTR name";
  const CollectedRow& old = sink.rows().at("192.0.2.2");
  EXPECT_FALSE(absl::StrContains(old.flags, "expected_ready")) << old.flags;
  EXPECT_EQ(old.forward, "www.example.com=differs:192.0.2.1");
  EXPECT_EQ(sink.rows().at("192.0.2.3").forward, "");
  EXPECT_EQ(server.asked("www.example.com", rr::kA), 1);
}

// ---- several resolvers

void ExpectTheGoodServerWins(const Script& bad_script) {
  const ScriptedServer good(Confirming);
  const ScriptedServer bad(bad_script);
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(OptionsFor({&bad, &good}), TargetsOf({"192.0.2.0/26"}), &sink);
  EXPECT_EQ(CountStatus(sink, "pass"), 64u);
  EXPECT_GT(bad.asked(), 0u);
  EXPECT_EQ(report.servers[1].accepted, 128u);
}

TEST(EngineTest, OneOfTwoResolversRefuses) {
  ExpectTheGoodServerWins([](const Asked& asked) {
    return Once(RcodeReply(asked, rcode::kRefused));
  });
}

TEST(EngineTest, OneOfTwoResolversFails) {
  ExpectTheGoodServerWins([](const Asked& asked) {
    return Once(RcodeReply(asked, rcode::kServfail));
  });
}

TEST(EngineTest, OneOfTwoResolversIsSilent) { ExpectTheGoodServerWins(Silent); }

// ---- limits

TEST(EngineTest, ATargetSpendsNoMoreThanItsBudget) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.type == rr::kA) return {};
    if (asked.name == ReverseOf("192.0.2.1")) return {};
    return Confirming(asked);
  });
  ScanOptions options = OptionsFor({&server});
  options.max_queries_per_target = 4;
  options.late_passes = 1;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"192.0.2.1", "192.0.2.2"}), &sink);
  // Three tries, and one more in the late pass.
  EXPECT_EQ(sink.rows().at("192.0.2.1").status, "reverse_timeout");
  EXPECT_EQ(sink.rows().at("192.0.2.1").queries, 4u);
  // Its PTR and three tries of its name leave nothing for a late pass.
  EXPECT_EQ(sink.rows().at("192.0.2.2").status, "forward_error");
  EXPECT_EQ(sink.rows().at("192.0.2.2").cause, "timeout");
  EXPECT_EQ(sink.rows().at("192.0.2.2").queries, 4u);
  EXPECT_EQ(report.stats.deferred, 1u);
}

TEST(EngineTest, TheRunSpendsNoMoreThanItsBudget) {
  const ScriptedServer server(Confirming);
  ScanOptions options = OptionsFor({&server});
  options.max_queries = 100;
  options.late_passes = 1;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"192.0.2.0/24"}), &sink);
  EXPECT_EQ(report.stats.packets(), 100u);
  EXPECT_EQ(server.asked(), 100u);
  for (const auto& [address, row] : sink.rows()) {
    if (row.queries > 0) continue;
    EXPECT_EQ(row.status, "skipped") << address;
    EXPECT_EQ(row.cause, "budget") << address;
  }
  EXPECT_GE(CountStatus(sink, "skipped"), 156u);
  EXPECT_EQ(report.stats.unknown_rows,
            CountStatus(sink, "skipped") + CountStatus(sink, "forward_error"));
}

TEST(EngineTest, KeepsNoMoreLookupsOpenThanAllowed) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(RcodeReply(asked, rcode::kNxdomain), 1);
  });
  ScanOptions options = OptionsFor({&server});
  options.max_in_flight = 5;
  size_t most = 0;
  ScanHooks hooks;
  hooks.progress_interval = absl::ZeroDuration();
  hooks.progress = [&](const Progress& progress) {
    most = std::max(most, progress.open);
  };
  CollectingSink sink;
  RunToEnd(options, TargetsOf({"192.0.2.0/26"}), &sink, hooks);
  EXPECT_EQ(most, 5u);
}

}  // namespace
}  // namespace scanner
