// What the tests of UdpSocket share.
#ifndef PTRSWEEP_TESTS_IO_UDP_SOCKET_FIXTURE_H_
#define PTRSWEEP_TESTS_IO_UDP_SOCKET_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/net/udp_socket.h"

namespace io {

inline constexpr size_t kBatch = SendBatch::kDatagrams;
inline constexpr dnswire::IpAddress kLoopbackV4 =
    dnswire::IpAddress::V4(0x7f000001);
inline constexpr dnswire::IpAddress kLoopbackV6 =
    dnswire::IpAddress::V6(absl::uint128(1));

inline std::unique_ptr<UdpSocket> Open(const UdpSocket::Options& options = {}) {
  absl::StatusOr<std::unique_ptr<UdpSocket>> opened = UdpSocket::Open(options);
  EXPECT_TRUE(opened.ok()) << opened.status();
  return *std::move(opened);
}

inline Endpoint LoopbackOf(const UdpSocket& socket) {
  return {.address = kLoopbackV4, .port = socket.port()};
}

inline void Add(UdpSocket* socket, const std::string& octets,
                const Endpoint& to, uint32_t tag = 0) {
  uint8_t* const room = socket->Append();
  ASSERT_NE(room, nullptr);
  std::copy(octets.begin(), octets.end(), room);
  socket->Commit(octets.size(), to, tag);
}

inline std::vector<std::pair<uint32_t, int>> FlushAll(UdpSocket* socket,
                                                      bool expected = true) {
  std::array<SendBatch::Failure, kBatch> failures;
  size_t count = 0;
  EXPECT_EQ(socket->Flush(failures, &count), expected);
  std::vector<std::pair<uint32_t, int>> result;
  for (size_t i = 0; i < count; ++i) {
    result.emplace_back(failures[i].tag, failures[i].error);
  }
  return result;
}

// A datagram as received, with octets of its own.
struct Received {
  std::string octets;
  Endpoint from;
  bool truncated = false;
};

// What one call brings.
inline std::vector<Received> ReceiveOnce(UdpSocket* socket,
                                         ReceiveBatch* batch) {
  std::vector<Received> received;
  socket->Receive(batch);
  batch->ForEach([&received](const Datagram& datagram) {
    received.push_back(
        {.octets = {datagram.octets.begin(), datagram.octets.end()},
         .from = datagram.from,
         .truncated = datagram.truncated});
  });
  return received;
}
inline std::vector<Received> ReceiveOnce(UdpSocket* socket) {
  ReceiveBatch batch(socket->offload().coalesce);
  return ReceiveOnce(socket, &batch);
}

// Loopback delivers before the sender's call returns: what is there is all.
inline std::vector<std::string> ReceiveAll(UdpSocket* socket) {
  ReceiveBatch batch(socket->offload().coalesce);
  std::vector<std::string> all;
  for (;;) {
    const std::vector<Received> received = ReceiveOnce(socket, &batch);
    if (received.empty()) return all;
    for (const Received& one : received) all.push_back(one.octets);
  }
}

}  // namespace io

#endif  // PTRSWEEP_TESTS_IO_UDP_SOCKET_FIXTURE_H_
