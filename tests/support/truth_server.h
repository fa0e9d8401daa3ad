// TruthServer: a DNS server of Truth's world over UDP and TCP on one loopback
// port, in a thread of its own; over 100,000 answers a second.
#ifndef PTRSWEEP_TESTS_SUPPORT_TRUTH_SERVER_H_
#define PTRSWEEP_TESTS_SUPPORT_TRUTH_SERVER_H_

#include <poll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/sockets.h"
#include "tests/support/truth.h"
#include "tests/support/truth_reply.h"

namespace testing_support {

class TruthServer {
 public:
  // Runs from now on; nullptr if the port is taken.
  static std::unique_ptr<TruthServer> Start(
      const Truth& truth,
      const SocketAddress& listen = SocketAddress::Loopback(0));
  ~TruthServer();
  TruthServer(const TruthServer&) = delete;
  TruthServer& operator=(const TruthServer&) = delete;

  const SocketAddress& address() const { return port_.address; }
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

  TruthServer(const Truth& truth, PortPair port);
  void Run();
  void AnswerDatagrams();
  void Accept();
  void Serve(Connection* connection);
  void AnswerStream(Connection* connection);

  const Truth truth_;
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
