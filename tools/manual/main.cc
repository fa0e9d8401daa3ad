// ptrsweep_manual: prints the man page, or the completion of a shell.
//
//   ptrsweep_manual man TEMPLATE
//   ptrsweep_manual bash | zsh | fish
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/exit_code.h"
#include "tools/manual/completion.h"
#include "tools/manual/manual_page.h"
#include "tools/options/command_line.h"

namespace {

std::optional<std::string> ReadText(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int Print(const std::string& text) {
  const bool whole =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
      std::fflush(stdout) == 0;
  return whole ? tools::kExitComplete : tools::kExitFile;
}

int PrintPage(const char* path) {
  const auto text = ReadText(path);
  if (!text) {
    std::fprintf(stderr, "ptrsweep_manual: cannot read %s\n", path);
    return tools::kExitFile;
  }
  const auto page = tools::ManualPage(*text, tools::CommandForms());
  if (!page.ok()) {
    std::fprintf(stderr, "ptrsweep_manual: %s: %s\n", path,
                 std::string(page.status().message()).c_str());
    return tools::kExitUsage;
  }
  for (const std::string& fault : page->faults) {
    std::fprintf(stderr, "ptrsweep_manual: %s: %s\n", path, fault.c_str());
  }
  return Print(page->text);
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view what = argc > 1 ? argv[1] : "";
  if (what == "man" && argc == 3) return PrintPage(argv[2]);
  const std::vector<tools::CommandForm> commands = tools::CommandForms();
  if (argc == 2 && what == "bash") {
    return Print(tools::BashCompletion(commands));
  }
  if (argc == 2 && what == "zsh") return Print(tools::ZshCompletion(commands));
  if (argc == 2 && what == "fish") {
    return Print(tools::FishCompletion(commands));
  }
  std::fprintf(stderr,
               "usage: ptrsweep_manual man TEMPLATE | bash | zsh | fish\n");
  return tools::kExitUsage;
}
