#include "tools/finalize_command.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/dataset/success.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"
#include "tools/dataset/dataset_proof.h"
#include "tools/exit_code.h"
#include "tools/report/progress.h"
#include "tools/version.h"

namespace tools {
namespace {

void Say(const std::string& text) {
  std::fprintf(stderr, "ptrsweep: %s\n", text.c_str());
}

// Whoever named the folder of several runs is told which there are.
absl::Status CheckFolder(const std::string& folder) {
  std::vector<std::string> names;
  absl::Status status = io::ListFolder(folder, &names);
  if (!status.ok()) return status;
  const auto begins = [](absl::string_view prefix) {
    return [prefix](const std::string& name) {
      return absl::StartsWith(name, prefix);
    };
  };
  const auto date =
      std::find_if(names.rbegin(), names.rend(), begins(io::kDatePrefix));
  if (date == names.rend() ||
      std::any_of(names.begin(), names.end(), begins(io::kShardPrefix))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      io::CarriedText(folder), " has no shards but dates: name one of them (",
      io::CarriedText(io::JoinPath(folder, *date)), ")"));
}

absl::Status RemoveSuccess(const std::string& path) {
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return absl::OkStatus();
    return io::FileError("remove", io::CarriedText(path), errno);
  }
  Say(absl::StrCat(io::CarriedText(path), " was not true, and is removed"));
  return absl::OkStatus();
}

// The exit code of a dataset with faults.
int Tell(const std::vector<DatasetFault>& faults, const std::string& success) {
  bool is_damage = false;
  for (const DatasetFault& fault : faults) {
    Say(fault.text);
    is_damage |= fault.is_damage;
  }
  is_damage |= ReportError(RemoveSuccess(success)) != kExitComplete;
  return is_damage ? kExitFile : kExitIncomplete;
}

}  // namespace

int RunFinalizeCommand(const std::string& folder) {
  const absl::Status known = CheckFolder(folder);
  if (!known.ok()) return ReportError(known);
  const std::string success = io::JoinPath(folder, io::kSuccessName);
  const DatasetProof proof = ProveDataset(folder);
  if (!proof.faults.empty()) return Tell(proof.faults, success);
  const io::DatasetSummary& summary = proof.summary;
  const absl::Status written = io::WriteSuccess(success, summary, kVersion);
  if (!written.ok()) return ReportError(written);
  Say(absl::StrCat(io::CarriedText(folder),
                   " is whole: ", WithCommas(summary.rows), " rows in ",
                   WithCommas(summary.parts), " parts of ",
                   WithCommas(summary.run.shards), " shards"));
  return kExitComplete;
}

}  // namespace tools
