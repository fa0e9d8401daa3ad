#include "tests/scanner/transfer/zone_lines.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "dnswire/wire.h"

namespace scanner {

using dnswire::Answer;
using dnswire::Name;
using dnswire::Outcome;
using testing_support::Concat;
using testing_support::Octets;
using testing_support::WireName;
namespace rr = testing_support::rr;

namespace {

std::string OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kData:
      return "data";
    case Outcome::kNxdomain:
      return "nxdomain";
    case Outcome::kNodata:
      return "nodata";
    case Outcome::kFollow:
      return "follow";
    case Outcome::kReferral:
      return "referral";
    case Outcome::kMalformed:
      return "malformed";
    case Outcome::kLoop:
      return "loop";
    case Outcome::kChainTooLong:
      return "too long";
    default:
      return "?";
  }
}

}  // namespace

Name Parsed(absl::string_view text) {
  const auto name = Name::Parse(text);
  EXPECT_TRUE(name) << text;
  return name.value_or(Name());
}

std::string InZone(absl::string_view text) {
  if (text == "@") return kApex;
  if (absl::ConsumeSuffix(&text, ".")) return std::string(text);
  return absl::StrCat(text, ".", kApex);
}

Octets SoaRdata(uint32_t minimum) {
  return Concat({WireName("NS.example.net").octets,
                 WireName("root.Example.net").octets,
                 {0, 0, 0, 7},
                 Octets(12, 9),
                 {0, 0, static_cast<uint8_t>(minimum >> 8),
                  static_cast<uint8_t>(minimum)}});
}

void Add(const Line& line, ZoneImage* image) {
  const Octets rdata = line.type == rr::kSoa ? SoaRdata()
                       : line.target.empty()
                           ? Octets{192, 0, 2, 1}
                           : WireName(InZone(line.target)).octets;
  const Name owner = Parsed(InZone(line.owner));
  ASSERT_TRUE(image
                  ->Add({.owner = owner,
                         .type = line.type,
                         .ttl_s = line.ttl_s,
                         .rdata = rdata})
                  .ok());
}

std::unique_ptr<ZoneImage> ImageOf(const std::vector<Line>& lines) {
  auto image = std::make_unique<ZoneImage>(Parsed(kApex), kRoom);
  Add({"@", rr::kSoa}, image.get());
  for (const Line& line : lines) Add(line, image.get());
  image->Finish();
  return image;
}

std::string Ask(const ZoneImage& image, absl::string_view name, uint16_t type,
                dnswire::NameListView previous) {
  const Name asked = Parsed(InZone(name));
  const dnswire::Question question = {asked, type};
  Answer answer;
  image.Resolve(question, previous, &answer);
  std::string text = OutcomeName(answer.outcome);
  for (const dnswire::NameView hop : answer.chain.view()) {
    absl::StrAppend(&text, " > ", hop.ToText());
  }
  if (answer.dname) absl::StrAppend(&text, " dname");
  if (answer.outcome == Outcome::kData) {
    image.ForEachData(question, answer, [&](std::span<const uint8_t> rdata) {
      absl::StrAppend(&text, " = ",
                      type == rr::kPtr
                          ? dnswire::NameView::FromValidWire(rdata).ToText()
                          : testing_support::ToHex(rdata));
    });
  }
  if (answer.outcome == Outcome::kReferral && answer.has_ns_owner) {
    absl::StrAppend(&text, " at ", answer.ns_owner.ToText());
  }
  if (answer.has_ttl) absl::StrAppend(&text, " ttl ", answer.ttl_s);
  return text;
}

}  // namespace scanner
