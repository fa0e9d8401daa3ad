// TextTable: columns for a terminal.
#ifndef PTRSWEEP_TOOLS_PAGE_TEXT_TABLE_H_
#define PTRSWEEP_TOOLS_PAGE_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tools {

// Columns on the screen that the text takes: its code points. Wide letters
// count as one: labels seldom have them, and a line is then longer, not wrong.
size_t TextWidth(absl::string_view text);
// Lines of at most `width`, each begun with `indent`, broken between words;
// words that are longer stay whole.
std::string WrapText(absl::string_view text, size_t width,
                     absl::string_view indent);

class TextTable {
 public:
  struct Column {
    std::string title;
    bool right = false;
    size_t least = 8;  // it is not made narrower than that
  };

  explicit TextTable(std::vector<Column> columns);

  // REQUIRES: a cell for each column.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // With its titles, lines of at most `width` if the least widths allow it:
  // what is too wide is taken off the widest columns, again and again, and
  // their cells are broken into lines.
  std::string Format(size_t width) const;

 private:
  std::vector<size_t> Widths(size_t width) const;
  void AppendRow(const std::vector<std::string>& cells,
                 const std::vector<size_t>& widths, std::string* out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_TEXT_TABLE_H_
