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
  const size_t zone = zones_.ZoneOf(labelled);
  const RowFacts facts = FactsOf(zones()[zone].facts);
  zones_.Survey(labelled, zone,
                {.severity = RowSeverity(labelled, options_.profile),
                 .problem = ActorOf(labelled) != Actor::kNobody,
                 .ticket = TicketKindOf(RowReading(labelled, facts)) !=
                           TicketKind::kNone});
  if (!times_) times_ = {row.time_us, row.time_us};
  times_->first = std::min(times_->first, row.time_us);
  times_->second = std::max(times_->second, row.time_us);
}

void Overview::Settle() {
  twice_ = review_.Finish();
  ChooseProblems();
  ChooseTickets();
}

void Overview::ChooseProblems() {
  const std::vector<Problem> problems = zones_.Problems();
  problem_count_ = problems.size();
  // Every status shows its worst, however many another one has.
  std::array<size_t, io::kStatusCount> of_status{};
  const size_t for_each = options_.max_problems / io::kStatusCount;
  size_t rest = options_.max_problems - for_each * io::kStatusCount;
  for (const Problem& problem : problems) {
    size_t& shown = of_status[static_cast<size_t>(problem.status)];
    if (shown < for_each) {
      ++shown;
    } else if (rest > 0) {
      --rest;
    } else {
      continue;
    }
    problem_of_[ZoneTotals::KeyOf(problem.status, problem.cause,
                                  problem.zone)] = problems_.size();
    problems_.push_back({.problem = problem, .examples = {}});
  }
}

void Overview::ChooseTickets() {
  std::vector<size_t> zones;
  for (size_t i = 0; i < zones_.zones().size(); ++i) {
    if (zones_.zones()[i].ticket_rows > 0) zones.push_back(i);
  }
  ticket_count_ = zones.size();
  std::sort(zones.begin(), zones.end(), [this](size_t a, size_t b) {
    const ZoneTotal& one = zones_.zones()[a];
    const ZoneTotal& other = zones_.zones()[b];
    return one.ticket_rows != other.ticket_rows
               ? one.ticket_rows > other.ticket_rows
               : one.name < other.name;
  });
  zones.resize(std::min(zones.size(), options_.max_tickets));
  has_ticket_.resize(zones_.zones().size());
  for (const size_t zone : zones) has_ticket_[zone] = true;
}

void Overview::Add(const io::Row& row) {
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
  if (row.cause != io::Cause::kNone) ++causes_[row.cause];
  (row.ip.is_v4() ? v4_ : v6_).Add(row.ip, judged);
  labels_.Add(labelled.label, judged);
  classless_.Add(row);
  const size_t zone = zones_.ZoneOf(row);
  zones_.Add(zone, judged);
  CountFlags(row, reviewed, zone);
  Keep(labelled, zone);
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
  const ZoneFacts* facts = zones_.zones()[zone].facts;
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
    const RowFacts facts = FactsOf(zones()[zone].facts);
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
  for (ShownProblem& problem : problems_) {
    std::sort(problem.examples.begin(), problem.examples.end(),
              [this](size_t a, size_t b) { return kept(a).ip < kept(b).ip; });
  }
}

}  // namespace scanner
