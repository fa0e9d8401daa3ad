// Reader: a bounds-checked cursor over octets. A read past the end yields 0
// and fails the reader for good, so a caller reads everything and checks ok()
// once.
#ifndef PTRSWEEP_DNSWIRE_READER_H_
#define PTRSWEEP_DNSWIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "dnswire/name.h"

namespace dnswire {

class Reader {
 public:
  // Reads `message` from `position` on. The octets must outlive the reader.
  explicit Reader(std::span<const uint8_t> message, size_t position = 0)
      : message_(message), position_(position) {
    if (position > message.size()) Fail();
  }

  bool ok() const { return ok_; }
  size_t position() const { return position_; }
  size_t remaining() const { return message_.size() - position_; }

  uint8_t ReadU8() {
    const size_t at = position_;
    return Take(1) ? message_[at] : uint8_t{0};
  }
  uint16_t ReadU16() {  // big-endian
    const size_t at = position_;
    if (!Take(2)) return 0;
    return static_cast<uint16_t>(message_[at] << 8 | message_[at + 1]);
  }
  uint32_t ReadU32() {  // big-endian
    const size_t at = position_;
    if (!Take(4)) return 0;
    return uint32_t{message_[at]} << 24 | uint32_t{message_[at + 1]} << 16 |
           uint32_t{message_[at + 2]} << 8 | message_[at + 3];
  }
  // `size` octets, or an empty span and failure.
  std::span<const uint8_t> ReadOctets(size_t size) {
    const size_t at = position_;
    if (!Take(size)) return {};
    return message_.subspan(at, size);
  }
  void Skip(size_t size) { Take(size); }

  // A possibly compressed name (RFC 1035 section 4.1.4), stored uncompressed
  // with its letter case. Label types 00 and 11 only; label <= 63, name <= 255
  // octets; at most 127 pointers. Every octet reached through a pointer lies at
  // or after the header's end and before the first octet of the piece of name
  // that holds the pointer: a prior occurrence, wholly. Else the reader fails
  // and *name is unspecified. The cursor ends behind the name's own octets.
  void ReadName(Name* name);
  // The same, in lower case.
  void ReadLowerName(Name* name);
  // The same checks without storing the name.
  void SkipName();

 private:
  void Fail() {
    ok_ = false;
    position_ = message_.size();
  }
  bool Take(size_t size) {
    if (size > remaining()) {
      Fail();
      return false;
    }
    position_ += size;
    return true;
  }
  // The walk of ReadName and SkipName. Calls store(piece) for each run of
  // labels that stands together in the message, the root with the last.
  template <typename Store>
  void WalkName(Store store);

  std::span<const uint8_t> message_;
  size_t position_;
  bool ok_ = true;
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_READER_H_
