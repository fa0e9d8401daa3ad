// What `world check --zones` accepts, and what it does not.
#include "tests/world/check_zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace world {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RowJson Truth() {
  return RowJson::parse(R"({
    "zones": [
      {"apex": "2.0.192.in-addr.arpa", "parent": "192.in-addr.arpa",
       "servers": [{"name": "ns.example.net", "addr": "127.0.53.4",
                    "result": "ok"},
                   {"name": "gone.example.net", "addr": null,
                    "result": "unresolvable"}],
       "verdict": "degraded", "flags": ["ent_broken", "ns_unresolvable"],
       "serial_min": 1, "serial_max": 1},
      {"apex": "128\\04728.2.0.192.in-addr.arpa", "parent": "x",
       "servers": [], "verdict": "lame", "flags": [],
       "serial_min": null, "serial_max": null}],
    "targets": [{"prefix": "192.0.2.0/24", "rows": [
      {"ip": "192.0.2.1", "status": "pass", "zone": "2.0.192.in-addr.arpa"}]},
      {"prefix": "192.0.3.0/24", "rows": [
      {"ip": "192.0.3.1", "status": "undelegated",
       "zone": "192.in-addr.arpa"}]}]})");
}

constexpr char kRow[] =
    R"({"prefix":"192.0.2.0/24","zone":"2.0.192.in-addr.arpa",)"
    R"("parent":"192.in-addr.arpa","verdict":"degraded","cause":null,)"
    R"("ns":["gone.example.net=unresolvable","ns.example.net/127.0.53.4=ok"],)"
    R"("serial_min":1,"serial_max":1,)"
    R"("flags":["ns_special_use","ns_unresolvable"]})";
constexpr char kUndelegated[] =
    R"({"prefix":"192.0.3.0/24","zone":"192.in-addr.arpa",)"
    R"("verdict":"undelegated","cause":null})";

ZonesCheckResult Check(const std::string& rows) {
  std::istringstream stream(rows);
  return CheckZones(stream, Truth(), {"192.0.2.0/23"});
}

std::string Changed(const std::string& from, const std::string& to) {
  std::string row = kRow;
  return row.replace(row.find(from), from.size(), to);
}

TEST(CheckZonesTest, RightRowsAreCounted) {
  const ZonesCheckResult result =
      Check(std::string(kRow) + "\n" + kUndelegated + "\n");
  EXPECT_THAT(result.differences, IsEmpty());
  EXPECT_EQ(result.compared, 1u);
  EXPECT_EQ(result.equal, 1u);
  EXPECT_EQ(result.undelegated, 1u);
}

TEST(CheckZonesTest, EachFieldThatDiffersIsNamed) {
  const struct {
    const char* from;
    const char* to;
    const char* said;
  } cases[] = {
      {"degraded", "healthy", "verdict: truth \"degraded\""},
      {"\"192.in-addr", "\"in-addr", "parent: truth"},
      {"\"serial_min\":1", "\"serial_min\":2", "serial_min: truth 1, row 2"},
      {"127.0.53.4=ok", "127.0.53.4=timeout", "ns: truth"},
      {"ns_unresolvable\"]", "no_tcp\"]", "flags: truth"},
      {"2.0.192.in", "9.0.192.in", "9.0.192.in-addr.arpa: not in the truth"},
  };
  for (const auto& c : cases) {
    const ZonesCheckResult result =
        Check(Changed(c.from, c.to) + "\n" + kUndelegated + "\n");
    ASSERT_FALSE(result.differences.empty()) << c.said;
    EXPECT_THAT(result.differences[0], HasSubstr(c.said));
    EXPECT_EQ(result.equal, 0u);
  }
}

TEST(CheckZonesTest, WhatIsMissingOrTwiceIsTold) {
  EXPECT_THAT(Check(kUndelegated).differences,
              ElementsAre("2.0.192.in-addr.arpa: no row"));
  EXPECT_THAT(Check(kRow).differences,
              ElementsAre("192.0.3.1: no row says undelegated"));
  const std::string twice = std::string(kRow) + "\n" + kRow + "\n";
  EXPECT_THAT(Check(twice + kUndelegated).differences,
              ElementsAre("2.0.192.in-addr.arpa: second row"));
}

}  // namespace
}  // namespace world
