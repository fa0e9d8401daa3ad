#include "tests/scanner/engine/scan_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "io/files/label_file.h"
#include "io/files/target_reader.h"

namespace scanner {

using testing_support::CollectingSink;
using testing_support::ScriptedServer;

ScanOptions OptionsFor(std::initializer_list<const ScriptedServer*> servers) {
  ScanOptions options;
  options.sockets = 2;
  options.late_passes = 0;
  options.late_pause = absl::ZeroDuration();
  options.forward_cache_octets = 1 << 20;
  options.canaries = false;
  for (const ScriptedServer* server : servers) {
    options.resolvers.push_back(
        *io::Endpoint::Parse(absl::StrCat("127.0.0.1:", server->port())));
  }
  return options;
}

ScanTargets TargetsOf(const std::vector<std::string>& targets,
                      const std::string& labels) {
  std::vector<dnswire::IpRange> ranges;
  for (const std::string& text : targets) {
    const auto range = io::ParseTarget(text);
    EXPECT_TRUE(range.ok()) << range.status();
    ranges.push_back(*range);
  }
  if (labels.empty()) return MakeScanTargets(ranges, {}, LabelTable());
  const auto file = io::ParseLabelFile(labels, "labels.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return MakeScanTargets(ranges, {}, LabelTable(*file));
}

std::string ReverseOf(const std::string& address) {
  return dnswire::ReverseName(*dnswire::IpAddress::Parse(address)).ToText();
}

ScanReport RunToEnd(const ScanOptions& options, const ScanTargets& targets,
                    CollectingSink* sink, const ScanHooks& hooks,
                    const TransferPlan* transfers) {
  const absl::StatusOr<ScanReport> report =
      RunScan(options, targets, sink, hooks, nullptr, transfers);
  EXPECT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->output.ok()) << report->output;
  EXPECT_THAT(report->broken_identities, ::testing::IsEmpty());
  EXPECT_THAT(report->stats.BrokenIdentities(), ::testing::IsEmpty());
  EXPECT_EQ(report->stats.rows, report->stats.targets);
  EXPECT_EQ(report->stats.abandoned, 0u);
  EXPECT_EQ(sink->written(), report->stats.targets);
  EXPECT_EQ(sink->rows().size(), report->stats.targets) << "a row repeated";
  EXPECT_TRUE(sink->finished());
  return *report;
}

}  // namespace scanner
