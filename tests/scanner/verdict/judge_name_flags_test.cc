// Each flag of VERDICTS.md 4.3 and 4.4: a case that sets it and, beside it, the
// nearest one that does not.
#include "scanner/verdict/judge.h"
#include "tests/scanner/verdict/flag_case.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;

const FlagCase kJudgedNameCases[] = {
    {Flag::kUnderscore, true, "in J",
     [] { return PassingAs("a.b_c.example.com"); }},
    {Flag::kUnderscore, false, "a dash",
     [] { return PassingAs("a.b-c.example.com"); }},
    {Flag::kUnderscore, false, "in another name",
     [] { return PassingWith("b_.example.com"); }},
    {Flag::kUnderscore, false, "in an unusable J",
     [] { return BadlyNamed("a_b.lan"); }},
    {Flag::kGeneric, true, "the address",
     [] { return PassingAs("192-0-3-10.example.com"); }},
    {Flag::kGeneric, false, "another address",
     [] { return PassingAs("192-0-3-11.example.com"); }},
    {Flag::kGeneric, false, "an unusable J",
     [] { return BadlyNamed("192-0-3-10.lan"); }},
    {Flag::kPlaceholderName, true, "unused",
     [] { return PassingAs("unused.example.com"); }},
    {Flag::kPlaceholderName, false, "used",
     [] { return PassingAs("used.example.com"); }},
    {Flag::kProviderDefault, true, "below the suffix",
     [] { return PassingAs("a.contaboserver.net"); }},
    {Flag::kProviderDefault, false, "beside it",
     [] { return PassingAs("a.xcontaboserver.net"); }},
    {Flag::kDynamicName, true, "pool",
     [] { return PassingAs("a.pool.example.com"); }},
    {Flag::kDynamicName, false, "mail pool",
     [] { return PassingAs("mail.pool.example.com"); }},
    {Flag::kAccessName, true, "two labels and a digit",
     [] { return PassingAs("a1.dsl.example.com"); }},
    {Flag::kAccessName, false, "no digit",
     [] { return PassingAs("a.dsl.example.com"); }},
    {Flag::kStaticName, true, "static",
     [] { return PassingAs("static.example.com"); }},
    {Flag::kStaticName, false, "statics",
     [] { return PassingAs("statics.example.com"); }},
    {Flag::kMailName, true, "mail",
     [] { return PassingAs("mail.example.com"); }},
    {Flag::kMailName, false, "the domain's word",
     [] { return PassingAs("a.mail.com"); }},
    {Flag::kMacInName, true, "twelve digits",
     [] { return PassingAs("001a2b3c4d5e.example.com"); }},
    {Flag::kMacInName, false, "eleven digits",
     [] { return PassingAs("001a2b3c4d5.example.com"); }},
    {Flag::kApexName, true, "the registrable domain",
     [] { return PassingAs("example.co.uk"); }},
    {Flag::kApexName, false, "a name below",
     [] { return PassingAs("a.example.com"); }},
    {Flag::kIdn, true, "an A-label",
     [] { return PassingAs("a.xn--bcher-kva.com"); }},
    {Flag::kIdn, false, "xn-- inside a label",
     [] { return PassingAs("a.yxn--b.com"); }},
};

const FlagCase kExpectationCases[] = {
    {Flag::kUnexpectedName, true, "none wanted",
     [] { return Passing().Expect("-"); }},
    {Flag::kUnexpectedName, false, "none wanted, none there",
     [] { return Target().Nxdomain().Expect("-"); }},
    {Flag::kUnexpectedName, true, "another name, no status pass",
     [] { return Differing().Expect("b.example.com"); }},
    {Flag::kUnexpectedName, false, "this name, no status pass",
     [] { return Differing().Expect("a.example.com"); }},
    {Flag::kUnexpectedName, false, "an unusable name was expected",
     [] { return BadlyNamed("a.lan").Expect("a.lan"); }},
    {Flag::kUnexpectedName, true, "pattern of another address",
     [] { return Differing().Expect("h{d}.example.com"); }},
    {Flag::kUnexpectedName, false, "any name below",
     [] { return Differing().Expect("*.example.com"); }},
    {Flag::kUnexpectedName, true, "the domain itself is not below",
     [] { return PassingAs("example.com").Expect("*.example.com"); }},
    {Flag::kUnexpectedName, true, "pass by another name, the expected differs",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", {kOther})
           .Expect("b.example.com");
     }},
    {Flag::kUnexpectedName, false, "pass by another name, the expected failed",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", ForwardResult::kError, Cause::kServfail)
           .Expect("b.example.com");
     }},
    {Flag::kUnexpectedName, false, "pass by the second name, which is expected",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", {kTarget})
           .Expect("b.example.com");
     }},
    {Flag::kUnexpectedName, true, "names not asked",
     [] { return Named().PtrOnly().Expect("b.example.com"); }},
    {Flag::kUnexpectedName, false, "no name at all",
     [] { return Target().Nxdomain().Expect("b.example.com"); }},
    {Flag::kUnexpectedName, false, "nothing expected",
     [] { return Passing(); }},
    {Flag::kExpectedReady, true, "no PTR yet, the name leads here",
     [] {
       return Target()
           .Nxdomain()
           .Expect("b.example.com")
           .ExpectedLookup("b.example.com", ForwardResult::kData, true);
     }},
    {Flag::kExpectedReady, false, "the name leads elsewhere",
     [] {
       return Target()
           .Nxdomain()
           .Expect("b.example.com")
           .ExpectedLookup("b.example.com", ForwardResult::kData, false);
     }},
    {Flag::kExpectedReady, false, "its lookup failed",
     [] {
       return Target()
           .Nxdomain()
           .Expect("b.example.com")
           .ExpectedLookup("b.example.com", ForwardResult::kError, false);
     }},
    {Flag::kExpectedReady, false, "indefinite status",
     [] {
       return Target()
           .Timeout(Cause::kTimeout)
           .Expect("b.example.com")
           .ExpectedLookup("b.example.com", ForwardResult::kData, true);
     }},
    {Flag::kExpectedReady, false, "not looked up",
     [] { return Target().Nxdomain().Expect("b.example.com"); }},
};

const FlagCase kForwardCases[] = {
    {Flag::kForwardPartial, true, "an unusable name",
     [] { return PassingWith("b.lan"); }},
    {Flag::kForwardPartial, true, "a name without address",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", ForwardResult::kNodata);
     }},
    {Flag::kForwardPartial, true, "a name that does not exist",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", ForwardResult::kNxdomain);
     }},
    {Flag::kForwardPartial, true, "a name that differs",
     [] {
       return PassingWith("b.example.com").Forward("b.example.com", {kOther});
     }},
    {Flag::kForwardPartial, false, "a name that failed",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", ForwardResult::kError, Cause::kTimeout);
     }},
    {Flag::kForwardPartial, false, "a name beyond K",
     [] { return PassingWith("b.example.com"); }},
    {Flag::kForwardPartial, false, "no pass",
     [] { return Differing().Ptr({"b.lan"}); }},
    {Flag::kForwardIncomplete, true, "pass and a failure",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", ForwardResult::kError, Cause::kTimeout);
     }},
    {Flag::kForwardIncomplete, false, "a failure without pass",
     [] {
       return Named().Forward(kName, ForwardResult::kError, Cause::kTimeout);
     }},
    {Flag::kCnameTarget, true, "an alias",
     [] { return Passing().ThroughCname(); }},
    {Flag::kCnameTarget, false, "no alias", [] { return Passing(); }},
    {Flag::kPrivateForward, true, "private",
     [] {
       return Named().Forward(kName, {"10.0.0.1", kTarget});
     }},
    {Flag::kPrivateForward, false, "public",
     [] {
       return Named().Forward(kName, {"11.0.0.1", kTarget});
     }},
    {Flag::kPrivateForward, false, "loopback",
     [] {
       return Named().Forward(kName, {"127.0.0.1", kTarget});
     }},
    {Flag::kPrivateForward, true, "mapped IPv4",
     [] {
       return EvidenceBuilder(kTarget6).Ptr({kName}).Forward(
           kName, {"::ffff:193.0.3.10", kTarget6});
     }},
    {Flag::kLoopbackForward, true, "127/8",
     [] {
       return Named().Forward(kName, {"127.9.9.9", kTarget});
     }},
    {Flag::kLoopbackForward, false, "128/8",
     [] {
       return Named().Forward(kName, {"128.0.0.1", kTarget});
     }},
    {Flag::kLoopbackForward, true, "::1",
     [] {
       return EvidenceBuilder(kTarget6).Ptr({kName}).Forward(kName, {"::1"});
     }},
    {Flag::kLoopbackForward, false, "::2",
     [] {
       return EvidenceBuilder(kTarget6).Ptr({kName}).Forward(kName, {"::2"});
     }},
    {Flag::kNearMatch, true, "same /24",
     [] { return Named().Forward(kName, {"192.0.3.255"}); }},
    {Flag::kNearMatch, false, "next /24",
     [] { return Named().Forward(kName, {"192.0.4.0"}); }},
    {Flag::kNearMatch, false, "no mismatch", [] { return Passing(); }},
    {Flag::kNearMatch, true, "same /64",
     [] {
       return EvidenceBuilder(kTarget6).Ptr({kName}).Forward(
           kName, {"2001:db9::ffff:ffff:ffff:ffff"});
     }},
    {Flag::kNearMatch, false, "next /64",
     [] {
       return EvidenceBuilder(kTarget6).Ptr({kName}).Forward(
           kName, {"2001:db9:0:1::"});
     }},
    {Flag::kForwardMany, true, "51 addresses",
     [] { return Passing().AddressCount(51); }},
    {Flag::kForwardMany, false, "50 addresses",
     [] { return Passing().AddressCount(50); }},
    {Flag::kMultiDomain, true, "two domains",
     [] { return PassingWith("b.example.net"); }},
    {Flag::kMultiDomain, false, "one domain",
     [] { return PassingWith("b.c.example.com"); }},
    {Flag::kMultiDomain, false, "the other name is unusable",
     [] { return PassingWith("b.lan"); }},
    {Flag::kMultiDomain, true, "the third name only",
     [] { return PassingWith("b.example.com").Ptr({"c.example.net"}); }},
};

TEST(JudgeFlagsTest, NameAndForwardFlagsOnBothSides) {
  Covered covered;
  ExpectEach(kJudgedNameCases, &covered);
  ExpectEach(kExpectationCases, &covered);
  ExpectEach(kForwardCases, &covered);
  ExpectBothSides(covered, Flag::kUnderscore, Flag::kMultiDomain);
}

TEST(JudgeFlagsTest, ExpectedNameIsLookedUpOnlyIfItCanTell) {
  const struct {
    const char* label;
    EvidenceBuilder evidence;
    bool wanted;
  } cases[] = {
      {"no PTR", Target().Nxdomain().Expect("b.example.com"), true},
      {"no PTR, octets filled in", Target().Nodata().Expect("h{d}.example.com"),
       true},
      {"bad name", BadlyNamed("a.lan").Expect("b.example.com"), true},
      {"mismatch", Differing().Expect("b.example.com"), true},
      {"pass by another name", Passing().Expect("b.example.com"), true},
      {"pass by another name, a third failed",
       PassingWith("c.example.com")
           .Forward("c.example.com", ForwardResult::kError, Cause::kLame)
           .Expect("b.example.com"),
       true},
      {"already in N", Differing().Expect("a.example.com"), false},
      {"unusable, but in N", BadlyNamed("a.lan").Expect("a.lan"), false},
      {"nothing expected", Target().Nxdomain(), false},
      {"no PTR wanted", Differing().Expect("-"), false},
      {"any name below", Target().Nxdomain().Expect("*.example.com"), false},
      {"names not asked", Named().PtrOnly().Expect("b.example.com"), false},
      {"skipped", Target().Skipped(Cause::kBudget).Expect("b.example.com"),
       false},
      {"reverse timeout",
       Target().Timeout(Cause::kTimeout).Expect("b.example.com"), false},
      {"reverse error", Target().Error(Cause::kLame).Expect("b.example.com"),
       false},
      {"forward error",
       Named()
           .Forward(kName, ForwardResult::kError, Cause::kLame)
           .Expect("b.example.com"),
       false},
  };
  for (const auto& c : cases) {
    EvidenceBuilder evidence = c.evidence;
    EXPECT_EQ(WantsExpectedLookup(evidence.Build()), c.wanted) << c.label;
  }
}

TEST(JudgeFlagsTest, ForwardOutcomesFollowTheResult) {
  const struct {
    ForwardResult result;
    bool has_target;
    io::ForwardOutcome outcome;
  } cases[] = {
      {ForwardResult::kData, true, io::ForwardOutcome::kConfirmed},
      {ForwardResult::kData, false, io::ForwardOutcome::kDiffers},
      {ForwardResult::kNxdomain, false, io::ForwardOutcome::kNxdomain},
      {ForwardResult::kNodata, false, io::ForwardOutcome::kNodata},
      {ForwardResult::kError, false, io::ForwardOutcome::kError},
  };
  for (const auto& c : cases) {
    ForwardEvidence forward;
    forward.result = c.result;
    forward.has_target = c.has_target;
    EXPECT_EQ(ForwardOutcomeOf(forward), c.outcome);
  }
}

}  // namespace
}  // namespace scanner
