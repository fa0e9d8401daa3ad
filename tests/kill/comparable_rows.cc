#include "tests/kill/comparable_rows.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace testing_support {
namespace {

constexpr char kHeader[] =
    "ip,status,cause,flags,ptr,confirmed,forward,ttl_s,rcode,zone,zone_mname,"
    "zone_rname,server,queries,rtt_us,time,label,expected";
constexpr size_t kColumns = 18;
constexpr size_t kFirstOfRun = 12;  // server
constexpr size_t kEndOfRun = 16;    // label

struct Row {
  std::string address;
  std::string rest;
};

// Fields with their quotes, for no line of ours has a comma outside of them.
std::vector<std::string> FieldsOf(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return quoted ? std::vector<std::string>() : fields;
}

std::optional<Row> ReadCsvRow(const std::string& line) {
  std::vector<std::string> fields = FieldsOf(line);
  if (fields.size() != kColumns) return std::nullopt;
  fields.erase(fields.begin() + kFirstOfRun, fields.begin() + kEndOfRun);
  return Row{fields[0], absl::StrJoin(fields, ",")};
}

std::optional<Row> ReadNdjsonRow(const std::string& line) {
  constexpr char kStart[] = "{\"ip\":\"";
  const size_t address = sizeof kStart - 1;
  const size_t end = line.find('"', address);
  const size_t from = line.find(",\"server\":");
  const size_t to = line.find(",\"label\":");
  if (!absl::StartsWith(line, kStart) || !absl::EndsWith(line, "}") ||
      from == std::string::npos || to == std::string::npos || to < from) {
    return std::nullopt;
  }
  return Row{line.substr(address, end - address),
             line.substr(0, from) + line.substr(to)};
}

}  // namespace

ComparableRows ReadComparable(const std::string& text) {
  ComparableRows read;
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (!lines.back().empty()) ++read.torn;
  lines.pop_back();
  const bool is_csv = !lines.empty() && lines[0] == kHeader;
  if (is_csv) lines.erase(lines.begin());
  for (const std::string& line : lines) {
    auto row = is_csv ? ReadCsvRow(line) : ReadNdjsonRow(line);
    if (!row) {
      ++read.torn;
    } else if (!read.rows.emplace(row->address, std::move(row->rest)).second) {
      ++read.repeated;
    }
  }
  return read;
}

std::string DifferenceOf(const ComparableRows& found,
                         const ComparableRows& expected, size_t* timeouts) {
  constexpr size_t kShown = 5;
  std::vector<std::string> differences;
  for (const auto& [address, row] : expected.rows) {
    const auto at = found.rows.find(address);
    if (at == found.rows.end()) {
      differences.push_back(absl::StrCat("lost: ", row));
    } else if (at->second == row) {
      continue;
    } else if (absl::StrContains(at->second, "timeout")) {
      ++*timeouts;
    } else {
      differences.push_back(absl::StrCat(at->second, " instead of ", row));
    }
    if (differences.size() == kShown) break;
  }
  if (found.rows.size() > expected.rows.size()) {
    differences.emplace_back("more addresses than were asked for");
  }
  return absl::StrJoin(differences, "\n");
}

}  // namespace testing_support
