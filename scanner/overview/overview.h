// Overview: what `report` shows of finished rows, reckoned in two passes over
// them and in memory that does not grow with them, but for RunReview's.
//
//   Overview overview(options);
//   for each row: overview.Survey(row);
//   overview.Settle();
//   for each of the same rows: overview.Add(row);
//   overview.Finish();
//   then everything below is final
//
// Two passes, for the flags of kind E take all rows, and which rows are worth
// showing is known only when all have been counted.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_OVERVIEW_H_
#define PTRSWEEP_SCANNER_OVERVIEW_OVERVIEW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "io/files/provider_file.h"
#include "io/formats/row.h"
#include "io/formats/row_batch.h"
#include "scanner/advice/row_facts.h"
#include "scanner/advice/zone_tickets.h"
#include "scanner/overview/block_table.h"
#include "scanner/overview/classless_audit.h"
#include "scanner/overview/label_totals.h"
#include "scanner/overview/tally.h"
#include "scanner/overview/zone_facts.h"
#include "scanner/overview/zone_totals.h"
#include "scanner/review/run_review.h"
#include "scanner/targets/label_table.h"
#include "scanner/verdict/actor.h"
#include "scanner/verdict/severity.h"

namespace scanner {

// Rows that have a flag, of whatever kind.
struct FlagTotal {
  uint64_t rows = 0;
  std::vector<dnswire::IpAddress> examples;  // the first few
};

// A problem, and some of its rows.
struct ShownProblem {
  Problem problem;
  std::vector<size_t> examples;  // into kept()
};

struct OverviewOptions {
  Profile profile = Profile::kMail;
  const LabelTable& labels;     // for rows without a label
  const ZoneFactsTable& facts;  // of `zones`
  // As of ProviderEvidence.
  std::span<const dnswire::Name> you;
  std::span<const io::ListedProvider> listed;
  size_t max_problems = 300;    // that are shown
  size_t max_examples = 3;      // of each
  size_t max_tickets = 100;     // zones
  size_t max_ticket_rows = 64;  // of each
};

class Overview {
 public:
  using FlagTotals = std::map<std::string, FlagTotal, std::less<>>;
  static constexpr size_t kActorCount = 8;

  explicit Overview(const OverviewOptions& options);
  Overview(const Overview&) = delete;
  Overview& operator=(const Overview&) = delete;

  void Survey(const io::Row& row);
  void Settle();
  // False: it was not surveyed, so the rows have changed since.
  bool Add(const io::Row& row);
  void Finish();

  const OverviewOptions& options() const { return options_; }
  const Tally& tally() const { return tally_; }
  const std::array<Tally, kActorCount>& by_actor() const { return by_actor_; }
  const FlagTotals& flags() const { return flags_; }
  const BlockTable& v4() const { return v4_; }
  const BlockTable& v6() const { return v6_; }
  const std::vector<ZoneTotal>& zones() const { return zones_.zones(); }
  const std::vector<LabelTotal>& labels() const { return sorted_labels_; }
  const std::vector<io::LabelLine>& not_scanned() const { return not_scanned_; }
  const std::vector<ShownProblem>& problems() const { return problems_; }
  // Those with the most addresses, by zone.
  const std::vector<ZoneTicket>& tickets() const { return tickets_; }
  // What is known of the row's zone, for advice.
  RowFacts FactsOf(const ZoneFacts* facts) const;
  const io::Row& kept(size_t index) const { return kept_.rows()[index]; }
  const ClasslessAudit& classless() const { return classless_; }
  // How many problems and tickets there are, shown or not.
  size_t problem_count() const { return problem_count_; }
  size_t ticket_count() const { return ticket_count_; }
  // An address that has two rows, if one does.
  const std::optional<dnswire::IpAddress>& twice() const { return twice_; }
  // UTC, microseconds, of the first and the last row; none without rows.
  const std::optional<std::pair<int64_t, int64_t>>& times() const {
    return times_;
  }

 private:
  io::Row Labelled(const io::Row& row) const;
  void ChooseProblems();
  void ChooseTickets();
  const ZoneFacts* ZoneFactsOf(const io::Row& row, size_t zone) const;
  void CountFlags(const io::Row& row, const Reviewed& reviewed, size_t zone);
  void CountFlag(absl::string_view name, const dnswire::IpAddress& ip);
  void Keep(const io::Row& row, size_t zone);

  const OverviewOptions options_;
  RunReview review_;
  ZoneTotals zones_;
  BlockTable v4_{dnswire::Family::kV4};
  BlockTable v6_{dnswire::Family::kV6};
  LabelTotals labels_;
  ClasslessAudit classless_;
  Tally tally_;
  std::array<Tally, kActorCount> by_actor_{};
  FlagTotals flags_;
  std::optional<std::pair<int64_t, int64_t>> times_;
  std::optional<dnswire::IpAddress> twice_;

  std::vector<ShownProblem> problems_;
  std::vector<ZoneTicket> tickets_;
  ZoneTickets ticket_texts_;
  size_t problem_count_ = 0;
  size_t ticket_count_ = 0;
  absl::flat_hash_map<uint64_t, size_t> problem_of_;  // by ZoneTotals::KeyOf
  std::vector<bool> has_ticket_;                      // by zone
  io::RowBatch kept_;

  std::vector<LabelTotal> sorted_labels_;
  std::vector<io::LabelLine> not_scanned_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_OVERVIEW_H_
