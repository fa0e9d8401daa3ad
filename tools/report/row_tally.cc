#include "tools/report/row_tally.h"

#include <algorithm>
#include <utility>

namespace tools {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using scanner::Severity;

bool IsWorse(const RowTally::Bad& a, const RowTally::Bad& b) {
  return a.severity != b.severity ? a.severity > b.severity : a.ip < b.ip;
}

}  // namespace

RowTally::RowTally(scanner::Profile profile, size_t max_prefixes)
    : profile_(profile), max_prefixes_(max_prefixes) {}

void RowTally::Add(const io::Row& row) {
  const auto status = static_cast<size_t>(row.status);
  const Severity severity = RowSeverity(row, profile_);
  ++rows_;
  ++statuses_[status];
  ++severities_[static_cast<size_t>(severity)];
  unknown_ += io::IsIndefinite(row.status, row.cause);
  AddPrefix(row);
  if (!row.label.empty()) {
    auto label = labels_.find(row.label);
    if (label == labels_.end()) {
      label = labels_.emplace(std::string(row.label), StatusCounts{}).first;
    }
    ++label->second[status];
  }
  if (severity >= Severity::kWarn) {
    const bool by_flags = StatusSeverity(row, profile_) < severity;
    Remember({.severity = severity,
              .ip = row.ip,
              .status = row.status,
              .flags = by_flags ? row.flags : io::FlagSet()});
  }
}

void RowTally::AddPrefix(const io::Row& row) {
  Family& family = row.ip.is_v4() ? v4_ : v6_;
  const IpPrefix prefix = IpPrefix::Covering(row.ip, family.length);
  ++family.counts[prefix.first()][static_cast<size_t>(row.status)];
  while (family.counts.size() > max_prefixes_) Shorten(&family);
}

void RowTally::Shorten(Family* family) {
  const auto longer = std::exchange(family->counts, {});
  family->length -= family->step;
  for (const auto& [first, counts] : longer) {
    StatusCounts& sum =
        family->counts[IpPrefix::Covering(first, family->length).first()];
    for (size_t i = 0; i < counts.size(); ++i) sum[i] += counts[i];
  }
}

void RowTally::Remember(const Bad& bad) {
  if (worst_.size() == kWorstKept && !IsWorse(bad, worst_.back())) return;
  worst_.insert(std::upper_bound(worst_.begin(), worst_.end(), bad, IsWorse),
                bad);
  if (worst_.size() > kWorstKept) worst_.pop_back();
}

std::map<IpPrefix, StatusCounts> RowTally::Prefixes() const {
  std::map<IpPrefix, StatusCounts> all;
  for (const Family* family : {&v4_, &v6_}) {
    for (const auto& [first, counts] : family->counts) {
      all[IpPrefix::Covering(first, family->length)] = counts;
    }
  }
  return all;
}

}  // namespace tools
