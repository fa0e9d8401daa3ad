#include "tools/report/zone_rows.h"

#include <optional>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "io/formats/row_text.h"
#include "io/formats/status.h"

namespace tools {
namespace {

constexpr ZoneColumn kColumns[] = {
    {"prefix", "of the zone's apex, or of blocks that have no zone"},
    {"zone", "apex; undelegated: the zone that denies; null if unknown"},
    {"parent", "the zone above"},
    {"verdict",
     "healthy, degraded, lame, unreachable, no_servers, "
     "undelegated, local, unknown"},
    {"cause", "of unknown"},
    {"ns_total", "addresses of name servers, and names without"},
    {"ns_ok", "of them, those that serve the zone"},
    {"ns", "list of name/address=result"},
    {"serial_min", "oldest serial they tell (RFC 1982)"},
    {"serial_max", "newest"},
    {"mname", "of the SOA"},
    {"rname", "of the SOA"},
    {"provider", "who runs it; null if unknown"},
    {"where", "where its PTR records are set"},
    {"blocks", "blocks (/24, IPv6 prefix) of the targets it speaks of"},
    {"flags", "sorted"},
    {"queries", "packets sent for it"},
    {"time", "UTC, when the last of it was seen"},
};

using Texts = std::vector<std::string>;
// A cell: null, text, a number, a list.
using Cell = std::variant<std::monostate, std::string, uint64_t, Texts>;

Cell TextOrNull(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}

std::string TimeText(int64_t time_us) {
  io::TimestampText time;
  std::string text(io::TimestampText::kOctets, '\0');
  time.Format(time_us, text.data());
  return text;
}

// In the order of kColumns.
std::vector<Cell> CellsOf(const scanner::ZoneRow& row) {
  const scanner::ZoneEvidence& evidence = row.evidence;
  Texts flags;
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
      TextOrNull(std::string(io::CauseName(row.judgement.cause))),
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
      TimeText(row.time_us),
  };
}

void AppendCsvText(absl::string_view text, std::string* out) {
  if (text.find_first_of(",\"") == absl::string_view::npos) {
    absl::StrAppend(out, text);
    return;
  }
  out->push_back('"');
  for (const char letter : text) {
    if (letter == '"') out->push_back('"');
    out->push_back(letter);
  }
  out->push_back('"');
}

void AppendCsv(const Cell& cell, std::string* out) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    AppendCsvText(*text, out);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    absl::StrAppend(out, *number);
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    AppendCsvText(absl::StrJoin(*list, " "), out);
  }
}

// Names and our own texts are printable ASCII: of what JSON escapes (RFC 8259
// section 7) only these two can be in them.
void AppendJsonText(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out->push_back('\\');
    out->push_back(letter);
  }
  out->push_back('"');
}

void AppendJson(const Cell& cell, std::string* out) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    AppendJsonText(*text, out);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    absl::StrAppend(out, *number);
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    out->push_back('[');
    for (const std::string& item : *list) {
      if (&item != list->data()) out->push_back(',');
      AppendJsonText(item, out);
    }
    out->push_back(']');
  } else {
    absl::StrAppend(out, "null");
  }
}

}  // namespace

std::span<const ZoneColumn> ZoneColumns() { return kColumns; }

void AppendZonesCsvHeader(std::string* out) {
  absl::StrAppend(
      out,
      absl::StrJoin(kColumns, ",",
                    [](std::string* text, const ZoneColumn& column) {
                      absl::StrAppend(text, column.name);
                    }),
      "\n");
}

void AppendZoneCsv(const scanner::ZoneRow& row, std::string* out) {
  const std::vector<Cell> cells = CellsOf(row);
  for (const Cell& cell : cells) {
    if (&cell != cells.data()) out->push_back(',');
    AppendCsv(cell, out);
  }
  out->push_back('\n');
}

void AppendZoneNdjson(const scanner::ZoneRow& row, std::string* out) {
  const std::vector<Cell> cells = CellsOf(row);
  for (size_t i = 0; i < cells.size(); ++i) {
    out->push_back(i == 0 ? '{' : ',');
    AppendJsonText(kColumns[i].name, out);
    out->push_back(':');
    AppendJson(cells[i], out);
  }
  absl::StrAppend(out, "}\n");
}

}  // namespace tools
