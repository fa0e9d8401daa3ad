#include "tests/tools/dataset_rig.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/row_batch.h"
#include "io/parquet/parquet_reader.h"
#include "io/parquet/parquet_sink.h"

namespace testing_support {
namespace {

void ReadRows(const std::string& path, io::RowBatch* batch) {
  const auto reader = io::ParquetReader::Open(path);
  ASSERT_TRUE(reader.ok()) << reader.status();
  while (true) {
    const auto more = (*reader)->Next(batch);
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) return;
  }
}

void WriteRows(const std::string& path, const std::vector<io::Row>& rows,
               const io::RunMetadata& run) {
  auto file = io::OutputFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  io::ParquetSink sink(*std::move(file), run);
  ASSERT_TRUE(sink.Write(rows).ok());
  ASSERT_TRUE(sink.Finish().ok());
}

}  // namespace

std::vector<std::string> DatasetTargets() {
  std::vector<std::string> targets;
  targets.reserve(24);
  for (int i = 0; i < 16; ++i) {
    targets.push_back(absl::StrCat("10.0.", i, ".0/28"));
  }
  for (int i = 0; i < 8; ++i) {
    targets.push_back(absl::StrCat("2001:db8:0:", i, "::/124"));
  }
  return targets;
}

ProgramResult ScanShard(const std::vector<std::string>& program,
                        const ScriptedServer& server, const std::string& root,
                        int shard, const std::vector<std::string>& more,
                        const ProgramOptions& options) {
  std::vector<std::string> command = program;
  command.insert(
      command.end(),
      {"scan", "--resolver", absl::StrCat("127.0.0.1:", server.port()),
       "--dataset", root, "--shards", absl::StrCat(kDatasetShards), "--shard",
       absl::StrCat(shard), "--record-every", "20ms", "--include-special",
       "--no-canary", "-q"});
  if (std::find(more.begin(), more.end(), "--part-rows") == more.end()) {
    command.insert(command.end(), {"--part-rows", "20"});
  }
  command.insert(command.end(), more.begin(), more.end());
  const std::vector<std::string> targets = DatasetTargets();
  command.insert(command.end(), targets.begin(), targets.end());
  return RunProgram(command, options);
}

std::string DateFolderOf(const std::string& root) {
  return absl::StrCat(root, "/date=", kDatasetDate);
}

std::string ShardFolderOf(const std::string& root, int shard) {
  return absl::StrCat(DateFolderOf(root), "/",
                      io::ShardName(static_cast<uint64_t>(shard),
                                    static_cast<uint64_t>(kDatasetShards)));
}

void RewritePart(const std::string& shard_folder, size_t part,
                 const std::function<void(std::vector<io::Row>*)>& change,
                 uint64_t seed) {
  const std::string path = io::JoinPath(shard_folder, io::PartName(part));
  io::RowBatch batch;
  ReadRows(path, &batch);
  std::vector<io::Row> rows(batch.rows().begin(), batch.rows().end());
  change(&rows);
  RewriteManifest(shard_folder, [&](io::ShardManifest* manifest) {
    WriteRows(path, rows,
              {.tool_version = manifest->tool_version,
               .targets_digest = manifest->run.targets_digest,
               .options_digest = manifest->run.options_digest,
               .seed = seed,
               .shard = manifest->shard,
               .shards = manifest->run.shards});
    const auto file = io::InputFile::Open(path);
    ASSERT_TRUE(file.ok());
    io::Sha256 digest;
    ASSERT_TRUE((*file)->DigestInto((*file)->size(), &digest).ok());
    manifest->parts[part] = {.rows = rows.size(),
                             .octets = (*file)->size(),
                             .sha256 = digest.Finish()};
  });
}

void RewriteManifest(const std::string& shard_folder,
                     const std::function<void(io::ShardManifest*)>& change) {
  const std::string path = io::JoinPath(shard_folder, io::kManifestName);
  auto manifest = io::ReadManifest(path);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  change(&*manifest);
  ASSERT_TRUE(io::WriteManifest(path, *manifest).ok());
}

}  // namespace testing_support
