#include "tools/written_files.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "io/files/file_calls.h"
#include "io/files/journal.h"
#include "io/formats/carried_text.h"
#include "tools/options/option_value.h"
#include "tools/report/finding_file.h"
#include "tools/since/zone_file.h"

namespace tools {
namespace {

using Kind = io::OutputPlace::Kind;

void AddOutput(const io::OutputPlace& place, std::vector<std::string>* paths) {
  paths->push_back(place.file);
  paths->push_back(place.TemporaryPath());
}

}  // namespace

absl::StatusOr<WrittenFiles> RowFiles(const OptionText& output) {
  WrittenFiles files = {.option = output};
  const auto place = io::FindOutput(output.text);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile) return files;
  AddOutput(*place, &files.paths);
  files.paths.push_back(place->JournalPath());
  files.paths.push_back(io::Journal::TemporaryPath(place->JournalPath()));
  const std::string zones = ZonesPathOf(place->file);
  AddOutput({.kind = Kind::kFile, .given = zones, .file = zones}, &files.paths);
  return files;
}

absl::StatusOr<WrittenFiles> FindingFiles(const OptionText& findings,
                                          Format format) {
  WrittenFiles files = {.option = findings};
  const auto place = io::FindOutput(findings.text);
  if (!place.ok()) return place.status();
  if (place->kind != Kind::kFile) return files;
  AddOutput(*place, &files.paths);
  files.paths.push_back(FindingLinesPath(*place, format));
  return files;
}

absl::StatusOr<WrittenFiles> StatusFiles(const OptionText& status_file) {
  WrittenFiles files = {.option = status_file};
  if (status_file.empty()) return files;
  const auto place = io::FindOutput(status_file.text);
  if (!place.ok()) return place.status();
  if (place->kind == Kind::kFile) files.paths.push_back(place->file);
  return files;
}

absl::StatusOr<WrittenFiles> MetricsFiles(const OptionText& metrics) {
  WrittenFiles files = {.option = metrics};
  if (metrics.empty()) return files;
  const auto place = io::FindOutput(metrics.text);
  if (!place.ok()) return place.status();
  if (place->kind == Kind::kFile) AddOutput(*place, &files.paths);
  return files;
}

absl::Status CheckDisjoint(const std::vector<WrittenFiles>& all) {
  absl::flat_hash_map<std::string, const WrittenFiles*> owners;
  for (const WrittenFiles& files : all) {
    for (const std::string& path : files.paths) {
      const auto [owner, is_new] =
          owners.emplace(io::CanonicalPath(path), &files);
      if (is_new || owner->second == &files) continue;
      const OptionText& other = owner->second->option;
      return BadValue(
          files.option,
          absl::StrCat("a file of its own: ", io::CarriedText(owner->first),
                       " is written for ", other.origin, " '",
                       io::ShownText(other.text), "'"));
    }
  }
  return absl::OkStatus();
}

}  // namespace tools
