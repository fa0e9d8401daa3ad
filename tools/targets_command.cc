#include "tools/targets_command.h"

#include <cstdio>
#include <string>

#include "io/files/output_file.h"
#include "scanner/targets/target_order.h"
#include "tools/exit_code.h"
#include "tools/target_config.h"

namespace tools {
namespace {

absl::Status PrintTargets(const TargetConfig& config) {
  auto file = io::OutputFile::Open("-");
  if (!file.ok()) return file.status();
  scanner::TargetOrder order(&config.targets.targets, config.seed,
                             config.shard.index, config.shard.count);
  std::string line;
  while (const auto item = order.Next()) {
    if (config.targets.IsSkipped(item->address)) continue;
    line.clear();
    item->address.AppendTo(&line);
    line += '\n';
    absl::Status status = (*file)->Write(line);
    if (!status.ok()) return status;
  }
  return (*file)->Finish();
}

}  // namespace

int RunTargetsCommand(const TargetArguments& arguments,
                      const char* const* environment) {
  const auto config = MakeTargetConfig(arguments, environment);
  if (!config.ok()) return ReportError(config.status());
  TellNotes(config->notes);
  return ReportError(PrintTargets(*config));
}

}  // namespace tools
