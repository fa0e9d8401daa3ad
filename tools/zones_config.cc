#include "tools/zones_config.h"

#include <utility>

#include "io/files/provider_file.h"
#include "io/files/target_reader.h"
#include "tools/options/option_table.h"
#include "tools/options/option_value.h"
#include "tools/scan_config.h"
#include "tools/target_config.h"

namespace tools {
namespace {

// As a scan by own iteration has them.
absl::StatusOr<ScanConfig> MakeBasis(const ScanArguments& arguments) {
  ScanArguments basis = OnlyOf(arguments, kUseZones);
  basis.iterative = true;
  basis.fail_on = OptionText();  // its words are others
  return MakeScanConfig(basis, TargetConfig(), "");
}

absl::Status SetOutput(const ScanArguments& arguments, const ScanConfig& basis,
                       ZonesConfig* config) {
  const bool output_given = !arguments.output.origin.empty();
  config->rows = output_given || !arguments.format.empty();
  config->output = basis.output;
  config->format = basis.format;
  config->max_unknown_percent = basis.max_unknown_percent;
  if (arguments.fail_on.empty()) return absl::OkStatus();
  const auto fail_on =
      scanner::ZoneFailCondition::Parse(arguments.fail_on.text);
  if (!fail_on.ok()) return At(arguments.fail_on, fail_on.status());
  config->fail_on = *fail_on;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Holders> ReadHolders(const std::vector<OptionText>& my_ns,
                                    const OptionText& providers) {
  Holders holders;
  for (const OptionText& text : my_ns) {
    auto name = dnswire::Name::Parse(text.text);
    if (!name || name->view().is_root()) {
      return BadValue(text, "a domain name (example.net)");
    }
    name->Lower();
    holders.you.push_back(*name);
  }
  if (providers.empty()) return holders;
  const auto text = io::ReadWholeFile(providers.text);
  if (!text.ok()) return At(providers, text.status());
  auto listed = io::ParseProviderFile(*text, providers.text);
  if (!listed.ok()) return listed.status();
  holders.providers = *std::move(listed);
  return holders;
}

absl::StatusOr<ZonesConfig> MakeZonesConfig(const ScanArguments& arguments) {
  ZonesConfig config;
  auto targets = ReadPrefixes(arguments.target);
  if (!targets.ok()) return targets.status();
  config.targets = *std::move(targets);
  auto holders = ReadHolders(arguments.my_ns, arguments.providers);
  if (!holders.ok()) return holders.status();
  config.audit.you = std::move(holders->you);
  config.audit.providers = std::move(holders->providers);
  const auto basis = MakeBasis(arguments);
  if (!basis.ok()) return basis.status();
  config.options = basis->options;
  const absl::Status status = SetOutput(arguments, *basis, &config);
  if (!status.ok()) return status;
  return config;
}

}  // namespace tools
