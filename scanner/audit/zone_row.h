// ZoneRow: one line of what `zones` says, and its texts.
#ifndef PTRSWEEP_SCANNER_AUDIT_ZONE_ROW_H_
#define PTRSWEEP_SCANNER_AUDIT_ZONE_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/audit/provider_table.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/audit/zone_verdict.h"

namespace scanner {

struct ZoneRow {
  dnswire::IpPrefix prefix;  // of the zone's apex; of blocks: theirs
  ZoneEvidence evidence;
  ZoneJudgement judgement;
  Provider provider;
  uint64_t blocks = 0;  // of the targets (/24, IPv6 prefix) it speaks of
  uint64_t queries = 0;
  int64_t time_us = 0;  // UTC, when the last of it was seen
};

size_t ServersOk(const ZoneEvidence& evidence);
// The oldest and the newest serial by RFC 1982 arithmetic; nullopt: none seen.
std::optional<std::pair<uint32_t, uint32_t>> SerialRange(
    const ZoneEvidence& evidence);
// "ns.example.net/192.0.2.1=ok", one for each server.
std::vector<std::string> ServerTexts(const ZoneEvidence& evidence);

// What to do (the last column of the table in VERDICTS.md 6); empty for a
// healthy zone.
std::string FixText(const ZoneRow& row);
// A sentence for each flag that is warn.
std::vector<std::string> FlagTexts(const ZoneRow& row);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_ZONE_ROW_H_
