// FakeKernel: while one is alive, the calls by which io/net meets the kernel
// are played by the test: clock, random bits, IPv4 sockets. Nothing leaves the
// process, no time passes by itself, and a run repeats exactly.
//
// Its functions of libc's names stand before libc's in the program they are
// linked into, and go on to the kernel when no FakeKernel is alive, or for
// descriptors that are not its own. One at a time, one thread.
#ifndef PTRSWEEP_TESTS_FUZZ_FAKE_KERNEL_H_
#define PTRSWEEP_TESTS_FUZZ_FAKE_KERNEL_H_

#include <sys/socket.h>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "tests/support/packet_builder.h"

namespace fuzz {

class FakeKernel {
 public:
  using Octets = testing_support::Octets;

  // One datagram, or one message on a TCP connection.
  struct Packet {
    int fd = -1;  // our side's socket
    bool tcp = false;
    uint32_t address = 0;  // the other side's
    uint16_t port = 0;
    Octets octets;
    bool truncated = false;  // MSG_TRUNC
  };

  explicit FakeKernel(uint64_t random_seed);
  ~FakeKernel();
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;
  static FakeKernel* current();

  void PassTime(int64_t ns) { now_ns_ += ns; }
  // What the next calls of sendmmsg do: an errno, 0 for success, or minus the
  // most datagrams it takes.
  std::deque<int>& send_results() { return send_results_; }
  void RefuseTcp(bool on) { refuse_tcp_ = on; }
  // UDP: given out by the next recvmmsg on its socket. TCP: written at once.
  // False if the socket is no more.
  bool Deliver(const Packet& packet);
  // What was sent since the last call; TCP messages unframed.
  std::vector<Packet> TakeSent();

  // The calls.
  int64_t now_ns() const { return now_ns_; }
  bool IsUdp(int fd) const { return udp_.count(fd) > 0; }
  bool IsTcp(int fd) const { return tcp_.count(fd) > 0; }
  int OpenUdp();
  int OpenTcp();
  int Connect(int fd, const sockaddr* address);
  int Send(int fd, const mmsghdr* headers, unsigned count);
  int Receive(int fd, mmsghdr* headers, unsigned count);
  void FillRandom(void* out, size_t size);

 private:
  // The server's end of a connection.
  struct Connection {
    int fd = -1;
    uint32_t address = 0;
    uint16_t port = 0;
    Octets unread;
  };
  void CloseServerEnd(int client);
  void ReadConnection(int client, Connection* connection);

  int64_t now_ns_ = 1'000'000'000'000;
  uint64_t random_;
  bool refuse_tcp_ = false;
  std::deque<int> send_results_;
  std::set<int> udp_;
  std::map<int, Connection> tcp_;  // by the client's descriptor
  std::deque<Packet> arriving_;
  std::vector<Packet> sent_;
};

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_FAKE_KERNEL_H_
