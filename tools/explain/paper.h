// Paper: text for people: labelled items whose lines hang below one another,
// wrapped and coloured if there is a terminal to read them on.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_PAPER_H_
#define PTRSWEEP_TOOLS_EXPLAIN_PAPER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "scanner/verdict/severity.h"

namespace tools {

// How stdout is to be written to.
struct PaperStyle {
  bool color = false;
  size_t width = 0;  // 0: lines are never broken
};
// A terminal has a width, and colour unless NO_COLOR is set to anything
// (https://no-color.org) or TERM is dumb; what is none has neither.
PaperStyle StyleOfStdout(const char* const* environment);

class Paper {
 public:
  static constexpr size_t kLabelWidth = 16;

  explicit Paper(const PaperStyle& style) : style_(style) {}

  // The first line of all, in the colour of the severity.
  void Title(absl::string_view text, scanner::Severity severity);
  void Paragraph(absl::string_view text);
  // "2 PTR           TEXT".
  void Item(absl::string_view label, absl::string_view text);
  // A further line of the item.
  void More(absl::string_view text);
  // The same, to be copied: "$ dig ...". Never broken.
  void Command(absl::string_view text);
  // Lines to be copied, as they are.
  void Block(absl::string_view lines);
  void Blank() { text_ += '\n'; }

  const std::string& text() const { return text_; }

 private:
  // The text's lines, the first one behind `first`, the others indented as far.
  void Wrap(absl::string_view first, size_t indent, absl::string_view text);
  std::string Colored(absl::string_view text, absl::string_view code) const;

  const PaperStyle style_;
  std::string text_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_PAPER_H_
