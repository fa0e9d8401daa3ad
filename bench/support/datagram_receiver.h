// DatagramReceiver: receives datagrams by the batch (recvmmsg), and takes
// coalesced ones apart (UDP_GRO).
#ifndef PTRSWEEP_BENCH_SUPPORT_DATAGRAM_RECEIVER_H_
#define PTRSWEEP_BENCH_SUPPORT_DATAGRAM_RECEIVER_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

class DatagramReceiver {
 public:
  // `batch`: messages of a system call. `gro`: EnableGro() was called for `fd`.
  DatagramReceiver(int fd, size_t batch, bool gro);
  DatagramReceiver(const DatagramReceiver&) = delete;
  DatagramReceiver& operator=(const DatagramReceiver&) = delete;

  // Takes one batch of what is there, without waiting, and calls
  // `visit(std::span<const uint8_t>, const sockaddr_in& from)` for each
  // datagram. False if the batch was not full: nothing was left.
  template <typename Visit>
  bool Receive(Visit visit) {
    const size_t count = Fill();
    for (size_t i = 0; i < count; ++i) {
      const size_t segment = SegmentOctets(i);
      std::span<const uint8_t> rest(
          static_cast<const uint8_t*>(vectors_[i].iov_base),
          messages_[i].msg_len);
      while (!rest.empty()) {
        const size_t size = std::min(segment, rest.size());
        visit(rest.first(size), peers_[i]);
        rest = rest.subspan(size);
      }
    }
    return count == messages_.size();
  }

 private:
  struct alignas(cmsghdr) Control {
    std::array<uint8_t, CMSG_SPACE(sizeof(int))> octets;
  };

  size_t Fill();
  size_t SegmentOctets(size_t i);

  int fd_;
  bool gro_;
  size_t used_;  // messages whose lengths the kernel has written
  std::vector<sockaddr_in> peers_;
  std::vector<iovec> vectors_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
  std::vector<uint8_t> slots_;
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_SUPPORT_DATAGRAM_RECEIVER_H_
