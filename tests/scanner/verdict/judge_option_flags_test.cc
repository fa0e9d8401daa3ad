// The flags of VERDICTS.md 4 that take an option: resolver_disagree,
// other_family_only, aaaa_unconfirmed; each on both sides, and when the engine
// asks for what they rest on.
#include <vector>

#include "tests/scanner/verdict/flag_case.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;

using enum ReverseResult;

const FlagCase kCases[] = {
    {Flag::kResolverDisagree, true, "other names",
     [] { return Passing().Resolver({kName}).Resolver({"b.example.com"}); }},
    {Flag::kResolverDisagree, true, "a name more",
     [] {
       return Passing().Resolver({kName}).Resolver({kName, "b.example.com"});
     }},
    {Flag::kResolverDisagree, true, "the second denies",
     [] { return Passing().Resolver({kName}).Resolver(kNxdomain); }},
    {Flag::kResolverDisagree, true, "the first denies",
     [] { return Target().Nodata().Resolver(kNodata).Resolver({kName}); }},
    {Flag::kResolverDisagree, true, "only the third differs",
     [] {
       return Passing().Resolver({kName}).Resolver({kName}).Resolver(kNodata);
     }},
    {Flag::kResolverDisagree, true, "one between them failed",
     [] {
       return Passing().Resolver({kName}).Resolver(kError).Resolver(kNodata);
     }},
    {Flag::kResolverDisagree, true, "the names are unusable",
     [] {
       return BadlyNamed("a.lan").Resolver({"a.lan"}).Resolver({"b.lan"});
     }},
    {Flag::kResolverDisagree, true, "names not asked",
     [] { return Named().PtrOnly().Resolver({kName}).Resolver(kNodata); }},
    {Flag::kResolverDisagree, false, "the same name in another case",
     [] { return Passing().Resolver({kName}).Resolver({"A.Example.COM"}); }},
    {Flag::kResolverDisagree, false, "the same names in another order",
     [] {
       return PassingWith("b.example.com")
           .Forward("b.example.com", {kTarget})
           .Resolver({kName, "b.example.com"})
           .Resolver({"b.example.com", kName});
     }},
    {Flag::kResolverDisagree, false, "NXDOMAIN and NODATA",
     [] { return Target().Nodata().Resolver(kNodata).Resolver(kNxdomain); }},
    {Flag::kResolverDisagree, false, "the other one failed",
     [] { return Passing().Resolver(kError).Resolver({kName}); }},
    {Flag::kResolverDisagree, false, "the other one is silent",
     [] { return Passing().Resolver({kName}).Resolver(kTimeout); }},
    {Flag::kResolverDisagree, false, "the other one was not asked",
     [] { return Passing().Resolver({kName}).Resolver(kSkipped); }},
    {Flag::kResolverDisagree, false, "both failed",
     [] {
       return Target()
           .Error(Cause::kServfail)
           .Resolver(kError)
           .Resolver(kTimeout);
     }},
    {Flag::kResolverDisagree, false, "not compared", [] { return Passing(); }},

    {Flag::kOtherFamilyOnly, true, "no A, but AAAA",
     [] {
       return Named()
           .Forward(kName, ForwardResult::kNodata)
           .OtherFamily(ForwardResult::kData);
     }},
    {Flag::kOtherFamilyOnly, true, "the second of two names",
     [] {
       return Named()
           .Ptr({"b.example.com"})
           .Forward(kName, ForwardResult::kNodata)
           .OtherFamily(ForwardResult::kNxdomain)
           .Forward("b.example.com", ForwardResult::kNodata)
           .OtherFamily(ForwardResult::kData);
     }},
    {Flag::kOtherFamilyOnly, false, "neither",
     [] {
       return Named()
           .Forward(kName, ForwardResult::kNodata)
           .OtherFamily(ForwardResult::kNodata);
     }},
    {Flag::kOtherFamilyOnly, false, "that lookup failed",
     [] {
       return Named()
           .Forward(kName, ForwardResult::kNodata)
           .OtherFamily(ForwardResult::kError);
     }},
    {Flag::kOtherFamilyOnly, false, "a mismatch",
     [] { return Differing().OtherFamily(ForwardResult::kData); }},
    {Flag::kOtherFamilyOnly, false, "a pass",
     [] { return Passing().OtherFamily(ForwardResult::kData); }},
    {Flag::kOtherFamilyOnly, false, "not asked",
     [] { return Named().Forward(kName, ForwardResult::kNodata); }},

    {Flag::kAaaaUnconfirmed, true, "no PTR",
     [] { return Passing().AaaaPtr(kNxdomain, false); }},
    {Flag::kAaaaUnconfirmed, true, "another name",
     [] { return Passing().AaaaPtr(kData, false); }},
    {Flag::kAaaaUnconfirmed, true, "the second of two",
     [] { return Passing().AaaaPtr(kData, true).AaaaPtr(kNodata, false); }},
    {Flag::kAaaaUnconfirmed, false, "it has the name",
     [] { return Passing().AaaaPtr(kData, true); }},
    {Flag::kAaaaUnconfirmed, false, "that lookup failed",
     [] { return Passing().AaaaPtr(kError, false).AaaaPtr(kTimeout, false); }},
    {Flag::kAaaaUnconfirmed, false, "not asked",
     [] { return Passing().AaaaPtr(kSkipped, false); }},
    {Flag::kAaaaUnconfirmed, false, "no AAAA", [] { return Passing(); }},
    {Flag::kAaaaUnconfirmed, false, "no pass",
     [] { return Differing().AaaaPtr(kNxdomain, false); }},
};

TEST(JudgeFlagsTest, OptionFlagsOnBothSides) {
  Covered covered;
  ExpectEach(kCases, &covered);
  ExpectBothSides(covered, Flag::kResolverDisagree, Flag::kAaaaUnconfirmed);
}

// Whatever the options bring, it changes no status.
TEST(JudgeFlagsTest, NoOptionChangesTheStatus) {
  for (const FlagCase& c : kCases) {
    EvidenceBuilder builder = c.evidence();
    Evidence evidence = builder.Build();
    const Verdict with = Judge(evidence);
    evidence.checks = nullptr;
    const Verdict without = Judge(evidence);
    EXPECT_EQ(with.status, without.status) << c.label;
    EXPECT_EQ(with.cause, without.cause) << c.label;
  }
}

TEST(JudgeFlagsTest, TheOtherFamilyIsAskedWhereNothingElseCameOfAName) {
  const struct {
    const char* label;
    EvidenceBuilder evidence;
    bool wanted;
  } cases[] = {
      {"no address", Named().Forward(kName, ForwardResult::kNodata), true},
      {"no such name", Named().Forward(kName, ForwardResult::kNxdomain), true},
      {"pass", Passing(), false},
      {"mismatch", Differing(), false},
      {"one of two differs",
       Differing()
           .Ptr({"b.example.com"})
           .Forward("b.example.com", ForwardResult::kNodata),
       false},
      {"failed", Named().Forward(kName, ForwardResult::kError, Cause::kLame),
       false},
      {"no PTR", Target().Nxdomain(), false},
      {"bad name", BadlyNamed("a.lan"), false},
      {"names not asked", Named().PtrOnly(), false},
      {"skipped", Target().Skipped(Cause::kBudget), false},
  };
  for (const auto& c : cases) {
    EvidenceBuilder evidence = c.evidence;
    EXPECT_EQ(WantsOtherFamily(evidence.Build()), c.wanted) << c.label;
  }
}

TEST(JudgeFlagsTest, TheAaaaAskedIsThatOfTheNameThatPasses) {
  const struct {
    const char* label;
    EvidenceBuilder evidence;
    const char* name;
  } cases[] = {
      {"pass", Passing(), "a.example.com"},
      {"the second name passes",
       Differing().Ptr({"b.example.com"}).Forward("b.example.com", {kTarget}),
       "b.example.com"},
      {"mismatch", Differing(), "-"},
      {"IPv6", PassingAt(kTarget6), "-"},
      {"no PTR", Target().Nxdomain(), "-"},
      {"names not asked", Named().PtrOnly(), "-"},
  };
  for (const auto& c : cases) {
    EvidenceBuilder evidence = c.evidence;
    const auto name = NameWithAaaa(evidence.Build());
    EXPECT_EQ(name ? name->ToText() : "-", c.name) << c.label;
  }
}

}  // namespace
}  // namespace scanner
