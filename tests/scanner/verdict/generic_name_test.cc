#include "scanner/verdict/generic_name.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

constexpr absl::string_view kV4 = "198.51.100.23";
constexpr absl::string_view kV6 = "2001:db8:10:20:a1b2:c3d4:e5f6:718";

// "flags (reason)", "-" for none; provider_default comes after generic, as in
// VERDICTS.md 5.6.
std::string Classified(absl::string_view address, absl::string_view name) {
  const GenericVerdict verdict = ClassifyName(AddressOf(address), NameOf(name));
  const std::string reason = GenericReason(verdict);
  return absl::StrCat(FlagText(verdict.flags),
                      reason.empty() ? "" : " (" + reason + ")");
}

struct NameCase {
  absl::string_view name;
  const char* expected;
};

void ExpectEach(absl::string_view address, const std::vector<NameCase>& cases) {
  for (const NameCase& c : cases) {
    EXPECT_EQ(Classified(address, c.name), c.expected) << c.name;
  }
}

// VERDICTS.md 5.6 (a).
TEST(GenericNameTest, GivesTheContractsIpv4Verdicts) {
  ExpectEach(kV4,
             {{"198-51-100-23.pool.example.net", "generic (dec4f/dynamic)"},
              {"23.100.51.198.static.example.net", "generic (dec4r/static)"},
              {"host23-100.51-198.example.net", "generic (dec4r/unknown)"},
              {"51x198.dsl.100x23.example.net", "generic (dec4any/access)"},
              {"h198051100023.example.org", "generic (pad12/unknown)"},
              {"c6336417.dyn.example.net", "generic (hex8/dynamic)"},
              {"c6-33-64-17.example.net", "generic (hexdash/unknown)"},
              {"n3325256727.example.com", "generic (int32/unknown)"},
              {"51-100-23.cust.example.net", "generic (dec3/access)"},
              {"u051100023.example.net", "generic (pad9/unknown)"},
              {"cust-100-23.example.net", "generic (dec2/access)"},
              {"r100023.dsl.example.net", "generic (pad6/access)"},
              {"ns301.ip-198-51-100.example",
               "generic provider_default (dec3/unknown)"},
              {"out-198-51-100-23.mail.example.com",
               "generic mail_name (dec4f/unknown)"},
              {"web23.example.org", "-"},
              {"mail.example.com", "mail_name"},
              {"mx23.example.com", "mail_name"},
              {"smtp-100-23.pool.example.net", "mail_name"},
              {"51-100-23.mx.example.net", "mail_name"},
              {"mail.dynamic-parts.example", "mail_name"},
              {"db-100-23.example.org", "-"},
              {"pool.example", "-"},
              {"customer-portal.example.com", "-"},
              {"cable-4711.cust.example.net", "access_name"},
              {"198-51-100-24.pool.example.net", "dynamic_name"},
              {"dhcp-a7.example.net", "dynamic_name"},
              {"static-gw.example.net", "static_name"},
              {"no-ptr.example.net", "placeholder_name"}});
  ExpectEach("192.0.2.3", {{"po2-3.r0.pop192.example.net", "-"},
                           {"te0-2-0-3.cr2.example.net", "-"}});
}

TEST(GenericNameTest, GivesTheContractsIpv6Verdicts) {
  ExpectEach("2001:db8::17",
             {{"2001-db8--17.static.example.net", "generic (text6/static)"},
              {"2001-0db8-0000-0000-0000-0000-0000-0017.example.net",
               "generic (nib32f/unknown)"}});
  ExpectEach(kV6,
             {{"c-a1b2-c3d4-e5f6-718.example.net", "generic (hext4/unknown)"},
              {"a1b2c3d4e5f60718.example.org", "generic (iid16/unknown)"}});
  ExpectEach(
      "2001:db8::21a:2bff:fe3c:4d5e",
      {{"cpe-001a2b3c4d5e.example.net", "generic mac_in_name (mac/access)"}});
  ExpectEach("2001:db8:20::42d", {{"mail-x42d.example.com", "mail_name"}});
}

TEST(GenericNameTest, NumbersAreNeighboursWhateverStandsBetween) {
  ExpectEach(kV4,
             {{"198x51.foo_100-bar.23.example.net", "generic (dec4f/unknown)"},
              {"198-051-100-023.example.net", "generic (dec4f/unknown)"},
              {"7-198-51-100-23-9.example.net", "generic (dec4f/unknown)"},
              // A run of over three digits is a gap between neighbours.
              {"198-51-1000-100-23.example.net", "generic (dec4any/unknown)"},
              {"51-0000-100-23.cust.example.net", "generic (dec2/access)"},
              {"100-2000-23.cust.example.net", "access_name"},
              {"100-0023.cust.example.net", "access_name"}});
}

TEST(GenericNameTest, DigitsOfTheRegistrableDomainDoNotCount) {
  ExpectEach(
      kV4,
      {{"198-51.100-23.net", "-"},
       {"198-51-100.23example.net", "-"},
       {"198-51-100-23.net", "-"},
       {"23.100.51.198.co.uk", "generic (dec3/unknown)"},
       {"ns301.198-51-100.example", "-"},
       {"ns301.ip198-51-100.example", "-"},
       {"ns301.ip-x198-51-100.example", "-"},
       {"ns301.ip-198-51-100.co.uk", "generic provider_default (dec3/unknown)"},
       // a b c counts only together with such a domain.
       {"198-51-100.example.net", "-"},
       {"198-51-100.ip-1.example", "generic provider_default (dec3/unknown)"},
       {"ip-198-51-100.example", "-"},
       {"mail.ip-198-51-100.example", "provider_default mail_name"},
       {"23.ip-198-51-100.example",
        "generic provider_default (dec4any/unknown)"}});
}

TEST(GenericNameTest, StrongIpv4CodesAndTheirNeighbours) {
  ExpectEach(kV4, {{"23-100-51-198.example.net", "generic (dec4r/unknown)"},
                   {"h023100051198.example.org", "generic (pad12/unknown)"},
                   {"h91980511000239.example.org", "generic (pad12/unknown)"},
                   {"h19805110002.example.org", "-"},
                   {"176433c6.example.org", "generic (hex8/unknown)"},
                   {"xc6336417y.example.org", "generic (hex8/unknown)"},
                   {"c633641.7.example.org", "-"},
                   {"17-64-33-c6.example.org", "generic (hexdash/unknown)"},
                   {"c6.33.64.17.example.org", "generic (hexdash/unknown)"},
                   {"hc6-33-64-17.example.org", "-"},
                   {"c6-33-x-64-17.example.org", "-"},
                   {"3325256727.example.org", "generic (int32/unknown)"},
                   {"13325256727.example.org", "-"},
                   {"3325256728.example.org", "-"},
                   {"100-23-198-51.example.org", "generic (dec4any/unknown)"},
                   {"100-23-198-52.example.org", "-"}});
}

TEST(GenericNameTest, Int32OfEveryLength) {
  ExpectEach("0.0.0.7", {{"7.example.org", "generic (int32/unknown)"},
                         {"07.example.org", "-"}});
  ExpectEach("0.152.150.127",
             {{"a9999999.example.org", "generic (int32/unknown)"},
              {"a999999.example.org", "-"}});
  ExpectEach("0.152.150.128",
             {{"a10000000.example.org", "generic (int32/unknown)"}});
}

TEST(GenericNameTest, Dec4anyCountsRepetitionsAndTellingOctets) {
  ExpectEach("10.10.20.20",
             {{"20-10-20-10.example.net", "generic (dec4any/unknown)"},
              {"20-10-30-10.example.net", "-"}});
  // One octet of 10 or more is not enough, two are.
  ExpectEach("1.2.3.23", {{"23-1-2-3.example.net", "-"}});
  ExpectEach("1.2.9.10", {{"10-1-9-2.example.net", "-"}});
  ExpectEach("1.10.9.10",
             {{"10-1-9-10.example.net", "generic (dec4any/unknown)"}});
}

TEST(GenericNameTest, MediumCodesNeedNoWordButYieldToMail) {
  ExpectEach(kV4, {{"51-100-23.example.net", "generic (dec3/unknown)"},
                   {"23-100-51.example.net", "generic (dec3/unknown)"},
                   {"51-23-100.example.net", "-"},
                   {"u023100051.example.net", "generic (pad9/unknown)"},
                   {"u10511000239.example.net", "generic (pad9/unknown)"},
                   {"mx-051100023.example.net", "mail_name"},
                   {"mail-51-100-23.dyn.example.net", "mail_name"}});
  // dec3 wants one octet of 10 or more, pad9 does not.
  ExpectEach("198.1.2.9",
             {{"1-2-9.example.net", "-"},
              {"u001002009.example.net", "generic (pad9/unknown)"}});
  ExpectEach("198.1.2.10", {{"1-2-10.example.net", "generic (dec3/unknown)"}});
  ExpectEach("198.10.2.9", {{"10-2-9.example.net", "generic (dec3/unknown)"}});
}

TEST(GenericNameTest, WeakCodesNeedAWordAndYieldToMail) {
  ExpectEach(kV4, {{"x-100-23.example.net", "-"},
                   {"dyn-100-23.example.net", "generic (dec2/dynamic)"},
                   {"res-23-100.example.net", "generic (dec2/access)"},
                   {"static-100-23.example.net", "generic (dec2/static)"},
                   {"unused-100-23.example.net",
                    "generic placeholder_name (dec2/unknown)"},
                   {"host-100-23.example.net", "generic (dec2/unknown)"},
                   {"mail-100-23.host.example.net", "mail_name"},
                   {"ip100023.example.net", "generic (pad6/unknown)"},
                   {"ip023100.example.net", "generic (pad6/unknown)"},
                   // Six digits exactly.
                   {"ip0100023.example.net", "-"},
                   {"ip10023.example.net", "-"}});
  ExpectEach("198.51.9.9",
             {{"host-9-9.example.net", "-"}, {"host-009009.example.net", "-"}});
  ExpectEach("198.51.9.10",
             {{"host-9-10.example.net", "generic (dec2/unknown)"}});
  ExpectEach("198.51.10.9",
             {{"host-9-10.example.net", "generic (dec2/unknown)"}});
}

TEST(GenericNameTest, HintsOfNamesThatAreNotGeneric) {
  ExpectEach(
      kV4, {{"mail.dyn.example.net", "mail_name"},
            {"static-1.dyn.example.net", "dynamic_name static_name"},
            {"dsl-7.dyn.example.net", "dynamic_name"},
            {"static-7.dsl.example.net", "access_name static_name"},
            {"static.mail.example.net", "static_name mail_name"},
            {"dsl7.example.net", "-"},   // one label
            {"a.dsl.example.net", "-"},  // no digit
            {"a7.dsl.example.net", "access_name"},
            {"mail7.dsl.example.net", "mail_name"},
            {"spare.dyn.example.net", "placeholder_name dynamic_name"},
            {"198-51-100-23.static.dsl.example.net", "generic (dec4f/static)"},
            {"198-51-100-23.noptr.example.net",
             "generic placeholder_name (dec4f/unknown)"}});
}

TEST(GenericNameTest, MacInNameOfIpv4) {
  ExpectEach(kV4, {{"c-001a2b3c4d5e.example.net", "mac_in_name"},
                   {"c-001122334455.example.net", "-"},
                   {"c-abcdefabcdef.example.net", "-"},
                   {"c-001a2b3c4d5e6.example.net", "-"},
                   {"c-001a2b3c4d5.example.net", "-"},
                   {"c-001a2b3c4d5g.example.net", "-"},
                   {"00-1a-2b-3c-4d-5e.example.net", "mac_in_name"},
                   {"x.00.1a.2b.3c.4d.5e.example.net", "mac_in_name"},
                   {"00-1a-2b-3c-4d.example.net", "-"},
                   {"00-1a-2b-x-3c-4d-5e.example.net", "-"},
                   {"001a2b3c4d5e.198-51-100-23.example.net",
                    "generic mac_in_name (dec4f/unknown)"}});
}

TEST(GenericNameTest, ProviderDefaultNames) {
  ExpectEach(
      kV4, {{"ec2-198-51-100-23.eu-west-1.compute.amazonaws.com",
             "generic provider_default (dec4f/unknown)"},
            {"ec2-198-51-100-24.compute-1.amazonaws.com", "-"},
            {"ec2-198-51-100-23.xcompute-1.amazonaws.com",
             "generic (dec4f/unknown)"},
            // dec3 is no strong code.
            {"ec2-51-100-23.compute-1.amazonaws.com", "generic (dec3/unknown)"},
            {"23.100.51.198.bc.googleusercontent.com",
             "generic provider_default (dec4r/unknown)"},
            {"static.23.100.51.198.clients.your-server.de",
             "generic provider_default (dec4r/static)"},
            {"198-51-100-23.ip.linodeusercontent.com",
             "generic provider_default (dec4f/unknown)"},
            {"li7-9.members.linode.com", "provider_default"},
            {"x.vultrusercontent.com", "provider_default"},
            {"vultrusercontent.com", "-"},
            {"vps-1a2b.vps.ovh.net", "provider_default"},
            {"198-51-100-23.rev.poneytelecom.eu",
             "generic provider_default (dec4f/unknown)"},
            {"a.instances.scw.cloud", "provider_default"},
            {"vmi7.contaboserver.net", "provider_default"},
            {"a.contaboserver.net.example.com", "-"}});
}

TEST(GenericNameTest, ReverseNamesAndBareDomainsHaveNoFlag) {
  ExpectEach(kV4, {{"23.100.51.198.in-addr.arpa", "-"},
                   {"mail.dyn.198.in-addr.arpa", "-"},
                   {"198-51-100-23.dyn.ip6.arpa", "-"},
                   {"mail.home.arpa", "mail_name"},
                   {"mail.net", "-"},
                   {"static", "-"},
                   {".", "-"}});
}

TEST(GenericNameTest, NibblesOfIpv6) {
  ExpectEach(
      kV6, {{"x20010db800100020a1b2c3d4e5f60718y.example.net",
             "generic (nib32f/unknown)"},
            {"8.1.7.0.6.f.5.e.4.d.3.c.2.b.1.a.0.2.0.0.0.1.0.0.8.b.d.0.1.0.0.2."
             "example.net",
             "generic (nib32r/unknown)"},
            {"8170_6f5e-4d3c-2b1a.0200-0100-8bd0-1002.dyn.example.net",
             "generic (nib32r/dynamic)"},
            {"20010db800100020a1b2c3d4e5f60719.example.net", "-"}});
}

TEST(GenericNameTest, TextOfIpv6) {
  ExpectEach(kV6, {{"2001-db8-10-20-a1b2-c3d4-e5f6-718.example.net",
                    "generic (text6/unknown)"},
                   {"h-2001.db8.10.20-a1b2-c3d4-e5f6-718.dsl.example.net",
                    "generic (text6/access)"}});
  ExpectEach("2001:db8::17",
             {{"h.2001-db8-0--17.example.net", "generic (text6/unknown)"},
              {"2001-db8--18.example.net", "-"},
              {"2001_db8__17.example.net", "-"}});
  // The text may begin or end with "::", of which one ':' is a token's edge.
  ExpectEach("2001:db8::",
             {{"2001-db8--x.example.net", "generic (text6/unknown)"}});
  ExpectEach("::db8:1", {{"x--db8-1.example.net", "generic (text6/unknown)"},
                         {"x-db8-1.example.net", "-"}});
  ExpectEach("::2:3:4:5:6:7:8",
             {{"x---2-3-4-5-6-7-8.example.net", "generic (text6/unknown)"}});
}

TEST(GenericNameTest, HextetsOfIpv6) {
  ExpectEach(
      kV6,
      {{"db8-10-20-a1b2-c3d4-e5f6-718.example.net", "generic (hext7/unknown)"},
       {"2001_db8_10_20_a1b2_c3d4_e5f6.example.net", "generic (hext7/unknown)"},
       {"10-20-a1b2-c3d4-e5f6-718.example.net", "generic (hext6/unknown)"},
       {"0020-a1b2-c3d4-e5f6-0718.example.net", "generic (hext5/unknown)"},
       {"2001-db8-10-20.example.net", "generic (hext4/unknown)"},
       {"a1b2-c3d4-e5f6.example.net", "-"},
       {"a1b2-c3d4-x-e5f6-718.example.net", "-"},
       {"a1b2-c3d4-00e5f6-718.example.net", "-"}});
  // Eight digits in all: 2001 db8 0 1 has them, 2001 db8 0 0 has not.
  ExpectEach("2001:db8:0:1::5",
             {{"2001-db8-0-1.example.net", "generic (hext4/unknown)"},
              {"0-0-0-5.example.net", "-"}});
  ExpectEach("2001:db8::5", {{"2001-db8-0-0.example.net", "-"}});
}

TEST(GenericNameTest, InterfaceIdentifierNeedsEightDigits) {
  ExpectEach(
      "2001:db8::1234:567",
      {{"0000000012340567.example.net", "generic (iid16/unknown)"},
       {"00-00-00-00-12-34-05-67.example.net", "generic (iid16/unknown)"},
       {"000000012340567.example.net", "-"}});
  ExpectEach("2001:db8::123:4567", {{"0000000001234567.example.net", "-"}});
}

TEST(GenericNameTest, MacOfIpv6) {
  constexpr absl::string_view kEui64 = "2001:db8::21a:2bff:fe3c:4d5e";
  ExpectEach(
      kEui64,
      {{"00-1a-2b-3c-4d-5e.example.net", "generic mac_in_name (mac/unknown)"},
       {"001a2b3c4d5f.example.net", "-"},
       // An earlier code does not hide the flag.
       {"001a2b3c4d5e.21a-2bff-fe3c-4d5e.2001-db8-0-0.example.net",
        "generic mac_in_name (hext4/unknown)"}});
  // The same digits without ff:fe in the address.
  ExpectEach("2001:db8::21a:2bff:ff3c:4d5e",
             {{"001a2b3c4d5e.example.net", "-"}});
}

TEST(GenericNameTest, Ipv6NamesHaveNoDecimalCodes) {
  ExpectEach("2001:db8::17", {{"host-17.dyn.example.net", "dynamic_name"},
                              {"17.ip-1.example", "-"},
                              {"mail.example.net", "mail_name"}});
}

TEST(GenericNameTest, LongestAndStrangestNamesStayInBounds) {
  std::string dashes = "a";
  for (int i = 0; i < 31; ++i) dashes += "-a";
  const std::string name =
      absl::StrCat(dashes, ".", dashes, ".", dashes, ".", dashes.substr(0, 61));
  ASSERT_EQ(name.size(), 253u);
  EXPECT_EQ(Classified(kV4, name), "-");
  EXPECT_EQ(Classified(kV6, name), "-");
  std::string digits;
  for (int i = 0; i < 126; ++i) digits += "1.";
  EXPECT_EQ(Classified(kV4, digits + "1"), "-");
  EXPECT_EQ(Classified(kV6, digits + "1"), "-");
  const std::string empties = absl::StrCat("a", std::string(61, '-'), "a");
  EXPECT_EQ(Classified(kV6, empties + "." + empties + ".example.net"), "-");
}

TEST(GenericNameTest, ReasonIsEmptyUnlessGeneric) {
  const auto verdict =
      ClassifyName(AddressOf(kV4), NameOf("db-100-23.example.org"));
  EXPECT_EQ(verdict.code, GenericCode::kDec2);
  EXPECT_EQ(GenericReason(verdict), "");
}

}  // namespace
}  // namespace scanner
