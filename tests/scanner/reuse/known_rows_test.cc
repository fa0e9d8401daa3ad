#include "scanner/reuse/known_rows.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/scanner/reuse/known_rows_builder.h"

namespace scanner {
namespace {

constexpr const char* kApex = "2.0.192.in-addr.arpa";

const KnownRow* Find(const KnownRows& rows, const std::string& ip) {
  return rows.Find(*dnswire::IpAddress::Parse(ip));
}

TEST(KnownRowsTest, KeepsTheReversePart) {
  const auto rows = KnownRowsBuilder()
                        .Zone(kApex, 7)
                        .Row("192.0.2.9", kApex, "mail.example")
                        .Row("192.0.2.1", kApex, "")
                        .Row("192.0.2.3", kApex, "",
                             [](io::Row* row) {
                               row->cause = io::Cause::kNxdomain;
                               row->rcode = dnswire::kRcodeNxdomain;
                             })
                        .Build();
  ASSERT_EQ(rows->rows().size(), 3u);
  const KnownRow* const mail = Find(*rows, "192.0.2.9");
  ASSERT_NE(mail, nullptr);
  EXPECT_EQ(mail->reverse, ReverseResult::kData);
  EXPECT_EQ(rows->NamesOf(*mail)[0].ToText(), "mail.example");
  EXPECT_EQ(rows->ServerOf(*mail).ToString(), "192.0.2.53");
  EXPECT_EQ(mail->asked_us, KnownRowsBuilder::kAsked);
  EXPECT_EQ(mail->ttl_s, 3600u);
  EXPECT_EQ(Find(*rows, "192.0.2.1")->reverse, ReverseResult::kNodata);
  EXPECT_EQ(Find(*rows, "192.0.2.3")->reverse, ReverseResult::kNxdomain);
  EXPECT_EQ(Find(*rows, "192.0.2.2"), nullptr);
  EXPECT_EQ(Find(*rows, "192.0.2.10"), nullptr);
  ASSERT_EQ(rows->zones().size(), 1u);
  EXPECT_EQ(rows->zones()[0].rows.size(), 3u);
}

struct RefusedCase {
  const char* label;
  std::function<void(io::Row*)> change;
};

TEST(KnownRowsTest, RefusesWhatMayNotStand) {
  const dnswire::Name other = *dnswire::Name::Parse("3.0.192.in-addr.arpa");
  const RefusedCase cases[] = {
      {"pruned", [](io::Row* row) { row->flags.Add(io::Flag::kPruned); }},
      {"an alias", [](io::Row* row) { row->flags.Add(io::Flag::kCnameChain); }},
      {"a DNAME", [](io::Row* row) { row->flags.Add(io::Flag::kDname); }},
      {"cut", [](io::Row* row) { row->flags.Add(io::Flag::kExcessPtr); }},
      {"stale", [](io::Row* row) { row->flags.Add(io::Flag::kStale); }},
      {"not known", [](io::Row* row) { row->ptr_known = false; }},
      {"names could not be asked",
       [](io::Row* row) { row->status = io::Status::kForwardError; }},
      {"skipped", [](io::Row* row) { row->status = io::Status::kSkipped; }},
      {"no zone", [](io::Row* row) { row->zone.reset(); }},
      {"a zone that is not in the table",
       [&other](io::Row* row) { row->zone = other; }},
      {"no server", [](io::Row* row) { row->server.reset(); }},
      {"another server",
       [](io::Row* row) { row->server = io::Endpoint::Parse("192.0.2.99"); }},
      {"a server that did not tell the serial",
       [](io::Row* row) { row->server = io::Endpoint::Parse("192.0.2.54"); }},
      {"answered before its server told the serial",
       [](io::Row* row) { --row->time_us; }},
  };
  for (const RefusedCase& c : cases) {
    const auto rows = KnownRowsBuilder()
                          .Zone(kApex, 7)
                          .Row("192.0.2.9", kApex, "mail.example", c.change)
                          .Build();
    EXPECT_TRUE(rows->rows().empty()) << c.label;
  }
}

TEST(KnownRowsTest, RefusesANegativeWithAnotherSoa) {
  const dnswire::Name other = *dnswire::Name::Parse("ns9.example");
  const auto rows = KnownRowsBuilder()
                        .Zone(kApex, 7)
                        .Row("192.0.2.9", kApex, "",
                             [&](io::Row* row) { row->zone_mname = other; })
                        .Build();
  EXPECT_TRUE(rows->rows().empty());
}

TEST(KnownRowsTest, RefusesWhatIsTooOld) {
  const auto rows = KnownRowsBuilder(KnownRowsBuilder::kAsked + 1)
                        .Zone(kApex, 7)
                        .Row("192.0.2.9", kApex, "mail.example")
                        .Build();
  EXPECT_TRUE(rows->rows().empty());
}

TEST(KnownRowsTest, ZonesThatCannotBeGoneByAreNotTaken) {
  for (const auto change : {+[](SeenZone* zone) { zone->serial_moved = true; },
                            +[](SeenZone* zone) { zone->serial_lies = true; },
                            +[](SeenZone* zone) { zone->ent_broken = true; },
                            +[](SeenZone* zone) { zone->serial.reset(); }}) {
    SeenZone zone = KnownRowsBuilder::ZoneOf(kApex, 7);
    change(&zone);
    KnownRows rows((absl::UnixEpoch()));
    rows.AddZone(zone);
    EXPECT_TRUE(rows.zones().empty());
    EXPECT_EQ(rows.liars().size(), zone.serial_lies ? 1u : 0u);
  }
}

}  // namespace
}  // namespace scanner
