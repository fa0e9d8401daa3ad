#include "tests/hostile/output_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hostile {
namespace {

// Of a JSON value only what is looked at: a text, or a list of texts.
struct Value {
  std::string text;
  std::vector<std::string> items;
};

// A reader of JSON without \u escapes, which ptrsweep has no use for.
class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : text_(text) {}

  // One object on a line of its own.
  std::optional<std::map<std::string, Value>> ReadLine() {
    std::map<std::string, Value> members = ReadObject();
    Expect('\n');
    if (!good_) return std::nullopt;
    return members;
  }
  bool at_end() const { return at_ == text_.size(); }

 private:
  char Peek() const { return at_end() ? '\0' : text_[at_]; }
  bool Take(char wanted) {
    if (Peek() != wanted) return false;
    ++at_;
    return true;
  }
  void Expect(char wanted) { good_ &= Take(wanted); }

  std::map<std::string, Value> ReadObject() {
    std::map<std::string, Value> members;
    Expect('{');
    do {
      const std::string name = ReadString();
      Expect(':');
      good_ &= members.emplace(name, ReadValue()).second;
    } while (good_ && Take(','));
    Expect('}');
    return members;
  }

  Value ReadValue() {
    Value value;
    if (Peek() == '"') {
      value.text = ReadString();
    } else if (Peek() == '{') {
      ReadObject();
    } else if (Peek() == '[') {
      value.items = ReadArray();
    } else {
      value.text = ReadBare();
    }
    return value;
  }

  std::vector<std::string> ReadArray() {
    std::vector<std::string> items;
    Expect('[');
    if (Take(']')) return items;
    do {
      items.push_back(ReadValue().text);
    } while (good_ && Take(','));
    Expect(']');
    return items;
  }

  std::string ReadString() {
    std::string string;
    Expect('"');
    while (good_ && !Take('"')) {
      if (Take('\\')) good_ &= Peek() == '"' || Peek() == '\\';
      good_ &= !at_end() && Peek() >= ' ';
      if (good_) string += text_[at_++];
    }
    return string;
  }

  // A number, or null, which is the empty text.
  std::string ReadBare() {
    std::string bare;
    while (std::isalnum(static_cast<unsigned char>(Peek())) != 0) {
      bare += text_[at_++];
    }
    const bool number =
        !bare.empty() &&
        std::all_of(bare.begin(), bare.end(), [](unsigned char digit) {
          return std::isdigit(digit) != 0;
        });
    good_ &= number || bare == "null";
    return number ? bare : "";
  }

  const std::string& text_;
  size_t at_ = 0;
  bool good_ = true;
};

// One record of CSV (RFC 4180, lines end with LF) from `at` on; empty if it is
// not well-formed.
std::vector<std::string> ReadRecord(const std::string& text, size_t* at) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  while (*at < text.size()) {
    const char octet = text[(*at)++];
    if (quoted) {
      if (octet != '"') {
        cells.back() += octet;
      } else if (*at < text.size() && text[*at] == '"') {
        cells.back() += text[(*at)++];
      } else {
        quoted = false;
      }
    } else if (octet == '"') {
      if (!cells.back().empty()) return {};
      quoted = true;
    } else if (octet == ',') {
      cells.emplace_back();
    } else if (octet == '\n') {
      return cells;
    } else {
      cells.back() += octet;
    }
  }
  return {};
}

std::vector<std::string> Listed(const std::string& cell) {
  return absl::StrSplit(cell, ' ', absl::SkipEmpty());
}

std::optional<OutputRow> RowOf(const std::map<std::string, Value>& members) {
  for (const char* name : {"ip", "status", "cause", "flags", "ptr", "ttl_s"}) {
    if (members.count(name) == 0) return std::nullopt;
  }
  return OutputRow{.ip = members.at("ip").text,
                   .status = members.at("status").text,
                   .cause = members.at("cause").text,
                   .ttl_s = members.at("ttl_s").text,
                   .flags = members.at("flags").items,
                   .ptr = members.at("ptr").items};
}

}  // namespace

std::optional<std::vector<OutputRow>> ReadNdjson(const std::string& text) {
  std::vector<OutputRow> rows;
  JsonReader reader(text);
  while (!reader.at_end()) {
    const auto members = reader.ReadLine();
    if (!members) return std::nullopt;
    const auto row = RowOf(*members);
    if (!row) return std::nullopt;
    rows.push_back(*row);
  }
  return rows;
}

std::optional<std::vector<OutputRow>> ReadCsv(const std::string& text) {
  std::vector<OutputRow> rows;
  size_t at = 0;
  const std::vector<std::string> header = ReadRecord(text, &at);
  while (at < text.size()) {
    const std::vector<std::string> cells = ReadRecord(text, &at);
    if (cells.empty() || cells.size() != header.size()) return std::nullopt;
    std::map<std::string, Value> members;
    for (size_t i = 0; i < cells.size(); ++i) {
      members[header[i]] = {.text = cells[i], .items = Listed(cells[i])};
    }
    const auto row = RowOf(members);
    if (!row) return std::nullopt;
    rows.push_back(*row);
  }
  return rows;
}

std::vector<std::string> RawOctets(const std::string& text) {
  std::vector<std::string> found;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet == '\n' || (octet >= 0x20 && octet <= 0x7e)) continue;
    found.push_back(absl::StrCat(i, ": ", octet));
  }
  return found;
}

std::map<std::string, uint64_t> ReadCounters(const std::string& summary) {
  std::map<std::string, uint64_t> counters;
  for (const auto line : absl::StrSplit(summary, '\n')) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() != 2) continue;
    std::string digits = words[1];
    std::erase(digits, ',');
    const bool number =
        !digits.empty() &&
        digits.find_first_not_of("0123456789") == std::string::npos;
    if (number) counters[words[0]] = std::strtoull(digits.c_str(), nullptr, 10);
  }
  return counters;
}

}  // namespace hostile
