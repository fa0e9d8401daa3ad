#include "io/net/tcp_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/packet_builder.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::Concat;
using testing_support::Octets;

Octets Framed(size_t size, uint8_t octet) {
  return Concat({{static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)},
                 Octets(size, octet)});
}

// What comes of one read of `octets`, which must fit.
std::vector<Octets> Read(const Octets& octets, TcpFramer* framer) {
  std::vector<Octets> messages;
  std::copy(octets.begin(), octets.end(), framer->room().begin());
  framer->Add(octets.size());
  while (const auto message = framer->Next()) {
    messages.emplace_back(message->begin(), message->end());
  }
  return messages;
}

TEST(TcpFramerTest, GivesEveryMessageOfOneRead) {
  TcpFramer framer;
  EXPECT_THAT(Read(Concat({Framed(12, 1), Framed(13, 2)}), &framer),
              ElementsAre(Octets(12, 1), Octets(13, 2)));
  EXPECT_FALSE(framer.is_broken());
}

TEST(TcpFramerTest, WaitsForTheRestOfAMessage) {
  const Octets framed = Framed(12, 7);
  TcpFramer framer;
  for (size_t i = 0; i + 1 < framed.size(); ++i) {
    EXPECT_THAT(Read({framed[i]}, &framer), IsEmpty());
  }
  EXPECT_THAT(Read({7}, &framer), ElementsAre(Octets(12, 7)));
}

TEST(TcpFramerTest, HasRoomForTheRestOfTheLargestMessage) {
  Octets first = Concat({Framed(12, 1), Framed(65535, 2)});
  first.resize(65537);
  TcpFramer framer;
  EXPECT_THAT(Read(first, &framer), ElementsAre(Octets(12, 1)));
  EXPECT_THAT(Read(Octets(14, 2), &framer), ElementsAre(Octets(65535, 2)));
  EXPECT_EQ(framer.room().size(), 65537u);
}

TEST(TcpFramerTest, ALengthBelowAHeaderBreaksItForGood) {
  TcpFramer framer;
  EXPECT_THAT(
      Read(Concat({Framed(12, 1), Framed(11, 2), Framed(12, 3)}), &framer),
      ElementsAre(Octets(12, 1)));
  EXPECT_TRUE(framer.is_broken());
  EXPECT_THAT(Read(Framed(12, 4), &framer), IsEmpty());
}

}  // namespace
}  // namespace io
