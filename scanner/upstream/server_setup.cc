#include "scanner/upstream/server_setup.h"

#include <algorithm>

#include "scanner/targets/special_use.h"

namespace scanner {
namespace {

// A server without a limit weighs as much as one with this rate.
constexpr double kUnlimitedWeight = 100000;

bool Wants(Choice choice, const dnswire::IpAddress& address) {
  return choice == Choice::kOn ||
         (choice == Choice::kAuto && !IsLoopback(address));
}

}  // namespace

PaceLimits PartOf(const PaceLimits& whole, Part part) {
  const auto window = [part](uint32_t of) { return std::max(1U, part.Of(of)); };
  return {.start_qps = part.Of(whole.start_qps),
          .floor_qps = part.Of(whole.floor_qps),
          .cap_qps = part.Of(whole.cap_qps),
          .window_start = window(whole.window_start),
          .window_min = window(whole.window_min),
          .window_max = window(whole.window_max)};
}

PaceLimits FittingLimits(PaceLimits limits, const ScanOptions& options) {
  limits.window_max = std::min(limits.window_max, options.max_in_flight);
  limits.window_start = std::min(limits.window_start, limits.window_max);
  limits.window_min = std::min(limits.window_min, limits.window_start);
  return limits;
}

void SetHabits(const ScanOptions& options, io::SecureRandom* random,
               Server* server) {
  const dnswire::IpAddress& address = server->endpoint.address;
  if (Wants(options.cookies, address)) {
    server->cookies = CookieJar(random->U64());
  }
  server->letter_case = CaseHabit(Wants(options.case_random, address));
}

double WeightOf(const Server& server) {
  const double rate_qps = server.congestion.rate_qps();
  return rate_qps == 0 ? kUnlimitedWeight : rate_qps;
}

}  // namespace scanner
