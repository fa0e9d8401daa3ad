#include "tools/report_command.h"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_batch.h"
#include "scanner/overview/overview.h"
#include "tools/exit_code.h"
#include "tools/explain/paper.h"
#include "tools/page/html_page.h"
#include "tools/page/report_view.h"
#include "tools/page/table_file.h"
#include "tools/page/text_page.h"
#include "tools/row_files.h"
#include "tools/target_config.h"
#include "tools/zones_config.h"

namespace tools {
namespace {

enum class PageFormat { kHtml, kText };

absl::StatusOr<PageFormat> ChoosePageFormat(const ReportArguments& arguments) {
  if (arguments.format == "html") return PageFormat::kHtml;
  if (arguments.format == "text") return PageFormat::kText;
  if (!arguments.format.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--format: '", io::ShownText(arguments.format),
                     "' is not a format of reports (html, text)"));
  }
  return absl::EndsWith(arguments.output, ".txt") ? PageFormat::kText
                                                  : PageFormat::kHtml;
}

// What stands beside the rows.
struct Context {
  PageFormat format = PageFormat::kHtml;
  scanner::Profile profile = scanner::Profile::kMail;
  scanner::LabelTable labels;
  scanner::ZoneFactsTable facts;
  std::vector<scanner::Finding> findings;
  Holders holders;
};

absl::StatusOr<Context> MakeContext(const ReportArguments& arguments) {
  Context context;
  const auto format = ChoosePageFormat(arguments);
  if (!format.ok()) return format.status();
  context.format = *format;
  const auto profile = scanner::ParseProfile(arguments.profile);
  if (!profile) {
    return absl::InvalidArgumentError(
        absl::StrCat("--profile: '", io::ShownText(arguments.profile),
                     "' is not a profile (mail, hosting, infra)"));
  }
  context.profile = *profile;
  std::vector<std::string> notes;
  auto labels = ReadLabels(arguments.labels, &notes);
  if (!labels.ok()) return labels.status();
  context.labels = *std::move(labels);
  TellNotes(notes);
  if (!arguments.zones.empty()) {
    auto rows = ReadZoneFacts(arguments.zones);
    if (!rows.ok()) return rows.status();
    context.facts = scanner::ZoneFactsTable(*std::move(rows));
  }
  if (!arguments.findings.empty()) {
    auto findings = ReadFindings(arguments.findings);
    if (!findings.ok()) return findings.status();
    context.findings = *std::move(findings);
  }
  std::vector<OptionText> my_ns;
  for (const std::string& suffix : arguments.my_ns) {
    my_ns.emplace_back(suffix, "--my-ns");
  }
  auto holders =
      ReadHolders(my_ns, OptionText(arguments.providers, "--providers"));
  if (!holders.ok()) return holders.status();
  context.holders = *std::move(holders);
  return context;
}

// False: it does not belong to what was read before.
using TakeRow = std::function<bool(const io::Row&)>;

absl::Status Changed(absl::string_view path) {
  return absl::DataLossError(
      absl::StrCat(io::CarriedText(path), ": changed while it was read"));
}

absl::Status ReadRows(const std::vector<std::string>& files,
                      const TakeRow& take) {
  io::RowBatch batch;
  for (const std::string& path : files) {
    auto reader = OpenRows(path);
    if (!reader.ok()) return reader.status();
    while (true) {
      batch.Clear();
      const auto more = (*reader)->Next(&batch);
      if (!more.ok()) return more.status();
      for (const io::Row& row : batch.rows()) {
        if (!take(row)) return Changed(path);
      }
      if (!*more) break;
    }
  }
  return absl::OkStatus();
}

absl::Status FillOverview(const std::vector<std::string>& files,
                          scanner::Overview* overview) {
  uint64_t surveyed = 0;
  absl::Status status = ReadRows(files, [&](const io::Row& row) {
    overview->Survey(row);
    ++surveyed;
    return true;
  });
  if (!status.ok()) return status;
  overview->Settle();
  uint64_t added = 0;
  status = ReadRows(files, [&](const io::Row& row) {
    return ++added <= surveyed && overview->Add(row);
  });
  if (!status.ok()) return status;
  if (added != surveyed) return Changed(files.front());
  overview->Finish();
  return absl::OkStatus();
}

absl::Status WritePage(const ReportInput& input, PageFormat format,
                       const std::string& output,
                       const char* const* environment) {
  const auto place = io::FindOutput(output);
  if (!place.ok()) return place.status();
  const bool html = format == PageFormat::kHtml;
  TextStyle style;
  if (!html && place->kind == io::OutputPlace::Kind::kStdout) {
    const PaperStyle paper = StyleOfStdout(environment);
    style.colour = paper.color;
    if (paper.width > 0) style.width = paper.width;
  }
  std::string page = TextPage(input, style);
  if (html) page = HtmlPage(input, page);
  auto file = io::OutputFile::Open(*place);
  if (!file.ok()) return file.status();
  absl::Status status = (*file)->Write(page);
  if (status.ok()) status = (*file)->Finish();
  if (!status.ok()) (*file)->Discard();
  return status;
}

absl::Status Report(const ReportArguments& arguments, const Context& context,
                    const char* const* environment) {
  std::vector<std::string> files;
  ReportInput::Names names;
  for (const std::string& path : arguments.files) {
    auto found = RowFilesOf(path);
    if (!found.ok()) return found.status();
    files.insert(files.end(), found->begin(), found->end());
    names.push_back(io::CarriedText(path));
  }
  scanner::Overview overview({.profile = context.profile,
                              .labels = context.labels,
                              .facts = context.facts,
                              .you = context.holders.you,
                              .listed = context.holders.providers});
  absl::Status status = FillOverview(files, &overview);
  if (!status.ok()) return status;
  return WritePage({.overview = overview,
                    .findings = context.findings,
                    .files = std::move(names),
                    .profile = arguments.profile,
                    .made_us = absl::ToUnixMicros(absl::Now())},
                   context.format, arguments.output, environment);
}

}  // namespace

int RunReportCommand(const ReportArguments& arguments,
                     const char* const* environment) {
  const auto context = MakeContext(arguments);
  if (!context.ok()) return ReportError(context.status());
  const absl::Status status = Report(arguments, *context, environment);
  if (status.ok()) return kExitComplete;
  return ReportError(status);
}

}  // namespace tools
