// The options of `explain`, from text to values: those of a scan, less what
// many addresses need.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_CONFIG_H_
#define PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_CONFIG_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/label_table.h"
#include "tools/options/arguments.h"
#include "tools/scan_config.h"
#include "tools/zones_config.h"

namespace tools {

struct ExplainConfig {
  ScanConfig scan;
  std::vector<dnswire::IpAddress> addresses;  // in the caller's order
  scanner::LabelTable labels;                 // or of --expect
  Holders holders;
  std::optional<ZonesConfig> zones;  // --zones
  bool json = false;
  std::vector<std::string> notes;  // for stderr
};

// Errors are one line that names the option, or file and line.
absl::StatusOr<ExplainConfig> MakeExplainConfig(const ScanArguments& arguments,
                                                absl::string_view resolv_conf);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_CONFIG_H_
