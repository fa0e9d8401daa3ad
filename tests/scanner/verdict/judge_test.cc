// The decision table of VERDICTS.md 2.2, line by line: what one address shows
// in resolver mode. Nothing is sent; the addresses are chosen just outside the
// documentation blocks, whose flags would stand in every line.
#include "scanner/verdict/judge.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "scanner/verdict/name_rules.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

using io::Cause;

constexpr absl::string_view kTarget = "192.0.3.10";
constexpr absl::string_view kOther = "193.0.3.10";
constexpr absl::string_view kTarget6 = "2001:db9::10";

EvidenceBuilder Target() { return EvidenceBuilder(kTarget); }

// "STATUS CAUSE J [FLAGS]", "-" for nothing.
std::string Text(const Verdict& verdict) {
  const absl::string_view cause = CauseName(verdict.cause);
  return absl::StrCat(StatusName(verdict.status), " ",
                      cause.empty() ? "-" : cause, " ",
                      verdict.judged_name ? verdict.judged_name->ToText() : "-",
                      " [", FlagText(verdict.flags), "]");
}

struct VerdictCase {
  const char* label;
  EvidenceBuilder evidence;
  const char* expected;
};

void ExpectEach(std::vector<VerdictCase> cases) {
  for (VerdictCase& c : cases) {
    EXPECT_EQ(Text(c.evidence.Judged()), c.expected) << c.label;
  }
}

TEST(JudgeTest, OneNameLeadsBackTheOtherDoesNot) {
  auto two = Target().Ptr({"a.example.com", "b.example.com"});
  auto a_confirms = EvidenceBuilder(two).Forward("a.example.com", {kTarget});
  auto a_differs = EvidenceBuilder(two).Forward("a.example.com", {kOther});
  ExpectEach(
      {{"a confirms, b differs",
        EvidenceBuilder(a_confirms).Forward("b.example.com", {kOther}),
        "pass - a.example.com [multiple_ptr forward_partial]"},
       {"a confirms, b SERVFAIL",
        EvidenceBuilder(a_confirms)
            .Forward("b.example.com", ForwardResult::kError, Cause::kServfail),
        "pass - a.example.com [multiple_ptr forward_incomplete]"},
       {"a differs, b SERVFAIL",
        EvidenceBuilder(a_differs).Forward(
            "b.example.com", ForwardResult::kError, Cause::kServfail),
        "forward_error servfail a.example.com [multiple_ptr]"},
       {"a differs, b NXDOMAIN",
        EvidenceBuilder(a_differs).Forward("b.example.com",
                                           ForwardResult::kNxdomain),
        "mismatch - a.example.com [multiple_ptr]"},
       {"b confirms, a differs",
        EvidenceBuilder(a_differs).Forward("b.example.com", {kTarget}),
        "pass - b.example.com [multiple_ptr forward_partial]"},
       {"both confirm",
        EvidenceBuilder(a_confirms).Forward("b.example.com", {kTarget}),
        "pass - a.example.com [multiple_ptr]"}});
}

TEST(JudgeTest, UnusableNameBesideAUsableOne) {
  auto two = Target().Ptr({"localhost", "a.example.com"});
  ExpectEach(
      {{"a confirms", EvidenceBuilder(two).Forward("a.example.com", {kTarget}),
        "pass - a.example.com "
        "[multiple_ptr localhost single_label forward_partial]"},
       {"a NXDOMAIN",
        EvidenceBuilder(two).Forward("a.example.com", ForwardResult::kNxdomain),
        "no_forward - a.example.com [multiple_ptr localhost single_label]"},
       {"localhost alone", Target().Ptr({"localhost"}),
        "bad_name - localhost [localhost single_label]"},
       {"two bad names", Target().Ptr({"localhost", "10.lan"}),
        "bad_name - 10.lan "
        "[multiple_ptr localhost single_label internal_tld]"}});
}

std::vector<std::string> ElevenNames() {
  std::vector<std::string> names;
  for (const char letter : std::string("kjihgfedcba")) {
    names.push_back(std::string(1, letter) + ".example.com");
  }
  return names;
}

// K as the engine takes it; only `confirming` leads back.
EvidenceBuilder ElevenNamesAsked(absl::string_view confirming) {
  EvidenceBuilder builder = Target();
  for (const std::string& name : ElevenNames()) builder.Ptr({name});
  const Evidence evidence = builder.Build();
  EvidenceBuilder asked = builder;
  ForEachNameToAsk(evidence.target, evidence.chain, evidence.names, 10,
                   [&](dnswire::NameView name) {
                     const std::string text = name.ToText();
                     asked.Forward(text,
                                   {text == confirming ? kTarget : kOther});
                   });
  return asked;
}

TEST(JudgeTest, NamesBeyondTheLimitAndRepeatedNames) {
  ExpectEach(
      {{"only the sorted 11th would confirm", ElevenNamesAsked("k.example.com"),
        "mismatch - a.example.com [multiple_ptr excess_ptr]"},
       {"the sorted 10th confirms", ElevenNamesAsked("j.example.com"),
        "pass - j.example.com [multiple_ptr excess_ptr forward_partial]"},
       {"one name twice and in two letter cases",
        Target()
            .Ptr({"a.example.com", "A.EXAMPLE.com", "a.example.com"})
            .Forward("a.example.com", {kTarget}),
        "pass - a.example.com [-]"},
       {"cut list",
        Target()
            .Ptr({"a.example.com"})
            .PtrCut()
            .Forward("a.example.com", {kTarget}),
        "pass - a.example.com [excess_ptr]"}});
}

TEST(JudgeTest, ForwardAliases) {
  auto one = Target().Ptr({"a.example.com"});
  ExpectEach(
      {{"to a name with I",
        EvidenceBuilder(one).Forward("a.example.com", {kTarget}).ThroughCname(),
        "pass - a.example.com [cname_target]"},
       {"to a missing name",
        EvidenceBuilder(one)
            .Forward("a.example.com", ForwardResult::kNxdomain)
            .ThroughCname(),
        "no_forward - a.example.com [cname_target]"},
       {"in a loop",
        EvidenceBuilder(one)
            .Forward("a.example.com", ForwardResult::kError, Cause::kLoop)
            .ThroughCname(),
        "forward_error loop a.example.com [cname_target]"}});
}

TEST(JudgeTest, ReverseAliases) {
  auto one =
      Target().Ptr({"a.example.com"}).Forward("a.example.com", {kTarget});
  ExpectEach(
      {{"RFC 2317",
        EvidenceBuilder(one).Chain({"10.0\\04725.3.0.192.in-addr.arpa"}),
        "pass - a.example.com [cname_chain classless]"},
       {"out of the reverse tree, by two aliases",
        EvidenceBuilder(one).Chain({"10.rev.example.net", "x.example.net"}),
        "pass - a.example.com [cname_chain]"},
       {"DNAME above qname",
        EvidenceBuilder(one).Chain({"10.rev.example.net"}).Dname(),
        "pass - a.example.com [cname_chain dname]"}});
}

TEST(JudgeTest, AliasToNothingIsNeverUndelegated) {
  auto alias = Target().Chain({"10.rev.example.net"});
  auto registry = EvidenceBuilder(alias).Soa("in-addr.arpa", "ns.icann.org",
                                             "noc.dns.icann.org");
  ExpectEach({{"NXDOMAIN", EvidenceBuilder(alias).Nxdomain(),
               "no_ptr dangling_cname - [cname_chain]"},
              {"NODATA", EvidenceBuilder(alias).Nodata(),
               "no_ptr dangling_cname - [cname_chain]"},
              {"denied by a registry", EvidenceBuilder(registry).Nxdomain(),
               "no_ptr dangling_cname - [cname_chain]"}});
}

TEST(JudgeTest, DenialsBySoa) {
  constexpr absl::string_view kMail = "hostmaster.example.net";
  ExpectEach(
      {{"NXDOMAIN without SOA", Target().Nxdomain(), "no_ptr nxdomain - [-]"},
       {"NODATA without SOA", Target().Nodata(), "no_ptr nodata - [-]"},
       {"own zone",
        Target().Nxdomain().Soa("3.0.192.in-addr.arpa", "ns1.example.net",
                                kMail),
        "no_ptr nxdomain - [-]"},
       {"reverse root",
        Target().Nxdomain().Soa("in-addr.arpa", "b.in-addr-servers.arpa",
                                "nstld.iana.org"),
        "undelegated nxdomain - [-]"},
       {"registry's /8",
        Target().Nodata().Soa("192.in-addr.arpa", "z.arin.net",
                              "dns-ops.arin.net"),
        "undelegated nodata - [-]"},
       {"registry's own network",
        Target().Nxdomain().Soa("3.0.192.in-addr.arpa", "pri.ripe.net",
                                "dns.ripe.net"),
        "no_ptr nxdomain - [-]"},
       {"locally served",
        Target().Nxdomain().Soa("3.0.192.in-addr.arpa", "localhost",
                                "nobody.invalid"),
        "no_ptr nxdomain - [local_zone]"},
       {"locally served at the height of a registry",
        Target().Nxdomain().Soa("192.in-addr.arpa", "prisoner.iana.org",
                                "hostmaster.root-servers.org"),
        "no_ptr nxdomain - [local_zone]"}});
}

TEST(JudgeTest, FailuresOfTheReverseLookup) {
  ExpectEach(
      {{"REFUSED by every resolver", Target().Error(Cause::kResolverRefused),
        "reverse_error resolver_refused - [-]"},
       {"replies that did not belong", Target().Timeout(Cause::kUnmatched),
        "reverse_timeout unmatched - [-]"},
       {"silence", Target().Timeout(Cause::kTimeout),
        "reverse_timeout timeout - [-]"},
       {"reported by the resolver", Target().Error(Cause::kAllNsUnreachable),
        "reverse_error all_ns_unreachable - [-]"},
       {"failed behind an alias",
        Target().Chain({"x.example.net"}).Error(Cause::kServfail),
        "reverse_error servfail - [cname_chain]"}});
}

TEST(JudgeTest, AddressesOfTheOtherFamily) {
  ExpectEach({{"I is IPv4, the name has only AAAA",
               Target()
                   .Ptr({"a.example.com"})
                   .Forward("a.example.com", ForwardResult::kNodata),
               "no_forward - a.example.com [-]"},
              {"I is IPv6, the AAAA is a mapped IPv4 address",
               EvidenceBuilder(kTarget6)
                   .Ptr({"a.example.com"})
                   .Forward("a.example.com", {"::ffff:192.0.2.1"}),
               "mismatch - a.example.com [private_forward]"}});
}

TEST(JudgeTest, TargetsThatWereNotAsked) {
  ExpectEach(
      {{"special-use",
        EvidenceBuilder("192.0.2.10").Skipped(Cause::kSpecialUse),
        "skipped special_use - [special_use]"},
       {"excluded", Target().Skipped(Cause::kExcluded),
        "skipped excluded - [-]"},
       {"budget", Target().Skipped(Cause::kBudget), "skipped budget - [-]"},
       {"special-use, named on purpose",
        EvidenceBuilder("10.1.0.5")
            .Ptr({"a.example.com"})
            .Forward("a.example.com", {"10.1.0.5"}),
        "pass - a.example.com [special_use private_forward]"}});
}

TEST(JudgeTest, ExpectedNameIsNotTheOneThatConfirms) {
  ExpectEach({{"another name",
               Target()
                   .Ptr({"x.example.com"})
                   .Forward("x.example.com", {kTarget})
                   .Expect("y.example.com"),
               "pass - x.example.com [unexpected_name]"}});
}

TEST(JudgeTest, OrderOfForwardOutcomes) {
  auto three =
      Target().Ptr({"a.example.com", "b.example.com", "c.example.com"});
  const auto nodata = ForwardResult::kNodata;
  const auto error = ForwardResult::kError;
  ExpectEach({{"all negative",
               EvidenceBuilder(three)
                   .Forward("a.example.com", nodata)
                   .Forward("b.example.com", ForwardResult::kNxdomain)
                   .Forward("c.example.com", nodata),
               "no_forward - a.example.com [multiple_ptr]"},
              {"cause of the first failed name; J the one that differs",
               EvidenceBuilder(three)
                   .Forward("a.example.com", error, Cause::kTimeout)
                   .Forward("b.example.com", error, Cause::kRefused)
                   .Forward("c.example.com", {kOther}),
               "forward_error timeout c.example.com [multiple_ptr]"},
              {"J the first that was asked",
               EvidenceBuilder(three)
                   .Forward("a.example.com", nodata)
                   .Forward("b.example.com", error, Cause::kRefused)
                   .Forward("c.example.com", nodata),
               "forward_error refused a.example.com [multiple_ptr]"},
              {"J the first that differs",
               EvidenceBuilder(three)
                   .Forward("a.example.com", nodata)
                   .Forward("b.example.com", {kOther})
                   .Forward("c.example.com", {kOther}),
               "mismatch - b.example.com [multiple_ptr]"}});
}

TEST(JudgeTest, PtrOnlyAsksNoName) {
  ExpectEach(
      {{"usable", Target().PtrOnly().Ptr({"a.example.com"}),
        "unconfirmed - a.example.com [-]"},
       {"J is the first usable name",
        Target().PtrOnly().Ptr({"a.lan", "b.example.com"}),
        "unconfirmed - b.example.com [multiple_ptr internal_tld]"},
       {"none usable", Target().PtrOnly().Ptr({"a.lan"}),
        "bad_name - a.lan [internal_tld]"},
       {"denied", Target().PtrOnly().Nxdomain(), "no_ptr nxdomain - [-]"}});
}

TEST(JudgeTest, WireOrderNeverMatters) {
  std::vector<std::string> names = {"a.example.com", "b.example.com", "c.lan"};
  do {
    EvidenceBuilder builder = Target();
    for (const std::string& name : names) builder.Ptr({name});
    for (const std::string& name : names) {
      if (name[0] != 'c') builder.Forward(name, {kOther});
    }
    EXPECT_EQ(Text(builder.Judged()),
              "mismatch - a.example.com [multiple_ptr internal_tld]");
  } while (std::next_permutation(names.begin(), names.end()));
}

}  // namespace
}  // namespace scanner
