#include "tools/dataset/shard_proof.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "dnswire/ip_address.h"
#include "io/dataset/layout.h"
#include "io/files/input_file.h"
#include "io/formats/carried_text.h"
#include "io/parquet/parquet_reader.h"
#include "scanner/targets/target_order.h"

namespace tools {
namespace {

using dnswire::IpAddress;

absl::Status Damaged(const std::string& path, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(io::CarriedText(path), what));
}

// A value that the sorted list has twice, or its end.
template <typename Value>
auto FindTwice(std::vector<Value>* values) {
  std::sort(values->begin(), values->end());
  return std::adjacent_find(values->begin(), values->end());
}

class ShardProver {
 public:
  ShardProver(const std::string& folder, const io::ShardManifest& manifest)
      : folder_(folder), manifest_(manifest) {}

  absl::Status Prove() {
    for (size_t i = 0; i < manifest_.parts.size(); ++i) {
      const std::string path = io::JoinPath(folder_, io::PartName(i));
      absl::Status status = ProveOctets(path, manifest_.parts[i]);
      if (status.ok()) status = ProveRows(path, manifest_.parts[i]);
      if (!status.ok()) return status;
    }
    return ProveOnce();
  }

 private:
  static absl::Status ProveOctets(const std::string& path,
                                  const io::DatasetPart& part) {
    const auto file = io::InputFile::Open(path);
    if (!file.ok()) return absl::DataLossError(file.status().message());
    if ((*file)->size() != part.octets) {
      return Damaged(path,
                     absl::StrCat(" has ", (*file)->size(),
                                  " octets, its manifest says ", part.octets));
    }
    io::Sha256 digest;
    absl::Status status = (*file)->DigestInto(part.octets, &digest);
    if (!status.ok()) return absl::DataLossError(status.message());
    if (digest.Finish() == part.sha256) return absl::OkStatus();
    return Damaged(path, " is not what was written (sha256)");
  }

  absl::Status ProveRows(const std::string& path, const io::DatasetPart& part) {
    const auto reader = io::ParquetReader::Open(path);
    if (!reader.ok()) return absl::DataLossError(reader.status().message());
    if (static_cast<uint64_t>((*reader)->rows()) != part.rows) {
      return Damaged(path,
                     absl::StrCat(" has ", (*reader)->rows(),
                                  " rows, its manifest says ", part.rows));
    }
    absl::Status status = ProveMetadata(path, (*reader)->metadata());
    std::vector<absl::uint128> keys;
    while (status.ok()) {
      keys.clear();
      const auto more = (*reader)->NextKeys(&keys);
      if (!more.ok()) return absl::DataLossError(more.status().message());
      if (!*more) break;
      status = Take(path, keys);
    }
    return status;
  }

  // What the part says of its run.
  absl::Status ProveMetadata(const std::string& path,
                             const io::KeyValues& metadata) const {
    const io::RunIdentity& run = manifest_.run;
    const io::KeyValues expected = {
        {"ptrsweep.schema_version", absl::StrCat(run.schema_version)},
        {"ptrsweep.targets_digest", run.targets_digest},
        {"ptrsweep.options_digest", run.options_digest},
        {"ptrsweep.seed", absl::StrCat(run.seed)},
        {"ptrsweep.shard", absl::StrCat(manifest_.shard, "/", run.shards)}};
    for (const auto& entry : expected) {
      if (std::find(metadata.begin(), metadata.end(), entry) !=
          metadata.end()) {
        continue;
      }
      return Damaged(path, absl::StrCat(" is of another run: its ", entry.first,
                                        " is not ", entry.second));
    }
    return absl::OkStatus();
  }

  absl::Status Take(const std::string& path,
                    const std::vector<absl::uint128>& keys) {
    for (const absl::uint128 key : keys) {
      const IpAddress address = IpAddress::V6(key).Unmapped();
      const uint64_t owner = scanner::TargetOrder::ShardOf(
          address, static_cast<uint32_t>(manifest_.run.shards));
      if (owner != manifest_.shard) {
        return Damaged(
            path, absl::StrCat(": ", address.ToString(), " belongs to shard ",
                               owner, ", not to ", manifest_.shard));
      }
      if (address.is_v4()) {
        v4_.push_back(address.v4());
      } else {
        v6_.push_back(key);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ProveOnce() {
    const auto v4 = FindTwice(&v4_);
    if (v4 != v4_.end()) return Twice(IpAddress::V4(*v4));
    const auto v6 = FindTwice(&v6_);
    if (v6 != v6_.end()) return Twice(IpAddress::V6(*v6));
    return absl::OkStatus();
  }

  absl::Status Twice(const IpAddress& address) const {
    return Damaged(folder_, absl::StrCat(": ", address.ToString(),
                                         " has more than one row"));
  }

  const std::string& folder_;
  const io::ShardManifest& manifest_;
  std::vector<uint32_t> v4_;
  std::vector<absl::uint128> v6_;
};

}  // namespace

absl::Status ProveShard(const std::string& folder,
                        const io::ShardManifest& manifest) {
  return ShardProver(folder, manifest).Prove();
}

}  // namespace tools
