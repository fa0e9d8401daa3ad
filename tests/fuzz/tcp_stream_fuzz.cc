// Input: commands that write a stream, each one read of the connection.
//
//     00..BF        the next that many octets of the input
//     C0..FF hh ll  hhll octets of a pattern, for messages up to the largest
//
// However the reads split it, the messages are those of the stream cut in one
// go, and a length below a header's ends it.
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "io/net/tcp_framer.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;
using Octets = std::vector<uint8_t>;

constexpr size_t kMaxStreamOctets = 70000;  // the largest message and some more

struct Stream {
  Octets octets;
  std::vector<size_t> reads;  // their sizes, octets.size() together
};

Stream& StreamOf(std::span<const uint8_t> input) {
  static Stream stream;  // a fresh large block an input would take all the time
  stream.octets.clear();
  stream.reads.clear();
  while (!input.empty()) {
    const uint8_t command = input[0];
    input = input.subspan(1);
    const size_t before = stream.octets.size();
    if (command < 0xc0) {
      const auto octets = input.first(std::min<size_t>(command, input.size()));
      stream.octets.insert(stream.octets.end(), octets.begin(), octets.end());
      input = input.subspan(octets.size());
    } else if (input.size() >= 2) {
      const auto size = static_cast<size_t>(input[0] << 8 | input[1]);
      const size_t room = kMaxStreamOctets - std::min(before, kMaxStreamOctets);
      stream.octets.resize(before + std::min(size, room), command);
      input = input.subspan(2);
    }
    stream.reads.push_back(stream.octets.size() - before);
  }
  return stream;
}

// Where the messages of the whole stream stand, and whether an impossible
// length follows them.
struct Cut {
  std::vector<std::span<const uint8_t>> messages;
  bool is_broken = false;
};

Cut SlowCut(std::span<const uint8_t> stream) {
  Cut cut;
  while (stream.size() >= 2) {
    const size_t length = stream[0] * size_t{256} + stream[1];
    cut.is_broken = length < 12;
    if (cut.is_broken || stream.size() - 2 < length) break;
    cut.messages.push_back(stream.subspan(2, length));
    stream = stream.subspan(2 + length);
  }
  return cut;
}

void Check(const Octets& octets, const std::vector<size_t>& reads,
           const Cut& expected) {
  io::TcpFramer framer;
  size_t at = 0;
  size_t messages = 0;
  for (size_t left : reads) {
    while (left > 0 && !framer.is_broken()) {
      const auto room = framer.room();
      Require(!room.empty(), "there is room for a read");
      const size_t size = std::min(room.size(), left);
      std::memcpy(room.data(), octets.data() + at, size);
      framer.Add(size);
      at += size;
      left -= size;
      while (const auto message = framer.Next()) {
        Require(messages < expected.messages.size(), "no message too many");
        const auto slow = expected.messages[messages++];
        Require(message->size() == slow.size() &&
                    std::memcmp(message->data(), slow.data(), slow.size()) == 0,
                "a message is the one of the stream");
      }
    }
  }
  Require(messages == expected.messages.size(), "all messages came");
  Require(framer.is_broken() == expected.is_broken, "a bad length ends it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Stream& stream = StreamOf({data, size});
  const Cut cut = SlowCut(stream.octets);
  Check(stream.octets, stream.reads, cut);
  Check(stream.octets, {stream.octets.size()}, cut);
  return 0;
}
