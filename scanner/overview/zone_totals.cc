#include "scanner/overview/zone_totals.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scanner/overview/block_table.h"

namespace scanner {
namespace {

using io::Status;

std::string BlockName(const dnswire::IpAddress& address) {
  const int length = address.is_v4() ? kBlockLengthV4 : kBlockLengthV6;
  return dnswire::IpPrefix::Covering(address, length).ToString();
}

std::string TextOf(const std::optional<dnswire::NameView>& name) {
  return name ? name->ToText() : std::string();
}

}  // namespace

size_t ZoneTotals::ZoneOf(const io::Row& row) {
  const bool blockwise = !row.zone;
  name_.clear();
  if (blockwise) {
    name_ = BlockName(row.ip);
  } else {
    row.zone->AppendText(&name_);
  }
  const auto found = index_.find(name_);
  if (found != index_.end()) return found->second;
  const bool full = zones_.size() >= kMaxZones;
  if (full) name_ = kOthers;
  const auto [at, is_new] = index_.try_emplace(name_, zones_.size());
  if (is_new) {
    const ZoneFacts* facts =
        full ? nullptr : facts_.Find(blockwise ? "" : name_, row.ip);
    zones_.push_back({.name = name_,
                      .is_block = blockwise && !full,
                      .example = row.ip,
                      .status = row.status,
                      .soa_owner = TextOf(row.zone),
                      .mname = TextOf(row.zone_mname),
                      .rname = TextOf(row.zone_rname),
                      .facts = facts,
                      .tally = {}});
  }
  return at->second;
}

uint64_t ZoneTotals::KeyOf(Status status, io::Cause cause, size_t zone) {
  return uint64_t{zone} << 16 | static_cast<uint64_t>(status) << 8 |
         static_cast<uint64_t>(cause);
}

void ZoneTotals::Survey(const io::Row& row, size_t zone,
                        const Surveyed& surveyed) {
  if (surveyed.ticket) ++zones_[zone].ticket_rows;
  if (!surveyed.problem) return;
  Count& count = counts_[KeyOf(row.status, row.cause, zone)];
  ++count.rows;
  count.severity = std::max(count.severity, surveyed.severity);
}

std::vector<Problem> ZoneTotals::Problems() const {
  std::vector<Problem> problems;
  problems.reserve(counts_.size());
  for (const auto& [key, count] : counts_) {
    problems.push_back({.status = static_cast<Status>(key >> 8 & 0xff),
                        .cause = static_cast<io::Cause>(key & 0xff),
                        .severity = count.severity,
                        .zone = static_cast<size_t>(key >> 16),
                        .rows = count.rows});
  }
  std::sort(problems.begin(), problems.end(),
            [this](const Problem& a, const Problem& b) {
              if (a.severity != b.severity) return a.severity > b.severity;
              if (a.rows != b.rows) return a.rows > b.rows;
              if (a.zone != b.zone) {
                return zones_[a.zone].name < zones_[b.zone].name;
              }
              return std::pair(a.status, a.cause) <
                     std::pair(b.status, b.cause);
            });
  return problems;
}

}  // namespace scanner
