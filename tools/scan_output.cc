#include "tools/scan_output.h"

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/net/random.h"
#include "tools/dataset_output.h"
#include "tools/row_files.h"
#include "tools/run_digest.h"

namespace tools {
namespace {

std::unique_ptr<io::RowSink> SinkOf(const ScanConfig& config,
                                    const scanner::ScanTargets& targets,
                                    std::unique_ptr<io::OutputFile> file) {
  return MakeSink(std::move(file), config.format, MetadataOf(config, targets));
}

io::JournalHeader HeaderOf(const ScanConfig& config,
                           const scanner::ScanTargets& targets) {
  return {.run_id = io::SecureRandom().U64(),
          .targets = DigestOf(targets),
          .options = ShardDigestOf(config),
          .seed = config.options.seed,
          .target_count = targets.targets.size()};
}

// Octets of a regular file; nullopt if there is none.
std::optional<uint64_t> SizeOf(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(info.st_size);
}

absl::Status Refuse(const io::OutputPlace& place, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(io::CarriedText(place.JournalPath()), " ", why));
}

absl::Status CheckSameRun(const io::JournalHeader& left,
                          const io::JournalHeader& wanted,
                          const io::OutputPlace& place) {
  const bool same_targets = left.targets == wanted.targets &&
                            left.target_count == wanted.target_count;
  if (!same_targets || left.seed != wanted.seed) {
    return Refuse(place, "is of a run with other targets, labels or --seed");
  }
  if (left.options != wanted.options) {
    return Refuse(place,
                  "is of a run with other options or resolvers: rows would "
                  "not be alike");
  }
  return absl::OkStatus();
}

absl::StatusOr<ScanOutput> OpenFile(const ScanConfig& config,
                                    const scanner::ScanTargets& targets,
                                    const io::OutputPlace& place) {
  auto file = io::OutputFile::Open(place);
  if (!file.ok()) return file.status();
  return ScanOutput{.sink = SinkOf(config, targets, *std::move(file))};
}

absl::StatusOr<ScanOutput> StartAfresh(const ScanConfig& config,
                                       const scanner::ScanTargets& targets,
                                       const io::OutputPlace& place) {
  auto journal =
      io::Journal::Create(place.JournalPath(), HeaderOf(config, targets));
  if (absl::IsAlreadyExists(journal.status())) {
    return Refuse(place,
                  "is of a run that was not finished: --resume goes on with "
                  "it; remove the journal to start afresh");
  }
  if (!journal.ok()) return journal.status();
  auto output = OpenFile(config, targets, place);
  if (!output.ok()) {
    (*journal)->Remove().IgnoreError();
    return output.status();
  }
  output->journal = std::make_unique<scanner::ScanJournal>(*std::move(journal));
  return output;
}

// A run that was killed after the output got its name has left a journal that
// says so.
bool WasFinished(const io::JournalContent& content,
                 const io::OutputPlace& place) {
  return content.has_record && content.last.complete &&
         !SizeOf(place.TemporaryPath()) &&
         SizeOf(place.file) == content.last.data_octets;
}

absl::StatusOr<ScanOutput> Resume(io::Journal::Opened opened,
                                  const ScanConfig& config,
                                  const scanner::ScanTargets& targets,
                                  const io::OutputPlace& place) {
  const io::JournalContent& content = opened.content;
  const bool was_finished = WasFinished(content, place);
  if (content.has_record && !was_finished && !SizeOf(place.TemporaryPath())) {
    return Refuse(place, absl::StrCat("speaks of ",
                                      io::CarriedText(place.TemporaryPath()),
                                      ", which is not there"));
  }
  auto journal =
      std::make_unique<scanner::ScanJournal>(std::move(opened.journal));
  const absl::Status taken = journal->TakeUp(content);
  if (!taken.ok()) return Refuse(place, taken.message());
  ScanOutput output;
  if (!was_finished) {
    auto file = content.has_record
                    ? io::OutputFile::Continue(place, content.last.data_octets)
                    : io::OutputFile::Open(place);
    if (!file.ok()) return file.status();
    output.sink = SinkOf(config, targets, *std::move(file));
    const absl::Status cut = journal->Cut();
    if (!cut.ok()) return cut;
  }
  output.journal = std::move(journal);
  output.was_finished = was_finished;
  output.is_new = !content.has_record;
  return output;
}

}  // namespace

absl::StatusOr<ScanOutput> OpenScanOutput(const ScanConfig& config,
                                          const scanner::ScanTargets& targets) {
  if (!config.dataset.root.empty()) return OpenDatasetOutput(config, targets);
  const auto place = io::FindOutput(config.output);
  if (!place.ok()) return place.status();
  if (config.format == Format::kParquet) {
    if (config.resume) {
      return absl::InvalidArgumentError(
          "--resume: a Parquet file has no journal yet; write CSV or NDJSON");
    }
    return OpenFile(config, targets, *place);
  }
  if (place->kind != io::OutputPlace::Kind::kFile) {
    if (config.resume) {
      return absl::InvalidArgumentError(
          "--resume needs a file: only --output FILE has a journal");
    }
    return OpenFile(config, targets, *place);
  }
  if (!config.resume) return StartAfresh(config, targets, *place);
  auto size = SizeOf(place->TemporaryPath());
  if (!size) size = SizeOf(place->file);
  auto opened = io::Journal::Open(place->JournalPath(), size.value_or(0));
  if (absl::IsNotFound(opened.status())) {
    return StartAfresh(config, targets, *place);
  }
  if (!opened.ok()) return opened.status();
  const absl::Status same =
      CheckSameRun(opened->content.header, HeaderOf(config, targets), *place);
  if (!same.ok()) return same;
  return Resume(*std::move(opened), config, targets, *place);
}

}  // namespace tools
