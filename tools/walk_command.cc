#include "tools/walk_command.h"

#include <cstdio>
#include <string>

#include "tools/exit_code.h"
#include "tools/report/plan.h"
#include "tools/scan_run.h"
#include "tools/walk_config.h"

namespace tools {

int RunWalkCommand(const ScanArguments& arguments,
                   const char* const* environment) {
  auto config = MakeWalkConfig(arguments, environment);
  if (!config.ok()) return ReportError(config.status());
  config->targets.targets.walk = &config->walk;
  TellNotes(config->targets.notes);
  if (arguments.dry_run) {
    std::fputs(DescribeWalk(*config).c_str(), stderr);
    return kExitComplete;
  }
  return ScanRun(config->scan, config->targets, arguments, &*config).Run();
}

}  // namespace tools
