// A scan against scripted servers, for tests of the whole engine: targets and
// options as text, rows as text.
#ifndef PTRSWEEP_TESTS_SCANNER_ENGINE_SCAN_RIG_H_
#define PTRSWEEP_TESTS_SCANNER_ENGINE_SCAN_RIG_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "scanner/options.h"
#include "scanner/run/scan.h"
#include "scanner/targets/scan_targets.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/scripted_server.h"

namespace scanner {

// No late pass, no canaries, few sockets; tests change what they are about.
ScanOptions OptionsFor(
    std::initializer_list<const testing_support::ScriptedServer*> servers);

// As on the command line: addresses, prefixes, ranges. `labels`: the content of
// a label file, or nothing.
ScanTargets TargetsOf(const std::vector<std::string>& targets,
                      const std::string& labels = "");

// Name text of the reverse name.
std::string ReverseOf(const std::string& address);

// Runs the scan and checks what holds for every one: started, one row per
// target, no broken identity, a finished sink.
ScanReport RunToEnd(const ScanOptions& options, const ScanTargets& targets,
                    testing_support::CollectingSink* sink,
                    const ScanHooks& hooks = {},
                    const TransferPlan* transfers = nullptr);

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_ENGINE_SCAN_RIG_H_
