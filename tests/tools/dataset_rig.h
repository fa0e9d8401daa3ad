// A dataset of four shards, made by `ptrsweep scan` of a scripted server, and
// ways to damage a copy of it.
#ifndef PTRSWEEP_TESTS_TOOLS_DATASET_RIG_H_
#define PTRSWEEP_TESTS_TOOLS_DATASET_RIG_H_

#include <functional>
#include <string>
#include <vector>

#include "io/dataset/manifest.h"
#include "io/formats/row.h"
#include "tests/support/program.h"
#include "tests/support/scripted_server.h"

namespace testing_support {

inline constexpr int kDatasetShards = 4;
inline constexpr char kDatasetDate[] = "2026-11-25";

// 24 blocks of 16 addresses, of both families.
std::vector<std::string> DatasetTargets();
inline constexpr uint64_t kDatasetTargets = uint64_t{24} * 16;

// `ptrsweep scan` of DatasetTargets() with twenty rows a part and further
// arguments; `program`: ptrsweep, or scan_crasher and its plan.
ProgramResult ScanShard(const std::vector<std::string>& program,
                        const ScriptedServer& server, const std::string& root,
                        int shard, const std::vector<std::string>& more = {},
                        const ProgramOptions& options = {});

// ROOT/date=2026-11-25, and a shard's folder in it.
std::string DateFolderOf(const std::string& root);
std::string ShardFolderOf(const std::string& root, int shard);

// Has `change` at the rows of a part, and the manifest say what they then are.
void RewritePart(const std::string& shard_folder, size_t part,
                 const std::function<void(std::vector<io::Row>*)>& change,
                 uint64_t seed = 0);
// Has `change` at the manifest.
void RewriteManifest(const std::string& shard_folder,
                     const std::function<void(io::ShardManifest*)>& change);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_TOOLS_DATASET_RIG_H_
