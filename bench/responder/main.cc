// responder: see kUsage and answer.h. The other end of throughput and memory
// measurements; no name server.
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstdio>

#include "bench/responder/server.h"
#include "bench/support/options.h"
#include "bench/support/udp.h"

namespace {

constexpr char kUsage[] =
    "usage: responder [options]\n"
    "Serves 127.0.0.1 by UDP until stdin closes. Prints \"ready PORT\", and a\n"
    "line of counters at the end.\n"
    "  --port N              0: one of the kernel's choice (0)\n"
    "  --nxdomain-percent P  of the addresses have no name (0)\n"
    "  --gso                 answers go out in runs (UDP_SEGMENT)\n"
    "  --gro                 queries are taken in runs (UDP_GRO)\n"
    "  --buffer OCTETS       receive buffer as the kernel grants it, even\n"
    "                        (16777216); 212992 is what servers get that do\n"
    "                        not ask for one\n"
    "  --delay-us N          every answer is sent so much later (0)\n"
    "  --loss-percent P      of the queries are dropped (0)\n";

struct Options {
  uint32_t port = 0;
  uint32_t buffer_octets = 16 << 20;
  bench::ServerOptions server;
};

bool ParseOptions(int argc, char** argv, Options* options) {
  const auto known = std::to_array<bench::Option>(
      {{"--port", &options->port},
       {"--buffer", &options->buffer_octets},
       {"--nxdomain-percent", &options->server.nxdomain_percent},
       {"--gso", &options->server.gso},
       {"--gro", &options->server.gro},
       {"--delay-us", &options->server.delay_us},
       {"--loss-percent", &options->server.loss_percent}});
  return bench::ParseOptions(argc, argv, known) &&
         options->port <= UINT16_MAX && options->buffer_octets % 2 == 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, &options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const int fd = bench::OpenLoopbackSocket(static_cast<uint16_t>(options.port));
  bench::SetReceiveBuffer(fd, options.buffer_octets);
  if (options.server.gro) bench::EnableGro(fd);
  std::printf("ready %u\n", bench::PortOf(fd));
  std::fflush(stdout);
  bench::Server server(fd, options.server);
  server.ServeUntil(STDIN_FILENO);
  const bench::ServerCounters counters = server.counters();
  std::printf("queries %" PRIu64 " answers %" PRIu64 " dropped %" PRIu64
              " ignored %" PRIu64 " refused %" PRIu64 " kernel_drops %u\n",
              counters.queries, counters.answers, counters.dropped,
              counters.ignored, counters.refused, bench::KernelDrops(fd));
  return 0;
}
