#include "tools/run_journal.h"

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "io/net/random.h"
#include "scanner/progress/walk_progress.h"
#include "scanner/walk/walk_targets.h"
#include "tools/run_digest.h"

namespace tools {
namespace {

io::JournalHeader HeaderOf(const ScanConfig& config,
                           const scanner::ScanTargets& targets) {
  return {.run_id = io::SecureRandom().U64(),
          .targets = DigestOf(targets),
          .options = ShardDigestOf(config),
          .seed = config.options.seed,
          .target_count = targets.walk == nullptr
                              ? targets.targets.size()
                              : targets.walk->prefixes.size()};
}

absl::Status CheckSameRun(const io::JournalHeader& left,
                          const io::JournalHeader& wanted,
                          const std::string& path, bool walks) {
  const bool same_targets = left.targets == wanted.targets &&
                            left.target_count == wanted.target_count;
  if (!same_targets || left.seed != wanted.seed) {
    return RefuseJournal(
        path, walks
                  ? "is of a scan, or of a walk with other prefixes, --known, "
                    "--exhaustive, exclusions, labels or --seed"
                  : "is of a run with other targets, labels or --seed");
  }
  if (left.options != wanted.options) {
    return RefuseJournal(path,
                         "is of a run with other options or resolvers: rows "
                         "would not be alike");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RefuseJournal(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(io::CarriedText(path), " ", why));
}

absl::StatusOr<std::unique_ptr<io::Journal>> CreateJournal(
    const std::string& path, const ScanConfig& config,
    const scanner::ScanTargets& targets) {
  auto journal = io::Journal::Create(path, HeaderOf(config, targets));
  if (!absl::IsAlreadyExists(journal.status())) return journal;
  return RefuseJournal(path,
                       "is of a run that was not finished: --resume goes on "
                       "with it; remove the journal to start afresh");
}

absl::StatusOr<io::Journal::Opened> OpenJournal(
    const std::string& path, uint64_t data_octets, const ScanConfig& config,
    const scanner::ScanTargets& targets, uint64_t findings_octets) {
  io::RecordTest also_fits;
  if (targets.walk != nullptr) {
    also_fits = [findings_octets](const io::JournalRecord& record) {
      return scanner::WalkProgress::FindingsOctets(record) <= findings_octets;
    };
  }
  auto opened = io::Journal::Open(path, data_octets, also_fits);
  if (!opened.ok()) return opened;
  const absl::Status same =
      CheckSameRun(opened->content.header, HeaderOf(config, targets), path,
                   targets.walk != nullptr);
  if (!same.ok()) return same;
  return opened;
}

}  // namespace tools
