// --compare-resolvers, --both-families and --dual-stack in whole scans: what is
// asked how often and of whom, and what the row says of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dnswire/ip_address.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectedRow;
using testing_support::CollectingSink;
using testing_support::NegativeReply;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::Script;
using testing_support::ScriptedServer;
using testing_support::ScriptTable;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

constexpr const char* kTarget = "10.7.0.1";

Script Ptr(const std::string& name) {
  return [name](const Asked& asked) { return Once(PtrReply(asked, {name})); };
}
Script A(const std::string& address) {
  return
      [address](const Asked& asked) { return Once(AReply(asked, {address})); };
}
Script Aaaa(std::initializer_list<const char*> addresses) {
  std::vector<dnswire::IpAddress> parsed;
  for (const char* text : addresses) {
    parsed.push_back(*dnswire::IpAddress::Parse(text));
  }
  return [parsed](const Asked& asked) {
    testing_support::PacketBuilder reply = testing_support::ReplyTo(asked);
    for (const dnswire::IpAddress& address : parsed) {
      std::array<uint8_t, 16> octets;
      for (size_t i = 0; i < octets.size(); ++i) {
        octets[i] = address.octet(static_cast<int>(i));
      }
      reply.Answer().Aaaa(testing_support::Pointer(12), octets);
    }
    return Once(reply.Build());
  };
}
// By the zone that the name without its first label would be.
Script Denial(uint8_t code) {
  return [code](const Asked& asked) {
    return Once(NegativeReply(asked, code,
                              asked.name.substr(asked.name.find('.') + 1)));
  };
}
Script Failure(uint8_t code) {
  return [code](const Asked& asked) { return Once(RcodeReply(asked, code)); };
}

// A resolver that says `reverse` of the target; all resolvers know the names.
ScriptTable Saying(const Script& reverse) {
  ScriptTable table;
  table.On(ReverseOf(kTarget), rr::kPtr, reverse);
  table.On("a.example.com", rr::kA, A(kTarget));
  table.On("b.example.com", rr::kA, A(kTarget));
  return table;
}

CollectedRow RowBy(const ScanOptions& options, const std::string& target,
                   const std::string& labels = "") {
  CollectingSink sink;
  RunToEnd(options, TargetsOf({target}, labels), &sink);
  return sink.rows().at(target);
}

ScanOptions Comparing(std::initializer_list<const ScriptedServer*> servers) {
  ScanOptions options = OptionsFor(servers);
  options.compare_resolvers = true;
  return options;
}

// ---- --compare-resolvers

TEST(CompareResolversTest, EachIsAskedForThePtrAndOneForTheName) {
  const ScriptedServer first(Saying(Ptr("a.example.com")));
  const ScriptedServer second(Saying(Ptr("A.example.COM")));
  const CollectedRow row = RowBy(Comparing({&first, &second}), kTarget);
  EXPECT_EQ(row.status, "pass");
  EXPECT_EQ(row.flags, "private_forward special_use");
  EXPECT_EQ(row.queries, 3u);
  EXPECT_EQ(first.asked(ReverseOf(kTarget), rr::kPtr), 1);
  EXPECT_EQ(second.asked(ReverseOf(kTarget), rr::kPtr), 1);
  EXPECT_EQ(first.asked("a.example.com", rr::kA) +
                second.asked("a.example.com", rr::kA),
            1);
}

TEST(CompareResolversTest, WithoutTheOptionOneIsAsked) {
  const ScriptedServer first(Saying(Ptr("a.example.com")));
  const ScriptedServer second(Saying(Ptr("b.example.com")));
  const CollectedRow row = RowBy(OptionsFor({&first, &second}), kTarget);
  EXPECT_EQ(row.queries, 2u);
  EXPECT_THAT(row.flags, Not(HasSubstr("resolver_disagree")));
}

// What each says, first to last; what the row says then.
struct Comparison {
  const char* label;
  std::vector<Script> said;
  const char* row;  // "STATUS CAUSE PTR", and "!" if they disagree
};

std::string TextOf(const CollectedRow& row) {
  return absl::StrCat(
      row.status, " ", row.cause, " ", row.ptr,
      absl::StrContains(row.flags, "resolver_disagree") ? " !" : "");
}

TEST(CompareResolversTest, TheFirstDefiniteResultIsJudged) {
  const Script late = [](const Asked& asked) {
    return Once(PtrReply(asked, {"a.example.com"}), 200);
  };
  const Comparison cases[] = {
      {"other names",
       {Ptr("a.example.com"), Ptr("b.example.com")},
       "pass  a.example.com !"},
      {"in the other order",
       {Ptr("b.example.com"), Ptr("a.example.com")},
       "pass  b.example.com !"},
      {"the first answers last",
       {late, Ptr("b.example.com")},
       "pass  a.example.com !"},
      {"the first denies",
       {Denial(rcode::kNxdomain), Ptr("b.example.com")},
       "no_ptr nxdomain  !"},
      {"the second denies",
       {Ptr("a.example.com"), Denial(rcode::kNoerror)},
       "pass  a.example.com !"},
      {"both deny, each in its way",
       {Denial(rcode::kNoerror), Denial(rcode::kNxdomain)},
       "no_ptr nodata "},
      {"the first fails",
       {Failure(rcode::kServfail), Ptr("b.example.com")},
       "pass  b.example.com"},
      {"the first refuses, the others differ",
       {Failure(rcode::kRefused), Ptr("b.example.com"), Ptr("a.example.com")},
       "pass  b.example.com !"},
      {"the second fails",
       {Denial(rcode::kNxdomain), Failure(rcode::kServfail)},
       "no_ptr nxdomain "},
      {"both fail",
       {Failure(rcode::kServfail), Failure(rcode::kRefused)},
       "reverse_error servfail "},
      {"only the third differs",
       {Ptr("a.example.com"), Ptr("a.example.com"), Ptr("b.example.com")},
       "pass  a.example.com !"},
  };
  for (const Comparison& c : cases) {
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    ScanOptions options;
    for (const Script& said : c.said) {
      servers.push_back(std::make_unique<ScriptedServer>(Saying(said)));
      const ScanOptions one = Comparing({servers.back().get()});
      std::vector<io::Endpoint> resolvers = options.resolvers;
      resolvers.push_back(one.resolvers[0]);
      options = one;
      options.resolvers = resolvers;
    }
    EXPECT_EQ(TextOf(RowBy(options, kTarget)), c.row) << c.label;
  }
}

TEST(CompareResolversTest, WhatNobodyAnsweredIsAskedOfAllAgainInALatePass) {
  const Script second_time = [](const Asked& asked) {
    // A SERVFAIL is asked again once in the first pass.
    return Once(asked.nth <= 2 ? RcodeReply(asked, rcode::kServfail)
                               : PtrReply(asked, {"a.example.com"}));
  };
  const ScriptedServer first(Saying(second_time));
  const ScriptedServer second(Saying(second_time));
  ScanOptions options = Comparing({&first, &second});
  options.late_passes = 1;
  EXPECT_EQ(TextOf(RowBy(options, kTarget)), "pass  a.example.com");
  EXPECT_EQ(first.asked(ReverseOf(kTarget), rr::kPtr), 3);
  EXPECT_EQ(second.asked(ReverseOf(kTarget), rr::kPtr), 3);
}

TEST(CompareResolversTest, TheBudgetOfAnAddressHoldsForAllOfThem) {
  const ScriptedServer first(Saying(Ptr("a.example.com")));
  const ScriptedServer second(Saying(Ptr("b.example.com")));
  ScanOptions options = Comparing({&first, &second});
  options.max_queries_per_target = 1;
  options.ptr_only = true;
  const CollectedRow row = RowBy(options, kTarget);
  EXPECT_EQ(TextOf(row), "unconfirmed  a.example.com");
  EXPECT_EQ(row.queries, 1u);
  EXPECT_EQ(first.asked() + second.asked(), 1u);
}

TEST(CompareResolversTest, TheBudgetOfTheRunEndsIt) {
  const ScriptedServer first(Saying(Ptr("a.example.com")));
  const ScriptedServer second(Saying(Ptr("b.example.com")));
  ScanOptions options = Comparing({&first, &second});
  options.max_queries = 2;
  const CollectedRow row = RowBy(options, kTarget);
  EXPECT_EQ(TextOf(row), "forward_error timeout a.example.com !");
  EXPECT_EQ(row.queries, 2u);
}

// Names of 10.7/16 as one side of a split horizon has them; every fourth
// address has none on either.
Script SideOf(const char* domain) {
  return [domain](const Asked& asked) -> Replies {
    if (absl::EndsWith(asked.name, ".7.10.in-addr.arpa")) {
      const std::string host = asked.name.substr(0, asked.name.find('.'));
      if (std::stoi(host) % 4 == 0) return Denial(rcode::kNxdomain)(asked);
      return Once(PtrReply(asked, {absl::StrCat("h", host, domain)}));
    }
    if (asked.type == rr::kA && absl::EndsWith(asked.name, ".example.com")) {
      return Once(AReply(
          asked, {absl::StrCat("10.7.0.", asked.name.substr(
                                              1, asked.name.find('.') - 1))}));
    }
    return Once(RcodeReply(asked, rcode::kNxdomain));
  };
}

// Canaries are put to all, so a name that only one of them has is none: a
// resolver that sees another side would be called a liar.
TEST(CompareResolversTest, NoSideOfASplitHorizonIsALiar) {
  const ScriptedServer inside(SideOf(".in.example.com"));
  const ScriptedServer outside(SideOf(".out.example.com"));
  ScanOptions options = Comparing({&inside, &outside});
  options.canaries = true;
  options.max_in_flight = 16;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"10.7.0.0/24"}), &sink);
  size_t differing = 0;
  for (const auto& [address, row] : sink.rows()) {
    const bool named = row.status == "pass";
    EXPECT_EQ(named, absl::StrContains(row.ptr, ".in.example.com")) << address;
    EXPECT_EQ(named, absl::StrContains(row.flags, "resolver_disagree"))
        << address;
    differing += named ? 1 : 0;
  }
  EXPECT_EQ(differing, 192u);
  EXPECT_EQ(inside.asked(ReverseOf("10.7.0.9"), rr::kPtr), 1);
  EXPECT_EQ(outside.asked(ReverseOf("10.7.0.9"), rr::kPtr), 1);
  EXPECT_EQ(report.stats.negatives_doubted, 0u);
}

// Its denials are no result, so nobody disagrees with the honest one; what that
// one denied stands, also where nothing is asked again.
TEST(CompareResolversTest, ALiarsDenialIsNoResult) {
  const ScriptedServer honest(SideOf(".example.com"));
  const ScriptedServer liar([](const Asked& asked) {
    return Once(NegativeReply(asked, rcode::kNxdomain, "10.in-addr.arpa"));
  });
  ScanOptions options = Comparing({&honest, &liar});
  options.canaries = true;
  options.known_ptrs = {{.address = *dnswire::IpAddress::Parse("10.7.0.250"),
                         .name = *dnswire::Name::Parse("h250.example.com")}};
  for (const int late_passes : {0, 1}) {
    options.late_passes = late_passes;
    CollectingSink sink;
    RunToEnd(options, TargetsOf({"10.7.0.0/26"}), &sink);
    for (const auto& [address, row] : sink.rows()) {
      const int host = std::stoi(address.substr(address.rfind('.') + 1));
      EXPECT_EQ(row.status, host % 4 == 0 ? "no_ptr" : "pass")
          << address << " " << late_passes;
      EXPECT_THAT(row.flags, Not(HasSubstr("resolver_disagree")))
          << address << " " << late_passes;
    }
  }
}

// ---- --both-families

ScanOptions BothFamilies(const ScriptedServer& server) {
  ScanOptions options = OptionsFor({&server});
  options.both_families = true;
  return options;
}

ScriptTable Named(const std::string& target, const std::string& name) {
  ScriptTable table;
  table.On(ReverseOf(target), rr::kPtr, Ptr(name));
  return table;
}

TEST(BothFamiliesTest, ANameWithTheOtherFamilyOnlyIsToldApart) {
  const ScriptedServer server(
      Named(kTarget, "a.example.com")
          .On("a.example.com", rr::kA, Denial(rcode::kNoerror))
          .On("a.example.com", rr::kAaaa, Aaaa({"2001:db9::1"})));
  const CollectedRow row = RowBy(BothFamilies(server), kTarget);
  EXPECT_EQ(row.status, "no_forward");
  EXPECT_THAT(row.flags, HasSubstr("other_family_only"));
  EXPECT_EQ(row.forward, "a.example.com=nodata");
  EXPECT_EQ(row.queries, 3u);
  EXPECT_EQ(RowBy(OptionsFor({&server}), kTarget).queries, 2u);
}

TEST(BothFamiliesTest, OfAnIpv6AddressItIsA) {
  const ScriptedServer server(
      Named("2001:db9::1", "a.example.com")
          .On("a.example.com", rr::kAaaa, Denial(rcode::kNoerror))
          .On("a.example.com", rr::kA, A("10.7.0.9")));
  const CollectedRow row = RowBy(BothFamilies(server), "2001:db9::1");
  EXPECT_EQ(row.status, "no_forward");
  EXPECT_THAT(row.flags, HasSubstr("other_family_only"));
}

TEST(BothFamiliesTest, WhatTheOtherFamilyBringsIsNoAddressOfTheRow) {
  const struct {
    const char* label;
    Script a;
    Script aaaa;
    const char* status;
    uint32_t queries;
    bool only;
  } cases[] = {
      {"a name that does not exist has neither", Denial(rcode::kNxdomain),
       Aaaa({"2001:db9::1"}), "no_forward", 2, false},
      {"none of either", Denial(rcode::kNoerror), Denial(rcode::kNoerror),
       "no_forward", 3, false},
      {"that lookup fails", Denial(rcode::kNoerror), Failure(rcode::kRefused),
       "no_forward", 3, false},
      {"it differs", A("10.7.0.2"), Aaaa({"2001:db9::1"}), "mismatch", 2,
       false},
      {"it leads back", A(kTarget), Aaaa({"2001:db9::1"}), "pass", 2, false},
  };
  for (const auto& c : cases) {
    const ScriptedServer server(Named(kTarget, "a.example.com")
                                    .On("a.example.com", rr::kA, c.a)
                                    .On("a.example.com", rr::kAaaa, c.aaaa));
    const CollectedRow row = RowBy(BothFamilies(server), kTarget);
    EXPECT_EQ(row.status, c.status) << c.label;
    EXPECT_EQ(row.queries, c.queries) << c.label;
    EXPECT_EQ(absl::StrContains(row.flags, "other_family_only"), c.only)
        << c.label;
  }
}

// The lookup of the expected name is of no family but the target's.
TEST(BothFamiliesTest, StandsBesideTheExpectedName) {
  const ScriptedServer server(
      Named(kTarget, "a.example.com")
          .On("a.example.com", rr::kA, Denial(rcode::kNoerror))
          .On("a.example.com", rr::kAaaa, Aaaa({"2001:db9::1"}))
          .On("b.example.com", rr::kA, A(kTarget)));
  const CollectedRow row =
      RowBy(BothFamilies(server), kTarget,
            absl::StrCat("target,expected\n", kTarget, ",b.example.com\n"));
  EXPECT_THAT(row.flags, HasSubstr("expected_ready"));
  EXPECT_THAT(row.flags, HasSubstr("other_family_only"));
  EXPECT_EQ(
      row.forward,
      absl::StrCat("a.example.com=nodata b.example.com=confirmed:", kTarget));
  EXPECT_EQ(row.queries, 4u);
  EXPECT_EQ(server.asked("b.example.com", rr::kAaaa), 0);
}

// ---- --dual-stack

ScanOptions DualStack(const ScriptedServer& server) {
  ScanOptions options = OptionsFor({&server});
  options.dual_stack = true;
  return options;
}

ScriptTable Passing() {
  return Named(kTarget, "a.example.com")
      .On("a.example.com", rr::kA, A(kTarget));
}

TEST(DualStackTest, TheIpv6AddressesOfTheNameAreAskedForTheirPtr) {
  const std::string address = "2001:db9::1";
  const struct {
    const char* label;
    Script reverse;
    bool unconfirmed;
  } cases[] = {
      {"it has the name", Ptr("A.example.com"), false},
      {"it has another", Ptr("b.example.com"), true},
      {"it has none", Denial(rcode::kNxdomain), true},
      {"its name has no PTR", Denial(rcode::kNoerror), true},
      {"that lookup is refused", Failure(rcode::kRefused), false},
  };
  for (const auto& c : cases) {
    const ScriptedServer server(
        Passing()
            .On("a.example.com", rr::kAaaa, Aaaa({address.c_str()}))
            .On(ReverseOf(address), rr::kPtr, c.reverse));
    const CollectedRow row = RowBy(DualStack(server), kTarget);
    EXPECT_EQ(row.status, "pass") << c.label;
    EXPECT_EQ(row.queries, 4u) << c.label;
    EXPECT_EQ(row.ptr, "a.example.com") << c.label;
    EXPECT_EQ(row.forward, absl::StrCat("a.example.com=confirmed:", kTarget))
        << c.label;
    EXPECT_EQ(absl::StrContains(row.flags, "aaaa_unconfirmed"), c.unconfirmed)
        << c.label;
  }
}

TEST(DualStackTest, FollowsAnAliasOfTheirReverseName) {
  const std::string address = "2001:db9::1";
  const auto table = [&address](const char* name) {
    return Passing()
        .On("a.example.com", rr::kAaaa, Aaaa({address.c_str()}))
        .On(ReverseOf(address), rr::kPtr,
            [](const Asked& asked) {
              return Once(testing_support::CnameReply(asked, "r.example.net"));
            })
        .On("r.example.net", rr::kPtr, Ptr(name));
  };
  const ScriptedServer same(table("a.example.com"));
  EXPECT_THAT(RowBy(DualStack(same), kTarget).flags,
              Not(HasSubstr("aaaa_unconfirmed")));
  const ScriptedServer other(table("b.example.com"));
  EXPECT_THAT(RowBy(DualStack(other), kTarget).flags,
              HasSubstr("aaaa_unconfirmed"));
}

// Of eleven the lowest ten are asked, whatever their order.
TEST(DualStackTest, TenAddressesAreAsked) {
  const auto script = [](int without_ptr) {
    ScriptTable table = Passing().On(
        "a.example.com", rr::kAaaa,
        Aaaa({"2001:db9::b", "2001:db9::a", "2001:db9::9", "2001:db9::8",
              "2001:db9::7", "2001:db9::6", "2001:db9::5", "2001:db9::4",
              "2001:db9::3", "2001:db9::2", "2001:db9::1"}));
    for (int i = 1; i <= 11; ++i) {
      if (i == without_ptr) continue;
      table.On(ReverseOf(absl::StrCat("2001:db9::", absl::Hex(i))), rr::kPtr,
               Ptr("a.example.com"));
    }
    return table;
  };
  const ScriptedServer eleventh(script(11));
  const CollectedRow row = RowBy(DualStack(eleventh), kTarget);
  EXPECT_THAT(row.flags, Not(HasSubstr("aaaa_unconfirmed")));
  EXPECT_EQ(row.queries, 13u);
  EXPECT_EQ(eleventh.asked(ReverseOf("2001:db9::b"), rr::kPtr), 0);
  const ScriptedServer tenth(script(10));
  EXPECT_THAT(RowBy(DualStack(tenth), kTarget).flags,
              HasSubstr("aaaa_unconfirmed"));
}

TEST(DualStackTest, OnlyAPassOfAnIpv4AddressIsLookedInto) {
  ScriptTable table = Named(kTarget, "a.example.com");
  table.On("a.example.com", rr::kA, A("10.7.0.2"))
      .On("a.example.com", rr::kAaaa, Aaaa({"2001:db9::1"}))
      .On(ReverseOf("2001:db9::1"), rr::kPtr, Ptr("a.example.com"));
  const ScriptedServer server(table);
  EXPECT_EQ(RowBy(DualStack(server), kTarget).queries, 2u);
  const CollectedRow v6 = RowBy(DualStack(server), "2001:db9::1");
  EXPECT_EQ(v6.status, "pass");
  EXPECT_EQ(v6.queries, 2u);
  const ScriptedServer without(
      Passing().On("a.example.com", rr::kAaaa, Denial(rcode::kNoerror)));
  EXPECT_EQ(RowBy(DualStack(without), kTarget).queries, 3u);
  const ScriptedServer failing(
      Passing().On("a.example.com", rr::kAaaa, Failure(rcode::kRefused)));
  EXPECT_EQ(RowBy(DualStack(failing), kTarget).status, "pass");
}

// The name that is judged is the first that leads back, here the second.
TEST(DualStackTest, TheJudgedNameIsAskedAndLookedFor) {
  const ScriptedServer server(
      ScriptTable()
          .On(ReverseOf(kTarget), rr::kPtr,
              [](const Asked& asked) {
                return Once(
                    PtrReply(asked, {"a.example.com", "b.example.com"}));
              })
          .On("a.example.com", rr::kA, A("10.7.0.2"))
          .On("b.example.com", rr::kA, A(kTarget))
          .On("b.example.com", rr::kAaaa, Aaaa({"2001:db9::1"}))
          .On(ReverseOf("2001:db9::1"), rr::kPtr, Ptr("b.example.com")));
  const CollectedRow row = RowBy(DualStack(server), kTarget);
  EXPECT_EQ(row.status, "pass");
  EXPECT_THAT(row.flags, Not(HasSubstr("aaaa_unconfirmed")));
  EXPECT_EQ(server.asked("a.example.com", rr::kAaaa), 0);
  EXPECT_EQ(row.queries, 5u);
}

TEST(DualStackTest, ASharedNameIsAskedOnceForItsAddresses) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.name == ReverseOf("2001:db9::1")) {
      return Once(PtrReply(asked, {"b.example.com"}));
    }
    if (asked.type == rr::kPtr) return Once(PtrReply(asked, {"a.example.com"}));
    if (asked.type == rr::kA) {
      return Once(AReply(asked, {"10.7.0.1", "10.7.0.2", "10.7.0.3"}));
    }
    return Aaaa({"2001:db9::1"})(asked);
  });
  CollectingSink sink;
  RunToEnd(DualStack(server), TargetsOf({"10.7.0.1-10.7.0.3"}), &sink);
  EXPECT_EQ(server.asked("a.example.com", rr::kAaaa), 1);
  for (const auto& [address, row] : sink.rows()) {
    EXPECT_THAT(row.flags, HasSubstr("aaaa_unconfirmed")) << address;
  }
}

// The scan is stopped while the PTR is on its way: the row is this run's, so
// what it says of the expected name and of the other family is too.
TEST(CrossChecksTest, ALookupUnderWayIsFinishedWhenTheScanStops) {
  const ScriptedServer server(
      ScriptTable()
          .On(ReverseOf(kTarget), rr::kPtr,
              [](const Asked& asked) {
                return Once(PtrReply(asked, {"a.example.com"}), 400);
              })
          .On("a.example.com", rr::kA, Denial(rcode::kNoerror))
          .On("a.example.com", rr::kAaaa, Aaaa({"2001:db9::1"}))
          .On("b.example.com", rr::kA, A(kTarget)));
  ScanOptions options = BothFamilies(server);
  options.max_time = absl::Milliseconds(50);
  CollectingSink sink;
  const auto report = RunScan(
      options,
      TargetsOf({kTarget},
                absl::StrCat("target,expected\n", kTarget, ",b.example.com\n")),
      &sink, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->stop_reason, StopReason::kTime);
  ASSERT_EQ(sink.rows().size(), 1u);
  EXPECT_THAT(sink.rows().at(kTarget).flags, HasSubstr("expected_ready"));
  EXPECT_THAT(sink.rows().at(kTarget).flags, HasSubstr("other_family_only"));
}

TEST(CrossChecksTest, AllThreeAtOnceAndTheBooksBalance) {
  const auto script = [](const Asked& asked) -> Replies {
    const bool v6 = absl::EndsWith(asked.name, ".ip6.arpa");
    if (asked.type == rr::kPtr && !v6) {
      const int host = std::stoi(asked.name);
      if (host % 3 == 0) return Once(RcodeReply(asked, rcode::kRefused));
      return Once(PtrReply(asked, {absl::StrCat(host % 3 == 1 ? "p" : "n", host,
                                                ".example.com")}));
    }
    if (asked.type == rr::kPtr) return Denial(rcode::kNxdomain)(asked);
    if (asked.type == rr::kAaaa) return Aaaa({"2001:db9::1"})(asked);
    if (asked.name[0] == 'n') return Denial(rcode::kNoerror)(asked);
    return Once(AReply(
        asked, {absl::StrCat("10.7.0.",
                             asked.name.substr(1, asked.name.find('.') - 1))}));
  };
  const ScriptedServer first(script);
  const ScriptedServer second(script);
  ScanOptions options = Comparing({&first, &second});
  options.both_families = options.dual_stack = true;
  options.late_passes = 1;
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, TargetsOf({"10.7.0.0/25"}), &sink);
  for (const auto& [address, row] : sink.rows()) {
    const int host = std::stoi(address.substr(address.rfind('.') + 1));
    EXPECT_EQ(absl::StrContains(row.flags, "aaaa_unconfirmed"), host % 3 == 1)
        << address;
    EXPECT_EQ(absl::StrContains(row.flags, "other_family_only"), host % 3 == 2)
        << address;
    EXPECT_EQ(row.status == "reverse_error", host % 3 == 0) << address;
  }
  EXPECT_EQ(report.stats.packets(), first.asked() + second.asked());
}

}  // namespace
}  // namespace scanner
