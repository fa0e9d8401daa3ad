// A DNS server over TCP that does what a test says, connection by connection,
// in a thread of its own. Shares no code with io.
#ifndef PTRSWEEP_TESTS_IO_TCP_TEST_SERVER_H_
#define PTRSWEEP_TESTS_IO_TCP_TEST_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>
#include <vector>

namespace io {

using Octets = std::vector<uint8_t>;

// A connection that was accepted. Calls that wait for the client give up after
// 10 seconds, which fails the test.
class ServedConnection {
 public:
  explicit ServedConnection(int fd) : fd_(fd) {}

  // The next message, without its length.
  Octets Read();
  // What one recv() gives: for a client at rest, all that it has sent.
  Octets ReadChunk();
  // Whether the client closes without sending anything more.
  bool ClientCloses();
  void Send(std::span<const uint8_t> message);
  // Octets as they are, each in a segment of its own if `one_by_one`.
  void SendRaw(std::span<const uint8_t> octets, bool one_by_one = false);

 private:
  Octets ReadExactly(size_t size);

  int fd_;
};

class TcpTestServer {
 public:
  using Script = std::function<void(ServedConnection&)>;

  // Listens on a port of 127.0.0.1. Connection i is served by scripts[i], then
  // closed; when the last has been accepted, further ones are refused.
  explicit TcpTestServer(std::vector<Script> scripts);
  // Waits for the scripts to end.
  ~TcpTestServer();
  TcpTestServer(const TcpTestServer&) = delete;
  TcpTestServer& operator=(const TcpTestServer&) = delete;

  uint16_t port() const { return port_; }

 private:
  void Serve(const std::vector<Script>& scripts);

  uint16_t port_ = 0;  // set while listener_ is
  int listener_;
  std::thread thread_;
};

// A socket bound to a port of 127.0.0.1, which `port` is set to; listening
// with that backlog unless it is negative. The caller closes it.
int LoopbackTcpSocket(int backlog, uint16_t* port);

// `message` behind its length in two octets.
Octets WithLength(std::span<const uint8_t> message);

}  // namespace io

#endif  // PTRSWEEP_TESTS_IO_TCP_TEST_SERVER_H_
