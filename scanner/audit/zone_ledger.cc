#include "scanner/audit/zone_ledger.h"

#include <algorithm>
#include <tuple>

#include "dnswire/reverse.h"
#include "scanner/verdict/soa_rules.h"

namespace scanner {
namespace {

using dnswire::IpPrefix;
using dnswire::IpRange;

void Append(const std::vector<IpRange>& more, std::vector<IpRange>* ranges) {
  ranges->insert(ranges->end(), more.begin(), more.end());
}

// Nothing it could say would be heard: what failed below it is its doing.
bool IsDead(ZoneVerdict verdict) {
  return verdict == ZoneVerdict::kNoServers ||
         verdict == ZoneVerdict::kUnreachable || verdict == ZoneVerdict::kLame;
}

std::vector<IpRange> FailedRanges(const ZoneRecord& record) {
  std::vector<IpRange> all;
  for (const auto& [cause, ranges] : record.failed) Append(ranges, &all);
  return all;
}

}  // namespace

RecordIndex ZoneLedger::Get(dnswire::NameView apex) {
  const auto [at, is_new] = by_apex_.try_emplace(
      apex.ToText(), static_cast<RecordIndex>(records_.size()));
  if (is_new) {
    ZoneRecord& record = records_.emplace_back();
    record.apex.Assign(apex);
    record.evidence.zone = at->first;
    const auto prefix = dnswire::ParseReverseZoneName(apex);
    record.in_targets = prefix && tree_->Covers(*prefix);
  }
  return at->second;
}

void ZoneLedger::AddAncestor(RecordIndex index, dnswire::NameView apex) {
  ZoneRecord& record = records_[index];
  if (!record.apex.view().IsBelow(apex)) return;
  std::string& parent = record.evidence.parent;
  const auto known = dnswire::Name::Parse(parent);
  if (!known || apex.IsBelow(*known)) parent = apex.ToText();
}

// The reverse roots are known by name; others by their SOA.
bool ZoneLedger::IsRegistrys(const ZoneRecord& record) const {
  NegativeSoa soa = {.owner = record.apex};
  if (const auto& seen = record.evidence.soa) {
    soa.mname = seen->mname;
    soa.rname = seen->rname;
  }
  return IsRegistrySoa(soa);
}

bool ZoneLedger::IsToBeAsked(RecordIndex index) const {
  const ZoneRecord& record = records_[index];
  if (record.asked) return false;
  const bool has_blocks = !record.denied.empty() || !record.existing.empty();
  return record.in_targets || (has_blocks && !IsRegistrys(record));
}

ZoneRow ZoneLedger::RowOfZone(const ZoneRecord& record) const {
  ZoneRow row = {.evidence = record.evidence,
                 .queries = record.queries,
                 .time_us = record.time_us};
  row.prefix = dnswire::ParseReverseZoneName(record.apex).value_or(IpPrefix());
  const std::vector<std::string>& names = row.evidence.parent_ns.empty()
                                              ? row.evidence.apex_ns
                                              : row.evidence.parent_ns;
  row.evidence.served_by_you = IsServedBy(names, you_);
  row.judgement = JudgeZone(row.evidence);
  row.provider = FindProvider({.name_servers = names,
                               .soa = row.evidence.soa,
                               .prefix = row.prefix.ToString(),
                               .you = you_,
                               .listed = listed_});
  std::vector<IpRange> blocks;
  if (!IsRegistrys(record)) {
    blocks = record.denied;
    Append(record.existing, &blocks);
  }
  if (IsDead(row.judgement.verdict)) Append(FailedRanges(record), &blocks);
  row.blocks = CountBlocks(blocks);
  return row;
}

void ZoneLedger::AddRowsOfBlocks(const ZoneRecord& record,
                                 const ZoneEvidence& evidence,
                                 const std::vector<IpRange>& blocks,
                                 std::vector<ZoneRow>* rows) const {
  for (const IpPrefix& prefix : FewestPrefixes(blocks)) {
    ZoneRow row = {.prefix = prefix,
                   .evidence = evidence,
                   .judgement = JudgeZone(evidence),
                   .time_us = record.time_us};
    if (row.judgement.verdict == ZoneVerdict::kUndelegated) {
      row.provider = FindRegistry(evidence.soa);
    }
    row.blocks = CountBlocks({{prefix.first(), prefix.last()}});
    rows->push_back(std::move(row));
  }
}

void ZoneLedger::AddRowsOfFailures(const ZoneRecord& record,
                                   std::vector<ZoneRow>* rows) const {
  for (const auto& [cause, ranges] : record.failed) {
    const ZoneEvidence evidence = {.kind = ZoneEvidence::Kind::kFailed,
                                   .parent = record.evidence.zone,
                                   .cause = cause};
    AddRowsOfBlocks(record, evidence, ranges, rows);
  }
}

void ZoneLedger::AddRows(const ZoneRecord& record,
                         std::vector<ZoneRow>* rows) const {
  const bool registrys = IsRegistrys(record);
  const bool has_blocks = !record.denied.empty() || !record.existing.empty();
  bool dead = false;
  if (record.asked && (record.in_targets || (has_blocks && !registrys))) {
    rows->push_back(RowOfZone(record));
    dead = IsDead(rows->back().judgement.verdict);
  }
  if (registrys) {
    const ZoneEvidence absent = {.kind = ZoneEvidence::Kind::kAbsent,
                                 .zone = record.evidence.zone,
                                 .parent = record.evidence.parent,
                                 .soa = record.evidence.soa};
    AddRowsOfBlocks(record, absent, record.denied, rows);
    const ZoneEvidence deeper = {.kind = ZoneEvidence::Kind::kFailed,
                                 .parent = record.evidence.zone,
                                 .cause = io::Cause::kNodata};
    AddRowsOfBlocks(record, deeper, record.existing, rows);
  }
  if (!dead) AddRowsOfFailures(record, rows);
}

std::vector<ZoneRow> ZoneLedger::Rows() const {
  std::vector<ZoneRow> rows;
  for (const ZoneRecord& record : records_) AddRows(record, &rows);
  std::sort(rows.begin(), rows.end(), [](const ZoneRow& a, const ZoneRow& b) {
    return std::tie(a.prefix, a.evidence.kind, a.evidence.zone) <
           std::tie(b.prefix, b.evidence.kind, b.evidence.zone);
  });
  return rows;
}

}  // namespace scanner
