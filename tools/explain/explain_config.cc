#include "tools/explain/explain_config.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/files/expected_text.h"
#include "tools/options/option_table.h"
#include "tools/options/option_value.h"
#include "tools/target_config.h"

namespace tools {
namespace {

// As a scan has them.
ScanArguments BasisOf(const ScanArguments& arguments) {
  ScanArguments basis = OnlyOf(arguments, kUseExplain);
  basis.prune = OptionText("off");  // one address is asked for itself
  basis.format = OptionText();      // not of rows
  return basis;
}

absl::StatusOr<std::vector<dnswire::IpAddress>> ReadAddresses(
    const TargetArguments& arguments) {
  const auto ranges = ReadRanges(arguments.targets, arguments.target_files);
  if (!ranges.ok()) return ranges.status();
  if (ranges->empty()) {
    return absl::InvalidArgumentError("no address to explain");
  }
  std::vector<dnswire::IpAddress> addresses;
  for (const dnswire::IpRange& range : *ranges) {
    if (range.first != range.last) {
      return absl::InvalidArgumentError(
          absl::StrCat(RangeText(range),
                       " is not one address: explain takes "
                       "addresses, ptrsweep scan prefixes"));
    }
    addresses.push_back(range.first);
  }
  return addresses;
}

// One line of labels for each family that there is.
absl::StatusOr<scanner::LabelTable> LabelsOfExpect(const OptionText& expect) {
  io::LabelFile file;
  for (const char* everything : {"0.0.0.0/0", "::/0"}) {
    const auto prefix = *dnswire::IpPrefix::Parse(everything);
    auto expected = io::ParseExpected(expect.text, prefix.first().family());
    if (!expected.ok()) {
      if (prefix.first().is_v4()) return At(expect, expected.status());
      continue;  // {a} to {d} are for IPv4
    }
    file.lines.push_back({.target = prefix, .expected = *std::move(expected)});
  }
  return scanner::LabelTable(file);
}

absl::Status SetLabels(const ScanArguments& arguments, ExplainConfig* config) {
  if (!arguments.expect.empty() &&
      arguments.target.labels.origin == "--labels") {
    return BadValue(arguments.expect, "for use with --labels");
  }
  auto labels = arguments.expect.empty()
                    ? ReadLabels(arguments.target.labels.text, &config->notes)
                    : LabelsOfExpect(arguments.expect);
  if (!labels.ok()) return labels.status();
  config->labels = *std::move(labels);
  return absl::OkStatus();
}

absl::Status SetFormat(const OptionText& format, ExplainConfig* config) {
  config->json = format.text == "json";
  const bool known = config->json || format.text == "text";
  return known || format.origin != "--format"
             ? absl::OkStatus()
             : BadValue(format, "text or json");
}

absl::Status SetZones(const ScanArguments& arguments, ExplainConfig* config) {
  if (!arguments.zones) return absl::OkStatus();
  ScanArguments of_zones = BasisOf(arguments);
  of_zones.fail_on = OptionText();
  auto zones = MakeZonesConfig(of_zones);
  if (!zones.ok()) return zones.status();
  config->zones = *std::move(zones);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExplainConfig> MakeExplainConfig(const ScanArguments& arguments,
                                                absl::string_view resolv_conf) {
  ExplainConfig config;
  auto addresses = ReadAddresses(arguments.target);
  if (!addresses.ok()) return addresses.status();
  config.addresses = *std::move(addresses);
  absl::Status status = SetFormat(arguments.format, &config);
  if (status.ok()) status = SetLabels(arguments, &config);
  if (status.ok()) status = SetZones(arguments, &config);
  if (!status.ok()) return status;
  auto holders = ReadHolders(arguments.my_ns, arguments.providers);
  if (!holders.ok()) return holders.status();
  config.holders = *std::move(holders);
  auto scan = MakeScanConfig(BasisOf(arguments), TargetConfig(), resolv_conf);
  if (!scan.ok()) return scan.status();
  config.scan = *std::move(scan);
  // Nothing else is asked meanwhile, and somebody waits.
  if (!config.scan.options.late_pause) {
    config.scan.options.late_pause = absl::Seconds(1);
  }
  return config;
}

}  // namespace tools
