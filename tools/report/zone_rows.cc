#include "tools/report/zone_rows.h"

#include <string>

#include "absl/strings/string_view.h"
#include "io/formats/status.h"

namespace tools {
namespace {

using enum io::ColumnType;

constexpr io::Column kColumns[] = {
    {"prefix", kText, "of the zone's apex, or of blocks that have no zone",
     false},
    {"zone", kText, "apex; undelegated: the zone that denies; null if unknown"},
    {"parent", kText, "the zone above"},
    {"verdict", kText,
     "healthy, degraded, lame, unreachable, no_servers, "
     "undelegated, local, unknown",
     false},
    {"cause", kText, "of unknown"},
    {"ns_total", kInt, "addresses of name servers, and names without", false},
    {"ns_ok", kInt, "of them, those that serve the zone", false},
    {"ns", kTextList, "list of name/address=result", false},
    {"serial_min", kInt, "oldest serial they tell (RFC 1982)"},
    {"serial_max", kInt, "newest"},
    {"mname", kText, "of the SOA"},
    {"rname", kText, "of the SOA"},
    {"provider", kText, "who runs it; null if unknown"},
    {"where", kText, "where its PTR records are set"},
    {"blocks", kInt, "blocks (/24, IPv6 prefix) of the targets it speaks of",
     false},
    {"flags", kTextList, "sorted", false},
    {"queries", kInt, "packets sent for it", false},
    {"time", kTimestamp, "UTC, when the last of it was seen", false},
};

}  // namespace

std::span<const io::Column> ZoneColumns() { return kColumns; }

std::vector<Cell> ZoneCells(const scanner::ZoneRow& row) {
  const scanner::ZoneEvidence& evidence = row.evidence;
  std::vector<std::string> flags;
  for (const absl::string_view flag : NamesOf(row.judgement.flags)) {
    flags.emplace_back(flag);
  }
  const auto serials = SerialRange(evidence);
  const auto& soa = evidence.soa;
  return {
      row.prefix.ToString(),
      TextOrNull(evidence.zone),
      TextOrNull(evidence.parent),
      std::string(ZoneVerdictName(row.judgement.verdict)),
      TextOrNull(io::CauseName(row.judgement.cause)),
      uint64_t{evidence.servers.size()},
      uint64_t{ServersOk(evidence)},
      ServerTexts(evidence),
      serials ? Cell(uint64_t{serials->first}) : Cell(),
      serials ? Cell(uint64_t{serials->second}) : Cell(),
      soa ? Cell(soa->mname.ToText()) : Cell(),
      soa ? Cell(soa->rname.ToText()) : Cell(),
      TextOrNull(row.provider.name),
      TextOrNull(row.provider.where),
      row.blocks,
      flags,
      row.queries,
      CellTime{row.time_us},
  };
}

}  // namespace tools
