// CRC32C and SHA-256 against published vectors.
#include <gtest/gtest.h>

#include <string>

#include "io/files/crc32c.h"
#include "io/files/sha256.h"

namespace io {
namespace {

TEST(Crc32cTest, GivesTheVectorsOfRfc3720) {
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending.push_back(c);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(Crc32c(ascending), 0x46dd794eu);
  const std::string descending(ascending.rbegin(), ascending.rend());
  EXPECT_EQ(Crc32c(descending), 0x113fdb5cu);
}

TEST(Crc32cTest, GivesTheCheckValueOfItsPolynomial) {
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
}

std::string HexDigest(const std::string& octets, size_t piece) {
  Sha256 sha;
  for (size_t at = 0; at < octets.size(); at += piece) {
    sha.Add(octets.substr(at, piece));
  }
  EXPECT_EQ(sha.size(), octets.size());
  return HexText(sha.Finish());
}

struct Vector {
  std::string octets;
  std::string digest;
};

// FIPS 180-4's examples, and paddings of every shape (55, 56, 63, 64 octets).
const Vector kVectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {std::string(1000000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {std::string(55, 'a'),
     "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
    {std::string(56, 'a'),
     "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
    {std::string(63, 'a'),
     "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
    {std::string(64, 'a'),
     "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
};

TEST(Sha256Test, GivesPublishedDigestsHoweverItIsFed) {
  for (const Vector& vector : kVectors) {
    for (const size_t piece : {1u, 63u, 64u, 65u, 1000000u}) {
      EXPECT_EQ(HexDigest(vector.octets, piece), vector.digest)
          << vector.octets.size() << " octets by " << piece;
    }
  }
}

}  // namespace
}  // namespace io
