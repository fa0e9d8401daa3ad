#include "dnswire/reader.h"

#include <algorithm>

#include "dnswire/octets.h"

namespace dnswire {
namespace {

constexpr int kMaxPointers = 127;  // WIRE.md 3; a name has at most 127 labels

}  // namespace

// A name is pieces joined by pointers. `limit` is the end of what the current
// piece may touch: the message's end for the first, the first octet of the
// piece that holds the pointer for every other, so that each piece lies wholly
// before the one that led to it and the walk must end. `end` is where labels
// must stop: there, or where the name would exceed 255 octets.
template <typename Store>
void Reader::WalkName(Store store) {
  size_t at = position_;
  size_t limit = message_.size();
  size_t size = 0;   // of the name's pieces before this one
  size_t after = 0;  // where the name's own octets end; 0 = not known yet
  int pointers = 0;
  for (;;) {
    const size_t piece = at;
    const size_t end = std::min(limit, piece + kMaxNameOctets - size);
    uint8_t length = 1;
    while (length != 0) {
      if (at >= end) return Fail();
      length = message_[at];
      if (length > kMaxLabelOctets) break;
      at += size_t{1} + length;
    }
    store(message_.subspan(piece, at - piece));
    if (length == 0) break;
    if (length < 0xc0 || limit - at < 2) return Fail();
    const size_t target =
        static_cast<size_t>(length & 0x3f) << 8 | message_[at + 1];
    if (target < kHeaderOctets || target >= piece) return Fail();
    if (++pointers > kMaxPointers) return Fail();
    if (after == 0) after = at + 2;
    size += at - piece;
    limit = piece;
    at = target;
  }
  position_ = after == 0 ? at : after;
}

void Reader::ReadName(Name* name) {
  size_t size = 0;
  WalkName([name, &size](std::span<const uint8_t> piece) {
    std::memcpy(name->octets_ + size, piece.data(), piece.size());
    size += piece.size();
  });
  name->size_ = static_cast<uint8_t>(size);
}

void Reader::ReadLowerName(Name* name) {
  size_t size = 0;
  WalkName([name, &size](std::span<const uint8_t> piece) {
    CopyLower(piece, name->octets_ + size);
    size += piece.size();
  });
  name->size_ = static_cast<uint8_t>(size);
}

// Most names are plain labels to the root.
void Reader::SkipName() {
  const size_t end = position_ + std::min(remaining(), kMaxNameOctets);
  size_t at = position_;
  while (at < end && message_[at] <= kMaxLabelOctets) {
    if (message_[at] == 0) {
      position_ = at + 1;
      return;
    }
    at += size_t{1} + message_[at];
  }
  WalkName([](std::span<const uint8_t>) {});
}

}  // namespace dnswire
