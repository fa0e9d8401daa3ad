#include "scanner/verdict/name_rules.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

std::string Unusable(absl::string_view name,
                     absl::string_view target = "192.0.2.10",
                     std::initializer_list<absl::string_view> chain = {}) {
  dnswire::NameList targets;
  for (const absl::string_view text : chain) targets.Add(NameOf(text));
  return FlagText(UnusableFlags(AddressOf(target), targets, NameOf(name)));
}

struct RuleCase {
  absl::string_view name;
  const char* flags;
};

void ExpectEach(const std::vector<RuleCase>& cases) {
  for (const RuleCase& c : cases) {
    EXPECT_EQ(Unusable(c.name), c.flags) << c.name;
  }
}

TEST(NameRulesTest, OrdinaryNamesAreUsable) {
  ExpectEach({{"mail.example.com", "-"},
              {"example.com", "-"},
              {"a_b.example.com", "-"},
              {"_.example.com", "-"},
              {"xn--bcher-kva.example.com", "-"},
              {"1.2.3.example.com", "-"},
              {"a--b.example.com", "-"},
              {"arpa.example.com", "-"},
              {"e164.arpa", "-"}});
}

TEST(NameRulesTest, RootAndLocalhost) {
  ExpectEach({{".", "root_name"},
              {"localhost", "localhost single_label"},
              {"localhost4", "localhost single_label"},
              {"localhost6", "localhost single_label"},
              {"localhost5", "single_label"},
              {"localhost.localdomain", "localhost internal_tld"},
              {"localhost6.localdomain4", "localhost"},
              {"localhost4.localdomain6", "localhost"},
              {"localhost.localdomain5", "-"},
              {"localhost.localdomain.example.com", "-"},
              {"host.localdomain4", "-"},
              {"a.localhost", "localhost"},
              {"a.b.localhost", "localhost"},
              {"localhost.example.com", "-"}});
}

TEST(NameRulesTest, LabelsAndNumbers) {
  ExpectEach({{"mail", "single_label"},
              {"12345", "single_label numeric_name"},
              {"192.0.2.10", "ip_literal"},
              {"0.0.0.255", "ip_literal"},
              {"192.000.002.010", "ip_literal"},
              {"192.0.2.256", "numeric_name"},
              {"192.0.2.0010", "numeric_name"},
              {"1.2.3", "numeric_name"},
              {"1.2.3.4.5", "numeric_name"},
              {"host.123", "numeric_name"},
              {"host.12a", "-"},
              {"a.b.c.1", "numeric_name"}});
}

TEST(NameRulesTest, CharactersOfHostNames) {
  ExpectEach({{"a\\032b.example.com", "illegal_chars"},
              {"a\\046b.example.com", "illegal_chars"},
              {"\\255.example.com", "illegal_chars"},
              {"a\\000.example.com", "illegal_chars"},
              {"\\045a.example.com", "illegal_chars"},
              {"a-.example.com", "illegal_chars"},
              {"a.-b.example.com", "illegal_chars"},
              {"a.example.c\\@m", "illegal_chars"},
              {"0\\04725.example.com", "illegal_chars"},
              {"*.example.com", "illegal_chars"}});
}

TEST(NameRulesTest, InternalTopLevelDomains) {
  for (const char* tld :
       {"local", "localdomain", "lan", "home", "internal", "intranet", "intra",
        "corp", "private", "priv", "domain", "invalid", "test", "example",
        "onion", "alt"}) {
    EXPECT_EQ(Unusable(std::string("host.") + tld), "internal_tld") << tld;
    EXPECT_EQ(Unusable(std::string(tld) + ".example.com"), "-") << tld;
    EXPECT_EQ(Unusable(std::string("host.x") + tld), "-") << tld;
  }
  ExpectEach({{"lan", "single_label internal_tld"},
              {"home.arpa", "internal_tld"},
              {"a.home.arpa", "internal_tld"},
              {"ahome.arpa", "-"},
              {"host.lan\\000", "illegal_chars"}});
}

TEST(NameRulesTest, ReverseNamesAndTheTargetsOwn) {
  ExpectEach({{"in-addr.arpa", "arpa_name"},
              {"ip6.arpa", "arpa_name"},
              {"11.2.0.192.in-addr.arpa", "arpa_name"},
              {"10.2.0.192.in-addr.arpa", "self_ptr arpa_name"},
              {"1.ip6.arpa", "arpa_name"},
              {"xin-addr.arpa", "-"}});
  EXPECT_EQ(Unusable("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0."
                     "1.0.0.2.ip6.arpa",
                     "2001:db8::1"),
            "self_ptr arpa_name");
}

TEST(NameRulesTest, NameOfTheChainPointsToItself) {
  EXPECT_EQ(
      Unusable("10.rev.example.net", "192.0.2.10", {"10.rev.example.net"}),
      "self_ptr");
  EXPECT_EQ(
      Unusable("11.rev.example.net", "192.0.2.10", {"10.rev.example.net"}),
      "-");
  EXPECT_EQ(Unusable("b.example.net", "192.0.2.10",
                     {"a.example.net", "b.example.net"}),
            "self_ptr");
}

TEST(NameRulesTest, MissingDotNeedsALabelThatLooksLikeATld) {
  ExpectEach(
      {{"mail.example.com.2.0.192.in-addr.arpa", "missing_dot arpa_name"},
       {"mail.example.com.0.192.in-addr.arpa", "missing_dot arpa_name"},
       {"mail.example.com.192.in-addr.arpa", "missing_dot arpa_name"},
       // in-addr.arpa itself is too short to be the zone.
       {"mail.example.com.in-addr.arpa", "arpa_name"},
       // Not an ancestor of the target's name: the longest is 0.192.
       {"mail.example.com.3.0.192.in-addr.arpa", "arpa_name"},
       {"mail.x.2.0.192.in-addr.arpa", "arpa_name"},
       {"mail.x1.2.0.192.in-addr.arpa", "missing_dot arpa_name"},
       {"mail.12.2.0.192.in-addr.arpa", "arpa_name"},
       // qname itself is no proper ancestor: the label left of the zone is 10.
       {"mail.example.com.10.2.0.192.in-addr.arpa", "arpa_name"}});
  EXPECT_EQ(
      Unusable("mail.example.com.8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::1"),
      "missing_dot arpa_name");
}

TEST(NameRulesTest, MissingDotLooksAtTheZoneOfAnAlias) {
  constexpr absl::string_view kName =
      "mail.example.com.0\\04725.2.0.192.in-addr.arpa";
  EXPECT_EQ(Unusable(kName, "192.0.2.10", {"10.0\\04725.2.0.192.in-addr.arpa"}),
            "missing_dot arpa_name illegal_chars");
  EXPECT_EQ(Unusable(kName), "arpa_name illegal_chars");
}

TEST(NameRulesTest, AllUnusableFlagsAreThoseOfTheContract) {
  EXPECT_EQ(FlagText(AllUnusableFlags()),
            "root_name localhost missing_dot self_ptr arpa_name single_label "
            "ip_literal numeric_name illegal_chars internal_tld");
}

TEST(NameRulesTest, RegistrableDomainIsTwoLabelsOrThree) {
  const struct {
    absl::string_view name;
    const char* domain;
  } cases[] = {
      {"mail.example.com", "example.com"},
      {"a.b.c.example.com", "example.com"},
      {"example.com", "example.com"},
      {"com", "com"},
      {".", "."},
      {"a.example.co.uk", "example.co.uk"},
      {"example.co.uk", "example.co.uk"},
      {"co.uk", "co.uk"},
      {"a.example.xx.uk", "xx.uk"},
      {"a.example.co.com", "co.com"},
      {"a.example.web.za", "example.web.za"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(RegistrableDomain(NameOf(c.name)).ToText(), c.domain) << c.name;
  }
}

TEST(NameRulesTest, KnowsEverySecondLevelLabel) {
  for (const char* label :
       {"ac",  "ad",   "co",  "com", "edu", "gen", "go", "gob",
        "gov", "govt", "in",  "ltd", "me",  "mil", "ne", "net",
        "nom", "or",   "org", "plc", "sch", "web"}) {
    const std::string domain = std::string("b.") + label + ".zz";
    EXPECT_EQ(RegistrableDomain(NameOf("a." + domain)).ToText(), domain);
  }
}

std::vector<std::string> AskedOf(std::initializer_list<absl::string_view> names,
                                 size_t max_names) {
  dnswire::NameList list;
  for (const absl::string_view name : names) list.Add(NameOf(name));
  std::vector<std::string> asked;
  ForEachNameToAsk(
      AddressOf("192.0.2.10"), {}, list, max_names,
      [&asked](dnswire::NameView name) { asked.push_back(name.ToText()); });
  return asked;
}

TEST(NameRulesTest, AsksTheFirstUsableNames) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(AskedOf({"a.example.com", "localhost", "z.example.com"}, 10),
            (Names{"a.example.com", "z.example.com"}));
  EXPECT_EQ(AskedOf({"a.example.com", "b.example.com"}, 1),
            (Names{"a.example.com"}));
  EXPECT_EQ(AskedOf({"a.local", "b.example.com"}, 1), (Names{"b.example.com"}));
  EXPECT_EQ(AskedOf({"localhost"}, 10), Names());
}

}  // namespace
}  // namespace scanner
