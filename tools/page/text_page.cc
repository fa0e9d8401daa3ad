#include "tools/page/text_page.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "io/formats/carried_text.h"
#include "scanner/advice/ticket.h"
#include "scanner/verdict/actor.h"
#include "tools/page/text_map.h"
#include "tools/page/text_table.h"
#include "tools/version.h"

namespace tools {
namespace {

using io::Status;
using scanner::Overview;
using scanner::Severity;
using scanner::Tally;

// What a table shows; the page has more.
constexpr size_t kMaxLines = 20;
// More lines of tickets than this, and only their zones are listed.
constexpr ptrdiff_t kMaxTicketLines = 100;

// Writes one section after the other.
class Writer {
 public:
  Writer(const ReportInput& input, const TextStyle& style)
      : input_(input), overview_(input.overview), style_(style) {}

  void Head();
  void Summary();
  void Map();
  void Actors();
  void Problems();
  void Prefixes();
  void Labels();
  void Zones();
  void Flags();
  void Classless();
  void Findings();
  void Tickets();
  std::string Take() { return std::move(out_); }

 private:
  void Title(absl::string_view title) {
    absl::StrAppend(&out_, "\n", style_.colour ? "\x1b[1m" : "", title,
                    style_.colour ? "\x1b[0m" : "", "\n");
  }
  void Table(absl::string_view title, const TextTable& table) {
    if (table.empty()) return;
    Title(title);
    absl::StrAppend(&out_, table.Format(style_.width));
  }
  void Rest(size_t all, size_t shown) {
    if (all > shown) {
      absl::StrAppend(&out_, "... and ", CountText(all - shown), " more\n");
    }
  }
  void Wrapped(absl::string_view text, absl::string_view indent) {
    absl::StrAppend(&out_, WrapText(text, style_.width, indent));
  }
  void TicketList(const std::vector<const scanner::ZoneTicket*>& tickets);
  // "no_ptr 12, mismatch 3".
  static std::string StatusesText(const Tally& tally);
  void Tallies(absl::string_view title, absl::string_view column,
               std::vector<std::pair<std::string, const Tally*>> rows,
               size_t all);

  const ReportInput& input_;
  const Overview& overview_;
  const TextStyle style_;
  std::string out_;
};

std::string Writer::StatusesText(const Tally& tally) {
  std::vector<std::string> parts;
  for (const Status status : StatusesInOrder()) {
    if (tally.Of(status) == 0) continue;
    parts.push_back(
        absl::StrCat(io::StatusName(status), " ", CountText(tally.Of(status))));
  }
  return absl::StrJoin(parts, ", ");
}

void Writer::Head() {
  std::string head =
      absl::StrCat("Reverse DNS report: ", CountText(overview_.tally().rows()),
                   " rows of ", absl::StrJoin(input_.files, ", "));
  if (overview_.times()) {
    absl::StrAppend(&head, "\nasked from ",
                    scanner::TicketTime(overview_.times()->first), " to ",
                    scanner::TicketTime(overview_.times()->second));
  }
  absl::StrAppend(&head, "\nprofile ", input_.profile, ", made ",
                  scanner::TicketTime(input_.made_us), " by ptrsweep ",
                  kVersion);
  if (overview_.twice()) {
    absl::StrAppend(&head, "\n", overview_.twice()->ToString(),
                    " has more than one row: counts are of rows, not of "
                    "addresses.");
  }
  Wrapped(head, "");
}

void Writer::Summary() {
  const Tally& tally = overview_.tally();
  TextTable table({{"Status"},
                   {"Rows", true},
                   {"Share", true},
                   {"Meaning", false, 12},
                   {"Who acts", false, 12}});
  for (const Status status : StatusesInOrder()) {
    const uint64_t count = tally.Of(status);
    if (count == 0) continue;
    table.Add({std::string(io::StatusName(status)), CountText(count),
               ShareText(count, tally.rows()), std::string(StatusWords(status)),
               std::string(scanner::ActorName(scanner::ActorOf(status)))});
  }
  table.Add({"all", CountText(tally.rows()), "", "", ""});
  Table("SUMMARY", table);
  std::vector<std::string> severities;
  for (const Severity severity :
       {Severity::kCrit, Severity::kWarn, Severity::kInfo, Severity::kOk}) {
    severities.push_back(absl::StrCat(
        scanner::SeverityName(severity), " ", CountText(tally.Of(severity)),
        " (", ShareText(tally.Of(severity), tally.rows()), ")"));
  }
  Wrapped(absl::StrCat("Severity: ", absl::StrJoin(severities, ", "),
                       ". Unknown: ", CountText(tally.unknown), " (",
                       ShareText(tally.unknown, tally.rows()), ")."),
          "");
}

void Writer::Map() {
  const std::string map = MapText(overview_.v4(), style_.colour);
  if (map.empty()) return;
  Title("MAP");
  size_t column = 0;
  for (const Status status : StatusesInOrder()) {
    if (overview_.tally().Of(status) == 0) continue;
    const absl::string_view name = io::StatusName(status);
    if (column > 0 && column + name.size() + 4 > style_.width) {
      absl::StrAppend(&out_, "\n");
      column = 0;
    }
    absl::StrAppend(&out_, column == 0 ? "" : "  ",
                    StatusMark(status, style_.colour), " ", name);
    column += name.size() + 4;
  }
  absl::StrAppend(&out_, "\n\n", map);
}

void Writer::Actors() {
  TextTable table({{"Who acts"},
                   {"Rows", true},
                   {"crit", true},
                   {"warn", true},
                   {"That is", false, 16},
                   {"Statuses", false, 16}});
  for (size_t i = 0; i < Overview::kActorCount; ++i) {
    const auto actor = static_cast<scanner::Actor>(i);
    const Tally& tally = overview_.by_actor()[i];
    if (actor == scanner::Actor::kNobody || tally.rows() == 0) continue;
    table.Add({std::string(scanner::ActorName(actor)), CountText(tally.rows()),
               CountText(tally.Of(Severity::kCrit)),
               CountText(tally.Of(Severity::kWarn)),
               std::string(scanner::WhoActs(actor)), StatusesText(tally)});
  }
  Table("WHO ACTS", table);
}

void Writer::Problems() {
  const std::vector<ProblemView> views = ProblemViews(overview_);
  if (views.empty()) return;
  Title("TOP PROBLEMS");
  const size_t shown = std::min(views.size(), kMaxLines);
  for (const ProblemView& view : std::span(views).first(shown)) {
    absl::StrAppend(&out_, StatusMark(view.status, style_.colour), " ",
                    io::StatusName(view.status), view.cause.empty() ? "" : " ",
                    view.cause, ": ", CountText(view.rows),
                    view.rows == 1 ? " row" : " rows", " in ", view.zone, " (",
                    view.severity, ")\n");
    if (!view.examples.empty()) Wrapped(view.examples.front(), "    ");
    if (!view.fix.empty()) {
      Wrapped(absl::StrCat(view.actor, ": ", view.fix), "    ");
    }
    // Where the fix does not say so itself.
    if (!view.where.empty() && view.fix.find(view.where) == std::string::npos) {
      Wrapped(absl::StrCat("Where: ", view.where), "    ");
    }
  }
  Rest(overview_.problem_count(), shown);
}

void Writer::Tallies(absl::string_view title, absl::string_view column,
                     std::vector<std::pair<std::string, const Tally*>> rows,
                     size_t all) {
  TextTable table({{std::string(column), false, 18},
                   {"Rows", true},
                   {"crit", true},
                   {"warn", true},
                   {"Statuses", false, 16}});
  for (const auto& [name, tally] : rows) {
    table.Add({name, CountText(tally->rows()),
               CountText(tally->Of(Severity::kCrit)),
               CountText(tally->Of(Severity::kWarn)), StatusesText(*tally)});
  }
  Table(title, table);
  Rest(all, rows.size());
}

void Writer::Prefixes() {
  for (const scanner::BlockTable* blocks : {&overview_.v4(), &overview_.v6()}) {
    std::vector<const scanner::Block*> order;
    for (const scanner::Block& block : blocks->blocks()) {
      order.push_back(&block);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const scanner::Block* a, const scanner::Block* b) {
                       return scanner::IsWorse(a->tally, b->tally);
                     });
    const size_t all = order.size();
    order.resize(std::min(all, kMaxLines));
    std::vector<std::pair<std::string, const Tally*>> rows;
    for (const scanner::Block* block : order) {
      rows.emplace_back(block->prefix.ToString(), &block->tally);
    }
    Tallies(blocks == &overview_.v4() ? "PREFIXES" : "PREFIXES, IPV6", "Prefix",
            std::move(rows), all);
  }
}

void Writer::Labels() {
  std::vector<std::pair<std::string, const Tally*>> rows;
  for (const scanner::LabelTotal& label : overview_.labels()) {
    if (rows.size() == kMaxLines) break;
    rows.emplace_back(io::CarriedText(label.label), &label.tally);
  }
  Tallies("LABELS", "Label", std::move(rows), overview_.labels().size());
  TextTable missing({{"Target"}, {"Label", false, 16}});
  const auto& lines = overview_.not_scanned();
  const size_t shown = std::min(lines.size(), kMaxLines);
  for (const io::LabelLine& line : std::span(lines).first(shown)) {
    missing.Add({line.target.ToString(), io::CarriedText(line.label)});
  }
  Table("LABELS WHOSE TARGET HAS NO ROW", missing);
  Rest(lines.size(), shown);
}

void Writer::Zones() {
  const std::vector<ZoneView> views = ZoneViews(overview_, kMaxLines);
  const bool joined = !overview_.options().facts.empty();
  std::vector<TextTable::Column> columns = {
      {"Zone", false, 18}, {"Rows", true}, {"crit", true}, {"warn", true}};
  if (joined) columns.insert(columns.end(), {{"Verdict"}, {"Flags", false, 8}});
  columns.push_back({"Who runs it, and where", false, 16});
  TextTable table(std::move(columns));
  for (const ZoneView& view : views) {
    const Tally& tally = view.total->tally;
    std::vector<std::string> cells = {view.total->name, CountText(tally.rows()),
                                      CountText(tally.Of(Severity::kCrit)),
                                      CountText(tally.Of(Severity::kWarn))};
    if (joined) cells.insert(cells.end(), {view.verdict, view.flags});
    cells.push_back(view.where);
    table.Add(std::move(cells));
  }
  Table("ZONES", table);
  Rest(overview_.zones().size(), views.size());
}

void Writer::Flags() {
  TextTable table({{"Flag"},
                   {"Rows", true},
                   {"Meaning", false, 20},
                   {"For example", false, 15}});
  for (const FlagView& view : FlagViews(overview_)) {
    table.Add({std::string(view.name), CountText(view.rows),
               std::string(view.words), view.examples});
  }
  Table("FLAGS", table);
}

void Writer::Classless() {
  const std::vector<ClasslessView> views = ClasslessViews(overview_);
  TextTable table({{"Addresses", false, 20},
                   {"Child zone", false, 20},
                   {"Aliases", true},
                   {"Holes"},
                   {"Dangling"},
                   {"Verdict"}});
  const size_t shown = std::min(views.size(), kMaxLines);
  for (const ClasslessView& view : std::span(views).first(shown)) {
    table.Add({view.range, view.zone, CountText(view.rows), view.holes,
               view.dangling, view.verdict});
  }
  Table("CLASSLESS DELEGATIONS (RFC 2317)", table);
  Rest(views.size(), shown);
}

void Writer::Findings() {
  if (input_.findings.empty()) return;
  Title("FINDINGS OF THE WALK");
  const size_t shown = std::min(input_.findings.size(), kMaxLines);
  for (const scanner::Finding& finding : input_.findings.first(shown)) {
    absl::StrAppend(&out_, finding.prefix.ToString(), " ",
                    scanner::FindingKindName(finding.kind),
                    finding.zone.empty() ? "" : " in ", finding.zone, "\n");
    const std::string fix = scanner::FixText(finding);
    if (!fix.empty()) Wrapped(fix, "    ");
  }
  Rest(input_.findings.size(), shown);
}

void Writer::Tickets() {
  if (overview_.tickets().empty()) return;
  std::vector<const scanner::ZoneTicket*> order;
  for (const scanner::ZoneTicket& ticket : overview_.tickets()) {
    order.push_back(&ticket);
  }
  std::stable_sort(
      order.begin(), order.end(),
      [](const scanner::ZoneTicket* a, const scanner::ZoneTicket* b) {
        return a->addresses > b->addresses;
      });
  ptrdiff_t lines = 0;
  for (const scanner::ZoneTicket* ticket : order) {
    lines += std::count(ticket->text.begin(), ticket->text.end(), '\n');
  }
  if (lines > kMaxTicketLines) return TicketList(order);
  for (const scanner::ZoneTicket* ticket : order) {
    Title(absl::StrCat("TICKET FOR ", ticket->zone));
    absl::StrAppend(&out_, ticket->text);
  }
}

void Writer::TicketList(
    const std::vector<const scanner::ZoneTicket*>& tickets) {
  TextTable table({{"Zone", false, 18},
                   {"Addresses", true},
                   {"Who acts", false, 12},
                   {"Where", false, 16}});
  const size_t shown = std::min(tickets.size(), kMaxLines);
  for (const scanner::ZoneTicket* ticket : std::span(tickets).first(shown)) {
    table.Add({ticket->zone, CountText(ticket->addresses),
               std::string(scanner::ActorName(ticket->actor)), ticket->where});
  }
  Table("TICKETS", table);
  Rest(overview_.ticket_count(), shown);
  Wrapped(
      "Their texts are in the page (--format html); `ptrsweep explain "
      "ADDRESS` prints the one for an address.",
      "");
}

}  // namespace

std::string TextPage(const ReportInput& input, const TextStyle& style) {
  Writer writer(input, style);
  writer.Head();
  writer.Summary();
  writer.Map();
  writer.Actors();
  writer.Problems();
  writer.Prefixes();
  writer.Labels();
  writer.Zones();
  writer.Flags();
  writer.Classless();
  writer.Findings();
  writer.Tickets();
  return writer.Take();
}

}  // namespace tools
