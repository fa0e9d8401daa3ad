// VERDICTS.md section 7: who runs a zone, and where its PTR is set.
#include "scanner/audit/provider_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/scanner/audit/audit_builder.h"

namespace scanner {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(ProviderTest, ASuffixMatchesWholeLabels) {
  const struct {
    const char* name;
    const char* pattern;
    bool matches;
  } cases[] = {
      {"he.net", "he.net", true},
      {"ns1.he.net", "he.net", true},
      {"the.net", "he.net", false},
      {"net", "he.net", false},
      {"ns-12.awsdns-34.com", "awsdns-*.com", true},
      {"ns-12.awsdns-.com", "awsdns-*.com", true},
      {"ns-12.awsdns-34.net", "awsdns-*.com", false},
      {"awsdns-a.b.com", "awsdns-*.com", false},
      {"ns-gce-public1.googledomains.com", "ns-gce-public*.googledomains.com",
       true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(MatchesSuffix(c.name, c.pattern), c.matches)
        << c.name << " " << c.pattern;
  }
}

Provider Find(const std::vector<std::string>& ns,
              const std::optional<ZoneSoa>& soa,
              const std::vector<dnswire::Name>& you = {},
              const std::vector<io::ListedProvider>& listed = {}) {
  return FindProvider({.name_servers = ns,
                       .soa = soa,
                       .prefix = "192.0.2.0/24",
                       .you = you,
                       .listed = listed});
}

TEST(ProviderTest, EvidenceIsNsNamesThenMnameThenTheDomainOfRname) {
  const auto soa =
      SoaOf("2.0.192.in-addr.arpa", "ns.first-ns.de", "hostmaster.linode.com");
  EXPECT_EQ(Find({"ns1.he.net"}, soa).name, "Hurricane Electric");
  EXPECT_EQ(Find({"ns1.example.net"}, soa).name, "Hetzner");
  EXPECT_EQ(Find({}, SoaOf("x", "ns.example.net", "dns.linode.com")).name,
            "Linode");
  // The mailbox is not the domain.
  EXPECT_EQ(Find({}, SoaOf("x", "ns.example.net", "linode.com")).name, "");
}

TEST(ProviderTest, WhatIsCommonKnowledgeIsSaidWithUsually) {
  EXPECT_THAT(Find({"ns1.linode.com"}, std::nullopt).where,
              StartsWith("usually "));
  EXPECT_THAT(Find({"ns1.digitalocean.com"}, std::nullopt).where,
              StartsWith("rename the Droplet"));
}

TEST(ProviderTest, AnUnknownHolderIsAskedForByPrefixAndSoa) {
  EXPECT_EQ(Find({"ns1.example.net"}, std::nullopt).where,
            "ask the holder of 192.0.2.0/24 (whois)");
  const Provider provider = Find(
      {"ns1.example.net"}, SoaOf("x", "ns1.example.net", "dns.example.net"));
  EXPECT_EQ(provider.name, "");
  EXPECT_THAT(provider.where, HasSubstr("dns@example.net as its contact"));
  EXPECT_THAT(provider.where, HasSubstr("ns1.example.net as its master"));
}

TEST(ProviderTest, YourOwnServersComeFirst) {
  EXPECT_EQ(Find({"ns1.he.net"}, std::nullopt, {N("he.net")}).name, "you");
  EXPECT_EQ(Find({"ns1.he.net"}, std::nullopt, {N("e.net")}).name,
            "Hurricane Electric");
}

TEST(ProviderTest, AListedProviderComesBeforeOursAndAfterYou) {
  const std::vector<io::ListedProvider> listed = {
      {.suffix = "net", .provider = "Any", .where = "somewhere"},
      {.suffix = "ns*.example.net", .provider = "Near", .where = "here"},
      {.suffix = "he.net",
       .provider = "Us",
       .where = "there",
       .usually = true}};
  EXPECT_EQ(Find({"ns1.he.net"}, std::nullopt, {}, listed).name, "Us");
  EXPECT_EQ(Find({"ns1.he.net"}, std::nullopt, {}, listed).where,
            "usually there");
  EXPECT_EQ(Find({"ns1.he.net"}, std::nullopt, {N("he.net")}, listed).name,
            "you");
  // The closest of them.
  EXPECT_EQ(Find({"ns2.example.net"}, std::nullopt, {}, listed).name, "Near");
  EXPECT_EQ(Find({"a.example.net"}, std::nullopt, {}, listed).name, "Any");
  // Even by evidence that comes later than what ours know.
  EXPECT_EQ(Find({"ns1.linode.com"},
                 SoaOf("x", "ns1.example.net", "dns.example.org"), {}, listed)
                .name,
            "Near");
  EXPECT_EQ(Find({"ns1.linode.com"}, std::nullopt, {}, listed).name, "Linode");
}

TEST(ProviderTest, ADeniedBlockIsItsRegistrys) {
  const Provider arin =
      FindRegistry(SoaOf("192.in-addr.arpa", "z.arin.net", "x.example.net"));
  EXPECT_EQ(arin.name, "ARIN");
  EXPECT_EQ(arin.where, "usually ARIN Online");
  EXPECT_EQ(FindRegistry(SoaOf("x", "ns.example.net", "dns.ripe.net")).name,
            "RIPE NCC");
  EXPECT_EQ(FindRegistry(std::nullopt).name, "");
}

TEST(ProviderTest, ContactsReadAsMailAddresses) {
  EXPECT_EQ(MailOf(N("hostmaster.example.net")), "hostmaster@example.net");
  EXPECT_EQ(MailOf(N("first\\.last.example.net")),
            "first\\046last@example.net");
  EXPECT_EQ(MailOf(N(".")), ".");
}

}  // namespace
}  // namespace scanner
