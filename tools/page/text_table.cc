#include "tools/page/text_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace tools {
namespace {

constexpr absl::string_view kGap = "  ";
// A cell has no more lines than this; what is left of it is "...".
constexpr size_t kMaxCellLines = 4;

bool StartsCodePoint(char octet) {
  return (static_cast<unsigned char>(octet) & 0xc0) != 0x80;
}

// Octets of the first `points` code points.
size_t OctetsOf(absl::string_view text, size_t points) {
  size_t octets = 0;
  for (size_t seen = 0; octets < text.size(); ++octets) {
    if (StartsCodePoint(text[octets]) && ++seen > points) break;
  }
  return octets;
}

// The cell's lines in a column of that width: broken between words, words that
// are longer wherever they must be.
std::vector<std::string> CellLines(absl::string_view text, size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!line.empty() && TextWidth(line) + 1 + TextWidth(word) <= width) {
      absl::StrAppend(&line, " ", word);
      continue;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    while (TextWidth(word) > width) {
      const size_t octets = OctetsOf(word, width);
      lines.emplace_back(word.substr(0, octets));
      word.remove_prefix(octets);
    }
    line = std::string(word);
  }
  lines.push_back(std::move(line));
  return lines;
}

}  // namespace

size_t TextWidth(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), StartsCodePoint));
}

std::string WrapText(absl::string_view text, size_t width,
                     absl::string_view indent) {
  std::string wrapped;
  for (const absl::string_view paragraph : absl::StrSplit(text, '\n')) {
    std::string line(indent);
    for (const absl::string_view word :
         absl::StrSplit(paragraph, ' ', absl::SkipEmpty())) {
      const bool first = line.size() == indent.size();
      if (!first && TextWidth(line) + 1 + TextWidth(word) > width) {
        absl::StrAppend(&wrapped, line, "\n");
        line = absl::StrCat(indent, word);
      } else {
        absl::StrAppend(&line, first ? "" : " ", word);
      }
    }
    absl::StrAppend(&wrapped, line, "\n");
  }
  return wrapped;
}

TextTable::TextTable(std::vector<Column> columns)
    : columns_(std::move(columns)) {}

void TextTable::Add(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::vector<size_t> TextTable::Widths(size_t width) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t widest = TextWidth(columns_[i].title);
    for (const auto& row : rows_) {
      widest = std::max(widest, TextWidth(row[i]));
    }
    widths.push_back(widest);
  }
  const size_t gaps = kGap.size() * (columns_.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    size_t widest = columns_.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].right || widths[i] <= columns_[i].least) continue;
      if (widest == columns_.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
  }
  return widths;
}

void TextTable::AppendRow(const std::vector<std::string>& cells,
                          const std::vector<size_t>& widths,
                          std::string* out) const {
  std::vector<std::vector<std::string>> lines;
  size_t height = 1;
  for (size_t i = 0; i < cells.size(); ++i) {
    lines.push_back(CellLines(cells[i], widths[i]));
    if (lines[i].size() > kMaxCellLines) {
      lines[i].resize(kMaxCellLines);
      lines[i].back() = "...";
    }
    height = std::max(height, lines[i].size());
  }
  for (size_t at = 0; at < height; ++at) {
    std::string line;
    for (size_t i = 0; i < lines.size(); ++i) {
      const std::string text = at < lines[i].size() ? lines[i][at] : "";
      const std::string blanks(widths[i] - TextWidth(text), ' ');
      absl::StrAppend(&line, i == 0 ? "" : kGap,
                      columns_[i].right ? blanks : "", text,
                      columns_[i].right ? "" : blanks);
    }
    absl::StrAppend(out, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
}

std::string TextTable::Format(size_t width) const {
  const std::vector<size_t> widths = Widths(width);
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  std::string out;
  AppendRow(titles, widths, &out);
  for (const auto& row : rows_) AppendRow(row, widths, &out);
  return out;
}

}  // namespace tools
