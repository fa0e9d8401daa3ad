#include "dnswire/dnssec/sha1.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::FromText;
using testing_support::ToHex;

struct DigestCase {
  std::string text;
  std::string digest;
};

TEST(Sha1Test, GivesThePublishedDigests) {
  const DigestCase kCases[] = {
      {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
      {std::string(1000000, 'a'), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
  };
  for (const DigestCase& test : kCases) {
    EXPECT_EQ(ToHex(Sha1(FromText(test.text))), test.digest)
        << test.text.size() << " octets";
  }
}

}  // namespace
}  // namespace dnswire
