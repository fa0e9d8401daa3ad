#include "scanner/walk/nsec_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/dnswire/dnssec/rdata.h"
#include "tests/support/packet_builder.h"

namespace scanner {
namespace {

using dnswire::Message;
using dnswire::Name;
using testing_support::Concat;
using testing_support::Label;
using testing_support::NsecRdata;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::WireName;
namespace rr = testing_support::rr;

constexpr char kApex[] = "8.b.d.0.1.0.0.2.ip6.arpa";
const std::set<uint16_t> kApexTypes = {rr::kNs, rr::kSoa, rr::kNsec};

std::string In(const std::string& labels, const std::string& apex = kApex) {
  return labels.empty() ? apex : absl::StrCat(labels, ".", apex);
}

struct Link {
  WireName owner;
  WireName next;
  std::set<uint16_t> types = {rr::kPtr};
};

// What the zone `apex` denies by the records, in that order.
Octets Denial(const std::vector<Link>& links, uint16_t type = rr::kNsec) {
  PacketBuilder builder;
  builder.Response().Aa().Rcode(3).Question(In("x"), rr::kPtr).Authority();
  builder.Soa(kApex, "ns.test", "root.test").Rrsig(kApex, rr::kSoa);
  for (const Link& link : links) {
    builder.Record(link.owner, type, NsecRdata(link.next, link.types));
    builder.Rrsig(link.owner, type);
  }
  return builder.Build();
}

std::string Text(const std::optional<ChainLink>& link) {
  if (!link) return "none";
  return absl::StrCat(link->owner.ToText(), " > ", link->next.ToText(),
                      link->is_last ? " last" : "");
}

std::string Read(const Octets& octets, const std::string& cur,
                 const std::string& apex = kApex) {
  return Text(ReadChainLink(Message::Parse(octets), *Name::Parse(apex),
                            *Name::Parse(cur)));
}

std::string ReadFirst(const Octets& octets, const std::string& start,
                      const std::string& apex = kApex) {
  return Text(ReadFirstChainLink(Message::Parse(octets), *Name::Parse(apex),
                                 *Name::Parse(start)));
}

std::string Question(const std::string& cur, ChainSide side) {
  const auto name = ChainQuestion(*Name::Parse(cur), side);
  return name ? name->ToText() : "none";
}

TEST(ChainQuestionTest, AsksRightBelowOrBehindAName) {
  EXPECT_EQ(Question(In("1.2"), ChainSide::kBelow), In("\\032.1.2"));
  EXPECT_EQ(Question(In("1.2"), ChainSide::kBehind), In("1\\032.2"));
  EXPECT_EQ(Question(In("*.2"), ChainSide::kBehind), In("\\042\\032.2"));
  EXPECT_EQ(Question(kApex, ChainSide::kBelow), In("\\032"));
  EXPECT_EQ(Question(".", ChainSide::kBelow), "\\032");
  EXPECT_EQ(Question(".", ChainSide::kBehind), "none");
}

TEST(ChainQuestionTest, SortsBetweenANameAndAllThatFollow) {
  const Name cur = *Name::Parse(In("5"));
  const Name below = *ChainQuestion(cur, ChainSide::kBelow);
  const Name behind = *ChainQuestion(cur, ChainSide::kBehind);
  EXPECT_LT(cur.view().CompareCanonical(below), 0);
  for (const char* deeper : {"*.5", "-.5", "0.5", "f.5", "0-127.5"}) {
    const Name name = *Name::Parse(In(deeper));
    EXPECT_LT(below.view().CompareCanonical(name), 0) << deeper;
    EXPECT_LT(name.view().CompareCanonical(behind), 0) << deeper;
  }
  for (const char* later : {"5-", "6", "50", "_5"}) {
    const Name name = *Name::Parse(In(later));
    EXPECT_LT(behind.view().CompareCanonical(name), 0) << later;
  }
}

TEST(ChainQuestionTest, WhatIsTooLongIsNone) {
  const std::string full(63, 'a');
  EXPECT_EQ(Question(In(full), ChainSide::kBehind), "none");
  EXPECT_EQ(Question(In(full.substr(1)), ChainSide::kBehind),
            In(full.substr(1) + "\\032"));
  const auto of_size = [](size_t size) {
    return Name(
        dnswire::NameView::FromValidWire(testing_support::NameOfSize(size)));
  };
  EXPECT_TRUE(ChainQuestion(of_size(253), ChainSide::kBelow).has_value());
  EXPECT_FALSE(ChainQuestion(of_size(254), ChainSide::kBelow).has_value());
}

TEST(ReadChainLinkTest, FindsTheRecordInEveryOrder) {
  // As of an NXDOMAIN: the covering record, the one that denies a wildcard,
  // and one more.
  std::vector<int> order = {0, 1, 2};
  const std::vector<Link> links = {{In("1.2"), In("7.2")},
                                   {In("2"), In("1.2")},
                                   {kApex, In("2"), kApexTypes}};
  do {
    std::vector<Link> shuffled;
    shuffled.reserve(order.size());
    for (const int i : order) shuffled.push_back(links[static_cast<size_t>(i)]);
    const Octets octets = Denial(shuffled);
    EXPECT_EQ(Read(octets, In("1.2")), In("1.2") + " > " + In("7.2"));
    EXPECT_EQ(Read(octets, In("2")), In("2") + " > " + In("1.2"));
    EXPECT_EQ(Read(octets, kApex), std::string(kApex) + " > " + In("2"));
    EXPECT_EQ(Read(octets, In("7.2")), "none");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(ReadChainLinkTest, TellsTheTypes) {
  struct Case {
    std::set<uint16_t> types;
    NameTypes expected;
  };
  for (const Case& test :
       {Case{{rr::kPtr, rr::kRrsig}, {.ptr = true}},
        Case{{rr::kCname}, {.cname = true}}, Case{{rr::kNs}, {.ns = true}},
        Case{{rr::kNs, rr::kDs}, {.ns = true, .ds = true}},
        Case{{rr::kDname, rr::kTxt}, {.dname = true}}, Case{{rr::kTxt}, {}}}) {
    const auto link =
        ReadChainLink(Message::Parse(Denial({{In("1"), In("2"), test.types}})),
                      *Name::Parse(kApex), *Name::Parse(In("1")));
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->types, test.expected);
    EXPECT_EQ(link->types.is_cut(), test.types.contains(rr::kNs));
  }
}

TEST(ReadChainLinkTest, GivesLowerCaseWhateverIsSent) {
  const Octets octets =
      Denial({{"A.8.B.D.0.1.0.0.2.IP6.ARPA", "B.8.B.D.0.1.0.0.2.IP6.ARPA"}});
  const auto link = ReadChainLink(Message::Parse(octets),
                                  *Name::Parse("8.b.D.0.1.0.0.2.ip6.arpa"),
                                  *Name::Parse(In("a")));
  ASSERT_TRUE(link.has_value());
  const auto wire = [](const Name& name) {
    const auto octets_of_it = name.view().wire();
    return Octets(octets_of_it.begin(), octets_of_it.end());
  };
  EXPECT_EQ(wire(link->owner), WireName(In("a")).octets);
  EXPECT_EQ(wire(link->next), WireName(In("b")).octets);
}

TEST(ReadChainLinkTest, TheChainEndsAtTheApex) {
  EXPECT_EQ(Read(Denial({{In("f"), kApex}}), In("f")),
            In("f") + " > " + kApex + " last");
  EXPECT_EQ(Read(Denial({{kApex, kApex, kApexTypes}}), kApex),
            std::string(kApex) + " > " + kApex + " last");
}

TEST(ReadChainLinkTest, ALinkThatLeadsNowhereIsNone) {
  for (const std::string& next :
       {In("5"), In("4"), In("f.4"), std::string("ip6.arpa"),
        std::string("9.b.d.0.1.0.0.2.ip6.arpa"), std::string("example.net")}) {
    EXPECT_EQ(Read(Denial({{In("5"), next}}), In("5")), "none") << next;
  }
  EXPECT_EQ(Read(Denial({{In("1.5"), In("6")}}), In("5")), "none");
  EXPECT_EQ(Read(Denial({}), In("5")), "none");
}

// RFC 4470: such a chain has no end.
TEST(ReadChainLinkTest, ARecordMadeForTheQuestionIsNone) {
  const WireName next = Concat(
      {Label(std::string(1, '\0')), Label(" "), WireName(In("5")).octets});
  EXPECT_EQ(Read(Denial({{In("5"), next}}), In("5")), "none");
}

// One server for a zone and its child answers from the child.
TEST(ReadChainLinkTest, AChildsRecordAtTheCutIsNotOurs) {
  const Link childs = {In("5"), In("1.5"), kApexTypes};
  const Link ours = {In("5"), In("6"), {rr::kNs, rr::kDs}};
  EXPECT_EQ(Read(Denial({childs}), In("5")), "none");
  EXPECT_EQ(Read(Denial({childs, ours}), In("5")), In("5") + " > " + In("6"));
  EXPECT_EQ(Read(Denial({ours, childs}), In("5")), In("5") + " > " + In("6"));
  // Asked at the child it is, and the parent's is not.
  EXPECT_EQ(Read(Denial({ours, childs}), In("5"), In("5")),
            In("5") + " > " + In("1.5"));
  EXPECT_EQ(Read(Denial({ours}), In("5"), In("5")), "none");
  EXPECT_EQ(Read(Denial({{kApex, In("4"), {rr::kNs}}}), kApex), "none");
}

TEST(ReadChainLinkTest, OfTwoTheNearerIsTaken) {
  const std::vector<Link> links = {
      {In("5"), kApex}, {In("5"), In("8")}, {In("5"), In("7")}};
  EXPECT_EQ(Read(Denial(links), In("5")), In("5") + " > " + In("7"));
  EXPECT_EQ(Read(Denial({links[2], links[1], links[0]}), In("5")),
            In("5") + " > " + In("7"));
}

TEST(ReadChainLinkTest, ADelegationWithoutDsBringsItInTheReferral) {
  PacketBuilder builder;
  builder.Response().Question(In("x.5"), rr::kPtr).Authority();
  builder.Ns(In("5"), "ns.test");
  builder.Record(In("5"), rr::kNsec, NsecRdata(In("6"), {rr::kNs}));
  EXPECT_EQ(Read(builder.Build(), In("5")), In("5") + " > " + In("6"));
}

TEST(ReadChainLinkTest, OtherSectionsAndTypesAreNotRead) {
  PacketBuilder builder;
  builder.Response().Aa().Question(In("x.5"), rr::kPtr);
  builder.Answer().Record(In("5"), rr::kNsec, NsecRdata(In("6"), {}));
  builder.Additional().Record(In("5"), rr::kNsec, NsecRdata(In("6"), {}));
  EXPECT_EQ(Read(builder.Build(), In("5")), "none");
  EXPECT_EQ(Read(Denial({{In("5"), In("6")}}, rr::kTxt), In("5")), "none");
}

TEST(ReadFirstChainLinkTest, FindsWhatCoversTheStart) {
  const std::string start = In("3");
  struct Case {
    const char* label;
    Link link;
    std::string expected;
  };
  for (const Case& test : {
           Case{"the start itself",
                {start, In("1.3")},
                start + " > " + In("1.3")},
           Case{"the start, and nothing below",
                {start, In("4")},
                start + " > " + In("4")},
           Case{"empty, with names below",
                {In("2"), In("1.3")},
                In("2") + " > " + In("1.3")},
           Case{"nothing of it",
                {In("f.2"), In("4")},
                In("f.2") + " > " + In("4")},
           Case{"nothing behind it",
                {In("2"), kApex},
                In("2") + " > " + kApex + " last"},
           Case{"the apex",
                {kApex, In("4"), kApexTypes},
                std::string(kApex) + " > " + In("4")},
           Case{"ends before it", {In("1"), In("2")}, "none"},
           Case{"ends at it", {In("2"), In("3")}, "none"},
           Case{"begins behind it", {In("1.3"), In("4")}, "none"},
           Case{"a delegation above it", {In("3"), In("4"), {rr::kNs}}, "none"},
           Case{"a DNAME above it", {In("3"), In("4"), {rr::kDname}}, "none"},
           Case{"a child's apex", {In("3"), In("4"), kApexTypes}, "none"},
           Case{
               "the parent's at the apex", {kApex, In("4"), {rr::kNs}}, "none"},
       }) {
    EXPECT_EQ(ReadFirst(Denial({test.link}), start), test.expected)
        << test.label;
  }
}

TEST(ReadFirstChainLinkTest, FindsItInEveryOrder) {
  const Link covers = {In("2"), In("1.3")};
  const Link wildcard = {kApex, In("1"), kApexTypes};
  const std::string expected = In("2") + " > " + In("1.3");
  EXPECT_EQ(ReadFirst(Denial({covers, wildcard}), In("3")), expected);
  EXPECT_EQ(ReadFirst(Denial({wildcard, covers}), In("3")), expected);
  EXPECT_EQ(ReadFirst(Denial({wildcard}), In("3")), "none");
}

}  // namespace
}  // namespace scanner
