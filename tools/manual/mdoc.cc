#include "tools/manual/mdoc.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace tools {
namespace {

constexpr size_t kWidth = 78;

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\e"}});
}

// mdoc takes a full stop at the end of a line for the end of a sentence, and
// wants none inside it.
bool EndsSentence(absl::string_view word) {
  return word.size() > 2 && (word.back() == '.' || word.back() == '?');
}

}  // namespace

std::string MdocText(absl::string_view text) {
  std::string lines;
  std::string line;
  const auto end_line = [&lines, &line] {
    if (line.empty()) return;
    // What begins with one of these is a macro.
    if (line[0] == '.' || line[0] == '\'') line.insert(0, "\\&");
    absl::StrAppend(&lines, line, "\n");
    line.clear();
  };
  for (absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    const std::string escaped = Escaped(word);
    if (line.size() + 1 + escaped.size() > kWidth) end_line();
    if (!line.empty()) line += ' ';
    line += escaped;
    if (EndsSentence(word)) end_line();
  }
  end_line();
  return lines;
}

std::string MdocArgument(absl::string_view word) {
  return absl::StrCat("\\&", Escaped(word));
}

}  // namespace tools
