#include "tools/run_journal.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/progress/scan_progress.h"
#include "scanner/progress/walk_progress.h"
#include "scanner/walk/walk_targets.h"
#include "tests/io/temp_folder.h"
#include "tools/scan_output.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing_support::TempFolder;

dnswire::IpPrefix PrefixOf(absl::string_view text) {
  return dnswire::IpPrefix::Parse(text).value();
}

dnswire::IpAddress AddressOf(absl::string_view text) {
  return dnswire::IpAddress::Parse(text).value();
}

scanner::WalkTargets SomeWalk() {
  return {.prefixes = {PrefixOf("2001:db8::/32"), PrefixOf("3fff::/20")},
          .known = {AddressOf("2001:db8::1")},
          .options = {.zone_budget = 10}};
}

class RunJournalTest : public testing::Test {
 protected:
  RunJournalTest() {
    config_.options.shards = 2;
    targets_.walk = &walk_;
  }

  std::unique_ptr<io::Journal> Create() {
    return CreateJournal(path_, config_, targets_).value();
  }
  absl::StatusOr<io::Journal::Opened> Open(const FindingsLeft& findings = {}) {
    return OpenJournal(path_, 100, config_, targets_, findings);
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("out.journal");
  scanner::WalkTargets walk_ = SomeWalk();
  scanner::ScanTargets targets_;
  ScanConfig config_;
};

TEST_F(RunJournalTest, AWalkGoesOnWithItsOwnAlsoWithOtherBudgets) {
  Create();
  walk_.options.zone_budget = 20;
  walk_.options.broken_budget = 30;
  EXPECT_TRUE(Open().ok()) << Open().status();
}

TEST_F(RunJournalTest, AWalkThatIsAnotherIsRefused) {
  Create();
  const struct {
    absl::string_view label;
    std::function<void()> change;
    absl::string_view why;
  } kCases[] = {
      {"a prefix more",
       [this] { walk_.prefixes.push_back(PrefixOf("fd00::/16")); },
       "other prefixes"},
      {"a prefix of another length",
       [this] { walk_.prefixes[1] = PrefixOf("3fff::/24"); }, "other prefixes"},
      {"another prefix", [this] { walk_.prefixes[1] = PrefixOf("3ffe::/20"); },
       "other prefixes"},
      {"an address less", [this] { walk_.known.clear(); }, "--known"},
      {"another address", [this] { walk_.known[0] = AddressOf("2001:db8::2"); },
       "--known"},
      {"looks at every wildcard", [this] { walk_.options.exhaustive = true; },
       "--exhaustive"},
      {"another seed", [this] { config_.options.seed = 1; }, "other prefixes"},
      {"the other family asked too",
       [this] { config_.options.both_families = true; },
       "is of a walk with other options"},
      {"another shard", [this] { config_.options.shard = 1; },
       "is of a walk with other options, or of another shard"},
      {"a scan", [this] { targets_.walk = nullptr; }, "other targets"},
  };
  for (const auto& [label, change, why] : kCases) {
    SCOPED_TRACE(label);
    const auto restore = std::make_pair(walk_, config_.options);
    change();
    const auto opened = Open();
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(opened.status().message(), HasSubstr(why));
    walk_ = restore.first;
    config_.options = restore.second;
    targets_.walk = &walk_;
  }
}

TEST_F(RunJournalTest, AWalkRefusesTheJournalOfAScan) {
  targets_.walk = nullptr;
  scanner::ScanProgress progress;
  progress.BeginRun({{.shard = 0, .shards = 1}});
  progress.Add({.events = {.started = {1, 2, 3}}});
  io::JournalRecord record = {.data_octets = 100};
  progress.PutAll(&record);
  ASSERT_TRUE(Create()->Append(record).ok());
  targets_.walk = &walk_;
  EXPECT_THAT(Open().status().message(), HasSubstr("is of a scan, or"));
}

TEST_F(RunJournalTest, ARecordFitsIfBothOutputsAreLongEnough) {
  {
    const auto journal = Create();
    scanner::WalkProgress progress;
    for (const uint64_t octets : {20u, 30u}) {
      progress.Add({.walk_state = absl::StrCat("at ", octets)});
      progress.SetFindingsOctets(octets);
      io::JournalRecord record = {.data_octets = 100};
      progress.PutChanges(&record);
      ASSERT_TRUE(journal->Append(record).ok());
    }
  }
  EXPECT_EQ(Open({.octets = 30})->content.next_seq, 2u);
  EXPECT_EQ(Open({.octets = 29})->content.next_seq, 1u);
  EXPECT_THAT(Open({.octets = 19}).status().message(), HasSubstr("shorter"));
}

// Whatever there is in the other place, and before the rows are blamed for it.
TEST_F(RunJournalTest, AWalkWhoseFindingsGoElsewhereIsRefused) {
  {
    const auto journal = Create();
    scanner::WalkProgress progress;
    progress.SetFindingsPlace("rows.findings.csv as CSV");
    progress.Add({.walk_state = "state"});
    progress.SetFindingsOctets(30);
    io::JournalRecord record = {.data_octets = 100};
    progress.PutChanges(&record);
    ASSERT_TRUE(journal->Append(record).ok());
  }
  EXPECT_TRUE(Open({.place = "rows.findings.csv as CSV", .octets = 30}).ok());
  for (const uint64_t octets : {uint64_t{0}, uint64_t{40}, UINT64_MAX}) {
    const auto opened = Open({.place = "f.csv as CSV", .octets = octets});
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(opened.status().message(),
              absl::StrCat(path_,
                           " is of a walk whose findings go to "
                           "rows.findings.csv as CSV, not to f.csv as "
                           "CSV (--findings)"));
  }
}

// From the opening of one run to that of the next.
TEST_F(RunJournalTest, ARecordOfAWalkSaysWhereItsFindingsGo) {
  config_.output = folder_.Path("out");
  {
    auto output =
        OpenScanOutput(config_, targets_, {.place = "f.csv as CSV"}).value();
    output.journal->Add({.walk_state = "state"});
    ASSERT_TRUE(
        output.journal->Record(output.sink.get(), nullptr, io::SyncTo::kRows)
            .ok());
  }
  config_.resume = true;
  const auto place_of = [this](const std::string& place) {
    return OpenScanOutput(config_, targets_, {.place = place}).status();
  };
  EXPECT_THAT(place_of("g.csv as CSV").message(),
              HasSubstr("findings go to f.csv as CSV, not to g.csv as CSV"));
  EXPECT_TRUE(place_of("f.csv as CSV").ok()) << place_of("f.csv as CSV");
}

}  // namespace
}  // namespace tools
