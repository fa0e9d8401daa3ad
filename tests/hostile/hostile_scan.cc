#include "tests/hostile/hostile_scan.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/support/scripted_server.h"

namespace hostile {
namespace {

using testing_support::Misbehaviour;
using testing_support::Needs;
using testing_support::ScriptedServer;

std::vector<GroupScan> GroupsOf(const Classes& classes) {
  std::vector<GroupScan> groups;
  for (size_t i = 0; i < classes.size(); ++i) {
    const auto at = std::find_if(
        groups.begin(), groups.end(),
        [&](const auto& group) { return group.group == classes[i].group; });
    if (at == groups.end()) {
      groups.push_back({.group = classes[i].group, .classes = {i}});
    } else {
      at->classes.push_back(i);
    }
  }
  return groups;
}

// A server of loopback gets cookies and mixed letter case only if told to.
std::vector<std::string> OptionsFor(Needs needs) {
  switch (needs) {
    case Needs::kNothing:
      return {};
    case Needs::kCookies:
      return {"--cookies", "on"};
    case Needs::kLetterCase:
      return {"--case-random", "on"};
  }
  return {};
}

void Scan(const Classes& classes, const std::string& format, GroupScan* group) {
  const Misbehaviour& first = classes[group->classes.front()];
  const ScriptedServer server(testing_support::MisbehaviourScript(classes),
                              {.tcp = first.tcp});
  std::vector<std::string> command = {
      PTRSWEEP_BINARY, "scan", "--no-canary", "--verbose",
      // The rows are looked at one by one.
      "--max-unknown", "100", "--late-passes", "1", "--late-pause", "0s",
      "--format", format, "--resolver",
      absl::StrCat("127.0.0.1:", server.port())};
  for (const std::string& option : OptionsFor(first.needs)) {
    command.push_back(option);
  }
  for (const size_t index : group->classes) {
    command.push_back(testing_support::AddressOfClass(index));
  }
  group->result = testing_support::RunProgram(command);
}

}  // namespace

std::vector<GroupScan> ScanAllGroups(const Classes& classes,
                                     const std::string& format) {
  std::vector<GroupScan> groups = GroupsOf(classes);
  std::vector<std::thread> threads;
  threads.reserve(groups.size());
  for (GroupScan& group : groups) {
    threads.emplace_back(
        [&classes, &format, &group] { Scan(classes, format, &group); });
  }
  for (std::thread& thread : threads) thread.join();
  return groups;
}

}  // namespace hostile
