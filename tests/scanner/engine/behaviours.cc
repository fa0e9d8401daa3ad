#include "tests/scanner/engine/behaviours.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/collecting_sink.h"

namespace scanner {

using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectedRow;
using testing_support::CollectingSink;
using testing_support::Once;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::ScriptTable;
namespace rr = testing_support::rr;

namespace {

std::string Dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string Summary(const CollectedRow& row) {
  return absl::StrCat(row.status, " ", Dash(row.cause), " ",
                      row.rcode ? absl::StrCat(*row.rcode) : "-", " ",
                      row.queries);
}

// All targets are named directly in special-use space and say so; that their
// names lead there is private_forward.
std::string FlagsBeside(std::string flags) {
  constexpr char kAlways[] = "special_use";
  const size_t at = flags.find(kAlways);
  if (at == std::string::npos) return "special_use is missing";
  flags.erase(at, sizeof kAlways);
  while (!flags.empty() && flags.back() == ' ') flags.pop_back();
  return flags;
}

ScanTargets TargetsOf(const std::vector<Behaviour>& behaviours) {
  std::vector<std::string> targets;
  for (size_t i = 0; i < behaviours.size(); ++i) {
    targets.push_back(AddressOf(i));
  }
  return scanner::TargetsOf(targets);
}

void CheckRow(const Behaviour& behaviour, const CollectedRow& row) {
  SCOPED_TRACE(behaviour.label);
  EXPECT_EQ(Summary(row), behaviour.expected);
  if (behaviour.names != nullptr) {
    EXPECT_EQ(row.ptr, behaviour.names);
  }
  if (behaviour.outcomes != nullptr) {
    EXPECT_EQ(row.forward, behaviour.outcomes);
  }
  if (behaviour.flags != nullptr) {
    EXPECT_EQ(FlagsBeside(row.flags), behaviour.flags);
  }
  // A response was accepted, or there is nothing to tell of it.
  EXPECT_EQ(row.rcode.has_value(), !row.server.empty());
  EXPECT_EQ(row.rcode.has_value(), row.rtt_us.has_value());
  EXPECT_GT(row.time_us, 0);
}

}  // namespace

std::string AddressOf(size_t i) { return absl::StrCat("192.0.2.", i + 1); }

std::string FirstLabel(const Asked& asked) {
  return asked.name.substr(0, asked.name.find('.'));
}

std::string HostOf(const Asked& asked) {
  return absl::StrCat("h", FirstLabel(asked), ".example.com");
}

Replies Silent(const Asked&) { return {}; }

ScriptTable TableOf(const std::vector<Behaviour>& behaviours) {
  ScriptTable table;
  table.On("silent.example.net", rr::kPtr, Silent);
  for (size_t i = 0; i < behaviours.size(); ++i) {
    const std::string address = AddressOf(i);
    const Script confirm = [address](const Asked& asked) {
      return Once(AReply(asked, {address}));
    };
    const Behaviour& behaviour = behaviours[i];
    table.On(ReverseOf(address), rr::kPtr, behaviour.ptr);
    table.On(absl::StrCat("h", i + 1, ".example.com"), rr::kA,
             behaviour.forward ? behaviour.forward : confirm);
  }
  return table;
}

ScanReport Check(const std::vector<Behaviour>& behaviours,
                 const ScanOptions& options) {
  CollectingSink sink;
  ScanReport report = RunToEnd(options, TargetsOf(behaviours), &sink);
  for (size_t i = 0; i < behaviours.size(); ++i) {
    const auto row = sink.rows().find(AddressOf(i));
    if (row == sink.rows().end()) {
      ADD_FAILURE() << behaviours[i].label << " has no row";
    } else {
      CheckRow(behaviours[i], row->second);
    }
  }
  return report;
}

ScanReport Check(const std::vector<Behaviour>& behaviours, int late_passes,
                 const ScriptedServer::Options& server_options) {
  const ScriptedServer server(TableOf(behaviours), server_options);
  ScanOptions options = OptionsFor({&server});
  options.late_passes = late_passes;
  return Check(behaviours, options);
}

}  // namespace scanner
