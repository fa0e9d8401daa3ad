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

using Texts = std::vector<std::string>;
struct Time {
  int64_t us;  // since 1970
};
// A cell: null, text, a number, a list, a time.
using Cell = std::variant<std::monostate, std::string, uint64_t, Texts, Time>;

Cell TextOrNull(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
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
      Time{row.time_us},
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
  } else if (const auto* time = std::get_if<Time>(&cell)) {
    absl::StrAppend(out, io::TimeText(time->us));
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
  } else if (const auto* time = std::get_if<Time>(&cell)) {
    AppendJsonText(io::TimeText(time->us), out);
  } else {
    absl::StrAppend(out, "null");
  }
}

void AddCell(const Cell& cell, io::ParquetTable* table) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    table->AddText(*text);
  } else if (const auto* number = std::get_if<uint64_t>(&cell)) {
    table->AddNumber(static_cast<int64_t>(*number));
  } else if (const auto* list = std::get_if<Texts>(&cell)) {
    table->AddTexts(*list);
  } else if (const auto* time = std::get_if<Time>(&cell)) {
    table->AddNumber(time->us);
  } else {
    table->AddNull();
  }
}

}  // namespace

std::span<const io::Column> ZoneColumns() { return kColumns; }

void AppendZonesCsvHeader(std::string* out) {
  absl::StrAppend(
      out,
      absl::StrJoin(kColumns, ",",
                    [](std::string* text, const io::Column& column) {
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

absl::Status AddZone(const scanner::ZoneRow& row, io::ParquetTable* table) {
  for (const Cell& cell : CellsOf(row)) AddCell(cell, table);
  return table->EndRow();
}

}  // namespace tools
