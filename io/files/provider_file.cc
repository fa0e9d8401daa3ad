#include "io/files/provider_file.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "dnswire/name.h"
#include "io/files/target_text.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

enum Field { kSuffix, kProvider, kWhere, kForwardFirst, kBasis, kChecked };
constexpr absl::string_view kHeaders[] = {
    "suffix", "provider", "where", "forward_first", "basis", "checked"};
constexpr size_t kFieldCount = std::size(kHeaders);
constexpr size_t kRequired = 3;
constexpr absl::string_view kForwardFirstWords[] = {"yes", "no", "unknown"};
constexpr absl::string_view kBasisWords[] = {"documented", "observed",
                                             "general"};

absl::Status Fault(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(Quoted(text), what));
}

// "or" of words; an empty text is none of them, and left out.
absl::Status CheckWord(absl::string_view text,
                       std::span<const absl::string_view> words) {
  if (text.empty() ||
      std::find(words.begin(), words.end(), text) != words.end()) {
    return absl::OkStatus();
  }
  return Fault(text, absl::StrCat(" is none of ", absl::StrJoin(words, ", ")));
}

absl::Status CheckMonth(absl::string_view text) {
  const auto are_digits = [](absl::string_view part) {
    return std::all_of(part.begin(), part.end(), absl::ascii_isdigit);
  };
  const bool month = text.size() == 7 && text[4] == '-' &&
                     are_digits(text.substr(0, 4)) &&
                     are_digits(text.substr(5)) && text.substr(5) >= "01" &&
                     text.substr(5) <= "12";
  if (text.empty() || month) return absl::OkStatus();
  return Fault(text, " is no month (2026-11)");
}

absl::StatusOr<std::string> ParseSuffix(absl::string_view text) {
  auto name = dnswire::Name::Parse(text);
  if (!name || name->view().is_root()) {
    return Fault(text, " is not a domain name");
  }
  name->Lower();
  std::string suffix = absl::StrReplaceAll(name->ToText(), {{"\\042", "*"}});
  for (const absl::string_view label : absl::StrSplit(suffix, '.')) {
    if (std::count(label.begin(), label.end(), '*') > 1) {
      return Fault(text, " has a label with more than one *");
    }
  }
  return suffix;
}

class ProviderFileParser {
 public:
  absl::Status Parse(absl::string_view text);
  std::vector<ListedProvider> Take() { return std::move(list_); }
  size_t line() const { return line_; }

 private:
  absl::Status ParseHeader(const std::vector<absl::string_view>& cells);
  absl::Status ParseLine(const std::vector<absl::string_view>& cells);

  size_t line_ = 0;
  std::vector<Field> columns_;  // as the header has them; empty: not yet read
  std::map<std::string, size_t> lines_;  // by suffix
  std::vector<ListedProvider> list_;
};

absl::Status ProviderFileParser::Parse(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");
  for (const absl::string_view whole : absl::StrSplit(text, '\n')) {
    ++line_;
    if (whole.size() > kMaxLineOctets) {
      return absl::InvalidArgumentError("the line is longer than 4,096 octets");
    }
    if (whole.substr(0, 1) == "#" || Trim(whole).empty()) continue;
    if (!IsValidUtf8(whole)) {
      return absl::InvalidArgumentError("the line is not valid UTF-8");
    }
    std::vector<absl::string_view> cells = absl::StrSplit(whole, '\t');
    for (absl::string_view& cell : cells) cell = Trim(cell);
    absl::Status status =
        columns_.empty() ? ParseHeader(cells) : ParseLine(cells);
    if (!status.ok()) return status;
  }
  if (!columns_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("there is no header");
}

absl::Status ProviderFileParser::ParseHeader(
    const std::vector<absl::string_view>& cells) {
  std::array<bool, kFieldCount> there = {};
  for (const absl::string_view cell : cells) {
    const auto* found =
        std::find(std::begin(kHeaders), std::end(kHeaders), cell);
    if (found == std::end(kHeaders)) {
      return Fault(cell, absl::StrCat(" is no column of a header (",
                                      absl::StrJoin(kHeaders, ", "),
                                      "); fields are apart by tabs"));
    }
    const auto field = static_cast<size_t>(found - std::begin(kHeaders));
    if (std::exchange(there[field], true)) {
      return Fault(cell, " is there twice");
    }
    columns_.push_back(static_cast<Field>(field));
  }
  for (size_t field = 0; field < kRequired; ++field) {
    if (!there[field]) {
      return absl::InvalidArgumentError(
          absl::StrCat("the header has no column ", kHeaders[field]));
    }
  }
  return absl::OkStatus();
}

absl::Status ProviderFileParser::ParseLine(
    const std::vector<absl::string_view>& cells) {
  if (cells.size() > columns_.size()) {
    return Fault(cells[columns_.size()], ": the header has fewer columns");
  }
  std::array<absl::string_view, kFieldCount> of = {};
  for (size_t i = 0; i < cells.size(); ++i) of[columns_[i]] = cells[i];
  for (size_t field = 0; field < kRequired; ++field) {
    if (of[field].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(kHeaders[field], " is empty"));
    }
  }
  auto suffix = ParseSuffix(of[kSuffix]);
  if (!suffix.ok()) return suffix.status();
  absl::Status status = CheckWord(of[kForwardFirst], kForwardFirstWords);
  status.Update(CheckWord(of[kBasis], kBasisWords));
  status.Update(CheckMonth(of[kChecked]));
  if (!status.ok()) return status;
  const auto [at, is_new] = lines_.try_emplace(*suffix, line_);
  if (!is_new) {
    return Fault(*suffix, absl::StrCat(" was given on line ", at->second));
  }
  list_.push_back({.suffix = *std::move(suffix),
                   .provider = CarriedText(of[kProvider]),
                   .where = CarriedText(of[kWhere]),
                   .usually = of[kBasis] == "general"});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ListedProvider>> ParseProviderFile(
    absl::string_view text, absl::string_view source) {
  ProviderFileParser parser;
  const absl::Status status = parser.Parse(text);
  if (!status.ok()) return LineError(source, parser.line(), status.message());
  return parser.Take();
}

}  // namespace io
