#include "scanner/overview/overview.h"

#include <algorithm>
#include <utility>

#include "scanner/advice/row_reading.h"
#include "scanner/advice/ticket.h"
#include "scanner/review/review_flag.h"

namespace scanner {
namespace {

constexpr size_t kFlagExamples = 3;

}  // namespace

Overview::Overview(const OverviewOptions& options)
    : options_(options),
      zones_(options.facts),
      ticket_texts_(options.max_ticket_rows) {}

io::Row Overview::Labelled(const io::Row& row) const {
  io::Row labelled = row;
  if (row.label.empty()) labelled.label = options_.labels.Find(row.ip).label;
  return labelled;
}

void Overview::Survey(const io::Row& row) {
  const io::Row labelled = Labelled(row);
  review_.Add(labelled);
  classless_.Survey(row);
  const size_t zone = zones_.ZoneOf(labelled);
  const RowFacts facts = FactsOf(ZoneFactsOf(row, zone));
  zones_.Survey(labelled, zone,
                {.severity = RowSeverity(labelled, options_.profile),
                 .problem = ActorOf(labelled) != Actor::kNobody,
                 .ticket = TicketKindOf(RowReading(labelled, facts)) !=
                           TicketKind::kNone});
  if (!times_) times_ = {row.time_us, row.time_us};
  times_->first = std::min(times_->first, row.time_us);
  times_->second = std::max(times_->second, row.time_us);
}

// A zone of blocks is of several prefixes of the table: a row is in its own.
const ZoneFacts* Overview::ZoneFactsOf(const io::Row& row, size_t zone) const {
  const ZoneTotal& total = zones()[zone];
  return total.is_block ? options_.facts.Find("", row.ip) : total.facts;
}

void Overview::Settle() {
  twice_ = review_.Finish();
  ChooseProblems();
  ChooseTickets();
}

void Overview::ChooseProblems() {
  const std::vector<Problem> problems = zones_.Problems();
  problem_count_ = problems.size();
  // Every status shows its worst, however many another one has; what is left of
  // the room goes to the worst of all.
  std::array<size_t, io::kStatusCount> of_status{};
  const size_t for_each = options_.max_problems / io::kStatusCount;
  std::vector<bool> is_shown(problems.size());
  size_t room = options_.max_problems;
  for (size_t i = 0; i < problems.size(); ++i) {
    size_t& shown = of_status[static_cast<size_t>(problems[i].status)];
    if (shown >= for_each) continue;
    ++shown;
    --room;
    is_shown[i] = true;
  }
  for (size_t i = 0; i < problems.size() && room > 0; ++i) {
    if (is_shown[i]) continue;
    --room;
    is_shown[i] = true;
  }
  for (size_t i = 0; i < problems.size(); ++i) {
    if (!is_shown[i]) continue;
    const Problem& problem = problems[i];
    problem_of_[ZoneTotals::KeyOf(problem.status, problem.cause,
                                  problem.zone)] = problems_.size();
    problems_.push_back({.problem = problem, .examples = {}});
  }
}

void Overview::ChooseTickets() {
  std::vector<size_t> zones;
  for (size_t i = 0; i < zones_.zones().size(); ++i) {
    const ZoneTotal& zone = zones_.zones()[i];
    // Those counted as one are of many zones.
    const bool one = zone.name != ZoneTotals::kOthers;
    if (one && zone.ticket_rows > 0) zones.push_back(i);
  }
  std::sort(zones.begin(), zones.end(), [this](size_t a, size_t b) {
    const ZoneTotal& one = zones_.zones()[a];
    const ZoneTotal& other = zones_.zones()[b];
    return one.ticket_rows != other.ticket_rows
               ? one.ticket_rows > other.ticket_rows
               : one.name < other.name;
  });
  if (zones.size() > options_.max_tickets) {
    ticket_count_ = zones.size() - options_.max_tickets;
    zones.resize(options_.max_tickets);
  }
  has_ticket_.resize(zones_.zones().size());
  for (const size_t zone : zones) has_ticket_[zone] = true;
}

bool Overview::Add(const io::Row& row) {
  const size_t zone = zones_.ZoneOf(row);
  if (zone >= has_ticket_.size()) return false;
  const io::Row labelled = Labelled(row);
  const RunReview::Entry* entry = review_.Find(row.ip);
  const Reviewed reviewed = entry == nullptr ? Reviewed() : entry->reviewed;
  const Judged judged = {
      .status = row.status,
      .cause = row.cause,
      .severity = std::max(RowSeverity(labelled, options_.profile),
                           ReviewSeverity(reviewed, options_.profile))};
  tally_.Add(judged);
  by_actor_[static_cast<size_t>(ActorOf(labelled))].Add(judged);
  (row.ip.is_v4() ? v4_ : v6_).Add(row.ip, judged);
  labels_.Add(labelled.label, judged);
  classless_.Add(row);
  zones_.Add(zone, judged);
  CountFlags(row, reviewed, zone);
  Keep(labelled, zone);
  return true;
}

void Overview::CountFlag(absl::string_view name, const dnswire::IpAddress& ip) {
  auto found = flags_.find(name);
  if (found == flags_.end()) {
    found = flags_.try_emplace(std::string(name)).first;
  }
  ++found->second.rows;
  if (found->second.examples.size() < kFlagExamples) {
    found->second.examples.push_back(ip);
  }
}

void Overview::CountFlags(const io::Row& row, const Reviewed& reviewed,
                          size_t zone) {
  io::ForEachFlagByName(row.flags, [this, &row](io::Flag flag) {
    CountFlag(io::FlagName(flag), row.ip);
  });
  for (size_t i = 0; i < kReviewFlagCount; ++i) {
    const auto flag = static_cast<ReviewFlag>(i);
    if (reviewed.flags.Has(flag)) CountFlag(ReviewFlagName(flag), row.ip);
  }
  const ZoneFacts* facts = ZoneFactsOf(row, zone);
  if (facts == nullptr) return;
  for (const std::string& name : ReportFlagNames(facts->flags)) {
    CountFlag(name, row.ip);
  }
}

RowFacts Overview::FactsOf(const ZoneFacts* facts) const {
  RowFacts known;
  known.you = options_.you;
  known.listed = options_.listed;
  if (facts == nullptr) return known;
  known.soa = facts->soa;
  known.name_servers = facts->name_servers;
  if (ServesNobody(facts->verdict)) {
    known.failing_servers = facts->failing_servers;
  }
  return known;
}

void Overview::Keep(const io::Row& row, size_t zone) {
  if (has_ticket_[zone]) {
    const RowFacts facts = FactsOf(ZoneFactsOf(row, zone));
    ticket_texts_.Add(RowReading(row, facts));
  }
  if (ActorOf(row) == Actor::kNobody) return;
  const auto problem =
      problem_of_.find(ZoneTotals::KeyOf(row.status, row.cause, zone));
  if (problem == problem_of_.end()) return;
  std::vector<size_t>& examples = problems_[problem->second].examples;
  if (examples.size() >= options_.max_examples) return;
  examples.push_back(kept_.size());
  kept_.Append(row);
}

void Overview::Finish() {
  v4_.Sort();
  v6_.Sort();
  sorted_labels_ = labels_.Sorted();
  not_scanned_ = NotScanned(options_.labels.lines(), review_.entries());
  tickets_ = ticket_texts_.Finish();
  ticket_count_ += tickets_.size();
  for (ShownProblem& problem : problems_) {
    std::sort(problem.examples.begin(), problem.examples.end(),
              [this](size_t a, size_t b) { return kept(a).ip < kept(b).ip; });
  }
}

}  // namespace scanner
