#include "tools/page/report_view.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "scanner/advice/flag_text.h"
#include "scanner/advice/holder.h"
#include "scanner/advice/row_reading.h"
#include "scanner/advice/status_text.h"
#include "scanner/overview/zone_facts.h"
#include "scanner/verdict/actor.h"
#include "tools/report/progress.h"

namespace tools {
namespace {

using io::Status;
using scanner::Overview;

constexpr Status kInOrder[] = {
    Status::kMismatch,       Status::kNoForward,    Status::kBadName,
    Status::kUndelegated,    Status::kNoPtr,        Status::kForwardError,
    Status::kReverseTimeout, Status::kReverseError, Status::kSkipped,
    Status::kUnconfirmed,    Status::kPass};

bool IsForReverse(scanner::Actor actor) {
  return actor == scanner::Actor::kRegistry ||
         actor == scanner::Actor::kReverseOwner ||
         actor == scanner::Actor::kReverseDns ||
         actor == scanner::Actor::kForwardOrReverseOwner;
}

std::string CauseWords(const scanner::Problem& problem,
                       const scanner::ZoneFacts* facts) {
  std::string words(io::CauseName(problem.cause));
  if (problem.status == Status::kPass) words = "unexpected_name";
  const io::Cause beside = scanner::CauseBeside(problem.status, facts);
  if (beside != io::Cause::kNone && beside != problem.cause) {
    absl::StrAppend(&words, " (zones: ", io::CauseName(beside), ")");
  }
  return words;
}

ProblemView ViewOf(const Overview& overview,
                   const scanner::ShownProblem& shown) {
  const scanner::Problem& problem = shown.problem;
  const scanner::ZoneTotal& zone = overview.zones()[problem.zone];
  ProblemView view{.status = problem.status,
                   .cause = CauseWords(problem, zone.facts),
                   .severity = scanner::SeverityName(problem.severity),
                   .zone = zone.name,
                   .rows = problem.rows};
  const scanner::RowFacts facts = overview.FactsOf(zone.facts);
  for (const size_t example : shown.examples) {
    const scanner::RowReading reading(overview.kept(example), facts);
    view.examples.push_back(scanner::ExplanationText(reading));
    if (example != shown.examples.front()) continue;
    const scanner::Actor actor = scanner::ActorOf(reading.row());
    view.actor = scanner::ActorName(actor);
    view.fix = scanner::FixText(reading);
    if (IsForReverse(actor)) {
      view.where = scanner::ProviderText(scanner::HolderOf(reading));
    }
  }
  return view;
}

// "3-5 9" of 3, 4, 5, 9.
std::string RangesText(const std::vector<uint8_t>& octets) {
  std::vector<std::string> ranges;
  for (size_t i = 0; i < octets.size();) {
    size_t end = i + 1;
    while (end < octets.size() && octets[end] == octets[end - 1] + 1) ++end;
    ranges.push_back(end == i + 1
                         ? absl::StrCat(octets[i])
                         : absl::StrCat(octets[i], "-", octets[end - 1]));
    i = end;
  }
  return absl::StrJoin(ranges, " ");
}

std::string OctetAddress(const dnswire::IpPrefix& block, uint8_t octet) {
  return dnswire::IpAddress::V4(block.first().v4() + octet).ToString();
}

// Of the flags that only a zone has (VERDICTS.md 6), by ReportFlagNames().
absl::string_view ZoneFlagWords(absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kWords[] = {
      {"zone_single_ns", "the zone has one name server"},
      {"zone_ns_mismatch", "parent and zone name different name servers"},
      {"zone_ns_unresolvable", "a name server has no address"},
      {"zone_ent_broken", "a denied name has others below it"},
      {"zone_odd_soa", "a denial has the SOA of another zone"},
      {"zone_ns_cname", "a name server's name is an alias"},
      {"zone_ns_special_use", "a name server is not on the public Internet"},
      {"zone_serial_mismatch", "the name servers have different serials"},
      {"zone_no_tcp", "a name server does not answer by TCP"},
      {"zone_no_edns", "a name server does not take EDNS"},
      {"zone_recursive_ns", "a name server recurses for others"},
      {"zone_served_by_you", "the zone is on your own name servers"},
  };
  for (const auto& [flag, words] : kWords) {
    if (flag == name) return words;
  }
  return "";
}

// A row as it might be, of which only the zone is known.
std::string HolderText(const Overview& overview,
                       const scanner::ZoneTotal& zone) {
  io::Row row;
  row.ip = zone.example;
  row.status = zone.status;
  row.ptr_known = true;
  const auto owner = dnswire::Name::Parse(zone.soa_owner);
  const auto mname = dnswire::Name::Parse(zone.mname);
  const auto rname = dnswire::Name::Parse(zone.rname);
  if (owner && mname && rname) {
    row.zone = *owner;
    row.zone_mname = *mname;
    row.zone_rname = *rname;
  }
  const scanner::RowFacts facts = overview.FactsOf(zone.facts);
  return scanner::ProviderText(
      scanner::HolderOf(scanner::RowReading(row, facts)));
}

}  // namespace

std::span<const Status> StatusesInOrder() { return kInOrder; }

char StatusLetter(Status status) {
  switch (status) {
    case Status::kSkipped:
      return 's';
    case Status::kReverseTimeout:
      return 'T';
    case Status::kReverseError:
      return 'E';
    case Status::kUndelegated:
      return 'U';
    case Status::kNoPtr:
      return '-';
    case Status::kBadName:
      return 'B';
    case Status::kPass:
      return '.';
    case Status::kForwardError:
      return 'X';
    case Status::kMismatch:
      return 'M';
    case Status::kNoForward:
      return 'F';
    case Status::kUnconfirmed:
      return 'c';
  }
  return '?';
}

absl::string_view StatusWords(Status status) {
  switch (status) {
    case Status::kSkipped:
      return "not asked";
    case Status::kReverseTimeout:
      return "no usable answer about the PTR";
    case Status::kReverseError:
      return "the PTR lookup failed";
    case Status::kUndelegated:
      return "no reverse zone is delegated";
    case Status::kNoPtr:
      return "no PTR record";
    case Status::kBadName:
      return "the PTR is no usable name";
    case Status::kPass:
      return "the name leads back";
    case Status::kForwardError:
      return "looking up the name failed";
    case Status::kMismatch:
      return "the name leads elsewhere";
    case Status::kNoForward:
      return "the name has no address";
    case Status::kUnconfirmed:
      return "a PTR; its name was not looked up";
  }
  return "";
}

std::vector<ProblemView> ProblemViews(const Overview& overview) {
  std::vector<ProblemView> views;
  for (const scanner::ShownProblem& shown : overview.problems()) {
    views.push_back(ViewOf(overview, shown));
  }
  return views;
}

std::vector<ZoneView> ZoneViews(const Overview& overview, size_t limit) {
  const std::vector<scanner::ZoneTotal>& zones = overview.zones();
  std::vector<size_t> order(zones.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t shown = std::min(limit, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown),
      order.end(), [&zones](size_t a, size_t b) {
        if (scanner::IsWorse(zones[a].tally, zones[b].tally)) return true;
        return !scanner::IsWorse(zones[b].tally, zones[a].tally) &&
               zones[a].name < zones[b].name;
      });
  order.resize(shown);
  std::vector<ZoneView> views;
  for (const size_t i : order) {
    ZoneView view{.total = &zones[i], .where = HolderText(overview, zones[i])};
    if (const scanner::ZoneFacts* facts = zones[i].facts) {
      view.verdict = std::string(scanner::ZoneVerdictName(facts->verdict));
      view.flags = absl::StrJoin(scanner::ReportFlagNames(facts->flags), " ");
    }
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<FlagView> FlagViews(const Overview& overview) {
  std::vector<FlagView> views;
  for (const auto& [name, total] : overview.flags()) {
    std::vector<std::string> examples;
    for (const dnswire::IpAddress& ip : total.examples) {
      examples.push_back(ip.ToString());
    }
    const absl::string_view words = scanner::FlagPhrase(name);
    views.push_back({.name = name,
                     .words = words.empty() ? ZoneFlagWords(name) : words,
                     .rows = total.rows,
                     .examples = absl::StrJoin(examples, ", ")});
  }
  std::stable_sort(
      views.begin(), views.end(),
      [](const FlagView& a, const FlagView& b) { return a.rows > b.rows; });
  return views;
}

std::vector<ClasslessView> ClasslessViews(const Overview& overview) {
  std::vector<ClasslessView> views;
  for (const scanner::ClasslessGroup& group : overview.classless().Groups()) {
    const scanner::ZoneFacts* facts =
        overview.options().facts.Find(group.zone, group.block.first());
    const bool joined = facts != nullptr && facts->zone == group.zone;
    views.push_back(
        {.range = absl::StrCat(OctetAddress(group.block, group.first), "-",
                               OctetAddress(group.block, group.last)),
         .zone = group.zone,
         .rows = group.rows,
         .holes = RangesText(group.holes),
         .dangling = RangesText(group.dangling),
         .verdict = joined
                        ? std::string(scanner::ZoneVerdictName(facts->verdict))
                        : std::string()});
  }
  return views;
}

std::string CountText(uint64_t count) { return WithCommas(count); }

std::string ShareText(uint64_t part, uint64_t whole) {
  if (part == 0 || whole == 0) return "0 %";
  const double percent =
      100 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.1) return "<0.1 %";
  if (percent > 99.9 && part < whole) return ">99.9 %";
  return absl::StrFormat("%.1f %%", percent);
}

}  // namespace tools
