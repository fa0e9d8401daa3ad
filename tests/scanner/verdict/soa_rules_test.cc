#include "scanner/verdict/soa_rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

struct SoaCase {
  absl::string_view owner;
  absl::string_view mname;
  absl::string_view rname;
  bool expected;
};

void ExpectEach(bool (*rule)(const NegativeSoa&), const SoaCase& c) {
  const auto owner = NameOf(c.owner);
  const auto mname = NameOf(c.mname);
  const auto rname = NameOf(c.rname);
  EXPECT_EQ(rule(NegativeSoa{owner, mname, rname}), c.expected)
      << c.owner << " " << c.mname << " " << c.rname;
}

constexpr absl::string_view kOwn = "ns1.example.net";
constexpr absl::string_view kOwnMail = "hostmaster.example.net";

TEST(SoaRulesTest, RecognisesLocallyServedZones) {
  const SoaCase cases[] = {
      {"10.in-addr.arpa", "localhost", "nobody.invalid", true},
      {"10.in-addr.arpa", "LocalHost", "Nobody.Invalid", true},
      {"10.in-addr.arpa", "localhost", "root.localhost", false},
      {"10.in-addr.arpa", kOwn, "nobody.invalid", false},
      {"10.in-addr.arpa", "10.in-addr.arpa", ".", true},
      {"10.in-addr.arpa", "10.in-addr.arpa", kOwnMail, false},
      {"10.in-addr.arpa", "11.in-addr.arpa", ".", false},
      {"10.in-addr.arpa", "prisoner.iana.org", kOwnMail, true},
      {"10.in-addr.arpa", "b.prisoner.iana.org", kOwnMail, false},
      {"as112.arpa", kOwn, kOwnMail, true},
      {"empty.as112.arpa", kOwn, kOwnMail, true},
      {"notas112.arpa", kOwn, kOwnMail, false},
  };
  for (const SoaCase& c : cases) ExpectEach(&IsLocalZone, c);
}

TEST(SoaRulesTest, ReverseRootsAreRegistriesWhoeverRunsThem) {
  const SoaCase cases[] = {
      {"in-addr.arpa", kOwn, kOwnMail, true},
      {"ip6.arpa", kOwn, kOwnMail, true},
      {"IN-ADDR.ARPA", kOwn, kOwnMail, true},
      {"arpa", kOwn, kOwnMail, false},
      {".", kOwn, kOwnMail, false},
  };
  for (const SoaCase& c : cases) ExpectEach(&IsRegistrySoa, c);
}

TEST(SoaRulesTest, RegistryZonesEndOneLabelOrSixNibblesDown) {
  constexpr absl::string_view kMname = "pri.authdns.ripe.net";
  const SoaCase cases[] = {
      {"192.in-addr.arpa", kMname, kOwnMail, true},
      {"192.in-addr.arpa", kOwn, "dns.ripe.net", true},
      {"192.in-addr.arpa", kOwn, kOwnMail, false},
      {"0.192.in-addr.arpa", kMname, kOwnMail, false},
      {"2.0.192.in-addr.arpa", kMname, kOwnMail, false},
      {"8.b.d.0.1.0.0.2.ip6.arpa", kMname, kOwnMail, false},
      {"d.0.1.0.0.2.ip6.arpa", kMname, kOwnMail, true},
      {"b.d.0.1.0.0.2.ip6.arpa", kMname, kOwnMail, false},
      {"2.ip6.arpa", kMname, kOwnMail, true},
      {"2.ip6.arpa", kOwn, kOwnMail, false},
      {"net", kMname, kOwnMail, false},
      {"192.example.arpa", kMname, kOwnMail, false},
  };
  for (const SoaCase& c : cases) ExpectEach(&IsRegistrySoa, c);
}

TEST(SoaRulesTest, KnowsEveryRegistryDomain) {
  for (const absl::string_view domain :
       {"arin.net", "ripe.net", "apnic.net", "lacnic.net", "afrinic.net",
        "iana.org", "icann.org", "in-addr-servers.arpa", "ip6-servers.arpa"}) {
    const std::string below = absl::StrCat("z.", domain);
    const std::string beside = absl::StrCat("z", domain);
    ExpectEach(&IsRegistrySoa, {"192.in-addr.arpa", domain, kOwnMail, true});
    ExpectEach(&IsRegistrySoa, {"192.in-addr.arpa", below, kOwnMail, true});
    ExpectEach(&IsRegistrySoa, {"192.in-addr.arpa", kOwn, below, true});
    ExpectEach(&IsRegistrySoa, {"192.in-addr.arpa", beside, kOwnMail, false});
  }
}

}  // namespace
}  // namespace scanner
