// TcpFramer: cuts a stream of octets into DNS messages, each behind its length
// in 2 octets (RFC 7766 section 8), wherever the reads split it.
//
//     room() -> a read fills it -> Add(n) -> Next() until it has no more
//
// Holds the largest message; no socket, no allocation.
#ifndef PTRSWEEP_IO_NET_TCP_FRAMER_H_
#define PTRSWEEP_IO_NET_TCP_FRAMER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dnswire/wire.h"

namespace io {

class TcpFramer {
 public:
  static constexpr size_t kLengthOctets = 2;

  // Where the next read puts its octets; never empty once Next() has found no
  // more. Invalidates the messages of Next().
  std::span<uint8_t> room();
  // The first `octets` of room() have been filled.
  void Add(size_t octets) { filled_ += octets; }
  // The next whole message, dnswire::kHeaderOctets or more, valid until room();
  // nullopt if the rest of it is still to come, or is_broken().
  std::optional<std::span<const uint8_t>> Next();
  // A length came that no DNS message can have: nothing behind it can be read.
  bool is_broken() const { return is_broken_; }

 private:
  std::array<uint8_t, kLengthOctets + dnswire::kMaxMessageOctets> input_;
  size_t used_ = 0;    // octets of messages given out
  size_t filled_ = 0;  // octets read
  bool is_broken_ = false;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TCP_FRAMER_H_
