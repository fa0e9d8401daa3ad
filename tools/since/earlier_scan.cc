#include "tools/since/earlier_scan.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "io/dataset/layout.h"
#include "io/files/file_calls.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_batch.h"
#include "scanner/reuse/zone_serials.h"
#include "tools/row_files.h"
#include "tools/since/zone_file.h"

namespace tools {
namespace {

// The zone tables of a run, of all its shards.
absl::StatusOr<std::vector<std::string>> ZoneFilesOf(
    const std::string& date_folder) {
  std::vector<std::string> zones;
  std::vector<std::string> shards;
  absl::Status status = io::ListFolder(date_folder, &shards);
  if (!status.ok()) return status;
  for (const std::string& shard : shards) {
    if (!absl::StartsWith(shard, io::kShardPrefix)) continue;
    // A shard of a resolver's rows has no such table.
    std::string table =
        io::JoinPath(io::JoinPath(date_folder, shard), io::kZonesName);
    if (io::SizeOfFile(table)) zones.push_back(std::move(table));
  }
  return zones;
}

absl::StatusOr<std::vector<std::string>> ZoneFiles(
    const std::string& run, const std::vector<std::string>& rows) {
  if (rows != std::vector<std::string>{run}) return ZoneFilesOf(run);
  const auto place = io::FindOutput(run);
  if (!place.ok()) return place.status();
  return std::vector<std::string>{ZonesPathOf(place->file)};
}

// The newest run before `date` that was proved whole; "": there is none.
absl::StatusOr<std::string> NewestRun(const SinceChoice& since) {
  std::vector<std::string> names;
  const absl::Status listed = io::ListFolder(since.dataset, &names);
  if (absl::IsNotFound(listed)) return "";
  if (!listed.ok()) return listed;
  std::string newest;
  for (const std::string& name : names) {  // sorted
    absl::string_view date = name;
    if (!absl::ConsumePrefix(&date, io::kDatePrefix) || !io::IsDate(date) ||
        date >= since.date) {
      continue;
    }
    const std::string folder = io::JoinPath(since.dataset, name);
    if (io::SizeOfFile(io::JoinPath(folder, io::kSuccessName))) newest = folder;
  }
  return newest;
}

absl::Status AddZones(const std::vector<std::string>& files,
                      scanner::KnownRows* known) {
  scanner::ZoneSerials all;  // of a zone in two shards both count
  for (const std::string& path : files) {
    const auto zones = ReadZones(path);
    if (!zones.ok()) return zones.status();
    for (const scanner::SeenZone& zone : *zones) all.Add(zone);
  }
  all.ForEach([known](const scanner::SeenZone& zone) { known->AddZone(zone); });
  return absl::OkStatus();
}

absl::Status AddRows(const std::string& path,
                     const scanner::ScanTargets& targets,
                     scanner::KnownRows* known) {
  auto reader = OpenRows(path);
  if (!reader.ok()) return reader.status();
  io::RowBatch batch;
  while (true) {
    batch.Clear();
    const auto any = (*reader)->Next(&batch);
    if (!any.ok()) return any.status();
    for (const io::Row& row : batch.rows()) {
      if (targets.targets.Contains(row.ip) && !targets.IsSkipped(row.ip)) {
        known->AddRow(row);
      }
    }
    if (!*any) return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<EarlierScan> ReadEarlierScan(const SinceChoice& since,
                                            const scanner::ScanTargets& targets,
                                            absl::Time now) {
  EarlierScan earlier{.found = since.path};
  if (since.path.empty()) {
    auto newest = NewestRun(since);
    if (!newest.ok()) return newest.status();
    if (newest->empty()) return earlier;
    earlier.found = *std::move(newest);
  }
  const auto rows = RowFilesOf(earlier.found);
  if (!rows.ok()) return rows.status();
  const auto zones = ZoneFiles(earlier.found, *rows);
  if (!zones.ok()) return zones.status();
  if (zones->empty() && !since.path.empty()) {
    return absl::NotFoundError(
        absl::StrCat(io::CarriedText(earlier.found),
                     " has no _zones.csv: its run was without --iterative"));
  }
  auto known = std::make_unique<scanner::KnownRows>(now - since.max_age);
  absl::Status status = AddZones(*zones, &*known);
  for (const std::string& path : *rows) {
    if (status.ok()) status = AddRows(path, targets, &*known);
  }
  if (!status.ok()) return status;
  known->Finish();
  earlier.rows = std::move(known);
  return earlier;
}

}  // namespace tools
