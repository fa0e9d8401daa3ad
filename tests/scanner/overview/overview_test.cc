#include "scanner/overview/overview.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/review/review_rows.h"

namespace scanner {
namespace {

using io::Status;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kZone = "2.0.192.in-addr.arpa";

class OverviewTest : public testing::Test {
 protected:
  void Add(const RowText& text, const std::string& zone = kZone) {
    io::Row row = AddRow(text, &batch_);
    names_.push_back(*dnswire::Name::Parse(zone.empty() ? "." : zone));
    zones_.push_back(zone);
    rows_.push_back(row);
  }
  void AddMany(int first, int count, RowText text) {
    for (int i = first; i < first + count; ++i) {
      text.ip = absl::StrCat("192.0.2.", i);
      Add(text);
    }
  }
  void Run() {
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!zones_[i].empty()) rows_[i].zone = names_[i];
    }
    overview_.emplace(OverviewOptions{.profile = profile_,
                                      .labels = labels_,
                                      .facts = facts_,
                                      .max_problems = max_problems_,
                                      .max_tickets = max_tickets_,
                                      .max_ticket_rows = 2});
    for (const io::Row& row : rows_) overview_->Survey(row);
    overview_->Settle();
    for (const io::Row& row : rows_) overview_->Add(row);
    overview_->Finish();
  }
  const Overview& overview() const { return *overview_; }
  // "no_ptr 3 2.0.192.in-addr.arpa", in their order.
  std::vector<std::string> Problems() const {
    std::vector<std::string> texts;
    for (const ShownProblem& shown : overview_->problems()) {
      texts.push_back(absl::StrCat(
          io::StatusName(shown.problem.status), " ", shown.problem.rows, " ",
          overview_->zones()[shown.problem.zone].name));
    }
    return texts;
  }

  Profile profile_ = Profile::kMail;
  LabelTable labels_;
  ZoneFactsTable facts_;
  size_t max_problems_ = 300;
  size_t max_tickets_ = 100;

 private:
  io::RowBatch batch_;
  std::vector<dnswire::Name> names_;
  std::vector<std::string> zones_;
  std::vector<io::Row> rows_;
  std::optional<Overview> overview_;
};

RowText NoPtr(const std::string& label = "", const std::string& expected = "") {
  return {.status = "no_ptr",
          .cause = "nxdomain",
          .label = label,
          .expected = expected};
}

TEST_F(OverviewTest, CountsAddUpByStatusSeverityPrefixZoneAndActor) {
  AddMany(10, 3, NoPtr());
  Add(PassOf(20, "a.example.net"));
  Add({.ip = "2001:db8::1", .status = "reverse_timeout", .cause = "timeout"},
      "");
  Run();
  const Tally& tally = overview().tally();
  EXPECT_EQ(tally.rows(), 5u);
  EXPECT_EQ(tally.Of(Status::kNoPtr), 3u);
  EXPECT_EQ(tally.Of(Severity::kCrit), 3u);
  EXPECT_EQ(tally.Of(Severity::kWarn), 1u);
  EXPECT_EQ(tally.unknown, 1u);
  EXPECT_EQ(overview().v4().blocks()[0].tally.rows(), 4u);
  EXPECT_EQ(overview().v6().blocks()[0].tally.rows(), 1u);
  uint64_t of_zones = 0;
  for (const ZoneTotal& zone : overview().zones()) {
    of_zones += zone.tally.rows();
  }
  EXPECT_EQ(of_zones, 5u);
  uint64_t of_actors = 0;
  for (const Tally& actor : overview().by_actor()) of_actors += actor.rows();
  EXPECT_EQ(of_actors, 5u);
  EXPECT_EQ(
      overview().by_actor()[static_cast<size_t>(Actor::kReverseOwner)].rows(),
      3u);
}

TEST_F(OverviewTest, SeverityIsByProfileAndByFlagsOfAllRows) {
  profile_ = Profile::kHosting;
  AddMany(10, 1, NoPtr("acme"));
  AddMany(11, 1, NoPtr());
  // The same name twice: duplicate_name is info where all pass.
  Add(PassOf(20, "a.example.net"));
  Add(PassOf(21, "a.example.net"));
  Run();
  EXPECT_EQ(overview().tally().Of(Severity::kCrit), 1u);
  EXPECT_EQ(overview().tally().Of(Severity::kInfo), 3u);
  EXPECT_EQ(overview().flags().at("duplicate_name").rows, 2u);
}

TEST_F(OverviewTest, ProblemsAreByStatusCauseAndZoneTheWorstFirst) {
  AddMany(1, 2, {.status = "forward_error", .cause = "servfail"});
  AddMany(10, 3, NoPtr());
  Add(NoPtr(), "other.example");
  Add(PassOf(30, "a.example.net"));
  Add({.ip = "192.0.2.40", .status = "unconfirmed", .ptr = "b.example.net"});
  Run();
  EXPECT_THAT(Problems(), ElementsAre("no_ptr 3 2.0.192.in-addr.arpa",
                                      "no_ptr 1 other.example",
                                      "forward_error 2 2.0.192.in-addr.arpa"));
  const auto& examples = overview().problems()[0].examples;
  ASSERT_EQ(examples.size(), 3u);
  EXPECT_EQ(overview().kept(examples[0]).ip.ToString(), "192.0.2.10");
}

TEST_F(OverviewTest, APassWithAnotherNameThanExpectedIsAProblem) {
  RowText row = PassOf(7, "a.example.net");
  row.flags = "unexpected_name";
  row.expected = "b.example.net";
  Add(row);
  Add(PassOf(8, "c.example.net"));
  Run();
  EXPECT_THAT(Problems(), ElementsAre("pass 1 2.0.192.in-addr.arpa"));
  EXPECT_THAT(overview().problems()[0].examples, ElementsAre(0));
  EXPECT_EQ(overview().kept(0).ip.ToString(), "192.0.2.7");
}

TEST_F(OverviewTest, WhatIsWantedIsNoProblem) {
  AddMany(1, 1, NoPtr("", "-"));
  Run();
  EXPECT_THAT(Problems(), ElementsAre());
  EXPECT_EQ(overview().ticket_count(), 0u);
}

TEST_F(OverviewTest, EveryStatusShowsItsWorst) {
  max_problems_ = io::kStatusCount;  // one each, and the rest to the worst
  for (char z = 'a'; z <= 't'; ++z) {
    Add(NoPtr(), absl::StrCat(absl::string_view(&z, 1), ".example"));
  }
  Add({.status = "forward_error", .cause = "servfail"}, "z.example");
  Run();
  std::vector<std::string> shown;
  for (char z = 'a'; z <= 'j'; ++z) {
    shown.push_back(
        absl::StrCat("no_ptr 1 ", absl::string_view(&z, 1), ".example"));
  }
  shown.push_back("forward_error 1 z.example");
  EXPECT_EQ(Problems(), shown);
  EXPECT_EQ(overview().problem_count(), 21u);
}

TEST_F(OverviewTest, RowsWithoutAZoneAreOfTheirBlock) {
  Add({.ip = "192.0.2.1", .status = "reverse_timeout", .cause = "timeout"}, "");
  Add({.ip = "2001:db8:1::1", .status = "reverse_timeout", .cause = "timeout"},
      "");
  Run();
  EXPECT_EQ(overview().zones()[0].name, "192.0.2.0/24");
  EXPECT_EQ(overview().zones()[1].name, "2001:db8:1::/48");
  EXPECT_TRUE(overview().zones()[1].is_block);
}

TEST_F(OverviewTest, OneTicketAZoneForAllOfItsAddresses) {
  AddMany(1, 5, NoPtr("", "mail.example.com"));
  Add(PassOf(30, "a.example.net"));
  Run();
  ASSERT_EQ(overview().tickets().size(), 1u);
  const ZoneTicket& ticket = overview().tickets()[0];
  EXPECT_EQ(ticket.addresses, 5u);
  EXPECT_THAT(ticket.text, HasSubstr("PTR mail.example.com."));
  EXPECT_THAT(ticket.text, HasSubstr("192.0.2.2 "));
  EXPECT_THAT(ticket.text, Not(HasSubstr("192.0.2.4 ")));
}

TEST_F(OverviewTest, ZonesWithoutRoomForATicketAreCounted) {
  max_tickets_ = 1;
  Add(NoPtr(), "a.example");
  AddMany(2, 3, NoPtr());
  Run();
  ASSERT_EQ(overview().tickets().size(), 1u);
  EXPECT_EQ(overview().tickets()[0].zone, kZone);
  EXPECT_EQ(overview().ticket_count(), 2u);
}

TEST_F(OverviewTest, ABrokenZoneIsToBeRepairedAsZonesSawIt) {
  ZoneFacts facts;
  facts.prefix = *dnswire::IpPrefix::Parse("192.0.2.0/24");
  facts.zone = kZone;
  facts.failing_servers = {"ns1.example.net/192.0.2.53=refused"};
  facts.flags.Add(ZoneFlag::kSingleNs);
  for (const bool broken : {false, true}) {
    facts.verdict = broken ? ZoneVerdict::kLame : ZoneVerdict::kDegraded;
    facts_ = ZoneFactsTable({facts});
    if (!broken) AddMany(1, 1, NoPtr());
    Run();
    ASSERT_EQ(overview().tickets().size(), 1u);
    EXPECT_EQ(overview().tickets()[0].kind,
              broken ? TicketKind::kRepair : TicketKind::kRecords);
    EXPECT_EQ(overview().flags().at("zone_single_ns").rows, 1u);
  }
}

TEST_F(OverviewTest, LabelsAreTheRowsOwnElseTheFiles) {
  const auto file = io::ParseLabelFile(
      "target,label\n192.0.2.0/24,file\n192.0.2.10,own\n"
      "198.51.100.0/24,gone\n2001:db8::/64,gone6\n",
      "labels");
  ASSERT_TRUE(file.ok()) << file.status();
  labels_ = LabelTable(*file);
  AddMany(1, 2, NoPtr());
  AddMany(40, 1, NoPtr("row"));
  Run();
  ASSERT_EQ(overview().labels().size(), 2u);
  EXPECT_EQ(overview().labels()[0].label, "file");
  EXPECT_EQ(overview().labels()[0].tally.rows(), 2u);
  EXPECT_EQ(overview().labels()[1].label, "row");
  std::vector<std::string> missing;
  for (const io::LabelLine& line : overview().not_scanned()) {
    missing.push_back(line.label);
  }
  EXPECT_THAT(missing, ElementsAre("own", "gone", "gone6"));
}

TEST_F(OverviewTest, AnAddressTwiceIsTold) {
  AddMany(1, 2, NoPtr());
  Run();
  EXPECT_FALSE(overview().twice());
  AddMany(2, 1, NoPtr());
  Run();
  EXPECT_EQ(overview().twice()->ToString(), "192.0.2.2");
  EXPECT_EQ(overview().tally().rows(), 3u);
}

TEST_F(OverviewTest, NoRowsAreNothing) {
  Run();
  EXPECT_EQ(overview().tally().rows(), 0u);
  EXPECT_FALSE(overview().times());
  EXPECT_TRUE(overview().tickets().empty());
}

}  // namespace
}  // namespace scanner
