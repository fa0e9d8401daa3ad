#include "dnswire/reader.h"

namespace dnswire {
namespace {

constexpr int kMaxPointers = 127;  // more cannot fit a 255-octet name

}  // namespace

uint8_t Reader::ReadU8() {
  const size_t at = position_;
  return Take(1) ? message_[at] : uint8_t{0};
}

uint16_t Reader::ReadU16() {
  const size_t at = position_;
  if (!Take(2)) return 0;
  return static_cast<uint16_t>(message_[at] << 8 | message_[at + 1]);
}

uint32_t Reader::ReadU32() {
  const size_t at = position_;
  if (!Take(4)) return 0;
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | message_[at + i];
  return value;
}

std::span<const uint8_t> Reader::ReadOctets(size_t size) {
  const size_t at = position_;
  if (!Take(size)) return {};
  return message_.subspan(at, size);
}

// A name is pieces joined by pointers. `limit` is the end of what the current
// piece may touch: the message's end for the first, the first octet of the
// piece that holds the pointer for every other, so that each piece lies wholly
// before the one that led to it and the walk must end.
void Reader::ReadName(Name* name) {
  size_t at = position_;
  size_t limit = message_.size();
  size_t piece = at;
  size_t size = 0;
  size_t after = 0;  // where the name's own octets end; 0 = not known yet
  int pointers = 0;
  for (;;) {
    if (at >= limit) return Fail();
    const uint8_t length = message_[at];
    if (length <= kMaxLabelOctets) {
      const size_t octets = size_t{1} + length;
      if (octets > limit - at) return Fail();
      if (size + octets > kMaxNameOctets) return Fail();
      std::memcpy(name->octets_ + size, message_.data() + at, octets);
      size += octets;
      at += octets;
      if (length == 0) break;
      continue;
    }
    if ((length & 0xc0) != 0xc0 || limit - at < 2) return Fail();
    const size_t target =
        static_cast<size_t>(length & 0x3f) << 8 | message_[at + 1];
    if (target < kHeaderOctets || target >= piece) return Fail();
    if (++pointers > kMaxPointers) return Fail();
    if (after == 0) after = at + 2;
    limit = piece;
    piece = target;
    at = target;
  }
  name->size_ = static_cast<uint8_t>(size);
  position_ = after == 0 ? at : after;
}

void Reader::SkipName() {
  Name name;
  ReadName(&name);
}

}  // namespace dnswire
