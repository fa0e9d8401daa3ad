// The truth for `ptrsweep walk` against what ITERATION.md says of each case,
// stated by hand.
#include "tests/world/walk/walk_truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/world/networks.h"
#include "tests/world/walk/nibbles.h"

namespace world {
namespace {

const Json& CaseNamed(const std::string& name) {
  static const Json truth = WalkTruthOf(*BuildWorld(1, {.walk = true}));
  for (const Json& walked : truth["cases"]) {
    if (walked["name"] == name) return walked;
  }
  ADD_FAILURE() << "no case " << name;
  return truth["cases"][0];
}

// "KIND PREFIX", in order; those that need not be there in brackets.
std::multiset<std::string> FindingsOf(const Json& walked) {
  std::multiset<std::string> findings;
  for (const Json& finding : walked["findings"]) {
    std::string text = finding["kind"].get<std::string>() + " " +
                       finding["prefix"].get<std::string>();
    if (finding.contains("optional")) text.insert(0, "[").append("]");
    findings.insert(std::move(text));
  }
  return findings;
}

size_t CountKind(const Json& walked, const std::string& kind, bool optional) {
  size_t count = 0;
  for (const Json& finding : walked["findings"]) {
    const bool counts =
        finding["kind"] == kind && finding.contains("optional") == optional;
    if (counts) ++count;
  }
  return count;
}

const Json* FindFinding(const Json& walked, const std::string& kind) {
  for (const Json& finding : walked["findings"]) {
    if (finding["kind"] == kind) return &finding;
  }
  return nullptr;
}

struct FindingsCase {
  const char* name;
  size_t hosts;
  bool complete;
  std::multiset<std::string> findings;
};

const FindingsCase kCases[] = {
    {"a001",
     50,
     true,
     {"[cut 2001:db8:a001::/48]", "synthesized 2001:db8:a001:5000::/52"}},
    {"a002",
     200,
     false,
     {"[cut 2001:db8:a002::/48]", "ent_broken 2001:db8:a002::/48"}},
    {"a004", 0, false, {"[cut 2001:db8:a004::/48]", "lame 2001:db8:a004::/48"}},
    {"a005",
     0,
     false,
     {"[cut 2001:db8:a005::/48]", "unreachable 2001:db8:a005::/48"}},
    {"a006", 0, false, {"[cut 2001:db8:a006::/48]", "lame 2001:db8:a006::/48"}},
    {"a007",
     508,
     true,
     {"[cut 2001:db8:a007::/48]", "cut 2001:db8:a007:c100::/56",
      "cut 2001:db8:a007:c200::/56", "wildcard 2001:db8:a007:d000::/52",
      "wildcard_hole 2001:db8:a007:d100::/56"}},
    {"a008", 497, true, {"[cut 2001:db8:a008::/48]"}},
    {"a009",
     60,
     false,
     {"[cut 2001:db8:a009::/48]", "ent_broken 2001:db8:a009::/48"}},
    {"a00c", 20, true, {"redirect 2001:db8:a00c::/48"}},
    {"a00d",
     10,
     true,
     {"[cut 2001:db8:a00d::/48]", "[redirect 2001:db8:a00d:1000::/52]",
      "redirect_loop 2001:db8:a00d:1000::/52"}},
    {"a00f", 16, true, {"[cut 2001:db8:a00f::/48]"}},
    {"a010", 60, true, {"[cut 2001:db8:a010::/48]"}},
    {"a011", 60, true, {"[cut 2001:db8:a011::/48]"}},
    {"a012", 60, true, {"[cut 2001:db8:a012::/48]"}},
    {"a013",
     40,
     true,
     {"[cut 2001:db8:a013::/48]", "cut 2001:db8:a013:7000::/52"}},
    {"a015",
     40,
     false,
     {"[cut 2001:db8:a015::/48]", "ent_broken 2001:db8:a015::/48"}},
    {"a016", 500, true, {"[cut 2001:db8:a016::/48]"}},
    {"a017", 0, true, {"[cut 2001:db8:a017::/48]", "empty 2001:db8:a017::/48"}},
    {"a018", 32, true, {"[cut 2001:db8:a018::/48]"}},
    {"a019", 0, false, {"[cut 2001:db8:a019::/48]", "lame 2001:db8:a019::/48"}},
    {"a01a",
     0,
     false,
     {"[cut 2001:db8:a01a::/48]", "no_servers 2001:db8:a01a::/48"}},
    {"a01b", 500, true, {"[cut 2001:db8:a01b::/48]"}},
    {"a020", 491, true, {"[cut 2001:db8:a020::/48]"}},
    {"undelegated", 0, true, {"undelegated 3fff::/20"}},
    {"absent", 0, true, {"empty 2001:db8:a017:1::/64"}},
    {"absent-signed", 0, true, {"empty 2001:db8:a007:e000::/52"}},
    {"made-up", 0, true, {"synthesized 2001:db8:a001:5100::/56"}},
    {"p33",
     1684,
     false,
     {"cut 2001:db8:53::/48", "[cut 2001:db8:54::/48]", "lame 2001:db8:54::/48",
      "cut 2001:db8:55::/48"}},
    {"p60", 49, true, {}},
    {"p124", 7, true, {}},
    {"p128", 1, true, {}},
};

TEST(WalkTruthTest, HasTheFindingsOfTheContractForEachBlock) {
  for (const FindingsCase& wanted : kCases) {
    const Json& walked = CaseNamed(wanted.name);
    EXPECT_EQ(walked["hosts"].size(), wanted.hosts) << wanted.name;
    EXPECT_EQ(walked["complete"], wanted.complete) << wanted.name;
    EXPECT_EQ(FindingsOf(walked), wanted.findings) << wanted.name;
  }
}

TEST(WalkTruthTest, HasEachWildcardAndEachOfItsHoles) {
  const auto count = [](const char* name, const char* kind,
                        bool optional = false) {
    return CountKind(CaseNamed(name), kind, optional);
  };
  EXPECT_EQ(count("a003", "wildcard"), 1U);
  EXPECT_EQ(count("a003", "wildcard_hole"), 3U);  // /52 0, 1 and 2
  EXPECT_EQ(count("a00a", "wildcard"), 1U);
  EXPECT_EQ(count("a00b", "wildcard"), 256U);
  EXPECT_EQ(count("a00b", "wildcard_hole"), 16U);
  EXPECT_EQ(count("a00e", "wildcard"), 1U);
  EXPECT_EQ(count("a014", "wildcard"), 0U);
  EXPECT_EQ(count("a014", "wildcard", /*optional=*/true), 4096U);
  EXPECT_EQ(count("a014", "wildcard_dense"), 1U);
  EXPECT_EQ(count("a00b", "wildcard_dense"), 0U);
}

TEST(WalkTruthTest, NamesTheZoneAndTheCauseOfAFault) {
  const std::map<std::string, std::string> causes = {
      {"a004", "refused"},
      {"a005", "all_ns_unreachable"},
      {"a006", "servfail"},
      {"a019", "lame"},
      {"a01a", "ns_unresolvable"}};
  for (const auto& [name, cause] : causes) {
    const Json& finding = CaseNamed(name)["findings"][1];
    EXPECT_EQ(finding["causes"], Json::array({cause})) << name;
    EXPECT_EQ(finding["zone"], name.substr(3) + "." + name.substr(2, 1) + "." +
                                   name.substr(1, 1) +
                                   ".a.8.b.d.0.1.0.0.2.ip6.arpa")
        << name;
  }
  EXPECT_EQ((*FindFinding(CaseNamed("a013"), "cut"))["zone"],
            "8.b.d.0.1.0.0.2.ip6.arpa");
  EXPECT_EQ(CaseNamed("a013")["findings"][1]["zone"],
            "3.1.0.a.8.b.d.0.1.0.0.2.ip6.arpa");
  EXPECT_EQ((*FindFinding(CaseNamed("undelegated"), "undelegated"))["zone"],
            "ip6.arpa");
}

TEST(WalkTruthTest, TheWholePrefixHasWhatItsBlocksHave) {
  const Json& all = CaseNamed("all");
  // 64 blocks of its own and the networks 53 and 55 on top.
  size_t hosts = 64 * 32 + 20;
  std::multiset<std::string> faults;
  for (unsigned number = 0xa001; number <= 0xa020; ++number) {
    if (number > 0xa01b && number < 0xa020) continue;
    const Json& block = CaseNamed("a" + [&] {
      char text[4];
      std::snprintf(text, sizeof text, "%03x", number & 0xfff);
      return std::string(text);
    }());
    hosts += block["hosts"].size();
    for (const std::string& finding : FindingsOf(block)) {
      if (!finding.starts_with("[cut")) faults.insert(finding);
    }
  }
  std::multiset<std::string> found;
  for (const std::string& finding : FindingsOf(all)) {
    const bool cut = finding.find("cut ") != std::string::npos;
    if (!cut || finding.ends_with("/52") || finding.ends_with("/56")) {
      found.insert(finding);
    }
  }
  faults.insert("lame 2001:db8:54::/48");
  EXPECT_EQ(found, faults);
  EXPECT_EQ(all["hosts"].size(), hosts);
}

// Distinct beginnings of the hosts' 32 nibbles.
size_t BeginningsOf(const Json& hosts, size_t shortest) {
  std::set<std::string> beginnings;
  for (const Json& row : hosts) {
    const std::string name =
        Address::Of(row["ip"].get<std::string>()).ReverseName();
    std::string nibbles;
    for (size_t i = 64; i > 0; i -= 2) nibbles.push_back(name[i - 2]);
    for (size_t length = shortest; length < 32; ++length) {
      beginnings.insert(nibbles.substr(0, length));
    }
  }
  return beginnings.size();
}

TEST(WalkTruthTest, CountsNodesAndWhatTheyCost) {
  for (const char* name : {"a020", "a018", "a001"}) {
    const Json& walked = CaseNamed(name);
    EXPECT_EQ(walked["nodes"], BeginningsOf(walked["hosts"], 12)) << name;
  }
  const size_t clean = CaseNamed("a020")["nodes"];
  EXPECT_EQ(CaseNamed("a020")["limit"], 1 + 16 * clean + 4);
  const size_t beside = CaseNamed("a001")["nodes"];
  EXPECT_EQ(CaseNamed("a001")["limit"], 50 + 1 + 16 * beside + 4);
  EXPECT_EQ(CaseNamed("a008")["limit"], 5 * 497);
  // 500 by NSEC; two zones of 4 hosts, /56 down to ::1 to ::4.
  EXPECT_EQ(CaseNamed("a007")["limit"], 1025 + 2 * (1 + 16 * 18 + 4));
  EXPECT_EQ(CaseNamed("a017")["limit"], 1 + 16 + 4 + 20);
  EXPECT_EQ(CaseNamed("p124")["limit"], 1 + 16 + 4);
  EXPECT_EQ(CaseNamed("absent")["limit"], 1 + 4 + 20);
  EXPECT_EQ(CaseNamed("made-up")["limit"], 1 + 4 + 50);
  const size_t short_names = CaseNamed("a00f")["nodes"];
  EXPECT_EQ(CaseNamed("a00f")["limit"], 1 + 16 * short_names + 4 + 2);
  EXPECT_EQ(CaseNamed("p60")["nodes"],
            BeginningsOf(CaseNamed("p60")["hosts"], 15));
  for (const char* name : {"all", "a002", "a005", "a014", "a016"}) {
    EXPECT_TRUE(CaseNamed(name)["limit"].is_null()) << name;
  }
}

// The contract's figures are for zones in which each host takes 44 to 50
// questions of one who knows nothing before he asks.
TEST(WalkTruthTest, TheLargeBlocksAreAsDenseAsTheContractsFiguresWant) {
  for (const char* name : {"a007", "a008", "a020"}) {
    const size_t nodes = CaseNamed(name)["nodes"];
    const size_t hosts = CaseNamed(name)["hosts"].size();
    EXPECT_GE(16 * nodes, 44 * hosts) << name;
    EXPECT_LE(16 * nodes, 50 * hosts) << name;
  }
}

TEST(WalkTruthTest, SaysWhichHostsNoWalkNeedFind) {
  EXPECT_EQ(CaseNamed("a002")["may_miss"].size(), 200U);
  EXPECT_EQ(CaseNamed("a009")["may_miss"].size(), 60U);
  // Of ten whose empty non-terminals are denied five are known.
  EXPECT_EQ(CaseNamed("a015")["may_miss"].size(), 5U);
  const std::string known = KnownAddressesText(*BuildWorld(1, {.walk = true}));
  EXPECT_EQ(std::count(known.begin(), known.end(), '\n'), 5);
  for (const Json& ip : CaseNamed("a015")["may_miss"]) {
    EXPECT_EQ(known.find(ip.get<std::string>() + "\n"), std::string::npos);
  }
  EXPECT_EQ(CaseNamed("all")["may_miss"].size(), 265U);
  EXPECT_TRUE(CaseNamed("a020")["may_miss"].empty());
}

TEST(WalkTruthTest, BehindARedirectAHostIsItsAddress) {
  const Json& row = CaseNamed("a00c")["hosts"][0];
  EXPECT_EQ(row["ip"], "2001:db8:a00c:21::5");
  EXPECT_EQ(row["zone"], "tree.six.example.net");
  const Json& flags = row["flags"];
  EXPECT_NE(std::find(flags.begin(), flags.end(), "dname"), flags.end());
}

TEST(WalkNibblesTest, GoesFromPrefixesToNamesAndBack) {
  const Prefix prefix = Prefix::Of("2001:db8:a020::/44");
  EXPECT_EQ(NameOf(prefix), "2.0.a.8.b.d.0.1.0.0.2.ip6.arpa");
  const auto back = PrefixOfName("2.0.a.8.b.d.0.1.0.0.2.ip6.arpa");
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(TextOf(*back), "2001:db8:a020::/44");
  EXPECT_EQ(TextOf(*PrefixOfName("ip6.arpa")), "::/0");
  const std::string full = Address::Of("2001:db8::1").ReverseName();
  EXPECT_EQ(TextOf(*PrefixOfName(full)), "2001:db8::1/128");
  for (const std::string& name :
       {std::string("arpa"), std::string("10.2.ip6.arpa"),
        std::string("g.2.ip6.arpa"), "0." + full}) {
    EXPECT_FALSE(PrefixOfName(name).has_value()) << name;
  }
}

TEST(WalkNibblesTest, EntersAPrefixAtWholeNibbles) {
  const auto starts = [](const std::string& prefix) {
    std::vector<std::string> texts;
    for (const Prefix& start : StartsOf(Prefix::Of(prefix))) {
      texts.push_back(TextOf(start));
    }
    return texts;
  };
  EXPECT_EQ(starts("2001:db8::/32"), std::vector<std::string>{"2001:db8::/32"});
  const std::vector<std::string> of_29 = starts("2001:db8::/29");
  ASSERT_EQ(of_29.size(), 8U);
  EXPECT_EQ(of_29.front(), "2001:db8::/32");
  EXPECT_EQ(of_29.back(), "2001:dbf::/32");
  const std::vector<std::string> of_35 = starts("2001:db8:8000::/35");
  ASSERT_EQ(of_35.size(), 2U);
  EXPECT_EQ(of_35.back(), "2001:db8:9000::/36");
}

}  // namespace
}  // namespace world
