// Resolvers that lie, rewrite, fall silent, refuse or limit in mid-scan: what
// they denied falsely never becomes a row, and what was lost is found again
// (WIRE.md sections 5 and 6, goal G12).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/scanner/engine/resolved_net.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using Clock = std::chrono::steady_clock;
using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectingSink;
using testing_support::NegativeReply;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::Script;
using testing_support::ScriptedServer;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

// d.c.b.a.in-addr.arpa: no PTR if d is a multiple of 5, else a name that leads
// back, but for multiples of 7, whose name does not exist.
struct Truth {
  int d = 0;
  int c = 0;

  static Truth Of(const std::string& reverse_name) {
    Truth truth;
    truth.d = std::stoi(reverse_name);
    truth.c = std::stoi(reverse_name.substr(reverse_name.find('.') + 1));
    return truth;
  }
  const char* status() const {
    if (d % 5 == 0) return "no_ptr";
    return d % 7 == 0 ? "no_forward" : "pass";
  }
};

// Of a target: the name that a canary makes up in in-addr.arpa is one random
// label, which may end in "10" too.
bool AsksForTarget(const Asked& asked) {
  return asked.type == rr::kPtr &&
         absl::EndsWith(asked.name, ".10.in-addr.arpa");
}

Replies Honest(const Asked& asked) {
  if (AsksForTarget(asked)) {
    const Truth truth = Truth::Of(asked.name);
    if (truth.d % 5 == 0) {
      return Once(NegativeReply(asked, rcode::kNxdomain, "10.in-addr.arpa"));
    }
    return Once(PtrReply(
        asked, {absl::StrCat("h-", truth.d, "-", truth.c, ".example.com")}));
  }
  if (asked.type == rr::kSoa && asked.name == "10.in-addr.arpa") {
    return Once(
        testing_support::ReplyTo(asked)
            .Answer()
            .Soa(testing_support::Pointer(12), "ns.example", "h.example")
            .Build());
  }
  if (asked.name[0] == 'h' && asked.type == rr::kA) {
    const int d = std::stoi(asked.name.substr(2));
    const int c = std::stoi(asked.name.substr(asked.name.find('-', 2) + 1));
    if (d % 7 != 0) {
      return Once(AReply(asked, {absl::StrCat("10.0.", c, ".", d)}));
    }
  }
  return Once(NegativeReply(asked, rcode::kNxdomain, "com"));
}

// `behave` instead of the truth for some seconds of the run.
Script Between(double from_s, double to_s, const Script& behave) {
  return [=, began = Clock::time_point()](const Asked& asked) mutable {
    if (began == Clock::time_point()) began = Clock::now();
    const std::chrono::duration<double> age = Clock::now() - began;
    const bool now = age.count() >= from_s && age.count() < to_s;
    return now ? behave(asked) : Honest(asked);
  };
}

// With the SOA of a zone that could say so, or the lie would be malformed.
Replies Lie(const Asked& asked, uint8_t code) {
  return Once(
      NegativeReply(asked, code, asked.type == rr::kA ? "com" : "arpa"));
}
Replies LieNxdomain(const Asked& asked) { return Lie(asked, rcode::kNxdomain); }
Replies LieNodata(const Asked& asked) { return Lie(asked, rcode::kNoerror); }
Replies Refuse(const Asked& asked) {
  return Once(RcodeReply(asked, rcode::kRefused));
}
Replies Silent(const Asked&) { return {}; }

struct Tally {
  size_t wrong = 0;
  size_t unknown = 0;
};

Tally Compare(const CollectingSink& sink) {
  Tally tally;
  for (const auto& [address, row] : sink.rows()) {
    const Truth truth{.d = std::stoi(address.substr(address.rfind('.') + 1))};
    if (row.status == truth.status()) continue;
    const bool unknown = row.status == "reverse_error" ||
                         row.status == "reverse_timeout" ||
                         row.status == "forward_error";
    ++(unknown ? tally.unknown : tally.wrong);
    if (!unknown) ADD_FAILURE() << address << " " << row.status;
  }
  return tally;
}

ScanOptions Options(std::initializer_list<const ScriptedServer*> servers,
                    double rate_qps) {
  ScanOptions options = OptionsFor(servers);
  options.canaries = true;
  options.late_passes = 1;
  options.rate_qps = rate_qps;
  return options;
}

TEST(LiarTest, OneOfTwoResolversDeniesEverythingForFiveSeconds) {
  for (const Script& lie : {Script(LieNxdomain), Script(LieNodata)}) {
    const ScriptedServer liar(Between(1.5, 6.5, lie));
    const ScriptedServer honest(Honest);
    CollectingSink sink;
    const ScanReport report = RunToEnd(Options({&liar, &honest}, 2500),
                                       TargetsOf({"10.0.0.0/18"}), &sink);
    EXPECT_EQ(Compare(sink).wrong, 0u);
    EXPECT_LE(Compare(sink).unknown, 16384u / 100);
    EXPECT_GT(report.stats.negatives_doubted, 0u);
    EXPECT_EQ(report.stats.negatives_unverified, 0u);
  }
}

// The same while blocks are decided: what the liar denies then cuts none. Half
// of the blocks are empty; the first leaves of all are asked within the lie.
TEST(LiarTest, DeniedForFiveSecondsBlocksAreNotCut) {
  const ResolvedNet net(
      [](int, int third) { return third % 2 == 0 ? 256 : 0; });
  for (const Prune prune : {Prune::kTrust, Prune::kVerify}) {
    const auto since = Clock::now();
    const ScriptedServer liar(
        [since, honest = net](const Asked& asked) mutable {
          const std::chrono::duration<double> age = Clock::now() - since;
          return age.count() < 5 ? LieNxdomain(asked) : honest(asked);
        });
    const ScriptedServer honest(net);
    CollectingSink sink;
    ScanOptions options = Options({&liar, &honest}, 2500);
    options.ptr_only = true;
    options.prune = prune;
    const ScanReport report =
        RunToEnd(options, TargetsOf({"10.0.0.0/18"}), &sink);
    EXPECT_EQ(net.CountWrong(sink), 0u);
    EXPECT_GT(CountPruned(sink), 0u);
    EXPECT_GT(report.stats.canaries_failed, 0u);
  }
}

// The leaves of sparse blocks were denied truly; the lie begins with the first
// question for a block.
TEST(LiarTest, BlocksDeniedInALieAreNotCut) {
  const ResolvedNet net([](int, int third) { return third % 2 == 0 ? 64 : 8; });
  auto since = Clock::time_point();
  const ScriptedServer liar([&since, honest = net](const Asked& asked) mutable {
    const bool of_block =
        asked.type == rr::kSoa && asked.name.ends_with(".0.10.in-addr.arpa");
    if (since == Clock::time_point() && of_block) since = Clock::now();
    const std::chrono::duration<double> age = Clock::now() - since;
    return age.count() < 5 ? LieNxdomain(asked) : honest(asked);
  });
  const ScriptedServer honest(net);
  CollectingSink sink;
  ScanOptions options = Options({&liar, &honest}, 2500);
  options.ptr_only = true;
  options.prune = Prune::kTrust;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"10.0.0.0/19"}), &sink);
  EXPECT_EQ(net.CountWrong(sink), 0u);
  EXPECT_GT(report.stats.zone_check_packets, 0u);
  EXPECT_GT(report.stats.canaries_failed, 0u);
}

// A zone that is honest but for one block, whose name it denies: two leaves
// tell that it exists, if they are not lied about. The lie is over with the
// first canary, or the first question for a block.
TEST(LiarTest, LeavesDeniedInALieAreNoSamples) {
  const ResolvedNet net([](int, int third) { return third == 0 ? 200 : 256; });
  const ScriptedServer liar(
      [lying = true, honest = net](const Asked& asked) mutable {
        const auto dots = std::count(asked.name.begin(), asked.name.end(), '.');
        const bool of_zone = asked.name.ends_with("10.in-addr.arpa");
        const bool of_block = of_zone && dots == 4;
        const bool canary =
            of_zone && (dots == 2 || (asked.type == rr::kPtr && asked.nth > 1));
        const bool lied =
            lying && (canary || asked.name.ends_with(".0.0.10.in-addr.arpa"));
        if (of_block || (canary && lying)) lying = false;
        if (!lied && asked.name != "0.0.10.in-addr.arpa") return honest(asked);
        return Once(NegativeReply(asked, rcode::kNxdomain, "10.in-addr.arpa"));
      });
  CollectingSink sink;
  ScanOptions options = Options({&liar}, 0);
  options.ptr_only = true;
  options.prune = Prune::kVerify;
  const ScanReport report = RunToEnd(
      options,
      TargetsOf({"10.0.0.0/24", "10.0.1.0/28", "10.0.2.0/28", "10.0.3.0/28"}),
      &sink);
  EXPECT_EQ(net.CountWrong(sink), 0u);
  EXPECT_EQ(CountPruned(sink), 0u);
  EXPECT_GT(report.stats.negatives_doubted, 0u);
}

// Nobody else can be asked: the scan waits until the lie is over.
TEST(LiarTest, TheOnlyResolverDeniesEverythingForFiveSeconds) {
  const ScriptedServer liar(Between(1.5, 6.5, LieNxdomain));
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(Options({&liar}, 2500), TargetsOf({"10.0.0.0/19"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_LE(Compare(sink).unknown, 8192u / 100);
  EXPECT_GT(report.stats.negatives_doubted, 0u);
}

// Lies of 1.8 s, again and again: too short for three denied canaries, but each
// canary that is denied contradicts what was denied around it. In the last pass
// that leaves rows unknown, never false.
TEST(RegressionTest, ALieTooShortToBeProvedIsNotBelievedInTheLastPass) {
  for (const int late_passes : {0, 1}) {
    const ScriptedServer flapping([began = Clock::now()](const Asked& asked) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
          Clock::now() - began);
      const bool lies = ms.count() % 5000 >= 3200;
      return lies ? LieNxdomain(asked) : Honest(asked);
    });
    CollectingSink sink;
    ScanOptions options = Options({&flapping}, 1000);
    options.late_passes = late_passes;
    const ScanReport report =
        RunToEnd(options, TargetsOf({"10.0.0.0/20"}), &sink);
    EXPECT_EQ(Compare(sink).wrong, 0u) << late_passes;
    EXPECT_GT(report.stats.negatives_doubted, 0u);
  }
}

// The first of two names is denied within the lie, and so are PTR records that
// are asked for again, as canaries are; the second name comes after the good
// canary that follows: the denial is held only then.
TEST(RegressionTest, ADenialOfALieIsNotVouchedForByALaterCanary) {
  std::atomic<bool> lying = false;
  const ScriptedServer server([&, began = Clock::now()](const Asked& asked) {
    const std::chrono::duration<double> age = Clock::now() - began;
    lying = age.count() > 2 && age.count() < 3.8;
    const bool is_ptr = AsksForTarget(asked);
    if (is_ptr && lying && asked.nth > 1) return LieNxdomain(asked);
    if (is_ptr) {
      const Truth truth = Truth::Of(asked.name);
      const std::string id = absl::StrCat(truth.d, "-", truth.c);
      return Once(PtrReply(asked, {absl::StrCat("h-", id, ".example.com"),
                                   absl::StrCat("slow-", id, ".example.com")}));
    }
    if (asked.name[0] == 's') {
      return Once(AReply(asked, {"192.0.2.1"}), 4000);
    }
    if (lying) return LieNxdomain(asked);
    if (asked.name[0] == 'h' && asked.type == rr::kA) {
      const int d = std::stoi(asked.name.substr(2));
      const int c = std::stoi(asked.name.substr(asked.name.find('-', 2) + 1));
      return Once(AReply(asked, {absl::StrCat("10.0.", c, ".", d)}));
    }
    return Honest(asked);
  });
  CollectingSink sink;
  ScanOptions options = Options({&server}, 1000);
  options.resolver_window = 4000;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"10.0.0.0/20"}), &sink);
  EXPECT_GT(report.stats.canaries_failed, 0u);
  EXPECT_GT(report.stats.negatives_doubted, 0u);
  size_t wrong = 0;
  for (const auto& [address, row] : sink.rows()) {
    wrong += row.status == "no_forward" || row.status == "mismatch";
  }
  EXPECT_EQ(wrong, 0u);
}

TEST(LiarTest, ANameThatDoesNotExistIsFoundByAResolverThatRewrites) {
  const ScriptedServer rewriter([](const Asked& asked) {
    if (asked.type == rr::kA && asked.name[0] != 'h') {
      return Once(AReply(asked, {"192.0.2.99"}));
    }
    return Honest(asked);
  });
  const ScriptedServer honest(Honest);
  CollectingSink sink;
  const ScanReport report = RunToEnd(Options({&rewriter, &honest}, 2500),
                                     TargetsOf({"10.0.0.0/22"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_TRUE(report.servers[0].rewriting != report.servers[1].rewriting);
}

// One lies, the other fails for some: what only the liar could answer waits for
// the late pass, and keeps nobody from going on.
TEST(RegressionTest, ALiarDoesNotStallTheOtherResolver) {
  const ScriptedServer liar(Between(0.5, 1000, LieNxdomain));
  const ScriptedServer failing([](const Asked& asked) {
    const bool fails = asked.type == rr::kPtr && asked.name[0] == '1';
    return fails ? Once(RcodeReply(asked, rcode::kServfail)) : Honest(asked);
  });
  CollectingSink sink;
  const ScanReport report = RunToEnd(Options({&liar, &failing}, 1000),
                                     TargetsOf({"10.0.0.0/20"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_LT(report.elapsed, absl::Seconds(40));
}

TEST(HealthTest, ASilentResolverIsSuspendedAndItsWorkMovesOn) {
  const ScriptedServer silent(Between(1, 1000, Silent));
  const ScriptedServer honest(Honest);
  CollectingSink sink;
  const ScanReport report = RunToEnd(Options({&silent, &honest}, 3000),
                                     TargetsOf({"10.0.0.0/18"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_EQ(Compare(sink).unknown, 0u);
  EXPECT_EQ(report.servers[0].suspensions + report.servers[1].suspensions, 1u);
}

TEST(HealthTest, ARefusingResolverIsSuspendedAndItsWorkMovesOn) {
  const ScriptedServer refusing(Between(1, 1000, Refuse));
  const ScriptedServer honest(Honest);
  CollectingSink sink;
  const ScanReport report = RunToEnd(Options({&refusing, &honest}, 3000),
                                     TargetsOf({"10.0.0.0/19"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_EQ(Compare(sink).unknown, 0u);
  EXPECT_GE(report.servers[0].suspensions + report.servers[1].suspensions, 1u);
  // Twenty refusals, then a question a second at most.
  const uint64_t asked_of_refusing = refusing.asked();
  EXPECT_LT(asked_of_refusing, 1 * 3000 + 200u);
}

// 200 answers a second, the rest is dropped: the pace comes down to it, and no
// row is lost.
TEST(HealthTest, AResolverThatLimitsIsFoundOutAndRespected) {
  const ScriptedServer limited([tokens = 20.0, last = Clock::time_point()](
                                   const Asked& asked) mutable -> Replies {
    const Clock::time_point now = Clock::now();
    if (last == Clock::time_point()) last = now;
    const std::chrono::duration<double> age = now - last;
    tokens = std::min(20.0, tokens + age.count() * 200);
    last = now;
    if (tokens < 1) return {};
    tokens -= 1;
    return Honest(asked);
  });
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(Options({&limited}, 0), TargetsOf({"10.0.0.0/20"}), &sink);
  EXPECT_EQ(Compare(sink).wrong, 0u);
  EXPECT_LE(Compare(sink).unknown, 4u);
  EXPECT_GT(report.servers[0].cuts, 0u);
  const double seconds = absl::ToDoubleSeconds(report.elapsed);
  const double sent_qps = static_cast<double>(report.servers[0].sent) / seconds;
  EXPECT_LT(sent_qps, 300);
  EXPECT_GT(sent_qps, 120);
}

}  // namespace
}  // namespace scanner
