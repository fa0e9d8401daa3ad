#include "scanner/reuse/known_rows.h"

#include <algorithm>

#include "dnswire/message.h"

namespace scanner {
namespace {

using io::Flag;

constexpr io::FlagSet Untakeable() {
  io::FlagSet flags;
  for (const Flag flag : {Flag::kPruned, Flag::kCnameChain, Flag::kDname,
                          Flag::kStale, Flag::kExcessPtr}) {
    flags.Add(flag);
  }
  return flags;
}

bool IsWhole(const io::Row& row) {
  return row.ptr_known && row.zone && row.server && row.rcode &&
         row.status != io::Status::kSkipped &&
         !io::IsIndefinite(row.status, row.cause) &&
         !row.flags.HasAny(Untakeable());
}

ReverseResult ReverseResultOf(const io::Row& row) {
  if (!row.ptr.empty()) return ReverseResult::kData;
  return *row.rcode == dnswire::kRcodeNxdomain ? ReverseResult::kNxdomain
                                               : ReverseResult::kNodata;
}

// A negative row's SOA is taken from the zone table.
bool HasSoaOf(const io::Row& row, const SeenZone& zone) {
  if (!row.ptr.empty()) return true;
  return row.zone_mname && row.zone_rname &&
         WireText(*row.zone_mname) == zone.mname &&
         WireText(*row.zone_rname) == zone.rname;
}

}  // namespace

KnownRows::KnownRows(absl::Time oldest)
    : oldest_us_(absl::ToUnixMicros(oldest)) {}

void KnownRows::AddZone(const SeenZone& zone) {
  if (zone.serial_lies) liars_.push_back(zone);
  if (!MayGoBy(zone)) return;
  zone_by_apex_[zone.apex] = static_cast<uint32_t>(zones_.size());
  zones_.push_back({.record = zone});
}

void KnownRows::AddRow(const io::Row& row) {
  if (!IsWhole(row) || row.time_us < oldest_us_) return;
  const auto index = ZoneOf(*row.zone);
  if (!index) return;
  const SeenZone& zone = zones_[*index].record;
  const SeenServer* const server = zone.Find(*row.server);
  if (server == nullptr || server->since_us == 0 ||
      row.time_us < server->since_us || !HasSoaOf(row, zone)) {
    return;
  }
  const auto packed = row.ptr.packed();
  rows_.push_back({.ip = row.ip,
                   .reverse = ReverseResultOf(row),
                   .has_ttl = row.ttl_s.has_value(),
                   .rcode = *row.rcode,
                   .ttl_s = row.ttl_s.value_or(0),
                   .zone = *index,
                   .server = NumberOf(*row.server),
                   .names = static_cast<uint32_t>(row.ptr.size()),
                   .names_at = names_.size(),
                   .names_octets = static_cast<uint32_t>(packed.size()),
                   .asked_us = row.time_us});
  names_.insert(names_.end(), packed.begin(), packed.end());
}

uint32_t KnownRows::NumberOf(const io::Endpoint& server) {
  const auto [known, is_new] = server_numbers_.try_emplace(
      server, static_cast<uint32_t>(servers_.size()));
  if (is_new) servers_.push_back(server);
  return known->second;
}

void KnownRows::Finish() {
  const auto by_address = [](const KnownRow& a, const KnownRow& b) {
    return a.ip < b.ip;
  };
  std::sort(rows_.begin(), rows_.end(), by_address);
  for (size_t i = 0; i < rows_.size(); ++i) {
    zones_[rows_[i].zone].rows.push_back(static_cast<uint32_t>(i));
  }
  rulings_ = std::make_unique<ZoneRulings>(zones_.size());
}

std::optional<uint32_t> KnownRows::ZoneOf(dnswire::NameView apex) const {
  const auto known = zone_by_apex_.find(WireText(apex));
  if (known == zone_by_apex_.end()) return std::nullopt;
  return known->second;
}

const KnownRow* KnownRows::Find(const dnswire::IpAddress& ip) const {
  const auto found = std::lower_bound(
      rows_.begin(), rows_.end(), ip,
      [](const KnownRow& row, const dnswire::IpAddress& wanted) {
        return row.ip < wanted;
      });
  return found == rows_.end() || found->ip != ip ? nullptr : &*found;
}

dnswire::NameListView KnownRows::NamesOf(const KnownRow& row) const {
  return {std::span(names_).subspan(row.names_at, row.names_octets), row.names};
}

}  // namespace scanner
