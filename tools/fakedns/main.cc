// fakedns: see kUsage.
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "tests/support/disturbances.h"
#include "tests/support/misbehaviours.h"
#include "tests/support/ordinary_answers.h"
#include "tests/support/scripted_server.h"
#include "tests/support/sockets.h"
#include "tools/fakedns/options.h"

namespace {

using fakedns::Options;
using testing_support::AllMisbehaviours;
using testing_support::Disturber;
using testing_support::Octets;
using testing_support::ScriptedServer;
using testing_support::SocketAddress;
using testing_support::Transport;

constexpr int kExitUsage = 2;
constexpr int kExitNoPort = 4;

// Disturbances first, then the ordinary addresses; the rest is the script's.
testing_support::Front FrontOf(const Options& options, Disturber* disturber) {
  return [seed = options.seed, disturber](std::span<const uint8_t> query,
                                          Transport transport, Octets* reply) {
    return disturber->Deal(query, transport, std::chrono::steady_clock::now(),
                           reply) ||
           testing_support::AnswerOrdinary(query, seed, reply);
  };
}

// Signals are blocked before there is a second thread, and waited for.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

bool PortIsFree(uint16_t port) {
  return testing_support::BindPair(SocketAddress::Loopback(port)).has_value();
}

void Serve(const Options& options) {
  const sigset_t signals = BlockSignals();
  Disturber disturber(options.disturbances);
  const ScriptedServer server(
      testing_support::MisbehaviourScript(AllMisbehaviours()),
      {.tcp = options.tcp,
       .port = options.port,
       .front = FrontOf(options, &disturber)});
  std::printf("127.0.0.1:%d\n", server.port());
  std::fflush(stdout);
  const timespec limit = {.tv_sec = options.run_time.count()};
  sigtimedwait(&signals, nullptr, &limit);
  std::printf("queries: %zu UDP, %zu TCP\n", server.arrived(Transport::kUdp),
              server.arrived(Transport::kTcp));
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed =
      fakedns::ParseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (const auto* const fault = std::get_if<std::string>(&parsed)) {
    std::fprintf(stderr, "fakedns: %s (see --help)\n", fault->c_str());
    return kExitUsage;
  }
  const Options& options = *std::get_if<Options>(&parsed);
  if (options.help) {
    std::fputs(fakedns::kUsage, stdout);
    return 0;
  }
  if (options.list) {
    const std::string text =
        testing_support::FormatMisbehaviours(AllMisbehaviours());
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  if (!PortIsFree(options.port)) {
    std::fprintf(stderr, "fakedns: port %d of 127.0.0.1 is taken\n",
                 options.port);
    return kExitNoPort;
  }
  Serve(options);
  return 0;
}
