// The options of `zones`, from text to values.
#ifndef PTRSWEEP_TOOLS_ZONES_CONFIG_H_
#define PTRSWEEP_TOOLS_ZONES_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dnswire/name.h"
#include "io/files/provider_file.h"
#include "scanner/audit/zone_auditor.h"
#include "scanner/audit/zone_verdict.h"
#include "scanner/options.h"
#include "scanner/targets/target_set.h"
#include "tools/options/arguments.h"
#include "tools/row_files.h"

namespace tools {

struct ZonesConfig {
  scanner::ScanOptions options;  // own iteration
  scanner::AuditOptions audit;
  scanner::TargetSet targets;
  // Rows are wanted: --output or --format was given. Else stdout gets the
  // table.
  bool rows = false;
  std::string output;
  Format format = Format::kCsv;
  scanner::ZoneFailCondition fail_on;
  double max_unknown_percent = 5;
};

// Who runs name servers: --my-ns, --providers.
struct Holders {
  std::vector<dnswire::Name> you;
  std::vector<io::ListedProvider> providers;
};
absl::StatusOr<Holders> ReadHolders(const std::vector<OptionText>& my_ns,
                                    const OptionText& providers);

// Errors are one line that names the option, or file and line.
absl::StatusOr<ZonesConfig> MakeZonesConfig(const ScanArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_ZONES_CONFIG_H_
