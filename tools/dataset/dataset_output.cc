#include "tools/dataset/dataset_output.h"

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "io/dataset/dataset_sink.h"
#include "io/dataset/dataset_state.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"
#include "scanner/targets/target_order.h"
#include "tools/run_digest.h"
#include "tools/run_journal.h"

namespace tools {
namespace {

absl::Status RemoveIfThere(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return io::FileError("remove", io::CarriedText(path), errno);
}

// Dates under which the shard has a journal.
absl::StatusOr<std::vector<std::string>> UnfinishedDates(
    const ScanConfig& config) {
  std::vector<std::string> names;
  const absl::Status listed = io::ListFolder(config.dataset.root, &names);
  if (!listed.ok() && !absl::IsNotFound(listed)) return listed;
  std::vector<std::string> dates;
  for (absl::string_view name : names) {
    if (!absl::ConsumePrefix(&name, io::kDatePrefix) || !io::IsDate(name)) {
      continue;
    }
    const io::ShardFolder folder(config.dataset.root, name,
                                 config.options.shard, config.options.shards);
    if (io::SizeOfFile(folder.JournalPath())) dates.emplace_back(name);
  }
  return dates;
}

absl::StatusOr<std::string> ChooseDate(const ScanConfig& config) {
  if (!config.dataset.run_date.empty()) return config.dataset.run_date;
  if (!config.resume) return io::DateText(absl::Now());
  const auto dates = UnfinishedDates(config);
  if (!dates.ok()) return dates.status();
  if (dates->empty()) return io::DateText(absl::Now());
  if (dates->size() == 1) return (*dates)[0];
  return absl::FailedPreconditionError(absl::StrCat(
      io::CarriedText(config.dataset.root),
      " has unfinished runs of this shard of ", absl::StrJoin(*dates, ", "),
      ": say which one to resume (--run-date)"));
}

// One shard's place in a dataset, and this run of it.
class DatasetOpener {
 public:
  DatasetOpener(const ScanConfig& config, const scanner::ScanTargets& targets,
                const io::ShardFolder& folder)
      : config_(config), targets_(targets), folder_(folder) {}

  absl::StatusOr<ScanOutput> Open() {
    if (!config_.resume) return StartAfresh();
    auto opened = OpenJournal(folder_.JournalPath(), folder_.AllOctets(),
                              config_, targets_);
    if (opened.ok()) return Resume(*std::move(opened));
    if (!absl::IsNotFound(opened.status())) return opened.status();
    if (io::SizeOfFile(folder_.ManifestPath())) return TellFinished();
    return StartAfresh();
  }

 private:
  absl::StatusOr<ScanOutput> StartAfresh() {
    absl::Status status = CheckNotProved();
    if (status.ok()) status = folder_.Make();
    if (!status.ok()) return status;
    auto journal = CreateJournal(folder_.JournalPath(), config_, targets_);
    if (!journal.ok()) return journal.status();
    status = Clear();
    if (!status.ok()) {
      (*journal)->Remove().IgnoreError();
      return status;
    }
    return ScanOutput{
        .sink = std::make_unique<io::DatasetSink>(MakeSettings()),
        .journal = std::make_unique<scanner::ScanJournal>(*std::move(journal))};
  }

  absl::StatusOr<ScanOutput> Resume(io::Journal::Opened opened) {
    const io::JournalContent content = std::move(opened.content);
    auto journal =
        std::make_unique<scanner::ScanJournal>(std::move(opened.journal));
    absl::Status status = journal->TakeUp(content);
    if (!status.ok()) return Refuse(status.message());
    auto sink = content.has_record ? ContinueSink(content) : NewSink();
    if (!sink.ok()) return sink.status();
    if (content.has_record && content.last.complete) {
      status = FinishWritten(sink->get());
      if (!status.ok()) return status;
      return ScanOutput{
          .journal = std::move(journal), .was_finished = true, .is_new = false};
    }
    status = journal->Cut();
    if (!status.ok()) return status;
    return ScanOutput{.sink = *std::move(sink),
                      .journal = std::move(journal),
                      .is_new = !content.has_record};
  }

  absl::StatusOr<std::unique_ptr<io::DatasetSink>> NewSink() {
    absl::Status status = Clear();
    if (!status.ok()) return status;
    return std::make_unique<io::DatasetSink>(MakeSettings());
  }

  absl::StatusOr<std::unique_ptr<io::DatasetSink>> ContinueSink(
      const io::JournalContent& content) {
    auto state =
        io::DatasetState::Parse(content.sink, content.last.data_octets);
    if (!state.ok()) return Refuse(state.status().message());
    return io::DatasetSink::Continue(MakeSettings(), *std::move(state));
  }

  // All parts have their names; the manifest is there or not.
  absl::Status FinishWritten(io::DatasetSink* sink) {
    if (io::SizeOfFile(folder_.ManifestPath())) return absl::OkStatus();
    return sink->Finish();
  }

  // Of a shard that has a manifest.
  absl::StatusOr<ScanOutput> TellFinished() {
    const auto manifest = io::ReadManifest(folder_.ManifestPath());
    if (!manifest.ok()) return RunWithoutResume(manifest.status().message());
    const io::ShardManifest own = MakeSettings().manifest;
    if (manifest->run != own.run || manifest->shard != own.shard) {
      return RunWithoutResume(
          absl::StrCat(io::CarriedText(folder_.ManifestPath()),
                       " is of a run with other targets, options or "
                       "resolvers"));
    }
    for (size_t i = 0; i < manifest->parts.size(); ++i) {
      const std::string path = folder_.Part(i).file;
      if (io::SizeOfFile(path) == manifest->parts[i].octets) continue;
      return RunWithoutResume(
          absl::StrCat(io::CarriedText(path), " is not as its manifest says"));
    }
    return ScanOutput{.was_finished = true,
                      .finished_rows = manifest->rows(),
                      .is_new = false};
  }

  static absl::Status RunWithoutResume(absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat(why, "; to scan the shard again run it without --resume"));
  }

  absl::Status Refuse(absl::string_view why) const {
    return RefuseJournal(folder_.JournalPath(), why);
  }

  // A dataset that was proved is not taken apart by mistake.
  absl::Status CheckNotProved() const {
    if (!io::SizeOfFile(folder_.SuccessPath())) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        io::CarriedText(folder_.date_folder()),
        " is finished (_SUCCESS): remove that file to scan a shard of it "
        "again, or say another --run-date"));
  }

  // What an earlier run of the shard left goes, the manifest first: it would
  // speak of parts that are not there.
  absl::Status Clear() const {
    absl::Status status = RemoveIfThere(folder_.ManifestPath());
    status.Update(RemoveIfThere(folder_.ZonesPath()));
    if (status.ok()) status = folder_.RemoveParts(0);
    if (!status.ok()) return status;
    const int error = io::SyncFolder(folder_.path());
    if (error == 0) return status;
    return io::FileError("sync", io::CarriedText(folder_.path()), error);
  }

  io::DatasetSink::Settings MakeSettings() const {
    const scanner::ScanOptions& options = config_.options;
    const scanner::TargetSet& set = targets_.targets;
    io::RunMetadata run = MetadataOf(config_, targets_);
    io::ShardManifest manifest = {
        .run = {.schema_version = io::kRowSchemaVersion,
                .targets_digest = run.targets_digest,
                .options_digest = run.options_digest,
                .seed = options.seed,
                .shards = options.shards,
                .all_targets = absl::Uint128Low64(set.size())},
        .tool_version = run.tool_version,
        .shard = options.shard,
        .targets = scanner::TargetOrder::ShardSizes(set, options.shard,
                                                    options.shards, 1)[0]};
    return {.folder = folder_,
            .run = std::move(run),
            .manifest = std::move(manifest),
            .part_rows = config_.dataset.part_rows,
            .row_group = config_.row_group};
  }

  const ScanConfig& config_;
  const scanner::ScanTargets& targets_;
  const io::ShardFolder& folder_;
};

}  // namespace

absl::StatusOr<ScanOutput> OpenDatasetOutput(
    const ScanConfig& config, const scanner::ScanTargets& targets) {
  const auto date = ChooseDate(config);
  if (!date.ok()) return date.status();
  const io::ShardFolder folder(config.dataset.root, *date, config.options.shard,
                               config.options.shards);
  auto output = DatasetOpener(config, targets, folder).Open();
  if (!output.ok()) return output;
  output->rows_path = folder.path();
  output->zones_path = folder.ZonesPath();
  return output;
}

}  // namespace tools
