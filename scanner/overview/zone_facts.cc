#include "scanner/overview/zone_facts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scanner {

using dnswire::IpAddress;
using dnswire::IpPrefix;

ZoneFactsTable::ZoneFactsTable(std::vector<ZoneFacts> rows)
    : rows_(std::move(rows)) {
  for (size_t i = 0; i < rows_.size(); ++i) {
    const ZoneFacts& facts = rows_[i];
    // Of undelegated and unknown blocks `zone` is the one above them.
    const bool is_zone = facts.verdict != ZoneVerdict::kUndelegated &&
                         facts.verdict != ZoneVerdict::kUnknown;
    if (is_zone && !facts.zone.empty()) by_zone_.try_emplace(facts.zone, i);
    by_first_[facts.prefix.first()].push_back(i);
    auto& lengths = lengths_[facts.prefix.first().is_v4() ? 0 : 1];
    if (std::find(lengths.begin(), lengths.end(), facts.prefix.length()) ==
        lengths.end()) {
      lengths.push_back(facts.prefix.length());
    }
  }
  for (auto& lengths : lengths_) {
    std::sort(lengths.begin(), lengths.end(), std::greater<>());
  }
}

const ZoneFacts* ZoneFactsTable::Find(absl::string_view zone,
                                      const IpAddress& address) const {
  const auto named = by_zone_.find(zone);
  if (named != by_zone_.end()) return &rows_[named->second];
  for (const int length : lengths_[address.is_v4() ? 0 : 1]) {
    const IpPrefix prefix = IpPrefix::Covering(address, length);
    const auto found = by_first_.find(prefix.first());
    if (found == by_first_.end()) continue;
    for (const size_t i : found->second) {
      if (rows_[i].prefix.length() == length) return &rows_[i];
    }
  }
  return nullptr;
}

io::Cause CauseBeside(io::Status status, const ZoneFacts* facts) {
  if (facts == nullptr || (status != io::Status::kReverseTimeout &&
                           status != io::Status::kReverseError)) {
    return io::Cause::kNone;
  }
  switch (facts->verdict) {
    case ZoneVerdict::kLame:
      return io::Cause::kLame;
    case ZoneVerdict::kUnreachable:
      return io::Cause::kAllNsUnreachable;
    case ZoneVerdict::kNoServers:
      return io::Cause::kNsUnresolvable;
    default:
      return io::Cause::kNone;
  }
}

std::vector<std::string> ReportFlagNames(ZoneFlagSet flags) {
  std::vector<std::string> names;
  for (const absl::string_view name : NamesOf(flags)) {
    const bool row_has_it = name == ZoneFlagName(ZoneFlag::kWildcard) ||
                            name == ZoneFlagName(ZoneFlag::kSynthesized);
    names.push_back(row_has_it ? std::string(name)
                               : absl::StrCat("zone_", name));
  }
  return names;
}

}  // namespace scanner
