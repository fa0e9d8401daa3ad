#include "scanner/transfer/zone_image.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/transfer/zone_lines.h"
#include "tests/support/packet_builder.h"

namespace scanner {
namespace {

using dnswire::Answer;
using dnswire::Name;
using ::testing::ElementsAre;
using testing_support::Octets;
using testing_support::WireName;
namespace rr = testing_support::rr;

struct Case {
  const char* label;
  std::vector<Line> lines;
  std::string name;
  std::string expected;
};

std::string At(absl::string_view before) {
  return absl::StrCat(before, ".", kApex);
}

void Expect(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(Ask(*ImageOf(c.lines), c.name), c.expected) << c.label;
  }
}

TEST(ZoneImageTest, AnswersExactNames) {
  Expect({
      {"data",
       {{"1", rr::kPtr, "a.example."}},
       "1",
       "data = a.example ttl 3600"},
      {"without case",
       {{"X.1", rr::kPtr, "A.Example."}},
       "x.1",
       "data = a.example ttl 3600"},
      {"the smallest TTL of a set",
       {{"1", rr::kPtr, "a.example.", 60}, {"1", rr::kPtr, "b.example.", 300}},
       "1",
       "data = a.example = b.example ttl 60"},
      {"between neighbours",
       {{"1", rr::kPtr, "a.example."},
        {"10", rr::kPtr, "b.example."},
        {"100", rr::kPtr, "c.example."}},
       "10",
       "data = b.example ttl 3600"},
      {"absent", {{"1", rr::kPtr, "a.example."}}, "2", "nxdomain ttl 600"},
      {"below a name",
       {{"1", rr::kPtr, "a.example."}},
       "x.1",
       "nxdomain ttl 600"},
      {"another type only", {{"1", rr::kA}}, "1", "nodata ttl 600"},
      {"a type that is not kept", {{"1", rr::kTxt}}, "1", "nodata ttl 600"},
      {"several of those",
       {{"1", rr::kTxt}, {"1", 15}, {"2", rr::kPtr, "a.example."}},
       "1",
       "nodata ttl 600"},
      {"an NSEC3 owner does not exist",
       {{"abc", 50}},
       "abc",
       "nxdomain ttl 600"},
      {"nor a signature's", {{"abc", rr::kRrsig}}, "abc", "nxdomain ttl 600"},
      {"empty non-terminal",
       {{"x.y.1", rr::kPtr, "a.example."}},
       "1",
       "nodata ttl 600"},
      {"empty non-terminal below",
       {{"x.y.1", rr::kPtr, "a.example."}},
       "y.1",
       "nodata ttl 600"},
      {"a longer label is no child",
       {{"x.11", rr::kPtr, "a.example."}},
       "1",
       "nxdomain ttl 600"},
      {"the apex", {}, "@", "nodata ttl 600"},
      {"the apex's NS is no cut",
       {{"@", rr::kNs, "ns.example."}, {"1", rr::kPtr, "a.example."}},
       "1",
       "data = a.example ttl 3600"},
  });
}

TEST(ZoneImageTest, FollowsAliases) {
  Expect({
      {"inside",
       {{"1", rr::kCname, "1.0-25", 60}, {"1.0-25", rr::kPtr, "a.example."}},
       "1",
       absl::StrCat("data > ", At("1.0-25"), " = a.example ttl 60")},
      {"out of the zone",
       {{"1", rr::kCname, "1.net.example.", 60}},
       "1",
       "follow > 1.net.example ttl 60"},
      {"to nothing",
       {{"1", rr::kCname, "2", 60}},
       "1",
       absl::StrCat("nxdomain > ", At("2"), " ttl 600")},
      {"to a name without the type",
       {{"1", rr::kCname, "2", 60}, {"2", rr::kA}},
       "1",
       absl::StrCat("nodata > ", At("2"), " ttl 600")},
      {"below a cut",
       {{"1", rr::kCname, "1.sub", 60}, {"sub", rr::kNs, "ns.example."}},
       "1",
       absl::StrCat("follow > ", At("1.sub"), " ttl 60")},
      {"to itself",
       {{"1", rr::kCname, "1"}},
       "1",
       absl::StrCat("loop > ", At("1"), " ttl 3600")},
      {"into a circle",
       {{"1", rr::kCname, "2"}, {"2", rr::kCname, "3"}, {"3", rr::kCname, "2"}},
       "1",
       absl::StrCat("loop > ", At("2"), " > ", At("3"), " > ", At("2"),
                    " ttl 3600")},
      {"twice the same",
       {{"1", rr::kCname, "2"}, {"1", rr::kCname, "2"}, {"2", rr::kPtr, "a."}},
       "1",
       absl::StrCat("data > ", At("2"), " = a ttl 3600")},
      {"two",
       {{"1", rr::kCname, "2"}, {"1", rr::kCname, "3"}},
       "1",
       "malformed"},
      {"beside the type",
       {{"1", rr::kCname, "2"}, {"1", rr::kPtr, "a.example."}},
       "1",
       "malformed"},
  });
}

TEST(ZoneImageTest, CountsHops) {
  std::vector<Line> lines;
  std::vector<std::string> labels;
  for (int i = 0; i <= 12; ++i) labels.push_back(absl::StrCat(i));
  for (size_t i = 0; i < 12; ++i) {
    lines.push_back({labels[i], rr::kCname, labels[i + 1]});
  }
  const auto image = ImageOf(lines);
  EXPECT_THAT(Ask(*image, "1"), testing::StartsWith("nxdomain"));
  EXPECT_THAT(Ask(*image, "0"), testing::StartsWith("too long"));
  dnswire::NameList previous;
  previous.Add(Parsed("1.example"));
  EXPECT_THAT(Ask(*image, "1", rr::kPtr, previous),
              testing::StartsWith("too long"));
  previous.Clear();
  previous.Add(Parsed(InZone("1")));  // the question itself is no hop
  EXPECT_THAT(Ask(*image, "1", rr::kPtr, previous),
              testing::StartsWith("nxdomain"));
  previous.Add(Parsed(InZone("3")));
  EXPECT_THAT(Ask(*image, "1", rr::kPtr, previous),
              testing::StartsWith("loop"));
}

TEST(ZoneImageTest, CountsHopsOfADnameIntoItself) {
  EXPECT_THAT(Ask(*ImageOf({{"sub", rr::kDname, "x.sub"}}), "1.sub"),
              testing::StartsWith("too long"));
}

TEST(ZoneImageTest, SubstitutesBelowADname) {
  const std::string longest = "9." + std::string(63, 'a') + "." +
                              std::string(63, 'b') + "." +
                              std::string(63, 'c') + ".example.";
  Expect({
      {"below",
       {{"@", rr::kDname, "net.example.", 60}},
       "1",
       "follow > 1.net.example dname ttl 60"},
      {"below, deeper",
       {{"sub", rr::kDname, "net.example.", 60}},
       "x.y.sub",
       "follow > x.y.net.example dname ttl 60"},
      {"at its owner",
       {{"sub", rr::kDname, "net.example."}},
       "sub",
       "nodata ttl 600"},
      {"its owner's data",
       {{"sub", rr::kDname, "net.example."}, {"sub", rr::kPtr, "a.example."}},
       "sub",
       "data = a.example ttl 3600"},
      {"what stands below it is hidden",
       {{"sub", rr::kDname, "net.example.", 60},
        {"1.sub", rr::kPtr, "hidden.example."}},
       "1.sub",
       "follow > 1.net.example dname ttl 60"},
      {"into the zone",
       {{"sub", rr::kDname, "to", 60}, {"1.to", rr::kPtr, "a.example."}},
       "1.sub",
       absl::StrCat("data > ", At("1.to"), " dname = a.example ttl 60")},
      {"over 255 octets",
       {{"sub", rr::kDname, longest}},
       absl::StrCat(std::string(63, 'x'), ".sub"),
       "malformed"},
      {"two",
       {{"sub", rr::kDname, "a.example."}, {"sub", rr::kDname, "b.example."}},
       "1.sub",
       "malformed"},
      {"above a cut",
       {{"sub", rr::kDname, "net.example.", 60},
        {"x.sub", rr::kNs, "ns.example."}},
       "1.x.sub",
       "follow > 1.x.net.example dname ttl 60"},
  });
}

TEST(ZoneImageTest, SendsToTheServersBelowACut) {
  const std::vector<Line> lines = {{"sub", rr::kNs, "ns.sub"},
                                   {"ns.sub", rr::kA},
                                   {"1.sub", rr::kPtr, "hidden.example."},
                                   {"x.y.sub", rr::kNs, "deeper.example."},
                                   {"sub0", rr::kPtr, "a.example."}};
  const std::string referral = absl::StrCat("referral at ", At("sub"));
  Expect({{"at it", lines, "sub", referral},
          {"below it", lines, "7.sub", referral},
          {"what stands below it", lines, "1.sub", referral},
          {"glue", lines, "ns.sub", referral},
          {"a cut below a cut", lines, "1.x.y.sub", referral},
          {"its neighbour", lines, "sub0", "data = a.example ttl 3600"},
          {"not its neighbour", lines, "su", "nxdomain ttl 600"}});
}

// The example of RFC 4592 section 2.2.1, and sections 4.2 to 4.5.
TEST(ZoneImageTest, AnswersFromWildcards) {
  const std::vector<Line> lines = {
      {"*.example", rr::kPtr, "wild.test."},
      {"sub.*.example", rr::kTxt},
      {"host1.example", rr::kA},
      {"_ssh.host1.example", rr::kTxt},
      {"_ssh.host2.example", rr::kTxt},
      {"subdel.example", rr::kNs, "ns.test."},
      {"*.alias", rr::kCname, "host3.example", 60},
      {"*.cut", rr::kNs, "ns.test."},
      {"*.dname", rr::kDname, "test."},
      {"a.*.ent", rr::kPtr, "a.test."},
      {"*.other", rr::kTxt},
  };
  const std::string wild = "data = wild.test ttl 3600";
  Expect({
      {"synthesised", lines, "host3.example", wild},
      {"two labels", lines, "foo.bar.example", wild},
      {"the wildcard itself", lines, "*.example", wild},
      {"an existing name", lines, "host1.example", "nodata ttl 600"},
      {"below it", lines, "telnet.host1.example", "nxdomain ttl 600"},
      {"below an empty non-terminal", lines, "x.host2.example",
       "nxdomain ttl 600"},
      {"an empty non-terminal", lines, "host2.example", "nodata ttl 600"},
      {"below a cut", lines, "host.subdel.example",
       absl::StrCat("referral at ", At("subdel.example"))},
      {"below the wildcard", lines, "ghost.*.example", "nxdomain ttl 600"},
      {"not for the encloser", lines, "example", "nodata ttl 600"},
      {"another type", lines, "x.other", "nodata ttl 600"},
      {"an alias", lines, "x.alias",
       absl::StrCat("data > ", At("host3.example"), " = wild.test ttl 60")},
      {"a cut", lines, "x.cut", "referral"},
      {"a DNAME", lines, "x.dname", "referral"},
      {"an empty non-terminal at *", lines, "x.ent", "nodata ttl 600"},
      {"outside", lines, "x", "nxdomain ttl 600"},
  });
}

TEST(ZoneImageTest, AWildcardAtTheApexCoversAll) {
  const std::vector<Line> lines = {{"*", rr::kPtr, "wild.test."},
                                   {"x.200", rr::kPtr, "a.test."}};
  Expect({{"one label", lines, "1", "data = wild.test ttl 3600"},
          {"more", lines, "a.b.c", "data = wild.test ttl 3600"},
          {"not the hole", lines, "200", "nodata ttl 600"},
          {"nor below it", lines, "y.200", "nxdomain ttl 600"}});
}

TEST(ZoneImageTest, TellsLabelsOfAnyOctetsApart) {
  ZoneImage image(Parsed(kApex), kRoom);
  Add({"@", rr::kSoa}, &image);
  std::vector<std::string> labels;
  for (const char* label : {"\\000", "\\000\\000", "\\001", "\\001\\001",
                            "\\002", "a\\000", "a\\.b", "\\255"}) {
    labels.push_back(label);
  }
  for (const std::string& label : labels) {
    Add({label, rr::kPtr, absl::StrCat("t", &label - labels.data(), ".")},
        &image);
  }
  image.Finish();
  for (const std::string& label : labels) {
    EXPECT_EQ(Ask(image, label),
              absl::StrCat("data = t", &label - labels.data(), " ttl 3600"));
  }
  EXPECT_EQ(Ask(image, "\\000\\001"), "nxdomain ttl 600");
  std::vector<std::string> owners;
  image.ForEachRecord(
      [&](dnswire::NameView owner, uint16_t, uint32_t,
          std::span<const uint8_t>) { owners.push_back(owner.ToText()); });
  // In the order of RFC 4034 section 6.1.
  EXPECT_THAT(owners, ElementsAre(kApex, At("\\000"), At("\\000\\000"),
                                  At("\\001"), At("\\001\\001"), At("\\002"),
                                  At("a\\000"), At("a\\046b"), At("\\255")));
}

TEST(ZoneImageTest, HoldsTheLongestNames) {
  std::string longest;  // 233 octets above the apex's 22
  for (int i = 0; i < 116; ++i) absl::StrAppend(&longest, "\\000.");
  longest += kApex;
  const std::string owner = absl::StrCat(longest, ".");
  const auto image = ImageOf({{owner, rr::kPtr, "a.example."}});
  EXPECT_EQ(Ask(*image, owner), "data = a.example ttl 3600");
  EXPECT_THAT(Ask(*image, owner.substr(5)), testing::StartsWith("nodata"));
}

TEST(ZoneImageTest, TellsItsSoaInLowerCase) {
  const auto image = ImageOf({});
  EXPECT_EQ(image->apex().ToText(), kApex);
  EXPECT_EQ(image->serial(), 7u);
  EXPECT_EQ(image->mname().first_label(), "ns");
  Answer answer;
  const Name name = Parsed(InZone("1"));
  image->Resolve({name, rr::kPtr}, {}, &answer);
  ASSERT_TRUE(answer.has_soa);
  EXPECT_EQ(answer.soa_owner.ToText(), kApex);
  EXPECT_TRUE(answer.soa_rname.view().Equals(Parsed("root.example.net")));
  EXPECT_EQ(answer.soa_rname.view().first_label(), "root");
  EXPECT_TRUE(answer.authoritative);
  EXPECT_EQ(answer.rcode, 3);
}

TEST(ZoneImageTest, DoesNotSpeakForWhatLiesBelowACut) {
  const auto image = ImageOf({{"sub", rr::kNs, "ns.example."}});
  Answer answer;
  const Name name = Parsed(InZone("1.sub"));
  image->Resolve({name, rr::kPtr}, {}, &answer);
  EXPECT_FALSE(answer.authoritative);
  EXPECT_FALSE(answer.has_soa);
}

TEST(ZoneImageTest, KnowsItsApexInAnyCase) {
  ZoneImage image(Parsed("2.0.192.IN-ADDR.arpa"), kRoom);
  Add({"@", rr::kSoa}, &image);
  image.Finish();
  EXPECT_EQ(image.apex().first_label(), "2");
  EXPECT_EQ(image.apex().parent().parent().parent().first_label(), "in-addr");
}

TEST(ZoneImageTest, KeepsOneOfManyRecordsThatOnlySayThatANameExists) {
  EXPECT_EQ(ImageOf({{"1", rr::kTxt}, {"1", 15}, {"1", rr::kTxt}})->records(),
            2u);
}

TEST(ZoneImageTest, ANegativeLastsNoLongerThanItsSoa) {
  ZoneImage image(Parsed(kApex), kRoom);
  Add({"@", rr::kSoa, "", 30}, &image);
  image.Finish();
  EXPECT_EQ(Ask(image, "1"), "nxdomain ttl 30");
}

TEST(ZoneImageTest, TellsTheRecordsThatAreItsOwn) {
  const auto image = ImageOf({{"sub", rr::kNs, "ns.sub"},
                              {"sub", 43},
                              {"sub", rr::kPtr, "hidden.example."},
                              {"ns.sub", rr::kA},
                              {"x.sub", rr::kNs, "ns.sub"},
                              {"d", rr::kDname, "net.example."},
                              {"d", rr::kPtr, "a.example."},
                              {"1.d", rr::kPtr, "hidden.example."},
                              {"*.w", rr::kPtr, "b.example."},
                              {"1", rr::kTxt}});
  std::vector<std::string> records;
  image->ForEachRecord([&](dnswire::NameView owner, uint16_t type,
                           uint32_t ttl_s, std::span<const uint8_t> rdata) {
    EXPECT_EQ(ttl_s, 3600u);
    records.push_back(absl::StrCat(owner.ToText(), " ", type, " ",
                                   rdata.empty() ? "-" : "+"));
  });
  EXPECT_THAT(records, ElementsAre(absl::StrCat(kApex, " 6 +"),
                                   absl::StrCat(At("1"), " 16 -"),
                                   absl::StrCat(At("d"), " 12 +"),
                                   absl::StrCat(At("d"), " 39 +"),
                                   absl::StrCat(At("sub"), " 2 +"),
                                   absl::StrCat(At("\\042.w"), " 12 +")));
}

TEST(ZoneImageTest, KeepsToItsRoom) {
  ZoneImage image(Parsed(kApex), 128 << 10);
  Add({"@", rr::kSoa}, &image);
  absl::Status added;
  for (int i = 0; added.ok(); ++i) {
    ASSERT_LT(i, 10000);
    added = image.Add({.owner = Parsed(InZone(absl::StrCat(i))),
                       .type = rr::kPtr,
                       .ttl_s = 1,
                       .rdata = WireName("host.example").octets});
    EXPECT_LE(image.octets(), 128u << 10);
  }
  EXPECT_EQ(added.message(), "more than 131072 octets");
  EXPECT_EQ(added.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(image.records(), 1000u);
}

TEST(ZoneImageTest, ASmallZoneTakesLittle) {
  const auto image = ImageOf({{"1", rr::kPtr, "host.example."},
                              {"2", rr::kPtr, "host.example."},
                              {"3", rr::kNs, "ns.example."}});
  EXPECT_LT(image->octets(), 300u);
}

TEST(ZoneImageTest, HoldsASixteenInAFewMebibytes) {
  ZoneImage image(Parsed("168.192.in-addr.arpa"), kRoom);
  const Octets soa = SoaRdata();
  ASSERT_TRUE(image
                  .Add({.owner = image.apex(),
                        .type = rr::kSoa,
                        .ttl_s = 3600,
                        .rdata = soa})
                  .ok());
  const auto host = [](int i) {
    return absl::StrCat("host-", i / 256, "-", i % 256, ".customer.example");
  };
  const auto owner = [](int i) {
    return absl::StrCat(i % 256, ".", i / 256, ".168.192.in-addr.arpa.");
  };
  for (int i = 0; i < 65536; ++i) {
    const Octets target = WireName(host(i)).octets;
    ASSERT_TRUE(image
                    .Add({.owner = Parsed(owner(i)),
                          .type = rr::kPtr,
                          .ttl_s = 3600,
                          .rdata = target})
                    .ok());
  }
  image.Finish();
  EXPECT_EQ(image.records(), 65537u);
  EXPECT_LT(image.octets(), 4u << 20);
  for (int i = 0; i < 65536; ++i) {
    ASSERT_EQ(Ask(image, owner(i)),
              absl::StrCat("data = ", host(i), " ttl 3600"));
  }
}

}  // namespace
}  // namespace scanner
