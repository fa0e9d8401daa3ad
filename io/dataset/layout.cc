#include "io/dataset/layout.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace io {
namespace {

constexpr absl::string_view kPartPrefix = "part-";
constexpr size_t kPartDigits = 5;
constexpr size_t kShardDigits = 2;
constexpr size_t kMaxParts = 1'000'000'000;

std::string Padded(uint64_t number, size_t digits) {
  std::string text = absl::StrCat(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

// Part of either name, whole or not; nullopt if it is none.
std::optional<size_t> PartOfEitherName(absl::string_view name) {
  if (absl::ConsumePrefix(&name, ".") &&
      !absl::ConsumeSuffix(&name, ".inprogress")) {
    return std::nullopt;
  }
  return ParsePartName(name);
}

absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0777) != 0) {
    if (errno == EEXIST) return absl::OkStatus();
    return FileError("make folder", CarriedText(folder), errno);
  }
  const int error = SyncFolder(FolderOf(folder));
  if (error == 0) return absl::OkStatus();
  return FileError("sync the folder of", CarriedText(folder), error);
}

}  // namespace

std::string DateText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

bool IsDate(absl::string_view text) {
  absl::CivilDay day;
  return absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text;
}

std::string ShardName(uint64_t shard, uint64_t shards) {
  const size_t digits = absl::StrCat(shards - 1).size();
  return absl::StrCat(kShardPrefix,
                      Padded(shard, std::max(kShardDigits, digits)));
}

std::string PartName(size_t part) {
  return absl::StrCat(kPartPrefix, Padded(part, kPartDigits), kPartEnding);
}

std::optional<size_t> ParsePartName(absl::string_view name) {
  absl::string_view digits = name;
  if (!absl::ConsumePrefix(&digits, kPartPrefix) ||
      !absl::ConsumeSuffix(&digits, kPartEnding)) {
    return std::nullopt;
  }
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  const auto part = ParseUnsigned(digits, kMaxParts);
  if (!part || PartName(*part) != name) return std::nullopt;
  return *part;
}

std::string JoinPath(absl::string_view folder, absl::string_view name) {
  return absl::StrCat(folder, absl::EndsWith(folder, "/") ? "" : "/", name);
}

ShardFolder::ShardFolder(absl::string_view root, absl::string_view date,
                         uint64_t shard, uint64_t shards)
    : root_(root),
      date_folder_(JoinPath(root, absl::StrCat(kDatePrefix, date))),
      path_(JoinPath(date_folder_, ShardName(shard, shards))) {}

OutputPlace ShardFolder::Part(size_t part) const {
  const std::string path = JoinPath(path_, PartName(part));
  return {.kind = OutputPlace::Kind::kFile, .given = path, .file = path};
}

absl::Status ShardFolder::Make() const {
  for (const std::string& folder : {root_, date_folder_, path_}) {
    absl::Status status = MakeFolder(folder);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

std::optional<uint64_t> ShardFolder::PartOctets(size_t part) const {
  const OutputPlace place = Part(part);
  const auto octets = SizeOfFile(place.TemporaryPath());
  return octets ? octets : SizeOfFile(place.file);
}

uint64_t ShardFolder::AllOctets() const {
  uint64_t octets = 0;
  for (size_t part = 0; const auto size = PartOctets(part); ++part) {
    octets += *size;
  }
  return octets;
}

absl::Status ShardFolder::Reopen(size_t part) const {
  const OutputPlace place = Part(part);
  const std::string temporary = place.TemporaryPath();
  if (SizeOfFile(temporary)) return absl::OkStatus();
  if (rename(place.file.c_str(), temporary.c_str()) != 0) {
    return FileError("reopen", CarriedText(place.file), errno);
  }
  const int error = SyncFolder(path_);
  if (error == 0) return absl::OkStatus();
  return FileError("sync", CarriedText(path_), error);
}

absl::Status ShardFolder::RemoveParts(size_t first) const {
  std::vector<std::string> names;
  absl::Status status = ListFolder(path_, &names);
  if (!status.ok()) return status;
  for (const std::string& name : names) {
    const auto part = PartOfEitherName(name);
    if (!part || *part < first) continue;
    const std::string path = JoinPath(path_, name);
    if (unlink(path.c_str()) != 0) {
      return FileError("remove", CarriedText(path), errno);
    }
  }
  return absl::OkStatus();
}

absl::Status ListFolder(const std::string& folder,
                        std::vector<std::string>* names) {
  DIR* const stream = opendir(folder.c_str());
  if (stream == nullptr) return FileError("read", CarriedText(folder), errno);
  names->clear();
  errno = 0;
  while (const dirent* const entry = readdir(stream)) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names->emplace_back(name);
  }
  const int error = errno;
  closedir(stream);
  if (error != 0) return FileError("read", CarriedText(folder), error);
  std::sort(names->begin(), names->end());
  return absl::OkStatus();
}

}  // namespace io
