#include "tests/support/relay_rig.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace testing_support {
namespace {

constexpr int kPatienceMs = 10'000;

// Appends all that waits in the socket.
void Drain(const Descriptor& from, std::vector<std::string>* arrived) {
  std::array<char, 64> buffer;
  for (;;) {
    const ssize_t size =
        recv(from.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0) return;
    arrived->emplace_back(buffer.data(), static_cast<size_t>(size));
  }
}

uint64_t DealtWith(const RelayCounters& counters) {
  return counters.lost + counters.over_rate + counters.overflowed +
         counters.unsent + counters.sent;
}

}  // namespace

std::string ReceiveOne(const Descriptor& from, SocketAddress* sender) {
  pollfd wait = {.fd = from.get(), .events = POLLIN};
  poll(&wait, 1, kPatienceMs);
  std::array<char, 8192> buffer;
  SocketAddress ignored;
  SocketAddress* const at = sender != nullptr ? sender : &ignored;
  socklen_t room = SocketAddress::kRoom;
  const ssize_t size =
      recvfrom(from.get(), buffer.data(), buffer.size(), 0, at->get(), &room);
  if (size < 0) return "(nothing)";
  return std::string(buffer.data(), static_cast<size_t>(size));
}

void SendOne(const Descriptor& through, const std::string& text,
             const SocketAddress& to) {
  const ssize_t sent =
      sendto(through.get(), text.data(), text.size(), 0, to.get(), to.size());
  EXPECT_EQ(sent, static_cast<ssize_t>(text.size()));
}

RelayRig::RelayRig(const Weather& weather, uint64_t seed,
                   RelayOptions options) {
  options.to = AddressOf(server_);
  options.seed = seed;
  options.weather = weather;
  relay_ = Relay::Start(options);
}

std::vector<std::string> RelayRig::SendToServer(size_t count) {
  return Pass(client_, relay_->address(), server_, count,
              &RelayReport::to_server, "to");
}

std::vector<std::string> RelayRig::SendFromServer(size_t count) {
  SendOne(client_, "hello", relay_->address());
  SocketAddress upstream;
  EXPECT_EQ(ReceiveOne(server_, &upstream), "hello");
  return Pass(server_, upstream, client_, count, &RelayReport::from_server,
              "from");
}

std::vector<std::string> RelayRig::Pass(const Descriptor& from,
                                        const SocketAddress& to,
                                        const Descriptor& at, size_t count,
                                        RelayCounters RelayReport::*direction,
                                        const char* suffix) {
  constexpr size_t kAhead = 512;  // in the kernel's buffers at a time
  const uint64_t before = (relay_->counters().*direction).received;
  std::vector<std::string> arrived;
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  size_t sent = 0;
  for (;;) {
    const RelayCounters now = relay_->counters().*direction;
    const uint64_t taken = now.received - before;
    if (taken == count && DealtWith(now) == now.received + now.duplicated) {
      break;
    }
    for (; sent < count && sent < taken + kAhead; ++sent) {
      std::array<char, 32> text;
      std::snprintf(text.data(), text.size(), "%08zu %s", sent, suffix);
      SendOne(from, text.data(), to);
    }
    pollfd wait = {.fd = at.get(), .events = POLLIN};
    poll(&wait, 1, 1);
    Drain(at, &arrived);
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE() << "only " << taken << " of " << count << " passed";
      break;
    }
  }
  Drain(at, &arrived);
  return arrived;
}

}  // namespace testing_support
