#include "tools/page/table_file.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "io/files/csv_reader.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "io/formats/status.h"
#include "io/parquet/parquet_schema.h"
#include "tools/report/finding_rows.h"
#include "tools/report/zone_rows.h"

namespace tools {
namespace {

using scanner::Finding;
using scanner::ZoneFacts;
using Fields = std::vector<std::string>;
// Takes a row's fields, in the order of its columns; false: not such a row.
using TakeFields = std::function<bool(const Fields&)>;

// No control characters, those beyond ASCII (C2 80 to C2 9F) included.
bool IsPlain(absl::string_view text) {
  if (!io::IsValidUtf8(text)) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < 0x20 || octet == 0x7f) return false;
    if (octet == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return false;
    }
  }
  return true;
}

absl::Status NoSuchRow(absl::string_view path, size_t line) {
  return absl::DataLossError(
      absl::StrCat(io::CarriedText(path), ":", line,
                   ": not a row of that kind: a value is not what it must be"));
}

absl::Status CheckHeader(const Fields& header,
                         std::span<const io::Column> columns,
                         absl::string_view path) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i < header.size() && header[i] == columns[i].name) continue;
    return absl::DataLossError(
        absl::StrCat(io::CarriedText(path), ":1: column ", columns[i].name,
                     " is not where it must be; is this the right file?"));
  }
  return absl::OkStatus();
}

absl::Status ReadCsv(absl::string_view text, absl::string_view path,
                     std::span<const io::Column> columns,
                     const TakeFields& take) {
  io::CsvReader reader(text);
  Fields fields;
  bool header = true;
  while (true) {
    const auto more = reader.Next(&fields);
    if (!more.ok()) {
      return absl::DataLossError(absl::StrCat(io::CarriedText(path), ":",
                                              reader.line(), ": ",
                                              more.status().message()));
    }
    if (!*more) return absl::OkStatus();
    if (header) {
      absl::Status status = CheckHeader(fields, columns, path);
      if (!status.ok()) return status;
    } else if (fields.size() != columns.size() ||
               !std::all_of(fields.begin(), fields.end(), IsPlain) ||
               !take(fields)) {
      return NoSuchRow(path, reader.line());
    }
    header = false;
  }
}

// The text that a value has in CSV; nullopt: no value of ours.
std::optional<std::string> FieldOf(const nlohmann::json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return absl::StrCat(value.get<uint64_t>());
  if (!value.is_array()) return std::nullopt;
  Fields items;
  for (const nlohmann::json& item : value) {
    if (!item.is_string()) return std::nullopt;
    items.push_back(item.get<std::string>());
  }
  return absl::StrJoin(items, " ");
}

bool TakeObject(absl::string_view line, std::span<const io::Column> columns,
                const TakeFields& take) {
  const auto object = nlohmann::json::parse(line, nullptr, false);
  if (!object.is_object()) return false;
  Fields fields;
  for (const io::Column& column : columns) {
    const auto value = object.find(std::string(column.name));
    if (value == object.end()) return false;
    const auto field = FieldOf(*value);
    if (!field || !IsPlain(*field)) return false;
    fields.push_back(*field);
  }
  return take(fields);
}

absl::Status ReadNdjson(absl::string_view text, absl::string_view path,
                        std::span<const io::Column> columns,
                        const TakeFields& take) {
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (!TakeObject(line, columns, take)) return NoSuchRow(path, number);
  }
  return absl::OkStatus();
}

absl::Status ReadTable(const std::string& path,
                       std::span<const io::Column> columns,
                       const TakeFields& take) {
  const auto text = io::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  if (absl::StartsWith(*text, io::kParquetMagic)) {
    return absl::InvalidArgumentError(absl::StrCat(
        io::CarriedText(path), ": a report reads this table as CSV or NDJSON"));
  }
  return absl::StartsWith(*text, "{") ? ReadNdjson(*text, path, columns, take)
                                      : ReadCsv(*text, path, columns, take);
}

// A row's fields by the names of their columns.
class Row {
 public:
  Row(std::span<const io::Column> columns, const Fields& fields)
      : columns_(columns), fields_(fields) {}

  const std::string& operator[](absl::string_view name) const {
    const auto column =
        std::find_if(columns_.begin(), columns_.end(),
                     [name](const io::Column& c) { return c.name == name; });
    return fields_[static_cast<size_t>(column - columns_.begin())];
  }
  Fields List(absl::string_view name) const {
    return absl::StrSplit((*this)[name], ' ', absl::SkipEmpty());
  }

 private:
  std::span<const io::Column> columns_;
  const Fields& fields_;
};

// "ns.example.net/192.0.2.1=ok": its name, and whether it serves the zone.
void AddServer(const std::string& server, ZoneFacts* facts) {
  const std::string name = server.substr(0, server.find_first_of("/="));
  if (std::find(facts->name_servers.begin(), facts->name_servers.end(), name) ==
      facts->name_servers.end()) {
    facts->name_servers.push_back(name);
  }
  if (!absl::EndsWith(server, "=ok")) facts->failing_servers.push_back(server);
}

std::optional<ZoneFacts> ParseZone(const Row& row) {
  ZoneFacts facts{.zone = row["zone"]};
  const auto prefix = dnswire::IpPrefix::Parse(row["prefix"]);
  const auto verdict = scanner::ParseZoneVerdict(row["verdict"]);
  if (!prefix || !verdict) return std::nullopt;
  facts.prefix = *prefix;
  facts.verdict = *verdict;
  for (const std::string& name : row.List("flags")) {
    const auto flag = scanner::ParseZoneFlag(name);
    if (!flag) return std::nullopt;
    facts.flags.Add(*flag);
  }
  for (const std::string& server : row.List("ns")) AddServer(server, &facts);
  if (row["mname"].empty()) return facts;
  const auto owner = dnswire::Name::Parse(facts.zone);
  const auto mname = dnswire::Name::Parse(row["mname"]);
  const auto rname = dnswire::Name::Parse(row["rname"]);
  if (!owner || !mname || !rname) return std::nullopt;
  facts.soa =
      scanner::ZoneSoa{.owner = *owner, .mname = *mname, .rname = *rname};
  return facts;
}

std::optional<Finding> ParseFinding(const Row& row) {
  Finding finding{.zone = row["zone"],
                  .servers = row.List("servers"),
                  .example = row["example"],
                  .detail = row["detail"]};
  const auto prefix = dnswire::IpPrefix::Parse(row["prefix"]);
  const auto kind = scanner::ParseFindingKind(row["kind"]);
  const auto cause = io::ParseCause(row["cause"]);
  uint32_t depth = 0;
  if (!prefix || !kind || !absl::SimpleAtoi(row["depth"], &depth) ||
      depth > 32 || !absl::SimpleAtoi(row["count"], &finding.count)) {
    return std::nullopt;
  }
  if (!row["cause"].empty() && !cause) return std::nullopt;
  finding.prefix = *prefix;
  finding.kind = *kind;
  finding.cause = cause.value_or(io::Cause::kNone);
  finding.depth = static_cast<uint8_t>(depth);
  return finding;
}

// All rows of a file.
template <typename Value, typename Parse>
absl::StatusOr<std::vector<Value>> ReadValues(
    const std::string& path, std::span<const io::Column> columns, Parse parse) {
  std::vector<Value> values;
  absl::Status status = ReadTable(path, columns, [&](const Fields& fields) {
    auto value = parse(Row(columns, fields));
    if (value) values.push_back(*std::move(value));
    return value.has_value();
  });
  if (!status.ok()) return status;
  return values;
}

}  // namespace

absl::StatusOr<std::vector<ZoneFacts>> ReadZoneFacts(const std::string& path) {
  return ReadValues<ZoneFacts>(path, ZoneColumns(), ParseZone);
}

absl::StatusOr<std::vector<Finding>> ReadFindings(const std::string& path) {
  return ReadValues<Finding>(path, FindingColumns(), ParseFinding);
}

}  // namespace tools
