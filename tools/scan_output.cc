#include "tools/scan_output.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/files/file_calls.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/parquet/parquet_sink.h"
#include "io/parquet/parquet_state.h"
#include "tools/dataset/dataset_output.h"
#include "tools/row_files.h"
#include "tools/run_digest.h"
#include "tools/run_journal.h"
#include "tools/since/zone_file.h"

namespace tools {
namespace {

// `earlier`: of a Parquet file that is gone on with.
std::unique_ptr<io::RowSink> SinkOf(
    const ScanConfig& config, const scanner::ScanTargets& targets,
    std::unique_ptr<io::OutputFile> file,
    std::optional<io::ParquetState> earlier = std::nullopt) {
  io::RunMetadata run = MetadataOf(config, targets);
  if (config.format != Format::kParquet) {
    return MakeSink(std::move(file), config.format, std::move(run));
  }
  return std::make_unique<io::ParquetSink>(
      std::move(file), std::move(run), config.row_group, std::move(earlier));
}

absl::Status Refuse(const io::OutputPlace& place, absl::string_view why) {
  return RefuseJournal(place.JournalPath(), why);
}

absl::StatusOr<ScanOutput> OpenFile(const ScanConfig& config,
                                    const scanner::ScanTargets& targets,
                                    const io::OutputPlace& place) {
  auto file = io::OutputFile::Open(place);
  if (!file.ok()) return file.status();
  return ScanOutput{.sink = SinkOf(config, targets, *std::move(file))};
}

scanner::ScanJournal::Kind KindOf(const scanner::ScanTargets& targets) {
  using enum scanner::ScanJournal::Kind;
  return targets.walk == nullptr ? kScan : kWalk;
}

absl::StatusOr<ScanOutput> StartAfresh(const ScanConfig& config,
                                       const scanner::ScanTargets& targets,
                                       const io::OutputPlace& place) {
  auto journal = CreateJournal(place.JournalPath(), config, targets);
  if (!journal.ok()) return journal.status();
  auto output = OpenFile(config, targets, place);
  if (!output.ok()) {
    (*journal)->Remove().IgnoreError();
    return output.status();
  }
  output->journal = std::make_unique<scanner::ScanJournal>(*std::move(journal),
                                                           KindOf(targets));
  return output;
}

// Whether the output that the journal speaks of is there: unfinished, or, if it
// is whole, perhaps under its name already.
bool HasOutput(const io::JournalContent& content,
               const io::OutputPlace& place) {
  if (!content.has_record || io::SizeOfFile(place.TemporaryPath())) return true;
  return content.last.complete &&
         io::SizeOfFile(place.file) == content.last.data_octets;
}

// All is written; the output gets its name if it has not got it.
absl::StatusOr<ScanOutput> FinishWritten(
    std::unique_ptr<scanner::ScanJournal> journal, uint64_t octets,
    const io::OutputPlace& place) {
  if (io::SizeOfFile(place.TemporaryPath())) {
    auto file = io::OutputFile::Continue(place, octets);
    if (!file.ok()) return file.status();
    const absl::Status finished = (*file)->Finish();
    if (!finished.ok()) return finished;
  }
  return ScanOutput{
      .journal = std::move(journal), .was_finished = true, .is_new = false};
}

// The sink that goes on behind what the last record says, which there may not
// be.
absl::StatusOr<std::unique_ptr<io::RowSink>> ContinueSink(
    const io::JournalContent& content, const ScanConfig& config,
    const scanner::ScanTargets& targets, const io::OutputPlace& place) {
  const uint64_t octets = content.last.data_octets;
  std::optional<io::ParquetState> earlier;
  if (content.has_record && config.format == Format::kParquet) {
    auto state = io::ParquetState::Parse(content.sink, octets);
    if (!state.ok()) return Refuse(place, state.status().message());
    earlier = *std::move(state);
  }
  auto file = content.has_record ? io::OutputFile::Continue(place, octets)
                                 : io::OutputFile::Open(place);
  if (!file.ok()) return file.status();
  return SinkOf(config, targets, *std::move(file), std::move(earlier));
}

absl::StatusOr<ScanOutput> Resume(io::Journal::Opened opened,
                                  const ScanConfig& config,
                                  const scanner::ScanTargets& targets,
                                  const io::OutputPlace& place) {
  const io::JournalContent& content = opened.content;
  if (!HasOutput(content, place)) {
    return Refuse(place, absl::StrCat("speaks of ",
                                      io::CarriedText(place.TemporaryPath()),
                                      ", which is not there"));
  }
  auto journal = std::make_unique<scanner::ScanJournal>(
      std::move(opened.journal), KindOf(targets));
  const absl::Status taken = journal->TakeUp(content);
  if (!taken.ok()) return Refuse(place, taken.message());
  const uint64_t findings_octets =
      targets.walk == nullptr
          ? 0
          : scanner::WalkProgress::FindingsOctets(content.last);
  if (content.has_record && content.last.complete) {
    auto output =
        FinishWritten(std::move(journal), content.last.data_octets, place);
    if (output.ok()) output->findings_octets = findings_octets;
    return output;
  }
  auto sink = ContinueSink(content, config, targets, place);
  if (!sink.ok()) return sink.status();
  const absl::Status cut = journal->Cut();
  if (!cut.ok()) return cut;
  return ScanOutput{.sink = *std::move(sink),
                    .journal = std::move(journal),
                    .is_new = !content.has_record,
                    .findings_octets = findings_octets};
}

absl::StatusOr<ScanOutput> OpenWithJournal(const ScanConfig& config,
                                           const scanner::ScanTargets& targets,
                                           const io::OutputPlace& place,
                                           const FindingsLeft& findings) {
  if (!config.resume) return StartAfresh(config, targets, place);
  auto size = io::SizeOfFile(place.TemporaryPath());
  if (!size) size = io::SizeOfFile(place.file);
  auto opened = OpenJournal(place.JournalPath(), size.value_or(0), config,
                            targets, findings);
  if (absl::IsNotFound(opened.status())) {
    return StartAfresh(config, targets, place);
  }
  if (!opened.ok()) return opened.status();
  return Resume(*std::move(opened), config, targets, place);
}

}  // namespace

absl::StatusOr<ScanOutput> OpenScanOutput(const ScanConfig& config,
                                          const scanner::ScanTargets& targets,
                                          const FindingsLeft& findings) {
  if (!config.dataset.root.empty()) return OpenDatasetOutput(config, targets);
  const auto place = io::FindOutput(config.output);
  if (!place.ok()) return place.status();
  if (place->kind != io::OutputPlace::Kind::kFile) {
    if (config.resume) {
      return absl::InvalidArgumentError(
          "--resume needs a file: only --output FILE has a journal");
    }
    return OpenFile(config, targets, *place);
  }
  const std::string zones_path = ZonesPathOf(place->file);
  if (config.options.iterative) {
    const absl::Status free = CheckZonesPath(zones_path);
    if (!free.ok()) return free;
  }
  auto output = OpenWithJournal(config, targets, *place, findings);
  if (!output.ok()) return output;
  output->journal->SetFindingsPlace(findings.place);
  output->rows_path = place->file;
  output->zones_path = zones_path;
  return output;
}

}  // namespace tools
