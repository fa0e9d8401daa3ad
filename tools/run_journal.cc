#include "tools/run_journal.h"

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "io/net/random.h"
#include "scanner/progress/walk_progress.h"
#include "scanner/walk/walk_targets.h"
#include "tools/run_digest.h"

namespace tools {
namespace {

using scanner::WalkProgress;

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
        path, walks ? "is of a scan, or of a walk with other prefixes, "
                      "--known, --exhaustive, exclusions or labels"
                    : "is of a run with other targets, labels or --seed");
  }
  if (left.options != wanted.options) {
    return RefuseJournal(
        path,
        absl::StrCat("is of a ",
                     walks ? "walk with other options, or of another shard"
                           : "run with other options or resolvers",
                     ": rows would not be alike"));
  }
  return absl::OkStatus();
}

// Else findings would be lost, or in two places.
absl::Status CheckSamePlace(const io::JournalContent& left,
                            const std::string& wanted,
                            const std::string& path) {
  if (!left.has_record) return absl::OkStatus();
  const std::string place = WalkProgress::FindingsPlace(left.last);
  if (place == wanted) return absl::OkStatus();
  return RefuseJournal(
      path,
      absl::StrCat("is of a walk whose findings go to ", io::CarriedText(place),
                   ", not to ", io::CarriedText(wanted), " (--findings)"));
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
    const scanner::ScanTargets& targets, const FindingsLeft& findings) {
  const bool walks = targets.walk != nullptr;
  io::RecordTest also_fits;
  if (walks) {
    // Of findings that are elsewhere the octets say nothing.
    also_fits = [&findings](const io::JournalRecord& record) {
      return WalkProgress::FindingsPlace(record) != findings.place ||
             WalkProgress::FindingsOctets(record) <= findings.octets;
    };
  }
  auto opened = io::Journal::Open(path, data_octets, also_fits);
  if (!opened.ok()) return opened;
  const io::JournalContent& content = opened->content;
  absl::Status same =
      CheckSameRun(content.header, HeaderOf(config, targets), path, walks);
  if (same.ok() && walks) same = CheckSamePlace(content, findings.place, path);
  if (!same.ok()) return same;
  return opened;
}

}  // namespace tools
