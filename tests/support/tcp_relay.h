// TcpRelay: passes TCP connections on, octet by octet, untouched; a thread of
// its own. The end of a stream is passed on too.
#ifndef PTRSWEEP_TESTS_SUPPORT_TCP_RELAY_H_
#define PTRSWEEP_TESTS_SUPPORT_TCP_RELAY_H_

#include <list>
#include <thread>
#include <vector>

#include "tests/support/sockets.h"

struct pollfd;

namespace testing_support {

class TcpRelay {
 public:
  // Listens on `listener`, which is bound and must outlive this object, and
  // connects to `to`.
  TcpRelay(const Descriptor& listener, const SocketAddress& to);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

 private:
  // What one side sent and the other has not taken yet.
  struct Stream {
    std::vector<char> octets;
    bool ended = false;   // nothing more comes
    bool passed = false;  // and the other side has been told
  };
  struct Pair {
    Descriptor client;
    Descriptor server;
    Stream to_server;
    Stream to_client;
    bool broken = false;
  };

  void Run();
  void Accept();
  static void Watch(const Pair& pair, std::vector<pollfd>* watched);
  static void Read(const Descriptor& from, Stream* stream, Pair* pair);
  static void Write(const Descriptor& to, Stream* stream, Pair* pair);

  const Descriptor& listener_;
  const SocketAddress to_;
  Descriptor stop_;
  std::list<Pair> pairs_;
  std::thread thread_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_TCP_RELAY_H_
