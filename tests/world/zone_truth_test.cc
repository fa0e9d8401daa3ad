// What is said of zones, and what targets may cost, against values worked out
// by hand from VERDICTS.md 6 and ITERATION.md 2.8.
#include "tests/world/zone_truth.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "tests/world/networks.h"

namespace world {
namespace {

struct ZoneCase {
  const char* apex;
  const char* brief;
};

// "verdict honesty: flags".
std::string Brief(const Model& model, const Zone& zone) {
  std::string text = ZoneVerdict(model, zone) + " " + HonestyOf(model, zone);
  text += ":";
  for (const std::string& flag : ZoneFlags(model, zone)) text += " " + flag;
  return text;
}

TEST(ZoneTruthTest, JudgesZones) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  const ZoneCase cases[] = {
      {"192.in-addr.arpa", "healthy signed: single_ns"},
      {"198.in-addr.arpa", "healthy signed: single_ns"},
      {"203.in-addr.arpa", "healthy unknown: single_ns"},
      {"168.192.in-addr.arpa", "local unknown:"},
      {"100.51.198.in-addr.arpa", "healthy unknown:"},
      {"168.100.51.198.in-addr.arpa", "degraded unknown:"},
      {"0.20.10.in-addr.arpa", "healthy unknown:"},
      {"2.20.10.in-addr.arpa", "healthy unknown: wildcard"},
      {"4.20.10.in-addr.arpa", "lame unknown: single_ns"},
      {"5.20.10.in-addr.arpa", "lame unknown: single_ns"},
      {"6.20.10.in-addr.arpa", "lame unknown: single_ns"},
      {"7.20.10.in-addr.arpa", "lame unknown: single_ns"},
      {"8.20.10.in-addr.arpa", "unreachable unknown:"},
      {"9.20.10.in-addr.arpa", "no_servers unknown: ns_unresolvable single_ns"},
      {"11.20.10.in-addr.arpa", "lame unknown: recursive_ns single_ns"},
      {"12.20.10.in-addr.arpa", "lame unknown: odd_soa single_ns"},
      {"13.20.10.in-addr.arpa", "degraded unknown: ns_mismatch"},
      {"14.20.10.in-addr.arpa", "healthy unknown: single_ns"},
      {"16.20.10.in-addr.arpa", "healthy unknown: no_tcp single_ns"},
      {"17.20.10.in-addr.arpa", "healthy unknown: no_edns no_tcp single_ns"},
      {"21.10.in-addr.arpa", "healthy unknown:"},
      {"22.10.in-addr.arpa", "healthy honest: single_ns"},
      {"30.10.in-addr.arpa", "healthy honest:"},
      {"31.10.in-addr.arpa", "healthy broken: ent_broken single_ns"},
      {"0.32.10.in-addr.arpa", "healthy unknown: serial_mismatch"},
      {"33.10.in-addr.arpa", "healthy signed: single_ns"},
  };
  for (const ZoneCase& zone_case : cases) {
    const Zone* zone = model->FindZone(zone_case.apex);
    ASSERT_NE(zone, nullptr) << zone_case.apex;
    EXPECT_EQ(Brief(*model, *zone), zone_case.brief) << zone_case.apex;
  }
}

TEST(ZoneTruthTest, TellsServersAndSerials) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  for (const Json& zone : ZonesTruth(*model)) {
    if (zone["apex"] == "0.32.10.in-addr.arpa") {
      EXPECT_EQ(zone["parent"], "10.in-addr.arpa");
      EXPECT_EQ(zone["serial_min"], 5);
      EXPECT_EQ(zone["serial_max"], 7);
      EXPECT_EQ(zone["hosts"], 256);
    }
    if (zone["apex"] == "13.20.10.in-addr.arpa") {
      EXPECT_EQ(zone["servers"].dump(),
                R"([{"name":"ns14.example.net","addr":"127.0.53.14",)"
                R"("result":"ok"},{"name":"ns3.example.net",)"
                R"("addr":"127.0.53.3","result":"refused"}])");
    }
  }
}

TEST(ZoneTruthTest, LimitsWhatAScanMaySend) {
  const std::unique_ptr<Model> model = BuildWorld(1, {.iterate = true});
  std::map<std::string, size_t> limits;
  for (const auto& [list, targets] : model->targets()) {
    for (const Json& limit : LimitsTruth(*model, targets)) {
      limits[limit["case"]] = limit["max_queries"];
    }
  }
  const size_t way = 20;
  const std::pair<const char*, size_t> wanted[] = {
      {"10.30.0.0/16", size_t{40} * 257 + size_t{216} * 3 + way},
      {"10.31.0.0/16", size_t{256} * 257 + way},
      {"10.21.0.0/16", size_t{256} * 257 + way},
      {"10.33.0.0/20", size_t{2} * 257 + size_t{14} * 2 + way},
      {"192.168.64.0/20", 6 + way},
      {"192.0.0.0/24", 2 + way},
      {"203.0.113.0/24", 257 + way},
      {"10.32.0.0/24", 258 + way},
      {"10.20.8.0/24", 40 + way},
      // 120 + 8 + 8 aliases, a loop of 2, chains of 11.
      {"10.20.0.0/24", 258 + 136 + 2 + 11 + 11 + way},
      {"10.20.1.0/24", 258 + way},
  };
  for (const auto& [prefix, limit] : wanted) {
    EXPECT_EQ(limits[prefix], limit) << prefix;
  }
  EXPECT_LE(limits["10.30.0.0/16"], 11000U);
  EXPECT_FALSE(limits.contains("10.20.6.0/24"));
}

}  // namespace
}  // namespace world
