// TruthServer: a DNS server of Truth's world over UDP and TCP on one loopback
// port, in a thread of its own; over 100,000 answers a second.
#ifndef PTRSWEEP_TESTS_SUPPORT_TRUTH_SERVER_H_
#define PTRSWEEP_TESTS_SUPPORT_TRUTH_SERVER_H_

#include <poll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "tests/support/sockets.h"
#include "tests/support/truth.h"
#include "tests/support/truth_reply.h"

namespace testing_support {

struct TruthServerOptions {
  SocketAddress listen = SocketAddress::Loopback(0);
  bool tcp = true;  // false: connections are refused
  // Sees every query first, in the server's thread. False: the server does not
  // answer it. `sender` is nullptr over TCP.
  std::function<bool(std::span<const uint8_t> query,
                     const SocketAddress* sender)>
      admit = nullptr;
};

class TruthServer {
 public:
  // Runs from now on; nullptr if the port is taken.
  static std::unique_ptr<TruthServer> Start(
      const Truth& truth, const TruthServerOptions& options = {});
  ~TruthServer();
  TruthServer(const TruthServer&) = delete;
  TruthServer& operator=(const TruthServer&) = delete;

  const SocketAddress& address() const { return port_.address; }
  // What it answers from; others may send through it too.
  const Descriptor& udp() const { return port_.udp; }
  // Any thread. Queries answered so far.
  uint64_t udp_answered() const { return udp_answered_; }
  uint64_t tcp_answered() const { return tcp_answered_; }

 private:
  struct Connection {
    Descriptor socket;
    std::vector<uint8_t> input;
    std::vector<uint8_t> output;
    bool closed = false;
  };

  TruthServer(const Truth& truth, const TruthServerOptions& options,
              PortPair port);
  void Run();
  size_t Answer(std::span<const uint8_t> query, const SocketAddress* sender,
                std::span<uint8_t> reply);
  void AnswerDatagrams();
  void Accept();
  void Serve(Connection* connection);
  void AnswerStream(Connection* connection);

  const Truth truth_;
  const TruthServerOptions options_;
  PortPair port_;
  Descriptor stop_;
  ReceiveBatch received_;
  SendBatch sending_;
  std::array<std::array<uint8_t, kMaxTruthReply>, SendBatch::kSize> replies_;
  std::list<Connection> connections_;
  std::atomic<uint64_t> udp_answered_{0};
  std::atomic<uint64_t> tcp_answered_{0};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_TRUTH_SERVER_H_
