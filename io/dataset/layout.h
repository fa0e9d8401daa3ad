// Where a dataset keeps what (OUTPUT.md section 5):
//
//   DIR/date=2026-11-25/                     one run; the date is UTC
//     _SUCCESS                               last, by `ptrsweep finalize`
//     shard=00/                              of shard 0 of up to 100
//       part-00000.parquet                   whole parts
//       .part-00001.parquet.inprogress       the one that is being written
//       _manifest.json                       once the shard is whole
//       _zones.csv                           after that, of own iteration
//       .journal                             until then
//
// A reader of **/*.parquet sees whole parts only. What is for ourselves begins
// with a dot or an underscore, as Spark, Arrow and Hive want it.
#ifndef PTRSWEEP_IO_DATASET_LAYOUT_H_
#define PTRSWEEP_IO_DATASET_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "io/files/output_file.h"

namespace io {

inline constexpr absl::string_view kDatePrefix = "date=";
inline constexpr absl::string_view kShardPrefix = "shard=";
inline constexpr absl::string_view kPartEnding = ".parquet";
inline constexpr absl::string_view kManifestName = "_manifest.json";
inline constexpr absl::string_view kZonesName = "_zones.csv";
inline constexpr absl::string_view kJournalName = ".journal";
inline constexpr absl::string_view kSuccessName = "_SUCCESS";

// "2026-11-25", in UTC.
std::string DateText(absl::Time time);
// Exactly that form, and a day that exists.
bool IsDate(absl::string_view text);

// "shard=07": as many digits as the last of `shards` needs, at least two.
std::string ShardName(uint64_t shard, uint64_t shards);
// "part-00000.parquet": at least five digits.
std::string PartName(size_t part);
// The other way; nullopt for every other text.
std::optional<size_t> ParsePartName(absl::string_view name);

// "a/b" for "a" or "a/" and "b".
std::string JoinPath(absl::string_view folder, absl::string_view name);

// The paths of one shard.
class ShardFolder {
 public:
  // `root`: DIR. REQUIRES: IsDate(date).
  ShardFolder(absl::string_view root, absl::string_view date, uint64_t shard,
              uint64_t shards);

  const std::string& date_folder() const { return date_folder_; }
  const std::string& path() const { return path_; }
  std::string SuccessPath() const {
    return JoinPath(date_folder_, kSuccessName);
  }
  std::string ManifestPath() const { return JoinPath(path_, kManifestName); }
  std::string ZonesPath() const { return JoinPath(path_, kZonesName); }
  std::string JournalPath() const { return JoinPath(path_, kJournalName); }
  // Its temporary name is the one that the layout shows.
  OutputPlace Part(size_t part) const;

  // Makes the folders that are not there, but not what `root` lies in.
  absl::Status Make() const;
  // Octets of a part under either name; nullopt if there is none. If both are
  // there, of the temporary one.
  std::optional<uint64_t> PartOctets(size_t part) const;
  // Of all parts up to the first that is not there.
  uint64_t AllOctets() const;
  // Gives a part its temporary name again, if it has the other.
  absl::Status Reopen(size_t part) const;
  // Removes the parts from number `first` on, whole or not.
  absl::Status RemoveParts(size_t first) const;

 private:
  std::string root_;
  std::string date_folder_;
  std::string path_;
};

// Names in a folder, sorted. Errors name it and errno.
absl::Status ListFolder(const std::string& folder,
                        std::vector<std::string>* names);

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_LAYOUT_H_
