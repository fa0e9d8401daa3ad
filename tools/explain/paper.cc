#include "tools/explain/paper.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/options/environment.h"

namespace tools {
namespace {

constexpr size_t kLeastWidth = 40;
constexpr size_t kMostWidth = 120;  // longer lines are hard to read
constexpr size_t kDefaultWidth = 80;
constexpr size_t kMargin = 2;

constexpr absl::string_view kBold = "1";
constexpr absl::string_view kDim = "2";

absl::string_view CodeOf(scanner::Severity severity) {
  switch (severity) {
    case scanner::Severity::kOk:
      return "1;32";  // green
    case scanner::Severity::kInfo:
      return "1;36";  // cyan
    case scanner::Severity::kWarn:
      return "1;33";  // yellow
    case scanner::Severity::kCrit:
      break;
  }
  return "1;31";  // red
}

size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kDefaultWidth;
  }
  return std::clamp<size_t>(size.ws_col, kLeastWidth, kMostWidth);
}

}  // namespace

PaperStyle StyleOfStdout(const char* const* environment) {
  if (isatty(STDOUT_FILENO) != 1) return {};
  const bool plain =
      !FindVariable(environment, "NO_COLOR").value_or("").empty();
  const bool dumb = FindVariable(environment, "TERM").value_or("") == "dumb";
  return {.color = !plain && !dumb, .width = TerminalWidth()};
}

std::string Paper::Colored(absl::string_view text,
                           absl::string_view code) const {
  if (!style_.color) return std::string(text);
  return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

void Paper::Wrap(absl::string_view first, size_t indent,
                 absl::string_view text) {
  absl::StrAppend(&text_, first);
  size_t column = indent;
  bool is_first = true;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const size_t blank = is_first ? 0 : 1;
    const bool fits =
        style_.width == 0 || column + blank + word.size() <= style_.width;
    if (fits || is_first) {
      absl::StrAppend(&text_, is_first ? "" : " ", word);
      column += blank + word.size();
    } else {
      absl::StrAppend(&text_, "\n", std::string(indent, ' '), word);
      column = indent + word.size();
    }
    is_first = false;
  }
  text_ += '\n';
}

void Paper::Title(absl::string_view text, scanner::Severity severity) {
  absl::StrAppend(&text_, Colored(text, CodeOf(severity)), "\n");
}

void Paper::Paragraph(absl::string_view text) {
  Wrap(std::string(kMargin, ' '), kMargin, text);
}

void Paper::Item(absl::string_view label, absl::string_view text) {
  const size_t blanks = std::max(kLabelWidth, label.size() + 1) - label.size();
  Wrap(absl::StrCat(Colored(label, kBold), std::string(blanks, ' ')),
       label.size() + blanks, text);
}

void Paper::More(absl::string_view text) {
  Wrap(std::string(kLabelWidth, ' '), kLabelWidth, text);
}

void Paper::Command(absl::string_view text) {
  absl::StrAppend(&text_, std::string(kLabelWidth, ' '),
                  Colored(absl::StrCat("$ ", text), kDim), "\n");
}

void Paper::Block(absl::string_view lines) {
  for (const absl::string_view line :
       absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&text_, std::string(2 * kMargin, ' '), line, "\n");
  }
}

}  // namespace tools
