// Each flag of VERDICTS.md 4.1 and 4.2: a case that sets it and, beside it, the
// nearest one that does not.
#include "tests/scanner/verdict/flag_case.h"

namespace scanner {
namespace {

using io::Flag;

const FlagCase kReverseCases[] = {
    {Flag::kMultiplePtr, true, "two names",
     [] { return PassingWith("b.example.com").Forward("b.example.com", {}); }},
    {Flag::kMultiplePtr, false, "one name", [] { return Passing(); }},
    {Flag::kExcessPtr, true, "U larger than K",
     [] { return PassingWith("b.example.com"); }},
    {Flag::kExcessPtr, false, "all of U asked, an unusable name beside it",
     [] { return PassingWith("b.lan"); }},
    {Flag::kExcessPtr, true, "list cut", [] { return Passing().PtrCut(); }},
    {Flag::kExcessPtr, true, "list cut, no name asked",
     [] { return Named().PtrOnly().PtrCut(); }},
    {Flag::kExcessPtr, false, "no name asked",
     [] { return Named().Ptr({"b.example.com"}).PtrOnly(); }},
    {Flag::kCnameChain, true, "an alias",
     [] { return Passing().Chain({"x.example.net"}); }},
    {Flag::kCnameChain, false, "no alias", [] { return Passing(); }},
    {Flag::kDname, true, "a DNAME",
     [] { return Passing().Chain({"x.example.net"}).Dname(); }},
    {Flag::kDname, false, "a CNAME",
     [] { return Passing().Chain({"x.example.net"}); }},
    {Flag::kClassless, true, "below the own /24",
     [] { return Passing().Chain({"10.x.3.0.192.in-addr.arpa"}); }},
    {Flag::kClassless, false, "the next /24",
     [] { return Passing().Chain({"10.x.4.0.192.in-addr.arpa"}); }},
    {Flag::kClassless, false, "the /24 itself",
     [] { return Passing().Chain({"3.0.192.in-addr.arpa"}); }},
    {Flag::kClassless, false, "only the second alias",
     [] {
       return Passing().Chain({"x.example.net", "10.x.3.0.192.in-addr.arpa"});
     }},
    {Flag::kClassless, false, "IPv6",
     [] {
       return PassingAt(kTarget6).Chain(
           {"0.x.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.9.b.d.0.1.0.0."
            "2.ip6.arpa"});
     }},
    {Flag::kTtlLow, true, "299 s", [] { return Passing().Ttl(299, true); }},
    {Flag::kTtlLow, false, "300 s", [] { return Passing().Ttl(300, true); }},
    {Flag::kTtlLow, false, "from a cache",
     [] { return Passing().Ttl(299, false); }},
    {Flag::kTtlLow, false, "no name",
     [] { return Target().Nxdomain().Ttl(299, true); }},
    {Flag::kTtlHigh, true, "86401 s",
     [] { return Passing().Ttl(86401, false); }},
    {Flag::kTtlHigh, false, "86400 s",
     [] { return Passing().Ttl(86400, true); }},
    {Flag::kTtlHigh, false, "no name",
     [] { return Target().Nodata().Ttl(86401, true); }},
    {Flag::kStale, true, "stale", [] { return Passing().Stale(); }},
    {Flag::kStale, false, "fresh", [] { return Passing(); }},
    {Flag::kSpecialUse, true, "documentation",
     [] { return PassingAt("192.0.2.10"); }},
    {Flag::kSpecialUse, false, "just beyond",
     [] { return PassingAt("192.0.3.10"); }},
    {Flag::kEdgeAddress, true, "last octet 0",
     [] { return PassingAt("192.0.3.0"); }},
    {Flag::kEdgeAddress, true, "last octet 255",
     [] { return PassingAt("192.0.3.255"); }},
    {Flag::kEdgeAddress, false, "last octet 1",
     [] { return PassingAt("192.0.3.1"); }},
    {Flag::kEdgeAddress, false, "last octet 254",
     [] { return PassingAt("192.0.3.254"); }},
    {Flag::kEdgeAddress, true, "lower half zero",
     [] { return PassingAt("2001:db9:0:1::"); }},
    {Flag::kEdgeAddress, false, "lower half one",
     [] { return PassingAt("2001:db9:0:1::1"); }},
    {Flag::kEdgeAddress, false, "IPv6 ending in zero octets",
     [] { return PassingAt("2001:db9::1:0"); }},
    {Flag::kPruned, true, "a name above was denied",
     [] { return Target().Nxdomain().Pruned(); }},
    {Flag::kPruned, false, "its own name was denied",
     [] { return Target().Nxdomain(); }},
    {Flag::kReused, true, "an earlier scan's",
     [] { return Target().Nxdomain().Reused(); }},
    {Flag::kReused, false, "asked", [] { return Target().Nxdomain(); }},
    {Flag::kLocalZone, true, "AS112",
     [] {
       return Target().Nxdomain().Soa("3.0.192.in-addr.arpa",
                                      "prisoner.iana.org", "x.example.net");
     }},
    {Flag::kLocalZone, false, "another",
     [] {
       return Target().Nxdomain().Soa("3.0.192.in-addr.arpa", "ns.example.net",
                                      "x.example.net");
     }},
};

const FlagCase kUnusableCases[] = {
    {Flag::kRootName, true, "root", [] { return BadlyNamed("."); }},
    {Flag::kRootName, false, "one label", [] { return BadlyNamed("a"); }},
    {Flag::kLocalhost, true, "localhost",
     [] { return PassingWith("localhost"); }},
    {Flag::kLocalhost, false, "local", [] { return PassingWith("local"); }},
    {Flag::kMissingDot, true, "final dot forgotten",
     [] { return BadlyNamed("a.example.com.3.0.192.in-addr.arpa"); }},
    {Flag::kMissingDot, false, "one letter left of the zone",
     [] { return BadlyNamed("a.example.c.3.0.192.in-addr.arpa"); }},
    {Flag::kSelfPtr, true, "own reverse name",
     [] { return BadlyNamed("10.3.0.192.in-addr.arpa"); }},
    {Flag::kSelfPtr, false, "a neighbour's",
     [] { return BadlyNamed("11.3.0.192.in-addr.arpa"); }},
    {Flag::kSelfPtr, true, "an alias target",
     [] { return BadlyNamed("x.example.net").Chain({"x.example.net"}); }},
    {Flag::kArpaName, true, "reverse name",
     [] { return BadlyNamed("1.in-addr.arpa"); }},
    {Flag::kArpaName, false, "other name below arpa",
     [] { return PassingAs("a.uri.arpa"); }},
    {Flag::kSingleLabel, true, "one label", [] { return BadlyNamed("mail"); }},
    {Flag::kSingleLabel, false, "two labels",
     [] { return PassingAs("mail.com"); }},
    {Flag::kIpLiteral, true, "an address",
     [] { return BadlyNamed("192.0.3.10"); }},
    {Flag::kIpLiteral, false, "256 is no octet",
     [] { return BadlyNamed("192.0.3.256"); }},
    {Flag::kNumericName, true, "last label all digits",
     [] { return BadlyNamed("192.0.3.256"); }},
    {Flag::kNumericName, false, "an address",
     [] { return BadlyNamed("192.0.3.255"); }},
    {Flag::kIllegalChars, true, "a blank",
     [] { return BadlyNamed("a\\032b.example.com"); }},
    {Flag::kIllegalChars, false, "an underscore",
     [] { return PassingAs("a_b.example.com"); }},
    {Flag::kInternalTld, true, "lan", [] { return BadlyNamed("a.lan"); }},
    {Flag::kInternalTld, false, "land", [] { return PassingAs("a.land"); }},
};

TEST(JudgeFlagsTest, ReverseAndUnusableFlagsOnBothSides) {
  Covered covered;
  ExpectEach(kReverseCases, &covered);
  ExpectEach(kUnusableCases, &covered);
  ExpectBothSides(covered, Flag::kMultiplePtr, Flag::kInternalTld);
}

}  // namespace
}  // namespace scanner
