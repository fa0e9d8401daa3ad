#include "io/net/udp_socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/udp_socket_fixture.h"

namespace io {
namespace {

using dnswire::Family;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

int IntOption(const UdpSocket& socket, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(getsockopt(socket.fd(), level, option, &value, &size), 0);
  return value;
}

// Sends with a call of its own, sizes without limit.
void SendPlain(const UdpSocket& from, const std::string& octets,
               const UdpSocket& to) {
  sockaddr_storage address{};
  const socklen_t size = LoopbackOf(to).ToSockaddr(&address);
  EXPECT_EQ(sendto(from.fd(), octets.data(), octets.size(), 0,
                   reinterpret_cast<sockaddr*>(&address), size),
            static_cast<ssize_t>(octets.size()));
}

void WaitReadable(const UdpSocket& socket) {
  pollfd state = {.fd = socket.fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&state, 1, 5000), 1);
}

TEST(UdpSocketTest, OpensNonBlockingCloseOnExecAndUnconnected) {
  const auto socket = Open();
  EXPECT_NE(socket->port(), 0);
  EXPECT_NE(fcntl(socket->fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(socket->fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(IntOption(*socket, IPPROTO_IP, IP_RECVERR), 0);
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  EXPECT_EQ(
      getpeername(socket->fd(), reinterpret_cast<sockaddr*>(&peer), &size), -1);
  EXPECT_EQ(errno, ENOTCONN);
}

TEST(UdpSocketTest, TellsTheReceiveBufferTheKernelGranted) {
  const auto small = Open({.receive_buffer_octets = 16384});
  EXPECT_EQ(small->granted_buffer(), 2 * 16384);
  const auto large = Open({.receive_buffer_octets = 1 << 30});
  EXPECT_EQ(large->granted_buffer(), IntOption(*large, SOL_SOCKET, SO_RCVBUF));
  EXPECT_GT(large->granted_buffer(), 2 * 16384);
}

TEST(UdpSocketTest, AnEmptySocketGivesNothing) {
  const auto socket = Open();
  EXPECT_THAT(ReceiveAll(socket.get()), IsEmpty());
  EXPECT_EQ(socket->KernelDrops(), 0U);
  EXPECT_THAT(FlushAll(socket.get()), IsEmpty());
}

// Around the batch, and twice each so that every slot is used again.
TEST(UdpSocketTest, CarriesBatchesWholeAndInOrder) {
  const auto sender = Open();
  const auto receiver = Open();
  for (const size_t count : {size_t{1}, kBatch - 1, kBatch, kBatch}) {
    std::vector<std::string> sent;
    for (size_t i = 0; i < count; ++i) {
      sent.push_back(absl::StrCat(i, std::string(i % 300, 'x')));
      Add(sender.get(), sent.back(), LoopbackOf(*receiver));
      EXPECT_EQ(sender->pending(), i + 1);
    }
    EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
    EXPECT_EQ(sender->pending(), 0U);
    EXPECT_EQ(ReceiveAll(receiver.get()), sent) << count;
  }
}

TEST(UdpSocketTest, AFullBatchHasNoRoomUntilItIsFlushed) {
  const auto sender = Open();
  const auto receiver = Open();
  for (size_t i = 0; i < kBatch; ++i) {
    Add(sender.get(), "x", LoopbackOf(*receiver));
  }
  EXPECT_EQ(sender->Append(), nullptr);
  FlushAll(sender.get());
  EXPECT_NE(sender->Append(), nullptr);
  EXPECT_EQ(ReceiveAll(receiver.get()).size(), kBatch);
}

TEST(UdpSocketTest, ReceivesAtMostOneBatchACall) {
  const auto sender = Open();
  const auto receiver = Open();
  constexpr size_t kMax = ReceiveBatch::kMessages;
  ReceiveBatch batch(false);
  for (const size_t count : {kMax - 1, kMax, kMax + 1}) {
    for (size_t i = 0; i < count; ++i) {
      SendPlain(*sender, absl::StrCat(i), *receiver);
    }
    const auto first = ReceiveOnce(receiver.get(), &batch);
    ASSERT_EQ(first.size(), std::min(count, kMax));
    EXPECT_EQ(first[0].octets, "0");
    const size_t rest = count > kMax ? 1 : 0;
    EXPECT_EQ(ReceiveOnce(receiver.get(), &batch).size(), rest);
    EXPECT_EQ(receiver->Receive(&batch), 0U);
  }
}

TEST(UdpSocketTest, AppendGivesTheSameRoomUntilCommit) {
  const auto socket = Open();
  uint8_t* const room = socket->Append();
  EXPECT_EQ(socket->Append(), room);
  socket->Commit(1, LoopbackOf(*socket), 0);
  EXPECT_NE(socket->Append(), room);
}

TEST(UdpSocketTest, SendsAFullSlot) {
  const auto sender = Open();
  const auto receiver = Open();
  const std::string octets(SendBatch::kSlotOctets, 'x');
  Add(sender.get(), octets, LoopbackOf(*receiver));
  FlushAll(sender.get());
  EXPECT_THAT(ReceiveAll(receiver.get()), ElementsAre(octets));
}

TEST(UdpSocketTest, TellsWhereADatagramCameFrom) {
  const auto first = Open();
  const auto second = Open();
  const auto receiver = Open();
  SendPlain(*first, "a", *receiver);
  SendPlain(*second, "b", *receiver);
  const auto received = ReceiveOnce(receiver.get());
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].from, LoopbackOf(*first));
  EXPECT_EQ(received[1].from, LoopbackOf(*second));
}

TEST(UdpSocketTest, AnEmptyDatagramIsADatagram) {
  const auto sender = Open();
  const auto receiver = Open();
  SendPlain(*sender, "", *receiver);
  SendPlain(*sender, "x", *receiver);
  const auto received = ReceiveOnce(receiver.get());
  ASSERT_EQ(received.size(), 2U);
  EXPECT_TRUE(received[0].octets.empty());
  EXPECT_FALSE(received[0].truncated);
  EXPECT_EQ(received[0].from, LoopbackOf(*sender));
  EXPECT_EQ(received[1].octets, "x");
}

// In whatever messages they came: by two, and a few datagrams before its turn,
// each that has as many octets.
TEST(UdpSocketTest, AnnouncesDatagramsSomeTurnsAhead) {
  for (const bool in_runs : {false, true}) {
    const UdpSocket::Options options = {
        .offload = {.segment = in_runs, .coalesce = in_runs}};
    const auto sender = Open(options);
    const auto receiver = Open(options);
    std::vector<std::string> sent;
    for (size_t i = 0; i < 60; ++i) {
      // Runs of 20, the last of another size; two are too short.
      std::string octets(i / 20 * 5 + 10, 'x');
      octets[0] = static_cast<char>('0' + i);
      if (i == 7) octets = "";
      if (i == 30) octets = "z";
      Add(sender.get(), octets, LoopbackOf(*receiver));
      sent.push_back(octets);
    }
    FlushAll(sender.get());
    ReceiveBatch batch(receiver->offload().coalesce);
    receiver->Receive(&batch);
    std::vector<std::string> visited;
    std::vector<std::string> announced;
    batch.ForEach(
        [&](const Datagram& datagram) {
          visited.emplace_back(datagram.octets.begin(), datagram.octets.end());
          if (datagram.octets.size() < 2) return;
          const auto place = std::find(announced.begin(), announced.end(),
                                       visited.back().substr(0, 2)) -
                             announced.begin();
          EXPECT_LT(place, announced.size()) << "not announced before";
        },
        [&](std::span<const uint8_t, 2> octets) {
          announced.emplace_back(octets.begin(), octets.end());
          EXPECT_LE(announced.size(),
                    visited.size() + ReceiveBatch::kAhead + 1);
        });
    EXPECT_EQ(visited.size(), sent.size());
    EXPECT_THAT(visited, ::testing::UnorderedElementsAreArray(sent));
    EXPECT_EQ(announced.size(), sent.size() - 2);
  }
}

TEST(UdpSocketTest, MarksADatagramLongerThanASlot) {
  const auto sender = Open();
  const auto receiver = Open();
  const std::string slot(ReceiveBatch::kMaxDatagramOctets, 'x');
  SendPlain(*sender, slot, *receiver);
  SendPlain(*sender, slot + "y", *receiver);
  SendPlain(*sender, "z", *receiver);
  const auto received = ReceiveOnce(receiver.get());
  ASSERT_EQ(received.size(), 3U);
  EXPECT_EQ(received[0].octets, slot);
  EXPECT_FALSE(received[0].truncated);
  EXPECT_EQ(received[1].octets, slot);
  EXPECT_TRUE(received[1].truncated);
  EXPECT_FALSE(received[2].truncated);
}

TEST(UdpSocketTest, CountsWhatTheKernelDropped) {
  const auto sender = Open();
  const auto receiver = Open({.receive_buffer_octets = 65536});
  uint64_t dropped = 0;
  for (int round = 0; round < 3; ++round) {
    constexpr size_t kSent = 1000;
    for (size_t i = 0; i < kSent; ++i) SendPlain(*sender, "x", *receiver);
    const size_t kept = ReceiveAll(receiver.get()).size();
    ASSERT_LT(kept, kSent);
    dropped += kSent - kept;
    EXPECT_EQ(receiver->KernelDrops(), dropped) << "round " << round;
  }
}

TEST(WrappingCounterTest, GoesOnWhenTheKernelsCounterWraps) {
  WrappingCounter counter;
  counter.Update(5);
  EXPECT_EQ(counter.total(), 5U);
  for (const uint32_t value : {0x7fffffffU, 0xfffffff0U, 0x10U, 0x10U}) {
    counter.Update(value);
  }
  EXPECT_EQ(counter.total(), (uint64_t{1} << 32) + 0x10);
}

TEST(UdpSocketTest, Ipv6SocketsCarryIpv6Only) {
  if (!UdpSocket::Open({.family = Family::kV6}).ok()) {
    GTEST_SKIP() << "no IPv6 here";
  }
  const auto sender = Open({.family = Family::kV6});
  const auto receiver = Open({.family = Family::kV6});
  EXPECT_EQ(IntOption(*sender, IPPROTO_IPV6, IPV6_V6ONLY), 1);
  Add(sender.get(), "v6", {.address = kLoopbackV6, .port = receiver->port()});
  Add(sender.get(), "v4", LoopbackOf(*receiver), 4);
  EXPECT_THAT(FlushAll(sender.get()), ElementsAre(std::pair(4U, ENETUNREACH)));
  WaitReadable(*receiver);
  const auto received = ReceiveOnce(receiver.get());
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].octets, "v6");
  EXPECT_EQ(received[0].from,
            (Endpoint{.address = kLoopbackV6, .port = sender->port()}));
}

TEST(UdpSocketTest, BindsWithinThePortRange) {
  const auto kernels_choice = Open();
  const auto last = std::min<uint32_t>(kernels_choice->port() + 100U, 65535);
  const auto first = static_cast<uint16_t>(last - 100);
  const auto socket =
      Open({.first_port = first, .last_port = static_cast<uint16_t>(last)});
  EXPECT_GE(socket->port(), first);
  EXPECT_LE(socket->port(), last);
  EXPECT_NE(socket->port(), kernels_choice->port());
}

// Three ports in a row that nobody uses, as far as can be known.
uint16_t ThreeFreePorts() {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const uint16_t first = Open()->port();
    bool all_free = first <= 65533;
    for (uint16_t i = 0; all_free && i < 3; ++i) {
      const auto port = static_cast<uint16_t>(first + i);
      all_free = UdpSocket::Open({.first_port = port, .last_port = port}).ok();
    }
    if (all_free) return first;
  }
  ADD_FAILURE() << "no three free ports";
  return 0;
}

TEST(UdpSocketTest, FindsEveryFreePortOfASmallRangeThenNamesTheRange) {
  const uint16_t first = ThreeFreePorts();
  const auto last = static_cast<uint16_t>(first + 2);
  const UdpSocket::Options range = {.first_port = first, .last_port = last};
  const std::unique_ptr<UdpSocket> sockets[] = {Open(range), Open(range),
                                                Open(range)};
  const auto refused = UdpSocket::Open(range);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr(absl::StrCat(first, "-", last)));
}

TEST(UdpSocketTest, RefusesWhatIsNoPortRange) {
  EXPECT_FALSE(UdpSocket::Open({.first_port = 5001, .last_port = 5000}).ok());
  EXPECT_FALSE(UdpSocket::Open({.first_port = 0, .last_port = 5000}).ok());
  EXPECT_FALSE(UdpSocket::Open({.first_port = 5000, .last_port = 0}).ok());
}

}  // namespace
}  // namespace io
