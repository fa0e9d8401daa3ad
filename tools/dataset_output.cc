#include "tools/dataset_output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "io/dataset/dataset_sink.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"
#include "scanner/targets/target_order.h"
#include "tools/run_digest.h"

namespace tools {
namespace {

bool Exists(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0;
}

absl::Status RemoveIfThere(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return io::FileError("remove", io::CarriedText(path), errno);
}

// What is known of the shard before its first row.
io::ShardManifest ManifestOf(const ScanConfig& config,
                             const scanner::ScanTargets& targets,
                             const io::RunMetadata& run) {
  const scanner::ScanOptions& options = config.options;
  return {.run = {.schema_version = io::kRowSchemaVersion,
                  .targets_digest = run.targets_digest,
                  .options_digest = run.options_digest,
                  .seed = options.seed,
                  .shards = options.shards,
                  .all_targets = absl::Uint128Low64(targets.targets.size())},
          .tool_version = run.tool_version,
          .shard = options.shard,
          .targets = scanner::TargetOrder::ShardSizes(
              targets.targets, options.shard, options.shards, 1)[0],
          .start = io::TimeText(run.start_us)};
}

// A dataset that was proved is not taken apart by mistake.
absl::Status CheckNotProved(const io::ShardFolder& folder) {
  if (!Exists(folder.SuccessPath())) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      io::CarriedText(folder.date_folder()),
      " is finished (_SUCCESS): remove that file to scan a shard of it again, "
      "or say another --run-date"));
}

// What an earlier run of the shard left goes, the manifest first: it would
// speak of parts that are not there.
absl::Status Clear(const io::ShardFolder& folder) {
  absl::Status status = RemoveIfThere(folder.ManifestPath());
  if (status.ok()) status = folder.RemoveParts(0);
  if (!status.ok()) return status;
  const int error = io::SyncFolder(folder.path());
  if (error == 0) return status;
  return io::FileError("sync", io::CarriedText(folder.path()), error);
}

}  // namespace

absl::StatusOr<ScanOutput> OpenDatasetOutput(
    const ScanConfig& config, const scanner::ScanTargets& targets) {
  const DatasetChoice& choice = config.dataset;
  const std::string date =
      choice.run_date.empty() ? io::DateText(absl::Now()) : choice.run_date;
  const io::ShardFolder folder(choice.root, date, config.options.shard,
                               config.options.shards);
  absl::Status status = CheckNotProved(folder);
  if (status.ok()) status = folder.Make();
  if (status.ok()) status = Clear(folder);
  if (!status.ok()) return status;
  io::RunMetadata run = MetadataOf(config, targets);
  io::ShardManifest manifest = ManifestOf(config, targets, run);
  return ScanOutput{
      .sink = std::make_unique<io::DatasetSink>(
          folder, std::move(run), std::move(manifest), choice.part_rows)};
}

}  // namespace tools
