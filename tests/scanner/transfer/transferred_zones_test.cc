#include "scanner/transfer/transferred_zones.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "tests/scanner/transfer/zone_lines.h"

namespace scanner {
namespace {

namespace rr = testing_support::rr;

dnswire::IpAddress Address(absl::string_view text) {
  return *dnswire::IpAddress::Parse(text);
}

void AddZone(absl::string_view prefix_text, TransferredZones* zones) {
  const auto prefix = *dnswire::IpPrefix::Parse(prefix_text);
  auto image =
      std::make_unique<ZoneImage>(dnswire::ReverseZoneName(prefix), kRoom);
  const auto rdata = SoaRdata();
  const dnswire::Name apex(image->apex());
  ASSERT_TRUE(
      image->Add({.owner = apex, .type = rr::kSoa, .ttl_s = 1, .rdata = rdata})
          .ok());
  image->Finish();
  zones->Add(prefix, {.server = {}, .image = std::move(image)});
}

std::string FoundFor(const TransferredZones& zones, absl::string_view address) {
  const TransferredZone* const zone = zones.Find(Address(address));
  return zone == nullptr ? "none" : zone->image->apex().ToText();
}

TEST(TransferredZonesTest, FindsTheDeepestZone) {
  TransferredZones zones;
  EXPECT_TRUE(zones.empty());
  EXPECT_EQ(FoundFor(zones, "192.0.2.1"), "none");
  for (const char* prefix : {"10.0.0.0/8", "10.1.2.0/24", "10.1.0.0/16",
                             "192.0.2.7/32", "2001:db8::/32"}) {
    AddZone(prefix, &zones);
  }
  EXPECT_FALSE(zones.empty());
  EXPECT_EQ(FoundFor(zones, "10.1.2.3"), "2.1.10.in-addr.arpa");
  EXPECT_EQ(FoundFor(zones, "10.1.3.3"), "1.10.in-addr.arpa");
  EXPECT_EQ(FoundFor(zones, "10.2.2.3"), "10.in-addr.arpa");
  EXPECT_EQ(FoundFor(zones, "192.0.2.7"), "7.2.0.192.in-addr.arpa");
  EXPECT_EQ(FoundFor(zones, "192.0.2.8"), "none");
  EXPECT_EQ(FoundFor(zones, "2001:db8::1"), "8.b.d.0.1.0.0.2.ip6.arpa");
  EXPECT_EQ(FoundFor(zones, "2001:db9::1"), "none");
  EXPECT_EQ(FoundFor(zones, "::a00:1"), "none") << "another family";
}

TEST(TransferredZonesTest, FindsTheZoneOfAPrefix) {
  TransferredZones zones;
  AddZone("2001:db8::/32", &zones);
  AddZone("2001:db8:a::/48", &zones);
  const auto found = [&zones](absl::string_view prefix) {
    const TransferredZone* const zone =
        zones.Find(*dnswire::IpPrefix::Parse(prefix));
    return zone == nullptr ? "none" : zone->image->apex().ToText();
  };
  constexpr char kParent[] = "8.b.d.0.1.0.0.2.ip6.arpa";
  const std::string child = absl::StrCat("a.0.0.0.", kParent);
  EXPECT_EQ(found("2001:db8::/28"), "none") << "a zone is not above its apex";
  EXPECT_EQ(found("2001:db8::/32"), kParent);
  EXPECT_EQ(found("2001:db8::/44"), kParent);
  EXPECT_EQ(found("2001:db8:a::/48"), child);
  EXPECT_EQ(found("2001:db8:a::1/128"), child);
  EXPECT_EQ(found("2001:db8:b::/48"), kParent);
  EXPECT_EQ(found("192.0.2.0/24"), "none");
}

TEST(TransferredZonesTest, SaysNothingOfWhatHasToBeAsked) {
  TransferredZones zones;
  zones.Add(*dnswire::IpPrefix::Parse("192.0.2.0/24"),
            {.server = {},
             .image = ImageOf({{"1", rr::kPtr, "a.example."},
                               {"2", rr::kTxt},
                               {"4", rr::kCname, "4.sub"},
                               {"4.sub", rr::kPtr, "b.example."},
                               {"5", rr::kNs, "ns.example."},
                               {"6", rr::kCname, "6.example."},
                               {"7", rr::kCname, "7"},
                               {"8", rr::kCname, "x.5"}})});
  using enum dnswire::Outcome;
  const struct {
    const char* address;
    std::optional<dnswire::Outcome> outcome;
  } cases[] = {
      {"192.0.2.1", kData},        {"192.0.2.2", kNodata},
      {"192.0.2.3", kNxdomain},    {"192.0.2.4", kData},
      {"192.0.2.5", std::nullopt}, {"192.0.2.6", std::nullopt},
      {"192.0.2.7", std::nullopt}, {"192.0.2.8", std::nullopt},
      {"192.0.3.1", std::nullopt},
  };
  for (const auto& c : cases) {
    dnswire::Answer answer;
    const bool told = zones.Ask(Address(c.address), &answer) != nullptr;
    EXPECT_EQ(told, c.outcome.has_value()) << c.address;
    if (!told || !c.outcome) continue;
    EXPECT_EQ(answer.outcome, *c.outcome) << c.address;
  }
}

}  // namespace
}  // namespace scanner
