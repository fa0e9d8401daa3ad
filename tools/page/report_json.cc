#include "tools/page/report_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"
#include "scanner/overview/hilbert.h"
#include "scanner/verdict/actor.h"
#include "tools/version.h"

namespace tools {
namespace {

using Json = nlohmann::ordered_json;
using scanner::Overview;
using scanner::Tally;

// What a table has at most; the page says how many there are.
constexpr size_t kMaxZones = 1000;
constexpr size_t kMaxLabels = 2000;
constexpr size_t kMaxV6Blocks = 2000;
constexpr size_t kMaxNotScanned = 500;
constexpr size_t kMaxFindings = 500;
constexpr size_t kMaxClassless = 500;
constexpr size_t kMaxMaps = 12;

std::string Text(absl::string_view text) { return std::string(text); }

// Counts by status, then by severity, then unknown.
Json Counts(const Tally& tally) {
  Json counts = Json::array();
  for (const uint64_t count : tally.by_status) counts.push_back(count);
  for (const uint64_t count : tally.by_severity) counts.push_back(count);
  counts.push_back(tally.unknown);
  return counts;
}

// LEB128: seven bits an octet, the lowest first.
void AppendNumber(uint64_t number, std::string* out) {
  while (number >= 0x80) {
    out->push_back(static_cast<char>((number & 0x7f) | 0x80));
    number >>= 7;
  }
  out->push_back(static_cast<char>(number));
}

// Which counts are not nothing, a bit each, then those.
void AppendTally(const Tally& tally, std::string* out) {
  std::vector<uint64_t> counts(tally.by_status.begin(), tally.by_status.end());
  counts.insert(counts.end(), tally.by_severity.begin(),
                tally.by_severity.end());
  counts.push_back(tally.unknown);
  uint64_t present = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) present |= uint64_t{1} << i;
  }
  AppendNumber(present, out);
  for (const uint64_t count : counts) {
    if (count != 0) AppendNumber(count, out);
  }
}

// IPv4 blocks: the number of each as the distance to the one before, and its
// counts; their grids, in the same order.
Json Blocks(const scanner::BlockTable& table) {
  std::string cells;
  std::string grids;
  const int shift = 32 - table.length();
  uint32_t next = 0;
  for (const scanner::Block& block : table.blocks()) {
    const uint32_t number = block.prefix.first().v4() >> shift;
    AppendNumber(number - next, &cells);
    next = number + 1;
    AppendTally(block.tally, &cells);
    if (!table.has_grids()) continue;
    const auto& nibbles = block.grid.nibbles();
    grids.append(nibbles.begin(), nibbles.end());
  }
  Json maps = Json::array();
  for (const dnswire::IpPrefix& area :
       scanner::MapAreas(table.blocks(), kMaxMaps)) {
    maps.push_back(area.ToString());
  }
  return {{"length", table.length()},
          {"count", table.blocks().size()},
          {"cells", absl::Base64Escape(cells)},
          {"grids", absl::Base64Escape(grids)},
          {"maps", std::move(maps)}};
}

Json BlocksV6(const scanner::BlockTable& table) {
  std::vector<const scanner::Block*> order;
  for (const scanner::Block& block : table.blocks()) order.push_back(&block);
  std::stable_sort(order.begin(), order.end(),
                   [](const scanner::Block* a, const scanner::Block* b) {
                     return scanner::IsWorse(a->tally, b->tally);
                   });
  Json rows = Json::array();
  for (const scanner::Block* block : order) {
    if (rows.size() == kMaxV6Blocks) break;
    rows.push_back({block->prefix.ToString(), Counts(block->tally)});
  }
  return {{"count", order.size()}, {"rows", std::move(rows)}};
}

Json Head(const ReportInput& input) {
  const Overview& overview = input.overview;
  Json head = {{"version", kVersion},
               {"files", input.files},
               {"profile", input.profile},
               {"made", io::TimeText(input.made_us)}};
  if (overview.times()) {
    head["first"] = io::TimeText(overview.times()->first);
    head["last"] = io::TimeText(overview.times()->second);
  }
  if (overview.twice()) head["twice"] = overview.twice()->ToString();
  return head;
}

Json Statuses() {
  Json statuses = Json::array();
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    const auto status = static_cast<io::Status>(i);
    statuses.push_back(
        {{"name", Text(io::StatusName(status))},
         {"letter", std::string(1, StatusLetter(status))},
         {"words", Text(StatusWords(status))},
         {"actor", Text(scanner::ActorName(scanner::ActorOf(status)))}});
  }
  return statuses;
}

Json Order() {
  Json order = Json::array();
  for (const io::Status status : StatusesInOrder()) {
    order.push_back(static_cast<int>(status));
  }
  return order;
}

Json Actors(const Overview& overview) {
  Json actors = Json::array();
  for (size_t i = 0; i < Overview::kActorCount; ++i) {
    const auto actor = static_cast<scanner::Actor>(i);
    actors.push_back({Text(scanner::ActorName(actor)),
                      Text(scanner::WhoActs(actor)),
                      Counts(overview.by_actor()[i])});
  }
  return actors;
}

Json Problems(const Overview& overview) {
  Json problems = Json::array();
  for (const ProblemView& view : ProblemViews(overview)) {
    problems.push_back({{"status", static_cast<int>(view.status)},
                        {"cause", view.cause},
                        {"severity", Text(view.severity)},
                        {"actor", Text(view.actor)},
                        {"zone", view.zone},
                        {"rows", view.rows},
                        {"where", view.where},
                        {"fix", view.fix},
                        {"examples", view.examples}});
  }
  return problems;
}

Json Zones(const Overview& overview) {
  Json zones = Json::array();
  for (const ZoneView& view : ZoneViews(overview, kMaxZones)) {
    zones.push_back({view.total->name, Counts(view.total->tally), view.verdict,
                     view.flags, view.where});
  }
  return zones;
}

Json Labels(const Overview& overview) {
  Json labels = Json::array();
  for (const scanner::LabelTotal& label : overview.labels()) {
    if (labels.size() == kMaxLabels) break;
    labels.push_back({io::CarriedText(label.label), Counts(label.tally)});
  }
  return labels;
}

Json NotScanned(const Overview& overview) {
  Json lines = Json::array();
  for (const io::LabelLine& line : overview.not_scanned()) {
    if (lines.size() == kMaxNotScanned) break;
    lines.push_back({line.target.ToString(), io::CarriedText(line.label)});
  }
  return lines;
}

Json Flags(const Overview& overview) {
  Json flags = Json::array();
  for (const FlagView& view : FlagViews(overview)) {
    flags.push_back(
        {Text(view.name), Text(view.words), view.rows, view.examples});
  }
  return flags;
}

Json Classless(const Overview& overview) {
  Json groups = Json::array();
  for (const ClasslessView& view : ClasslessViews(overview)) {
    if (groups.size() == kMaxClassless) break;
    groups.push_back({view.range, view.zone, view.rows, view.holes,
                      view.dangling, view.verdict});
  }
  return groups;
}

Json Findings(const ReportInput& input) {
  Json findings = Json::array();
  for (const scanner::Finding& finding : input.findings) {
    if (findings.size() == kMaxFindings) break;
    findings.push_back({finding.prefix.ToString(),
                        Text(scanner::FindingKindName(finding.kind)),
                        finding.zone, finding.count, finding.example,
                        absl::StrJoin(finding.servers, " "), finding.detail,
                        scanner::FixText(finding)});
  }
  return findings;
}

Json Tickets(const Overview& overview) {
  Json tickets = Json::array();
  for (const scanner::ZoneTicket& ticket : overview.tickets()) {
    tickets.push_back({{"zone", ticket.zone},
                       {"actor", Text(scanner::ActorName(ticket.actor))},
                       {"where", ticket.where},
                       {"addresses", ticket.addresses},
                       {"text", ticket.text}});
  }
  return tickets;
}

}  // namespace

std::string ReportJson(const ReportInput& input) {
  const Overview& overview = input.overview;
  const Json data = {{"head", Head(input)},
                     {"statuses", Statuses()},
                     {"order", Order()},
                     {"total", Counts(overview.tally())},
                     {"actors", Actors(overview)},
                     {"v4", Blocks(overview.v4())},
                     {"v6", BlocksV6(overview.v6())},
                     {"problems", Problems(overview)},
                     {"zones", Zones(overview)},
                     {"labels", Labels(overview)},
                     {"not_scanned", NotScanned(overview)},
                     {"flags", Flags(overview)},
                     {"classless", Classless(overview)},
                     {"findings", Findings(input)},
                     {"tickets", Tickets(overview)},
                     {"counts",
                      {{"problems", overview.problem_count()},
                       {"classless", overview.classless().Groups().size()},
                       {"zones", overview.zones().size()},
                       {"labels", overview.labels().size()},
                       {"not_scanned", overview.not_scanned().size()},
                       {"findings", input.findings.size()},
                       {"tickets", overview.ticket_count()}}}};
  const std::string text =
      data.dump(-1, ' ', false, Json::error_handler_t::replace);
  // In JSON these stand in strings only.
  return absl::StrReplaceAll(
      text, {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}});
}

}  // namespace tools
