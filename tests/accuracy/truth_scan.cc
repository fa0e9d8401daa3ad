#include "tests/accuracy/truth_scan.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/hostile/output_reader.h"

namespace testing_support {
namespace {

constexpr uint32_t kFirstTarget = 0x0a000000;  // 10.0.0.0

void PrintCounters(const std::map<std::string, uint64_t>& counters) {
  for (const auto& [name, value] : counters) {
    if (value == 0) continue;
    std::printf(" %s %llu", name.c_str(),
                static_cast<unsigned long long>(value));
  }
  std::printf("\n");
}

}  // namespace

TruthScan ScanTruth(const Truth& truth, const SocketAddress& resolver,
                    const TruthScanOptions& options) {
  std::vector<std::string> command = {
      PTRSWEEP_BINARY,
      "scan",
      "--verbose",
      "--include-special",
      "--format",
      "ndjson",
      "--late-pause",
      "250ms",
      "--resolver",
      resolver.ToString(),
      FormatIpv4(kFirstTarget) + "-" +
          FormatIpv4(kFirstTarget + options.addresses - 1)};
  command.insert(command.end(), options.arguments.begin(),
                 options.arguments.end());
  const auto start = std::chrono::steady_clock::now();
  TruthScan scan{.result = RunProgram(command, {.running = options.running,
                                                .limit = options.limit})};
  scan.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  TruthCheck check(truth, kFirstTarget, options.addresses);
  check.AddRows(scan.result.out);
  scan.counts = check.counts();
  scan.counters = hostile::ReadCounters(scan.result.err);
  std::printf("%s in %.1f s, exit %d;", check.Format().c_str(), scan.seconds,
              scan.result.exit_code);
  PrintCounters(scan.counters);
  EXPECT_EQ(scan.counts.rows, options.addresses) << scan.result.err;
  EXPECT_EQ(scan.counts.repeated + scan.counts.foreign + check.missing(), 0u)
      << check.examples();
  scan.examples = check.examples();
  return scan;
}

}  // namespace testing_support
