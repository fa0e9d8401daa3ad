#include "scanner/asking/udp_transport.h"

#include <gtest/gtest.h>

#include <set>

namespace scanner {
namespace {

using io::kSecond;

struct Rig {
  explicit Rig(uint32_t sockets) : loop(*io::EventLoop::Create()) {
    options.resolvers = {*io::Endpoint::Parse("127.0.0.1:53")};
    options.sockets = sockets;
    transport = *UdpTransport::Open(options, loop.get(), &random);
    start = io::EventLoop::Now();
  }
  std::set<uint16_t> Picks() {
    std::set<uint16_t> picks;
    for (size_t i = 0; i < options.sockets; ++i) {
      picks.insert(transport->PickSocket(options.resolvers[0], i));
    }
    return picks;
  }

  ScanOptions options;
  std::unique_ptr<io::EventLoop> loop;
  io::SecureRandom random;
  std::unique_ptr<UdpTransport> transport;
  io::TimeNs start = 0;
};

TEST(UdpTransportTest, EveryAttemptLeadsToAnotherSocket) {
  Rig rig(4);
  EXPECT_EQ(rig.Picks().size(), 4u);
  EXPECT_EQ(rig.transport->slot_count(), 5u);
}

TEST(UdpTransportTest, AnOldSocketIsReplacedOnceNothingItSentCanBeAnswered) {
  Rig rig(2);
  const std::set<uint16_t> before = rig.Picks();
  const auto busy = [](uint16_t) { return false; };
  EXPECT_FALSE(rig.transport->Rotate(rig.start + 50 * kSecond, busy));
  EXPECT_TRUE(rig.transport->Rotate(rig.start + 121 * kSecond, busy));
  const std::set<uint16_t> after = rig.Picks();
  EXPECT_NE(after, before);
  EXPECT_EQ(after.size(), 2u);
  // The other one is due as well, but waits until the first is gone.
  EXPECT_FALSE(rig.transport->Rotate(rig.start + 122 * kSecond, busy));
  std::set<uint16_t> asked_about;
  EXPECT_TRUE(rig.transport->Rotate(rig.start + 123 * kSecond, [&](uint16_t s) {
    asked_about.insert(s);
    return true;
  }));
  ASSERT_EQ(asked_about.size(), 1u);
  EXPECT_EQ(before.count(*asked_about.begin()), 1u);
  EXPECT_EQ(after.count(*asked_about.begin()), 0u);
}

TEST(UdpTransportTest, ABusySocketIsReplacedAfterItsPackets) {
  Rig rig(1);
  const uint16_t slot = rig.transport->PickSocket(rig.options.resolvers[0], 0);
  const auto idle = [](uint16_t) { return true; };
  // Towards a port where nobody listens, in this namespace.
  const io::Endpoint nobody = *io::Endpoint::Parse("127.0.0.1:1");
  for (uint64_t i = 0; i < UdpTransport::kMaxPackets; ++i) {
    uint8_t* room = rig.transport->Append(slot);
    if (room == nullptr) break;
    rig.transport->Commit(slot, 1, nobody, 0);
  }
  rig.transport->Flush([](uint32_t) {});
  EXPECT_TRUE(rig.transport->Rotate(rig.start + kSecond, idle));
  EXPECT_NE(rig.transport->PickSocket(rig.options.resolvers[0], 0), slot);
}

}  // namespace
}  // namespace scanner
