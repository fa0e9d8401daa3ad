// Walks that are killed anywhere and gone on with: every row and every finding
// is there once. The walk is a script: hosts and findings that are left, taken
// by chance, and now and then a state that lists those.
#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/csv_row_reader.h"
#include "io/formats/csv_sink.h"
#include "io/parquet/parquet_reader.h"
#include "io/parquet/parquet_sink.h"
#include "scanner/progress/row_writer.h"
#include "tests/io/temp_folder.h"

namespace scanner {
namespace {

using testing_support::ReadFileOctets;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

constexpr uint64_t kHosts = 60;
constexpr uint64_t kFindings = 25;

using Numbers = std::set<uint64_t>;

Numbers UpTo(uint64_t count) {
  Numbers all;
  for (uint64_t number = 1; number <= count; ++number) all.insert(number);
  return all;
}

// A number a line.
class FindingLines : public FindingSink {
 public:
  explicit FindingLines(std::unique_ptr<io::OutputFile> file)
      : file_(std::move(file)) {}
  absl::Status Write(std::span<const Finding> findings) override {
    absl::Status status;
    for (const Finding& finding : findings) {
      status.Update(file_->Write(absl::StrCat(finding.queries, "\n")));
    }
    return status;
  }
  absl::StatusOr<uint64_t> Sync() override {
    const absl::Status status = file_->Sync();
    if (!status.ok()) return status;
    return file_->written_octets();
  }
  absl::Status Finish() override { return file_->Finish(); }

 private:
  std::unique_ptr<io::OutputFile> file_;
};

// What an engine would do between two runs of its loop.
class ScriptedWalk {
 public:
  ScriptedWalk(uint64_t seed, const ResumedWalk& resumed)
      : random_(seed), hosts_(UpTo(kHosts)), findings_(UpTo(kFindings)) {
    if (!resumed.state.empty()) {
      const std::pair<std::string, std::string> lists =
          absl::StrSplit(resumed.state, ';');
      hosts_ = Parse(lists.first);
      findings_ = Parse(lists.second);
    }
    for (const dnswire::IpAddress& address : resumed.again) {
      const bool is_new =
          hosts_.insert(absl::Uint128Low64(address.value())).second;
      EXPECT_TRUE(is_new) << "is not finished, says the state";
    }
  }

  bool done() const { return hosts_.empty() && findings_.empty(); }
  void Fill(OutputBatch* batch) {
    for (uint64_t left = Below(5); left > 0 && !hosts_.empty(); --left) {
      batch->rows.Append(
          {.ip = dnswire::IpAddress::V6(Take(&hosts_)),
           .status = Below(2) == 0 ? io::Status::kPass : io::Status::kNoPtr});
    }
    for (uint64_t left = Below(3); left > 0 && !findings_.empty(); --left) {
      batch->findings.push_back({.queries = Take(&findings_)});
    }
    if (Below(3) == 0) batch->walk_state = State();
  }
  std::string State() const {
    return absl::StrCat(absl::StrJoin(hosts_, " "), ";",
                        absl::StrJoin(findings_, " "));
  }

 private:
  static Numbers Parse(absl::string_view text) {
    Numbers numbers;
    for (absl::string_view word :
         absl::StrSplit(text, ' ', absl::SkipEmpty())) {
      uint64_t number = 0;
      EXPECT_TRUE(absl::SimpleAtoi(word, &number)) << word;
      numbers.insert(number);
    }
    return numbers;
  }
  uint64_t Below(uint64_t end) { return random_() % end; }
  uint64_t Take(Numbers* numbers) {
    const auto taken = std::next(
        numbers->begin(), static_cast<std::ptrdiff_t>(Below(numbers->size())));
    const uint64_t number = *taken;
    numbers->erase(taken);
    return number;
  }

  std::mt19937_64 random_;
  Numbers hosts_;
  Numbers findings_;
};

enum class Format { kCsv, kParquet };

// The unfinished files as a crash leaves them.
struct Disk {
  std::string rows;
  std::string findings;
  std::string journal;
};

class WalkResumeTest : public testing::TestWithParam<Format> {
 protected:
  struct Outputs {
    std::unique_ptr<io::RowSink> rows;
    std::unique_ptr<FindingSink> findings;
    std::unique_ptr<ScanJournal> journal;
  };

  Outputs Begin() {
    return {.rows = SinkOf(io::OutputFile::Open(rows_).value(), std::nullopt),
            .findings = std::make_unique<FindingLines>(
                io::OutputFile::Open(findings_).value()),
            .journal = std::make_unique<ScanJournal>(
                io::Journal::Create(rows_.JournalPath(), {}).value(),
                ScanJournal::Kind::kWalk)};
  }
  // As the command does: what follows the record is cut off.
  Outputs GoOn(const Disk& disk) {
    WriteFileOctets(rows_.TemporaryPath(), disk.rows);
    WriteFileOctets(findings_.TemporaryPath(), disk.findings);
    WriteFileOctets(rows_.JournalPath(), disk.journal);
    auto opened =
        io::Journal::Open(rows_.JournalPath(), disk.rows.size()).value();
    const io::JournalContent& content = opened.content;
    auto journal = std::make_unique<ScanJournal>(std::move(opened.journal),
                                                 ScanJournal::Kind::kWalk);
    EXPECT_TRUE(journal->TakeUp(content).ok());
    EXPECT_TRUE(journal->Cut().ok());
    if (!content.has_record) {
      return {.rows = SinkOf(io::OutputFile::Open(rows_).value(), std::nullopt),
              .findings = std::make_unique<FindingLines>(
                  io::OutputFile::Open(findings_).value()),
              .journal = std::move(journal)};
    }
    std::optional<io::ParquetState> state;
    if (GetParam() == Format::kParquet) {
      state = io::ParquetState::Parse(content.sink, content.last.data_octets)
                  .value();
    }
    return {
        .rows = SinkOf(
            io::OutputFile::Continue(rows_, content.last.data_octets).value(),
            std::move(state)),
        .findings = std::make_unique<FindingLines>(
            io::OutputFile::Continue(findings_,
                                     WalkProgress::FindingsOctets(content.last))
                .value()),
        .journal = std::move(journal)};
  }

  // At most so many batches of the script; what then lies on the disk. Null: to
  // its end.
  Disk Run(Outputs outputs, uint64_t seed, std::optional<int> batches) {
    const Resumed resumed = outputs.journal->resumed();
    ScriptedWalk walk(seed, *resumed.walk);
    RowWriter writer(outputs.rows.get(), nullptr, nullptr,
                     outputs.journal.get(), absl::ZeroDuration(),
                     outputs.findings.get());
    for (int i = 0; !walk.done() && (!batches || i < *batches); ++i) {
      std::unique_ptr<OutputBatch> batch = writer.TakeEmpty();
      walk.Fill(batch.get());
      if (!batch->empty()) writer.Push(std::move(batch));
    }
    EXPECT_TRUE(writer.Finish(!batches).ok());
    if (!batches) return {};
    EXPECT_TRUE(outputs.rows->Flush().ok());
    EXPECT_TRUE(outputs.findings->Sync().ok());
    return {.rows = ReadFileOctets(rows_.TemporaryPath()),
            .findings = ReadFileOctets(findings_.TemporaryPath()),
            .journal = ReadFileOctets(rows_.JournalPath())};
  }

  std::unique_ptr<io::RowSink> SinkOf(std::unique_ptr<io::OutputFile> file,
                                      std::optional<io::ParquetState> earlier) {
    if (GetParam() == Format::kCsv) {
      return std::make_unique<io::CsvSink>(std::move(file));
    }
    return std::make_unique<io::ParquetSink>(
        std::move(file), io::RunMetadata{.tool_version = "1"},
        io::RowGroupLimits{.rows = 7}, std::move(earlier));
  }

  // Both outputs have their names, and everything once.
  void ExpectAllOnce() {
    EXPECT_THAT(folder_.Names(), testing::ElementsAre("findings", "rows"));
    std::multiset<uint64_t> hosts;
    io::RowBatch batch;
    const auto reader = Reader();
    while (reader->Next(&batch).value()) {
    }
    for (const io::Row& row : batch.rows()) {
      hosts.insert(absl::Uint128Low64(row.ip.value()));
    }
    EXPECT_THAT(hosts, testing::ElementsAreArray(UpTo(kHosts)));
    std::multiset<uint64_t> findings;
    const std::string lines = ReadFileOctets(findings_.file);
    for (absl::string_view line :
         absl::StrSplit(absl::StripSuffix(lines, "\n"), '\n')) {
      uint64_t number = 0;
      EXPECT_TRUE(absl::SimpleAtoi(line, &number)) << line;
      findings.insert(number);
    }
    EXPECT_THAT(findings, testing::ElementsAreArray(UpTo(kFindings)));
  }
  std::unique_ptr<io::RowReader> Reader() {
    if (GetParam() == Format::kCsv) {
      return std::make_unique<io::CsvRowReader>(
          io::InputFile::Open(rows_.file).value());
    }
    return io::ParquetReader::Open(rows_.file).value();
  }

  const TempFolder folder_;
  const io::OutputPlace rows_ = io::FindOutput(folder_.Path("rows")).value();
  const io::OutputPlace findings_ =
      io::FindOutput(folder_.Path("findings")).value();
};

INSTANTIATE_TEST_SUITE_P(Formats, WalkResumeTest,
                         testing::Values(Format::kCsv, Format::kParquet),
                         [](const auto& format) {
                           return format.param == Format::kCsv ? "Csv"
                                                               : "Parquet";
                         });

TEST_P(WalkResumeTest, AWalkThatIsLeftAloneHasAllOnce) {
  Run(Begin(), 1, std::nullopt);
  ExpectAllOnce();
}

// Where each record of the journal ends, the header first.
std::vector<size_t> RecordEnds(const std::string& journal) {
  std::vector<size_t> ends;
  const absl::string_view octets = journal;
  for (size_t size = octets.size();;) {
    const auto content = io::ParseJournal(octets.substr(0, size), UINT64_MAX);
    ends.insert(ends.begin(), content->octets);
    if (!content->has_record) return ends;
    size = content->octets - 1;
  }
}

// At each record, and in the midst of the last one: rows and findings that
// follow are on the disk already, the last of them torn. (A Parquet file's
// record is long, and what is cut of it makes no difference.)
TEST_P(WalkResumeTest, AJournalCutAnywhereLosesAndDoublesNothing) {
  const Disk disk = Run(Begin(), 2, 30);
  const std::vector<size_t> ends = RecordEnds(disk.journal);
  ASSERT_GE(ends.size(), 6u);
  std::vector<size_t> cuts = ends;
  const size_t step = GetParam() == Format::kCsv ? 1 : 23;
  for (size_t at = ends[ends.size() - 2] + 1; at < ends.back(); at += step) {
    cuts.push_back(at);
  }
  for (const size_t cut : cuts) {
    SCOPED_TRACE(cut);
    const Disk left = {.rows = disk.rows + "torn",
                       .findings = disk.findings + "1",
                       .journal = disk.journal.substr(0, cut)};
    Run(GoOn(left), cut, std::nullopt);
    ExpectAllOnce();
  }
}

TEST_P(WalkResumeTest, AWalkMayBeKilledOftenAndAnywhere) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    Disk disk = Run(Begin(), seed, 4);
    for (int i = 0; i < 8; ++i) {
      const std::vector<size_t> ends = RecordEnds(disk.journal);
      const size_t first = ends[random() % ends.size()];
      disk.journal.resize(first + random() % (disk.journal.size() - first + 1));
      disk = Run(GoOn(disk), random(), static_cast<int>(random() % 9));
    }
    Run(GoOn(disk), seed, std::nullopt);
    ExpectAllOnce();
  }
}

// Rows of all runs are counted, those that are kept back when they are there.
TEST_P(WalkResumeTest, WhatIsTakenUpCountsTheRowsOnTheDisk) {
  const Disk disk = Run(Begin(), 3, 12);
  for (const size_t cut : RecordEnds(disk.journal)) {
    Outputs outputs =
        GoOn({disk.rows, disk.findings, disk.journal.substr(0, cut)});
    const RowTally& earlier = outputs.journal->earlier();
    const ResumedWalk& resumed = *outputs.journal->resumed().walk;
    uint64_t sum = 0;
    for (const uint64_t rows : earlier.by_status) sum += rows;
    EXPECT_EQ(sum, earlier.rows);
    const std::string hosts = resumed.state.substr(0, resumed.state.find(';'));
    const std::vector<absl::string_view> left =
        absl::StrSplit(hosts, ' ', absl::SkipEmpty());
    if (resumed.state.empty()) {
      EXPECT_EQ(earlier.rows, 0u);
    } else {
      EXPECT_EQ(earlier.rows + left.size() + resumed.again.size(), kHosts);
    }
  }
}

}  // namespace
}  // namespace scanner
