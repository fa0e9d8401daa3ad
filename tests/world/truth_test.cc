// The truth against rows worked out by hand from VERDICTS.md, and its coverage.
#include "tests/world/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/world/networks.h"

namespace world {
namespace {

// The rows of all targets but the bench's, as `with_labels` has them.
std::vector<Json> RowsOf(bool with_labels) {
  const std::unique_ptr<Model> model = BuildWorld(1, {});
  const Json truth =
      TruthOf(*model, {.lists = {"v4", "v6"}, .with_labels = with_labels});
  std::vector<Json> rows;
  for (const Json& target : truth["targets"]) {
    rows.insert(rows.end(), target["rows"].begin(), target["rows"].end());
  }
  return rows;
}

Json RowOf(const std::string& ip, bool with_labels = false) {
  const std::unique_ptr<Model> model = BuildWorld(1, {});
  Case subject{.model = *model, .ip = Address::Of(ip)};
  subject.with_labels = with_labels;
  if (with_labels) subject.expected = ExpectedOf(*model, subject.ip);
  return TruthRow(subject);
}

std::string Joined(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    text += (text.empty() ? "" : " ") + item.get<std::string>();
  }
  return text;
}

// "status cause: flags" without special_use, which all targets have.
std::string Brief(const Json& row) {
  Json flags = Json::array();
  for (const Json& flag : row["flags"]) {
    if (flag != "special_use") flags.push_back(flag);
  }
  const std::string cause =
      row["cause"].is_null() ? "" : " " + row["cause"].get<std::string>();
  return row["status"].get<std::string>() + cause + ": " + Joined(flags);
}

struct RowCase {
  const char* ip;
  const char* brief;
};

TEST(WorldTruthTest, AgreesWithTheDecisionTable) {
  const RowCase cases[] = {
      {"192.0.2.1", "pass: private_forward"},
      {"192.0.2.0", "no_ptr nxdomain: edge_address"},
      {"192.0.2.40", "mismatch: "},
      {"192.0.2.41", "mismatch: near_match private_forward"},
      {"192.0.2.42", "no_forward: "},
      {"192.0.2.55", "no_ptr nodata: "},
      {"192.0.2.56", "reverse_error servfail: "},
      {"192.0.2.193", "pass: classless cname_chain private_forward"},
      {"192.0.2.204", "no_ptr dangling_cname: classless cname_chain"},
      {"198.51.100.4", "pass: forward_partial multiple_ptr private_forward"},
      {"198.51.100.7",
       "pass: forward_incomplete multi_domain multiple_ptr "
       "private_forward"},
      {"198.51.100.8", "forward_error servfail: multi_domain multiple_ptr"},
      {"198.51.100.9", "mismatch: multiple_ptr"},
      {"198.51.100.10",
       "pass: forward_partial localhost multiple_ptr "
       "private_forward single_label"},
      {"198.51.100.11", "no_forward: localhost multiple_ptr single_label"},
      {"198.51.100.21", "no_forward: excess_ptr multiple_ptr"},
      {"198.51.100.23", "pass: forward_many private_forward"},
      {"198.51.100.24", "mismatch: forward_many"},
      {"198.51.100.34", "pass: cname_target private_forward"},
      {"198.51.100.35", "no_forward: cname_target"},
      {"198.51.100.43", "mismatch: loopback_forward"},
      {"198.51.100.80", "bad_name: arpa_name self_ptr"},
      {"198.51.100.145", "pass: cname_chain private_forward"},
      {"198.51.100.148", "pass: cname_chain private_forward"},
      {"198.51.100.149", "reverse_error servfail: "},
      {"198.51.100.163", "no_ptr nodata: "},
      {"198.51.100.182", "pass: private_forward ttl_high"},
      {"198.51.100.183", "pass: private_forward"},
      {"198.19.17.1", "pass: cname_chain dname private_forward"},
      {"198.19.33.2", "no_ptr nxdomain: "},
      {"203.0.113.7", "undelegated nxdomain: "},
      {"240.0.0.1", "undelegated nxdomain: "},
      {"192.168.53.1", "no_ptr nxdomain: local_zone"},
      {"192.168.53.5", "pass: private_forward ttl_low"},
      {"127.0.0.1", "bad_name: localhost single_label"},
      {"2001:2::1", "undelegated nxdomain: "},
      {"2001:db8:55::2", "mismatch: private_forward"},
      {"2001:db8:53::42", "no_forward: "},
  };
  for (const RowCase& row_case : cases) {
    EXPECT_EQ(Brief(RowOf(row_case.ip)), row_case.brief) << row_case.ip;
  }
}

TEST(WorldTruthTest, JudgesExpectedNames) {
  const RowCase cases[] = {
      {"192.0.2.10", "pass: mail_name private_forward"},
      {"192.0.2.58", "pass: private_forward unexpected_name"},
      {"192.0.2.59", "no_ptr nxdomain: expected_ready"},
      {"192.0.2.60", "no_ptr nxdomain: "},
      {"192.0.2.61", "pass: private_forward unexpected_name"},
      {"192.0.2.100", "pass: generic private_forward"},
      {"192.0.2.160", "pass: private_forward"},
      {"198.51.100.2", "pass: multiple_ptr private_forward"},
      {"198.51.100.30", "mismatch: "},
      {"198.51.100.32", "no_forward: unexpected_name"},
      {"198.51.100.77", "bad_name: root_name unexpected_name"},
  };
  for (const RowCase& row_case : cases) {
    EXPECT_EQ(Brief(RowOf(row_case.ip, true)), row_case.brief) << row_case.ip;
  }
}

TEST(WorldTruthTest, FillsColumnsOfANamedRow) {
  const Json row = RowOf("198.51.100.4");
  EXPECT_EQ(Joined(row["ptr"]), "right.example.com wrong.example.com");
  EXPECT_EQ(Joined(row["confirmed"]), "right.example.com");
  EXPECT_EQ(row["rcode"], "NOERROR");
  EXPECT_TRUE(row["zone"].is_null());
  ASSERT_EQ(row["forward"].size(), 2U);
  EXPECT_EQ(row["forward"][1].dump(),
            "{\"name\":\"wrong.example.com\",\"outcome\":\"differs\","
            "\"addresses\":[\"192.31.196.4\"]}");
}

TEST(WorldTruthTest, LooksUpTenNamesAndKeepsFiftyAddresses) {
  const Json many = RowOf("198.51.100.22");
  EXPECT_EQ(many["ptr"].size(), 64U);
  EXPECT_EQ(many["forward"].size(), 10U);
  const Json crowd = RowOf("198.51.100.26");
  const Json& addresses = crowd["forward"][0]["addresses"];
  ASSERT_EQ(addresses.size(), 50U);
  EXPECT_EQ(addresses[48], "192.31.197.49");
  EXPECT_EQ(addresses[49], "198.51.100.26");
}

TEST(WorldTruthTest, TellsWhoDenied) {
  const Json row = RowOf("203.0.113.7");
  EXPECT_EQ(row["zone"], "203.in-addr.arpa");
  EXPECT_EQ(row["zone_mname"], "ns1.apnic.net");
  EXPECT_TRUE(row["ptr"].empty());
  const Json dangling = RowOf("192.0.2.204");
  EXPECT_EQ(dangling["zone"], "192\\04728.2.0.192.in-addr.arpa");
  EXPECT_EQ(dangling["rcode"], "NXDOMAIN");
}

TEST(WorldTruthTest, KnowsNothingOfAFailedLookup) {
  const Json row = RowOf("198.51.100.165");
  EXPECT_TRUE(row["ptr"].is_null());
  EXPECT_TRUE(row["forward"].is_null());
  ASSERT_EQ(row["allowed"].size(), 2U);
  EXPECT_EQ(row["allowed"][1].dump(),
            "{\"status\":\"reverse_timeout\",\"cause\":\"timeout\","
            "\"rcode\":null}");
}

TEST(WorldTruthTest, NamesTheZoneWhenTheAuthorityIsAsked) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.bench = true});
  Case subject{.model = *model, .ip = Address::Of("198.18.1.7")};
  for (uint8_t host = 0; TruthRow(subject)["status"] != "pass"; ++host) {
    subject.ip = Address::Of("198.18.1." + std::to_string(host));
  }
  EXPECT_TRUE(TruthRow(subject)["zone"].is_null());
  subject.asked = Asked::kDirect;
  EXPECT_EQ(TruthRow(subject)["zone"], "18.198.in-addr.arpa");
}

Json IterativeRowOf(const Model& model, const std::string& ip) {
  return TruthRow(
      {.model = model, .ip = Address::Of(ip), .asked = Asked::kIterative});
}

// "status cause: flags @ zone rcode".
std::string BriefWithZone(const Json& row) {
  const auto text = [&row](const char* key) {
    return row[key].is_null() ? std::string("-") : row[key].get<std::string>();
  };
  return Brief(row) + " @ " + text("zone") + " " + text("rcode");
}

constexpr RowCase kIterativeCases[] = {
    {"192.0.2.1", "pass: private_forward @ 2.0.192.in-addr.arpa NOERROR"},
    // Parent and child are on one server: no cut is seen.
    {"192.0.2.56", "reverse_error servfail:  @ 2.0.192.in-addr.arpa SERVFAIL"},
    {"192.0.2.57", "reverse_error lame:  @ 57.2.0.192.in-addr.arpa NOERROR"},
    {"192.0.2.193",
     "pass: classless cname_chain private_forward @ "
     "192\\04728.2.0.192.in-addr.arpa NOERROR"},
    {"192.0.2.204",
     "no_ptr dangling_cname: classless cname_chain @ "
     "192\\04728.2.0.192.in-addr.arpa NXDOMAIN"},
    {"198.51.100.36", "forward_error loop:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.37",
     "forward_error servfail:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.38",
     "forward_error refused:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.39", "forward_error lame:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.40",
     "forward_error ns_unresolvable:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.41",
     "forward_error all_ns_unreachable:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.148",
     "pass: cname_chain private_forward @ example.net NOERROR"},
    {"198.51.100.149", "reverse_error chain_too_long:  @ example.net NOERROR"},
    {"198.51.100.150", "reverse_error loop:  @ example.net NOERROR"},
    {"198.51.100.160",
     "reverse_error lame:  @ 160.100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.161",
     "reverse_error refused:  @ 161.100.51.198.in-addr.arpa REFUSED"},
    {"198.51.100.162",
     "reverse_error servfail:  @ 100.51.198.in-addr.arpa SERVFAIL"},
    {"198.51.100.163",
     "reverse_error lame:  @ 163.100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.164",
     "reverse_timeout all_ns_unreachable:  @ 164.100.51.198.in-addr.arpa -"},
    {"198.51.100.166",
     "reverse_timeout all_ns_unreachable:  @ 166.100.51.198.in-addr.arpa -"},
    {"198.51.100.167",
     "reverse_error ns_unresolvable:  @ 167.100.51.198.in-addr.arpa -"},
    {"198.51.100.168",
     "pass: private_forward @ 168.100.51.198.in-addr.arpa NOERROR"},
    {"198.51.100.170",
     "reverse_error ns_unresolvable:  @ 170.100.51.198.in-addr.arpa -"},
    {"198.51.100.180", "no_ptr nodata:  @ 100.51.198.in-addr.arpa NOERROR"},
    {"198.19.17.1",
     "pass: cname_chain dname private_forward @ example.net NOERROR"},
    {"198.19.33.2", "no_ptr nxdomain:  @ 33.19.198.in-addr.arpa NXDOMAIN"},
    {"203.0.113.7", "undelegated nxdomain:  @ 203.in-addr.arpa NXDOMAIN"},
    // The resolver's own zones are not in the public DNS.
    {"192.168.53.5", "undelegated nxdomain:  @ 192.in-addr.arpa NXDOMAIN"},
    {"127.0.0.1", "undelegated nxdomain:  @ in-addr.arpa NXDOMAIN"},
    {"2001:db8:54::1",
     "reverse_error refused:  @ 4.5.0.0.8.b.d.0.1.0.0.2.ip6.arpa REFUSED"},
};

TEST(WorldTruthTest, SaysWhatTheAuthoritiesSay) {
  const std::unique_ptr<Model> model = BuildWorld(1, {});
  for (const RowCase& row_case : kIterativeCases) {
    EXPECT_EQ(BriefWithZone(IterativeRowOf(*model, row_case.ip)),
              row_case.brief)
        << row_case.ip;
  }
}

TEST(WorldTruthTest, LeavesToTheScanWhatTheContractLeavesOpen) {
  const std::unique_ptr<Model> model = BuildWorld(1, {});
  EXPECT_FALSE(IterativeRowOf(*model, "198.51.100.161").contains("allowed"));
  EXPECT_EQ(IterativeRowOf(*model, "198.51.100.164")["allowed"].dump(),
            "[{\"status\":\"skipped\",\"cause\":\"breaker\"}]");
  EXPECT_EQ(IterativeRowOf(*model, "198.51.100.150")["allowed"].dump(),
            "[{\"zone\":null},{\"zone\":\"net\"}]");
}

constexpr RowCase kIterateCases[] = {
    {"10.20.0.1",
     "pass: classless cname_chain private_forward @ "
     "0\\04725.0.20.10.in-addr.arpa NOERROR"},
    {"10.20.0.5",
     "no_ptr dangling_cname: classless cname_chain @ "
     "0\\04725.0.20.10.in-addr.arpa NXDOMAIN"},
    {"10.20.0.130",
     "pass: classless cname_chain private_forward @ "
     "128-255.0.20.10.in-addr.arpa NOERROR"},
    {"10.20.0.200",
     "pass: cname_chain private_forward @ rewritten.example.net NOERROR"},
    {"10.20.0.210", "no_ptr nxdomain:  @ 0.20.10.in-addr.arpa NXDOMAIN"},
    {"10.20.0.212", "reverse_error loop:  @ example.net NOERROR"},
    {"10.20.0.213",
     "pass: cname_chain private_forward @ rewritten.example.net NOERROR"},
    {"10.20.0.214",
     "reverse_error chain_too_long:  @ rewritten.example.net NOERROR"},
    {"10.20.1.3",
     "pass: cname_chain dname private_forward @ rewritten.example.net "
     "NOERROR"},
    {"10.20.1.70",
     "no_ptr dangling_cname: cname_chain dname @ rewritten.example.net "
     "NXDOMAIN"},
    {"10.20.2.9", "no_ptr nodata:  @ 2.20.10.in-addr.arpa NOERROR"},
    {"10.20.2.77", "pass: private_forward @ 2.20.10.in-addr.arpa NOERROR"},
    {"10.20.2.100",
     "mismatch: near_match private_forward @ 2.20.10.in-addr.arpa NOERROR"},
    {"10.20.3.1",
     "pass: excess_ptr forward_partial multiple_ptr private_forward @ "
     "3.20.10.in-addr.arpa NOERROR"},
    {"10.20.3.2",
     "pass: private_forward ttl_low @ 3.20.10.in-addr.arpa NOERROR"},
    {"10.20.4.9", "reverse_error lame:  @ 4.20.10.in-addr.arpa NOERROR"},
    {"10.20.5.9", "reverse_error lame:  @ 5.20.10.in-addr.arpa NOERROR"},
    {"10.20.6.9", "reverse_error refused:  @ 6.20.10.in-addr.arpa REFUSED"},
    {"10.20.7.9", "reverse_error servfail:  @ 7.20.10.in-addr.arpa SERVFAIL"},
    {"10.20.8.9",
     "reverse_timeout all_ns_unreachable:  @ 8.20.10.in-addr.arpa -"},
    {"10.20.9.9", "reverse_error ns_unresolvable:  @ 9.20.10.in-addr.arpa -"},
    {"10.20.10.9", "reverse_error ns_unresolvable:  @ 10.20.10.in-addr.arpa -"},
    {"10.20.11.9", "reverse_error lame:  @ 11.20.10.in-addr.arpa NOERROR"},
    {"10.20.12.9", "no_ptr nxdomain:  @ - NXDOMAIN"},
    {"10.20.13.9", "pass: private_forward @ 13.20.10.in-addr.arpa NOERROR"},
    {"10.20.14.9", "pass: private_forward @ 14.20.10.in-addr.arpa NOERROR"},
    {"10.20.15.9", "pass: private_forward @ 15.20.10.in-addr.arpa NOERROR"},
    {"10.20.16.30", "pass: private_forward @ 16.20.10.in-addr.arpa NOERROR"},
    {"10.20.16.99", "no_ptr nxdomain:  @ 16.20.10.in-addr.arpa NXDOMAIN"},
    {"10.20.17.9", "pass: private_forward @ 17.20.10.in-addr.arpa NOERROR"},
    {"10.21.3.4", "no_ptr nxdomain:  @ 21.10.in-addr.arpa NXDOMAIN"},
    {"10.32.0.8", "pass: private_forward @ 0.32.10.in-addr.arpa NOERROR"},
    {"10.33.0.8", "no_ptr nxdomain:  @ 33.10.in-addr.arpa NXDOMAIN"},
    {"10.33.3.8", "pass: private_forward @ 33.10.in-addr.arpa NOERROR"},
    {"192.0.0.9", "undelegated nxdomain:  @ 192.in-addr.arpa NXDOMAIN"},
    {"192.168.64.9", "undelegated nxdomain:  @ 192.in-addr.arpa NXDOMAIN"},
};

TEST(WorldTruthTest, SaysWhatDelegationsOfEveryKindComeTo) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  for (const RowCase& row_case : kIterateCases) {
    EXPECT_EQ(BriefWithZone(IterativeRowOf(*model, row_case.ip)),
              row_case.brief)
        << row_case.ip;
  }
}

TEST(WorldTruthTest, KnowsTheTwoAddressesThatAreNotSpecialUse) {
  EXPECT_FALSE(Address::Of("192.0.0.9").IsSpecialUse());
  EXPECT_FALSE(Address::Of("192.0.0.10").IsSpecialUse());
  EXPECT_TRUE(Address::Of("192.0.0.8").IsSpecialUse());
  EXPECT_TRUE(Address::Of("192.0.0.11").IsSpecialUse());
}

TEST(WorldTruthTest, AcceptsWhatEitherOfTwoServersSays) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  const Json row = IterativeRowOf(*model, "10.32.0.9");
  EXPECT_EQ(Joined(row["ptr"]), "unit-qbbb.xcbb.ten.example.net");
  ASSERT_EQ(row["allowed"].size(), 1U);
  EXPECT_EQ(Joined(row["allowed"][0]["ptr"]), "former.ten.example.net");
  EXPECT_EQ(Joined(row["allowed"][0]["confirmed"]), "former.ten.example.net");
}

// With DO=1, as the resolver asks, nothing is absent there.
TEST(WorldTruthTest, DeniesMadeUpNamesInTwoWays) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  Case subject{.model = *model, .ip = Address::Of("10.22.3.250")};
  EXPECT_EQ(Brief(TruthRow(subject)), "no_ptr nodata: ");
  subject.asked = Asked::kIterative;
  EXPECT_EQ(Brief(TruthRow(subject)), "no_ptr nxdomain: ");
}

size_t CountPtr(const Json& truth) {
  const Json& rows = truth["targets"][0]["rows"];
  return static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(),
                    [](const Json& row) { return !row["ptr"].empty(); }));
}

TEST(WorldTruthTest, PopulatesLargeBlocksAsTheirTargetsSay) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  const std::pair<const char*, size_t> wanted[] = {{"iterate-empty", 0},
                                                   {"iterate-online", 3 * 200},
                                                   {"iterate-honest", 40 * 256},
                                                   {"iterate-denied", 8 * 20}};
  for (const auto& [list, count] : wanted) {
    const Json truth =
        TruthOf(*model, {.lists = {list}, .asked = Asked::kIterative});
    EXPECT_EQ(truth["targets"][0]["rows"].size(), 65536U) << list;
    EXPECT_EQ(CountPtr(truth), count) << list;
  }
}

// Everything that a scan through a resolver, with and without labels, can show
// of named targets; what only a scripted server provokes is not here.
constexpr char kShown[] =
    "reverse_error undelegated no_ptr bad_name pass forward_error mismatch "
    "no_forward servfail nxdomain nodata dangling_cname multiple_ptr "
    "excess_ptr cname_chain dname classless ttl_low ttl_high special_use "
    "edge_address local_zone root_name localhost missing_dot self_ptr "
    "arpa_name single_label ip_literal numeric_name illegal_chars "
    "internal_tld underscore generic placeholder_name provider_default "
    "dynamic_name access_name static_name mail_name mac_in_name apex_name idn "
    "unexpected_name expected_ready forward_partial forward_incomplete "
    "cname_target private_forward loopback_forward near_match forward_many "
    "multi_domain";

TEST(WorldTruthTest, ShowsEveryVerdictOfAResolver) {
  std::set<std::string> seen;
  for (const bool with_labels : {false, true}) {
    for (const Json& row : RowsOf(with_labels)) {
      seen.insert(row["status"]);
      if (!row["cause"].is_null()) seen.insert(row["cause"]);
      for (const Json& flag : row["flags"]) seen.insert(flag);
    }
  }
  std::istringstream shown(kShown);
  for (std::string word; shown >> word;) {
    EXPECT_TRUE(seen.contains(word)) << word;
  }
}

// --both-families and --dual-stack.
TEST(WorldTruthTest, SaysWhatTheOtherFamilyBrings) {
  const RowCase cases[] = {
      {"198.51.100.44", "no_forward: other_family_only"},
      {"2001:db8:53::42", "no_forward: other_family_only"},
      {"198.51.100.33", "no_forward: "},
      {"198.51.100.45", "pass: private_forward"},
      {"198.51.100.46", "pass: aaaa_unconfirmed private_forward"},
      {"198.51.100.47", "pass: aaaa_unconfirmed private_forward"},
      {"198.51.100.48", "pass: private_forward"},
      {"2001:db8:55::5", "pass: private_forward"},
  };
  const std::unique_ptr<Model> model = BuildWorld(1, {});
  for (const RowCase& row_case : cases) {
    Case subject{.model = *model, .ip = Address::Of(row_case.ip)};
    subject.with_families = true;
    EXPECT_EQ(Brief(TruthRow(subject)), row_case.brief) << row_case.ip;
  }
}

TEST(WorldTruthTest, HasARowForEveryTarget) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.bench = true});
  const Json truth = TruthOf(*model, {.lists = {"bench"}});
  const Json& rows = truth["targets"][0]["rows"];
  ASSERT_EQ(rows.size(), 65536U);
  EXPECT_EQ(rows[0]["ip"], "198.18.0.0");
  EXPECT_EQ(rows[65535]["ip"], "198.18.255.255");
  const auto passes =
      std::count_if(rows.begin(), rows.end(),
                    [](const Json& row) { return row["status"] == "pass"; });
  EXPECT_NEAR(static_cast<double>(passes) / 65536.0, 0.80, 0.01);
}

TEST(WorldTruthTest, FollowsTheSeed) {
  const TruthOptions options{.lists = {"v4"}};
  const Json first = TruthOf(*BuildWorld(1, {}), options)["targets"];
  EXPECT_EQ(first, TruthOf(*BuildWorld(1, {}), options)["targets"]);
  EXPECT_NE(first, TruthOf(*BuildWorld(2, {}), options)["targets"]);
}

TEST(WorldChoicesTest, GoesThroughEveryCombinationOnce) {
  Choices choices;
  std::vector<std::string> seen;
  do {
    const size_t first = choices.Pick(2);
    const size_t second = first == 0 ? choices.Pick(3) : 9;
    seen.push_back(std::to_string(first) + std::to_string(second));
  } while (choices.Next());
  EXPECT_EQ(seen, (std::vector<std::string>{"00", "01", "02", "19"}));
}

}  // namespace
}  // namespace world
