// udp_relay: a bad network between a scanner and a server on loopback. The
// relay itself is tests/support/relay.h.
//
//   udp_relay --to ADDR:PORT [--listen ADDR:PORT] [--seed N] [--seconds N]
//             [--tcp] [--rate QPS] [--loss P] [--duplicate P] [--reorder P]
//             [--corrupt P] [--delay MS] [--jitter MS]
//
// P is in per cent. --loss to --jitter hold in both directions; with -to or
// -from behind the name, as in --loss-to, only towards or from the server.
// --rate drops what exceeds it towards the server. Prints its ADDR:PORT, ends
// after --seconds (600) or on SIGTERM or SIGINT, prints its counters. A line of
// such options (--rate to --jitter) on standard input replaces those in force.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/relay.h"
#include "tools/udp_relay/relay_arguments.h"

namespace {

using testing_support::Descriptor;
using testing_support::Relay;
using testing_support::Weather;

constexpr char kUsage[] =
    "usage: udp_relay --to ADDR:PORT [--listen ADDR:PORT] [--seed N] [--tcp]\n"
    "                 [--rate QPS] [--seconds N] [--loss P] [--duplicate P]\n"
    "                 [--reorder P] [--corrupt P] [--delay MS] [--jitter MS]\n"
    "--loss to --jitter also with -to or -from: one direction only\n";

// Signals come through a descriptor; the relay's thread inherits the mask.
Descriptor BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC));
}

// Takes whole lines out of what was read so far.
void ApplyLines(std::string* input, Relay* relay) {
  for (size_t end; (end = input->find('\n')) != std::string::npos;) {
    Weather weather;
    if (udp_relay::ParseWeather(input->substr(0, end), &weather)) {
      relay->SetWeather(weather);
    } else {
      std::fprintf(stderr, "udp_relay: not understood: %s\n",
                   input->substr(0, end).c_str());
    }
    input->erase(0, end + 1);
  }
}

void ServeUntilEnd(int seconds, const Descriptor& signals, Relay* relay) {
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::array<pollfd, 2> waits = {{{.fd = signals.get(), .events = POLLIN},
                                  {.fd = STDIN_FILENO, .events = POLLIN}}};
  std::string input;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    if (waits[0].revents != 0) return;
    if (waits[1].revents == 0) continue;
    std::array<char, 512> octets;
    const ssize_t size = read(STDIN_FILENO, octets.data(), octets.size());
    if (size > 0) {
      input.append(octets.data(), static_cast<size_t>(size));
      ApplyLines(&input, relay);
    } else {
      waits[1].fd = -1;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  udp_relay::RelayArguments arguments;
  if (!udp_relay::ParseArguments({argv + 1, argv + argc}, &arguments) ||
      !arguments.has_to) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const Descriptor signals = BlockSignals();
  const std::unique_ptr<Relay> relay = Relay::Start(arguments.relay);
  if (relay == nullptr) {
    std::fprintf(stderr, "udp_relay: %s: address is taken\n",
                 arguments.relay.listen.ToString().c_str());
    return 1;
  }
  std::printf("%s\n", relay->address().ToString().c_str());
  std::fflush(stdout);
  ServeUntilEnd(arguments.seconds, signals, relay.get());
  relay->Stop();
  std::printf("%s\n", FormatReport(relay->counters()).c_str());
}
