// The ptrsweep command.
#include <unistd.h>

#include <csignal>

#include "tools/cat_command.h"
#include "tools/check_command.h"
#include "tools/diff_command.h"
#include "tools/exit_code.h"
#include "tools/explain_command.h"
#include "tools/finalize_command.h"
#include "tools/hardening.h"
#include "tools/options/command_line.h"
#include "tools/report_command.h"
#include "tools/scan_command.h"
#include "tools/targets_command.h"
#include "tools/walk_command.h"
#include "tools/zones_command.h"

int main(int argc, char** argv) {
  tools::HardenProcess();
  // A reader that goes away shows as EPIPE, a file that grows too large as
  // EFBIG, both with the name of the output.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // Whoever asks for the status too early gets none.
  std::signal(SIGUSR1, SIG_IGN);
  int exit_code = tools::kExitComplete;
  const auto line = tools::ParseCommandLine(argc, argv, environ, &exit_code);
  if (!line) return exit_code;
  switch (line->command) {
    case tools::CommandLine::Command::kScan:
      return tools::RunScanCommand(line->arguments, environ);
    case tools::CommandLine::Command::kTargets:
      return tools::RunTargetsCommand(line->arguments.target, environ);
    case tools::CommandLine::Command::kZones:
      return tools::RunZonesCommand(line->arguments);
    case tools::CommandLine::Command::kWalk:
      return tools::RunWalkCommand(line->arguments, environ);
    case tools::CommandLine::Command::kCheck:
      return tools::RunCheckCommand(line->arguments, environ);
    case tools::CommandLine::Command::kExplain:
      return tools::RunExplainCommand(line->arguments, environ);
    case tools::CommandLine::Command::kCat:
      return tools::RunCatCommand(line->cat);
    case tools::CommandLine::Command::kDiff:
      return tools::RunDiffCommand(line->diff);
    case tools::CommandLine::Command::kFinalize:
      return tools::RunFinalizeCommand(line->finalize);
    case tools::CommandLine::Command::kReport:
      return tools::RunReportCommand(line->report, environ);
  }
  return tools::kExitUsage;
}
