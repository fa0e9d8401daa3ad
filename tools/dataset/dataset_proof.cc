#include "tools/dataset/dataset_proof.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/formats/carried_text.h"
#include "io/number.h"
#include "io/parquet/run_metadata.h"
#include "tools/dataset/number_ranges.h"
#include "tools/dataset/shard_proof.h"

namespace tools {
namespace {

bool Exists(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0;
}

bool IsFolder(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// "2026-11-25" of ".../date=2026-11-25"; empty if it is no such folder.
std::string DateOf(absl::string_view folder) {
  while (absl::ConsumeSuffix(&folder, "/")) {
  }
  absl::string_view name = folder.substr(folder.rfind('/') + 1);
  if (!absl::ConsumePrefix(&name, io::kDatePrefix)) return "";
  return io::IsDate(name) ? std::string(name) : "";
}

// 7 of "shard=07".
std::optional<uint64_t> ShardOfName(absl::string_view name) {
  name.remove_prefix(io::kShardPrefix.size());
  while (name.size() > 1 && absl::ConsumePrefix(&name, "0")) {
  }
  return io::ParseUnsigned(name, UINT32_MAX);
}

// What most tells two runs apart.
std::string DifferenceOf(const io::RunIdentity& a, const io::RunIdentity& b) {
  if (a.shards != b.shards) {
    return absl::StrCat("of ", a.shards, " shards, not ", b.shards);
  }
  if (a.seed != b.seed) return absl::StrCat("seed ", a.seed, ", not ", b.seed);
  if (a.schema_version != b.schema_version) {
    return absl::StrCat("schema ", a.schema_version, ", not ",
                        b.schema_version);
  }
  if (a.options_digest != b.options_digest) return "other options or resolvers";
  return "other targets or labels";
}

class DatasetProver {
 public:
  explicit DatasetProver(const std::string& folder)
      : folder_(folder), date_(DateOf(folder)) {}

  DatasetProof Prove() {
    ReadShards();
    ChooseRun();
    CheckShards();
    TellUnfinished();
    if (proof_.faults.empty()) CheckFiles("");
    if (proof_.faults.empty()) CheckContent();
    if (proof_.faults.empty()) CheckUnchanged();
    return std::move(proof_);
  }

 private:
  struct Found {
    std::string name;  // "shard=07"
    io::ShardManifest manifest;
  };

  std::string PathOf(const Found& shard) const {
    return io::JoinPath(folder_, shard.name);
  }

  void Damage(absl::string_view what, absl::string_view advice) {
    proof_.faults.push_back(
        {.is_damage = true, .text = absl::StrCat(what, ": ", advice)});
  }
  void Incomplete(absl::string_view what, absl::string_view advice) {
    proof_.faults.push_back({.is_damage = false,
                             .text = absl::StrCat(io::CarriedText(folder_),
                                                  ": ", what, ": ", advice)});
  }

  // " --run-date D", if the date is known.
  std::string RunDate() const {
    return date_.empty() ? "" : absl::StrCat(" --run-date ", date_);
  }
  std::string RunAgain(uint64_t shard) const {
    return absl::StrCat("run it again, without --resume (--shard ", shard,
                        RunDate(), ")");
  }

  void ReadShards() {
    std::vector<std::string> names;
    const absl::Status status = io::ListFolder(folder_, &names);
    if (!status.ok()) {
      return Damage(status.message(), "name a dataset's folder");
    }
    for (const std::string& name : names) {
      const std::string path = io::JoinPath(folder_, name);
      if (!absl::StartsWith(name, io::kShardPrefix) || !IsFolder(path)) {
        continue;
      }
      const auto number = ShardOfName(name);
      if (!number) {
        Damage(absl::StrCat(io::CarriedText(path), " is no shard of a dataset"),
               "remove it");
        continue;
      }
      ReadShard(name, *number);
    }
  }

  void ReadShard(const std::string& name, uint64_t number) {
    seen_.insert(number);
    const std::string path = io::JoinPath(folder_, name);
    const std::string manifest = io::JoinPath(path, io::kManifestName);
    if (Exists(io::JoinPath(path, io::kJournalName)) || !Exists(manifest)) {
      unfinished_.insert(number);
      return;
    }
    auto read = io::ReadManifest(manifest);
    if (!read.ok()) return Damage(read.status().message(), RunAgain(number));
    shards_.push_back({.name = name, .manifest = *std::move(read)});
  }

  // The run that most shards are of; of equally many, the first shard's.
  void ChooseRun() {
    std::map<io::RunIdentity, size_t> counts;
    size_t most = 0;
    for (const Found& shard : shards_) {
      most = std::max(most, ++counts[shard.manifest.run]);
    }
    for (const Found& shard : shards_) {
      if (counts[shard.manifest.run] < most) continue;
      proof_.summary.run = shard.manifest.run;
      return;
    }
    proof_.summary.run.shards = 0;  // not known
  }

  // Takes each shard into the summary.
  void CheckShards() {
    const io::RunIdentity& run = proof_.summary.run;
    if (!shards_.empty() && run.schema_version != io::kRowSchemaVersion) {
      Damage(absl::StrCat(io::CarriedText(folder_), " has rows of schema ",
                          run.schema_version),
             absl::StrCat("use the ptrsweep that wrote them; this one knows ",
                          io::kRowSchemaVersion, " only"));
    }
    for (const Found& shard : shards_) CheckShard(shard);
    const NumberRanges gaps = GapsOf(seen_, run.shards);
    if (!gaps.empty()) TellMissing(gaps);
    if (!proof_.faults.empty() || !unfinished_.empty()) return;
    if (proof_.summary.rows != run.all_targets) {
      Damage(
          absl::StrCat(io::CarriedText(folder_), " has ", proof_.summary.rows,
                       " rows, the run has ", run.all_targets, " targets"),
          "its manifests were changed: run all shards again");
    }
  }

  void CheckShard(const Found& shard) {
    const io::ShardManifest& manifest = shard.manifest;
    const std::string path =
        io::CarriedText(io::JoinPath(PathOf(shard), io::kManifestName));
    if (manifest.run != proof_.summary.run) {
      return Damage(
          absl::StrCat(path, " is of another run than the others (",
                       DifferenceOf(manifest.run, proof_.summary.run), ")"),
          RunAgain(*ShardOfName(shard.name)));
    }
    if (shard.name != io::ShardName(manifest.shard, manifest.run.shards)) {
      return Damage(absl::StrCat(path, " is of shard ", manifest.shard),
                    RunAgain(*ShardOfName(shard.name)));
    }
    if (manifest.rows() != manifest.targets) {
      return Damage(absl::StrCat(path, " has ", manifest.rows(), " rows for ",
                                 manifest.targets, " targets"),
                    RunAgain(manifest.shard));
    }
    io::AddShard(manifest, &proof_.summary);
  }

  static std::string Which(const NumberRanges& ranges) {
    const bool one = ranges.size() == 1 && ranges[0].first == ranges[0].second;
    return absl::StrCat(one ? "shard " : "shards ", RangesText(ranges));
  }

  void TellMissing(const NumberRanges& gaps) {
    Incomplete(
        absl::StrCat("no ", Which(gaps), " of ", proof_.summary.run.shards),
        absl::StrCat("still to be run (--shard I", RunDate(), ")"));
  }

  void TellUnfinished() {
    if (!unfinished_.empty()) {
      Incomplete(absl::StrCat("not finished: ", Which(RangesOf(unfinished_))),
                 absl::StrCat("go on (--shard I", RunDate(), " --resume)"));
    } else if (shards_.empty() && proof_.faults.empty()) {
      Incomplete("no shard at all", "still to be run");
    }
  }

  // A path of the folder that a manifest knows.
  bool IsKnown(absl::string_view path) const {
    const std::pair<absl::string_view, absl::string_view> names =
        absl::StrSplit(path, absl::MaxSplits('/', 1));
    const auto number = io::ParsePartName(names.second);
    const auto shard = std::lower_bound(
        shards_.begin(), shards_.end(), names.first,
        [](const Found& a, absl::string_view name) { return a.name < name; });
    return number && shard != shards_.end() && shard->name == names.first &&
           *number < shard->manifest.parts.size();
  }

  // `below`: "" or a path in the folder that ends with "/".
  void CheckFiles(const std::string& below) {
    std::vector<std::string> names;
    const absl::Status status =
        io::ListFolder(io::JoinPath(folder_, below), &names);
    if (!status.ok()) return Damage(status.message(), "see to its permissions");
    for (const std::string& name : names) {
      const std::string path = below + name;
      const std::string whole = io::JoinPath(folder_, path);
      if (IsFolder(whole)) {
        CheckFiles(path + "/");
      } else if (absl::EndsWith(name, io::kPartEnding) && !IsKnown(path)) {
        Damage(absl::StrCat(io::CarriedText(whole), " is in no manifest"),
               "remove it, readers would take it for a part");
      }
    }
  }

  void CheckContent() {
    for (const Found& shard : shards_) {
      const absl::Status status = ProveShard(PathOf(shard), shard.manifest);
      if (status.ok()) continue;
      Damage(status.message(), RunAgain(shard.manifest.shard));
    }
  }

  void CheckUnchanged() {
    for (const Found& shard : shards_) {
      const std::string path = PathOf(shard);
      const auto now = io::ReadManifest(io::JoinPath(path, io::kManifestName));
      if (!Exists(io::JoinPath(path, io::kJournalName)) && now.ok() &&
          io::FormatManifest(*now) == io::FormatManifest(shard.manifest)) {
        continue;
      }
      Incomplete(absl::StrCat("shard ", shard.manifest.shard,
                              " was begun again meanwhile"),
                 "finalize once it is finished");
    }
  }

  const std::string folder_;
  const std::string date_;
  std::set<uint64_t> seen_;  // shards that have a folder
  std::set<uint64_t> unfinished_;
  std::vector<Found> shards_;  // with a manifest, by name
  DatasetProof proof_;
};

}  // namespace

DatasetProof ProveDataset(const std::string& folder) {
  return DatasetProver(folder).Prove();
}

}  // namespace tools
