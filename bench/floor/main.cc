// floor: see kUsage and client.h. The bound that scans are measured against.
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string>

#include "bench/floor/client.h"
#include "bench/floor/csv_lines.h"
#include "bench/support/options.h"
#include "bench/support/udp.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"

namespace {

using bench::Mode;
using Clock = std::chrono::steady_clock;

// What 4 MiB asked for give.
constexpr uint32_t kBufferOctets = 8 << 20;

constexpr char kUsage[] =
    "usage: floor --server ADDRESS:PORT --targets PREFIX [options]\n"
    "Asks an IPv4 server for the PTR of every address of an IPv4 prefix of\n"
    "2^24 addresses or less, and prints one line of JSON: how fast, and how\n"
    "many addresses went without an answer.\n"
    "  --mode MODE   plain: one datagram a system call; batched: sendmmsg and\n"
    "                recvmmsg; gso: sent in runs, once a tick; gso-gro:\n"
    "                received in runs too (gso)\n"
    "  --forward     ask the A of every name, and compare\n"
    "  --ptr-only    do not (the default)\n"
    "  --csv FILE    one line `address,name,status` for every address\n"
    "  --window N    most open queries, at most 60000 (4096)\n"
    "  --tick-us N   of gso and gso-gro, below 1000000 (500)\n";

struct Arguments {
  std::string server;
  std::string targets;
  std::string mode = "gso";
  std::string csv;
  bool forward = false;
  bool ptr_only = false;
  uint32_t window = 4096;
  uint32_t tick_us = 500;
};

std::optional<Arguments> ReadArguments(int argc, char** argv) {
  Arguments arguments;
  const auto known =
      std::to_array<bench::Option>({{"--server", &arguments.server},
                                    {"--targets", &arguments.targets},
                                    {"--mode", &arguments.mode},
                                    {"--csv", &arguments.csv},
                                    {"--forward", &arguments.forward},
                                    {"--ptr-only", &arguments.ptr_only},
                                    {"--window", &arguments.window},
                                    {"--tick-us", &arguments.tick_us}});
  if (!bench::ParseOptions(argc, argv, known)) return std::nullopt;
  if (arguments.forward && arguments.ptr_only) return std::nullopt;
  return arguments;
}

std::optional<Mode> ParseMode(const std::string& text) {
  if (text == "plain") return Mode::kPlain;
  if (text == "batched") return Mode::kBatched;
  if (text == "gso") return Mode::kGso;
  if (text == "gso-gro") return Mode::kGsoGro;
  return std::nullopt;
}

std::optional<bench::ClientOptions> ToOptions(const Arguments& arguments) {
  const auto server = io::Endpoint::Parse(arguments.server);
  const auto prefix = dnswire::IpPrefix::Parse(arguments.targets);
  const auto mode = ParseMode(arguments.mode);
  if (!server || !server->address.is_v4() || !prefix ||
      !prefix->first().is_v4() || prefix->length() < 8 || !mode ||
      arguments.window == 0 ||
      arguments.window > bench::ClientOptions::kMaxWindow ||
      arguments.tick_us >= 1'000'000) {
    return std::nullopt;
  }
  bench::ClientOptions options = {
      .first = prefix->first().v4(),
      .targets = uint32_t{1} << (32 - prefix->length()),
      .mode = *mode,
      .forward = arguments.forward,
      .window = arguments.window,
      .tick_us = arguments.tick_us};
  options.server = {.sin_family = AF_INET, .sin_port = htons(server->port)};
  options.server.sin_addr.s_addr = htonl(server->address.v4());
  return options;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / 1e6;
}

// User and system time of this process.
double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

void Print(const Arguments& arguments, const bench::ClientOptions& options,
           const bench::ClientCounters& counters, double seconds, double cpu,
           uint32_t drops) {
  std::printf(
      "{\"mode\": \"%s\", \"forward\": %s, \"targets\": %u, "
      "\"answers\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"stray\": %" PRIu64
      ", \"kernel_drops\": %u, "
      "\"seconds\": %.4f, \"answers_per_s\": %.0f, "
      "\"targets_per_s\": %.0f, \"cpu_s_per_million_targets\": %.4f}\n",
      arguments.mode.c_str(), options.forward ? "true" : "false",
      options.targets, counters.answers, counters.lost, counters.stray, drops,
      seconds, static_cast<double>(counters.answers) / seconds,
      static_cast<double>(counters.finished) / seconds,
      1e6 * cpu / options.targets);
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = ReadArguments(argc, argv);
  const auto options = arguments ? ToOptions(*arguments) : std::nullopt;
  if (!options) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const int fd = bench::OpenLoopbackSocket(0);
  bench::SetReceiveBuffer(fd, kBufferOctets);
  bench::SetSendBuffer(fd, kBufferOctets);
  if (options->mode == Mode::kGsoGro) bench::EnableGro(fd);
  const auto start = Clock::now();
  const double cpu_before = CpuSeconds();
  bench::ClientCounters counters;
  {
    bench::CsvLines csv(arguments->csv);
    counters = bench::Client(fd, *options, &csv).Run();
  }
  const double cpu = CpuSeconds() - cpu_before;
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  Print(*arguments, *options, counters, elapsed.count(), cpu,
        bench::KernelDrops(fd));
  return 0;
}
