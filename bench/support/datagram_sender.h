// DatagramSender: sends datagrams by the batch (sendmmsg), and those of equal
// size to one receiver as one run (UDP_SEGMENT): the kernel's work is done once
// a run instead of once a datagram.
//
//   datagrams in order of Add()      runs, each with octets of its own
//   A:40 A:41 B:40 A:40 A:41   ->    A:40 A:40 | A:41 A:41 | B:40
#ifndef PTRSWEEP_BENCH_SUPPORT_DATAGRAM_SENDER_H_
#define PTRSWEEP_BENCH_SUPPORT_DATAGRAM_SENDER_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

class DatagramSender {
 public:
  static constexpr size_t kMaxDatagramOctets = 400;
  // Segments of a run that every kernel since 4.18 takes. A run of the longest
  // datagrams stays below the 65,507 octets of a UDP payload.
  static constexpr size_t kMaxSegments = 64;
  static constexpr size_t kMaxRuns = 64;

  // `runs`: of a system call, 1 to kMaxRuns. `segments`: of a run, 1 to
  // kMaxSegments; 1: plain datagrams.
  struct Shape {
    size_t runs = kMaxRuns;
    size_t segments = 1;
  };

  DatagramSender(int fd, Shape shape);
  DatagramSender(const DatagramSender&) = delete;
  DatagramSender& operator=(const DatagramSender&) = delete;

  // Copies the datagram; sends what is pending if there is no more room.
  // REQUIRES: 1 to kMaxDatagramOctets octets.
  void Add(std::span<const uint8_t> datagram, const sockaddr_in& to);
  void Flush();

  size_t pending() const { return pending_; }    // datagrams
  uint64_t refused() const { return refused_; }  // by the kernel, for good

 private:
  struct Run {
    uint64_t key = 0;  // receiver and size
    size_t segment_octets = 0;
    size_t segments = 0;
    sockaddr_in to{};
    iovec octets{};
    alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> control;
  };
  // Open runs by the hash of their key, linear probing; kNone: free.
  static constexpr size_t kTableSize = 4 * kMaxRuns;
  static constexpr uint8_t kNone = 0xff;

  Run& RunFor(size_t size, const sockaddr_in& to);
  // The table's place of `key`, or the free one where it would go.
  size_t FindSlot(uint64_t key) const;
  Run& StartRun(size_t size, const sockaddr_in& to);
  void Prepare(size_t at);

  int fd_;
  Shape shape_;
  size_t run_count_ = 0;
  size_t pending_ = 0;
  uint64_t refused_ = 0;
  std::array<uint8_t, kTableSize> table_;
  std::vector<Run> runs_;
  std::vector<mmsghdr> messages_;
  std::vector<uint8_t> octets_;
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_SUPPORT_DATAGRAM_SENDER_H_
