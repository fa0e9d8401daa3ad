// Query saving through resolvers (ITERATION.md 2.3, 2.5): what a resolver's
// denial of a block is evidence of, and what it is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/scanner/engine/resolved_net.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using testing_support::AReply;
using testing_support::Asked;
using testing_support::CnameReply;
using testing_support::CollectingSink;
using testing_support::NegativeReply;
using testing_support::Octets;
using testing_support::Once;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ReplyTo;
using testing_support::ScriptedServer;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

constexpr char kEight[] = "10.0.0.0/21";
constexpr char kZone[] = "10.in-addr.arpa";

int AllEmpty(int, int) { return 0; }
int HalfEmpty(int, int third) { return third % 2 == 0 ? 256 : 0; }

ScanOptions PruningOptions(std::initializer_list<const ScriptedServer*> servers,
                           Prune prune = Prune::kVerify) {
  ScanOptions options = OptionsFor(servers);
  options.ptr_only = true;
  options.prune = prune;
  return options;
}

struct Result {
  size_t wrong = 0;
  size_t pruned = 0;
  ScanReport report;
};

// Every packet is a row's, a zone check or a canary.
Result Scan(const ResolvedNet& net, const ScanOptions& options,
            const std::vector<std::string>& targets) {
  CollectingSink sink;
  Result result;
  result.report = RunToEnd(options, TargetsOf(targets), &sink);
  result.wrong = net.CountWrong(sink);
  result.pruned = CountPruned(sink);
  uint64_t queries = 0;
  for (const auto& [address, row] : sink.rows()) {
    queries += row.queries;
    const bool pruned = absl::StrContains(row.flags, "pruned");
    EXPECT_EQ(pruned, row.queries == 0) << address;
    if (pruned) {
      EXPECT_EQ(row.cause, "nxdomain");
      EXPECT_EQ(row.zone, "10.in-addr.arpa");
      EXPECT_EQ(row.rcode, 3);
    }
  }
  const Stats& stats = result.report.stats;
  EXPECT_EQ(stats.packets(),
            queries + stats.zone_check_packets + stats.canary_packets);
  return result;
}

Result ScanEight(const ResolvedNet& net, Prune prune = Prune::kVerify,
                 bool canaries = true) {
  const ScriptedServer server(net);
  ScanOptions options = PruningOptions({&server}, prune);
  options.canaries = canaries;
  return Scan(net, options, {kEight});
}

// Two leaves and a probe for each of 4 empty blocks, 2 probes of full ones and
// one proof.
TEST(PruneThroughResolverTest, EmptyBlocksOfAnHonestZoneCostThreePackets) {
  for (const bool canaries : {true, false}) {
    const Result result =
        ScanEight(ResolvedNet(HalfEmpty), Prune::kVerify, canaries);
    EXPECT_EQ(result.wrong, 0u);
    EXPECT_EQ(result.pruned, 4u * 254);
    // Canaries come when the plan waits for them, not each 2 s.
    EXPECT_LT(result.report.elapsed, absl::Seconds(3));
    EXPECT_LE(result.report.stats.zone_check_packets, 4u + 4 + 1);
  }
}

// The fourth block cut brings the super-block: 8 more leaves, a probe.
TEST(PruneThroughResolverTest, EmptyBlocksOfASignedZoneCostThreePackets) {
  const Result result = ScanEight(ResolvedNet(AllEmpty, {.is_signed = true}));
  EXPECT_EQ(result.wrong, 0u);
  EXPECT_GE(result.pruned, 8u * 254 - 8);
  EXPECT_LE(result.report.stats.zone_check_packets, 8u + 1 + 1);
}

// VERDICTS.md 4.3, expected_ready: also where the PTR was not asked for.
TEST(PruneThroughResolverTest, APrunedAddressHasItsExpectedNameLookedUp) {
  ResolvedNet net(AllEmpty, {.is_signed = true});
  const ScriptedServer server([&net](const Asked& asked) {
    if (asked.type != rr::kA) return net(asked);
    const std::string name = asked.name.substr(1, asked.name.find('.') - 1);
    return Once(AReply(
        asked,
        {absl::StrCat("10.0.", absl::StrReplaceAll(name, {{"-", "."}}))}));
  });
  ScanOptions options = PruningOptions({&server});
  options.ptr_only = false;
  CollectingSink sink;
  RunToEnd(options,
           TargetsOf({kEight},
                     "target,label,expected\n"
                     "10.0.0.0/21,eight,h{c}-{d}.example.com\n"),
           &sink);
  EXPECT_GE(CountPruned(sink), 8u * 254 - 8);
  for (const auto& [address, row] : sink.rows()) {
    EXPECT_EQ(row.status, "no_ptr") << address;
    EXPECT_EQ(row.label, "eight") << address;
    EXPECT_TRUE(absl::StrContains(row.flags, "expected_ready")) << address;
    const bool pruned = absl::StrContains(row.flags, "pruned");
    EXPECT_EQ(row.queries, pruned ? 1u : 2u) << address;
  }
}

TEST(PruneThroughResolverTest, FullBlocksCostNothing) {
  const Result result = ScanEight(ResolvedNet([](int, int) { return 256; }));
  EXPECT_EQ(result.pruned, 0u);
  EXPECT_EQ(result.report.stats.zone_check_packets, 0u);
  EXPECT_EQ(result.report.stats.row_queries, 2048u);
}

TEST(PruneThroughResolverTest, WithoutEvidenceAllIsAsked) {
  const Result result = ScanEight(ResolvedNet(AllEmpty));
  EXPECT_EQ(result.pruned, 0u);
  EXPECT_LE(result.report.stats.zone_check_packets, 1u);  // the proof
}

TEST(PruneThroughResolverTest, OffAsksAll) {
  const Result result =
      ScanEight(ResolvedNet(AllEmpty, {.is_signed = true}), Prune::kOff);
  EXPECT_EQ(result.pruned, 0u);
  EXPECT_EQ(result.report.stats.zone_check_packets, 0u);
}

// The zone has shown NSEC; that a resolver has validated something else by
// itself (AD) tells nothing of what is below the block.
TEST(PruneThroughResolverTest, SignedNeedsTheRecordsForEachBlock) {
  const Result result =
      ScanEight(ResolvedNet(AllEmpty, {.is_signed = true, .ad_only = true}));
  EXPECT_EQ(result.wrong, 0u);
  EXPECT_EQ(result.pruned, 0u);
}

// What a resolver may say instead of a clean NXDOMAIN.
struct Saying {
  const char* label;
  std::function<Octets(const Asked&)> reply;

  auto Instead() const {
    return [reply = reply](const Asked& asked) -> std::optional<Replies> {
      return Once(reply(asked));
    };
  }
};

std::function<Octets(const Asked&)> WithError(uint16_t ede) {
  return [ede](const Asked& asked) { return DeniedReply(asked, kZone, ede); };
}

Octets WithoutSoa(const Asked& asked) {
  return RcodeReply(asked, rcode::kNxdomain);
}

Octets Nodata(const Asked& asked) {
  return NegativeReply(asked, rcode::kNoerror, kZone);
}

Octets DanglingAlias(const Asked& asked) {
  return ReplyTo(asked)
      .Rcode(rcode::kNxdomain)
      .Answer()
      .Cname(testing_support::Pointer(12), absl::StrCat("gone.", kZone))
      .Authority()
      .Soa(kZone, "ns1.example.net", "h.example.net")
      .Build();
}

Octets Apex(const Asked& asked) {
  return ReplyTo(asked)
      .Answer()
      .Soa(testing_support::Pointer(12), "ns.example", "h.example")
      .Build();
}

// The block is asked.
TEST(PruneThroughResolverTest, OnlyACleanDenialOfTheNameIsEvidence) {
  const Saying kCases[] = {
      {"stale", WithError(3)},
      {"stale NXDOMAIN", WithError(19)},
      {"forged", WithError(4)},
      {"blocked", WithError(15)},
      {"censored", WithError(16)},
      {"filtered", WithError(17)},
      {"no SOA", WithoutSoa},
      {"its own SOA",
       [](const Asked& asked) {
         return NegativeReply(asked, rcode::kNxdomain, asked.name);
       }},
      {"foreign SOA",
       [](const Asked& asked) {
         return NegativeReply(asked, rcode::kNxdomain, "example.com");
       }},
      {"an alias", DanglingAlias},
      {"an alias to elsewhere",
       [](const Asked& asked) {
         return CnameReply(asked, "gone.example.com");
       }},
      {"SERVFAIL",
       [](const Asked& asked) { return RcodeReply(asked, rcode::kServfail); }},
      {"NODATA", Nodata},
      {"an apex", Apex}};
  for (const Saying& test : kCases) {
    for (const Prune prune : {Prune::kVerify, Prune::kTrust}) {
      SCOPED_TRACE(absl::StrCat(test.label, prune == Prune::kTrust));
      const Result result = ScanEight(
          ResolvedNet(AllEmpty,
                      {.is_signed = true, .at_block = test.Instead()}),
          prune);
      EXPECT_EQ(result.pruned, 0u);
      EXPECT_GE(result.report.stats.zone_check_packets, 8u);
    }
  }
}

// Their block is not even probed.
TEST(PruneThroughResolverTest, OnlyCleanDenialsOfLeavesLeadToAProbe) {
  const Saying kCases[] = {{"stale", WithError(3)},
                           {"no SOA", WithoutSoa},
                           {"NODATA", Nodata},
                           {"an alias", DanglingAlias}};
  for (const Saying& test : kCases) {
    for (const bool canaries : {true, false}) {
      SCOPED_TRACE(absl::StrCat(test.label, canaries));
      const Result result = ScanEight(
          ResolvedNet(AllEmpty, {.is_signed = true, .at_leaf = test.Instead()}),
          Prune::kVerify, canaries);
      EXPECT_EQ(result.pruned, 0u);
      EXPECT_EQ(result.report.stats.zone_check_packets, 0u);
    }
  }
}

// A zone that denies blocks with hosts in them, and a resolver that then denies
// whatever is below: a probe would hide the hosts. 8 of 256 addresses of a
// sparse block have a PTR.
TEST(PruneThroughResolverTest, NoProbeHidesHostsBehindAResolverThatCutsBelow) {
  const ResolvedNet net([](int, int third) { return third % 4 == 0 ? 256 : 8; },
                        {.denies_empty = true, .cuts_below = true});
  const Result result = ScanEight(net);
  EXPECT_EQ(result.wrong, 0u);
  EXPECT_EQ(result.pruned, 0u);
}

// One resolver turns the NODATA of sparse blocks into NXDOMAIN: what the other
// one shows of the zone does not vouch for it. Each has half of the /16s for
// itself: it fails for leaves of the other half.
TEST(PruneThroughResolverTest, EvidenceIsOfOneResolver) {
  const auto ptrs = [](int, int third) {
    if (third < 2) return 256;
    return third < 6 ? 4 : 0;
  };
  const auto only_for = [](int half, ResolvedNet net) {
    return [half, net = std::move(net)](const Asked& asked) mutable {
      const bool mine =
          asked.type != rr::kPtr ||
          std::stoi(asked.name.substr(asked.name.find(".10.in") - 1)) % 2 ==
              half;
      return mine ? net(asked) : Once(RcodeReply(asked, rcode::kServfail));
    };
  };
  const ResolvedNet net(ptrs);
  const ScriptedServer honest(only_for(0, net));
  const ScriptedServer turning(
      only_for(1, ResolvedNet(ptrs, {.denies_empty = true})));
  std::vector<std::string> targets;
  for (int second = 0; second < 8; ++second) {
    const std::string super = absl::StrCat("10.", second);
    targets.push_back(super + ".0.0/28");
    targets.push_back(super + ".1.0/28");
    targets.push_back(absl::StrCat(super, ".2.0-", super, ".7.255"));
  }
  const Result result = Scan(net, PruningOptions({&honest, &turning}), targets);
  EXPECT_EQ(result.wrong, 0u);
  EXPECT_EQ(result.pruned, 4u * 2 * 254);
}

}  // namespace
}  // namespace scanner
