#include "tools/diff_command.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/nearest_word.h"
#include "tools/diff/change_rows.h"
#include "tools/diff/comparison.h"
#include "tools/diff/run_table.h"
#include "tools/exit_code.h"
#include "tools/row_files.h"

namespace tools {
namespace {

using scanner::Change;

// Prefixes, and labels, that the summary names.
constexpr size_t kGroupsShown = 20;
constexpr size_t kTextOctets = 64 << 10;  // written at a time

enum class DiffFormat { kText, kCsv, kNdjson };

struct DiffConfig {
  scanner::Profile profile = scanner::Profile::kMail;
  DiffFormat format = DiffFormat::kCsv;
  std::vector<Change> fail_on;
};

absl::StatusOr<DiffFormat> ParseFormat(const DiffArguments& arguments) {
  if (arguments.format == "text") return DiffFormat::kText;
  if (arguments.format.empty() && arguments.output == "-" &&
      isatty(STDOUT_FILENO) == 1) {
    return DiffFormat::kText;
  }
  if (!arguments.format.empty() && arguments.format != "csv" &&
      arguments.format != "ndjson") {
    return absl::InvalidArgumentError(
        absl::StrCat("--format: '", io::ShownText(arguments.format),
                     "' is not text, csv or ndjson"));
  }
  const auto format =
      ChooseFormat(OptionText(arguments.format, "--format"), arguments.output);
  if (!format.ok()) return format.status();
  if (*format == Format::kParquet) {
    return absl::InvalidArgumentError(
        "--output: diff writes text, csv or ndjson, not parquet");
  }
  return *format == Format::kCsv ? DiffFormat::kCsv : DiffFormat::kNdjson;
}

absl::StatusOr<Change> ParseKind(const std::string& word) {
  const auto change = scanner::ParseChange(word);
  if (change && *change != Change::kSame) return *change;
  std::vector<absl::string_view> kinds;
  for (size_t i = 0; i < scanner::kChangeCount; ++i) {
    const auto kind = static_cast<Change>(i);
    if (kind != Change::kSame) kinds.push_back(ChangeName(kind));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--fail-on: \"", io::ShownText(word),
                   "\" is no kind of change; did you mean \"",
                   io::NearestWord(word, kinds), "\"?"));
}

absl::StatusOr<DiffConfig> MakeDiffConfig(const DiffArguments& arguments) {
  DiffConfig config;
  const auto profile = scanner::ParseProfile(arguments.profile);
  if (!profile) {
    return absl::InvalidArgumentError(
        absl::StrCat("--profile: '", io::ShownText(arguments.profile),
                     "' is not mail, hosting or infra"));
  }
  config.profile = *profile;
  const auto format = ParseFormat(arguments);
  if (!format.ok()) return format.status();
  config.format = *format;
  for (const std::string& word : arguments.fail_on) {
    const auto change = ParseKind(word);
    if (!change.ok()) return change.status();
    config.fail_on.push_back(*change);
  }
  return config;
}

struct Tables {
  std::unique_ptr<RunTable> older;
  std::unique_ptr<RunTable> newer;
};

// Reading is most of the work, so each run has a thread.
absl::StatusOr<Tables> ReadBoth(const DiffArguments& arguments,
                                scanner::Profile profile) {
  absl::StatusOr<std::unique_ptr<RunTable>> older;
  std::thread reader([&] { older = RunTable::Read(arguments.older, profile); });
  auto newer = RunTable::Read(arguments.newer, profile);
  reader.join();
  if (!older.ok()) return older.status();
  if (!newer.ok()) return newer.status();
  return Tables{*std::move(older), *std::move(newer)};
}

// Lines of changes into a file.
class ChangeWriter {
 public:
  ChangeWriter(const Comparison& comparison, DiffFormat format,
               io::OutputFile* file)
      : comparison_(comparison), format_(format), file_(file) {}

  // Rows by address; text by kind too, new problems first.
  absl::Status Write() {
    if (format_ != DiffFormat::kText) {
      if (format_ == DiffFormat::kCsv) AppendCsvHeader(ChangeColumns(), &text_);
      WriteThose([](Change change) { return scanner::IsChange(change); });
    } else {
      for (const Change kind :
           {Change::kNewProblem, Change::kFixed, Change::kChangedStatus,
            Change::kChangedName, Change::kChangedForward,
            Change::kChangedFlags, Change::kAppeared, Change::kDisappeared}) {
        WriteThose([kind](Change change) { return change == kind; });
      }
    }
    return Pass(0);
  }

 private:
  template <typename IsWanted>
  void WriteThose(IsWanted is_wanted) {
    comparison_.ForEach(
        [&](Change change, std::optional<size_t> i, std::optional<size_t> j) {
          if (!is_wanted(change) || !status_.ok()) return;
          ChangedAddress changed = {.change = change};
          if (i) changed.older = comparison_.older().entry(*i);
          if (j) changed.newer = comparison_.newer().entry(*j);
          Append(changed);
          status_ = Pass(kTextOctets);
        });
  }

  void Append(const ChangedAddress& changed) {
    switch (format_) {
      case DiffFormat::kText:
        AppendChangeLine(changed, &text_);
        break;
      case DiffFormat::kCsv:
        AppendCsvLine(ChangeCells(changed), &text_);
        break;
      case DiffFormat::kNdjson:
        AppendNdjsonLine(ChangeColumns(), ChangeCells(changed), &text_);
        break;
    }
  }

  // Writes what has come together, if that is more than `octets`.
  absl::Status Pass(size_t octets) {
    if (!status_.ok() || text_.size() <= octets) return status_;
    absl::Status status = file_->Write(text_);
    text_.clear();
    return status;
  }

  const Comparison& comparison_;
  const DiffFormat format_;
  io::OutputFile* const file_;
  std::string text_;
  absl::Status status_;
};

absl::Status WriteChanges(const Comparison& comparison,
                          const ChangeTally& tally,
                          const DiffArguments& arguments, DiffFormat format) {
  auto file = io::OutputFile::Open(arguments.output);
  if (!file.ok()) return file.status();
  absl::Status status = ChangeWriter(comparison, format, file->get()).Write();
  const std::string summary = FormatChangeTally(tally);
  if (format == DiffFormat::kText) {
    if (status.ok()) status = (*file)->Write(summary);
  } else if (!arguments.quiet) {
    std::fputs(summary.c_str(), stderr);
  }
  if (status.ok()) status = (*file)->Finish();
  if (!status.ok()) (*file)->Discard();
  return status;
}

bool Fails(const ChangeTally& tally, const std::vector<Change>& fail_on) {
  for (const Change change : fail_on) {
    if (tally.all[static_cast<size_t>(change)] > 0) return true;
  }
  return false;
}

// What a file holds is no fault of the command line.
int ReportFileError(const absl::Status& status) {
  ReportError(status);
  return kExitFile;
}

}  // namespace

int RunDiffCommand(const DiffArguments& arguments) {
  const auto config = MakeDiffConfig(arguments);
  if (!config.ok()) return ReportError(config.status());
  const auto tables = ReadBoth(arguments, config->profile);
  if (!tables.ok()) return ReportFileError(tables.status());
  const Comparison comparison(*tables->older, *tables->newer);
  const ChangeTally tally = comparison.Tally(kGroupsShown);
  const absl::Status status =
      WriteChanges(comparison, tally, arguments, config->format);
  if (!status.ok()) return ReportFileError(status);
  return Fails(tally, config->fail_on) ? kExitFailOn : kExitComplete;
}

}  // namespace tools
