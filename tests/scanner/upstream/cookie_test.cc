#include "scanner/upstream/cookie.h"

#include <gtest/gtest.h>

#include <vector>

namespace scanner {
namespace {

using Octets = std::vector<uint8_t>;
using Check = CookieJar::Check;

constexpr uint64_t kClient = 0x0807060504030201;

Octets CookieOf(size_t server_octets, uint8_t fill = 0x55) {
  Octets cookie = {1, 2, 3, 4, 5, 6, 7, 8};
  cookie.resize(8 + server_octets, fill);
  return cookie;
}

Octets Sent(const CookieJar& jar) {
  return {jar.query_cookie().begin(), jar.query_cookie().end()};
}

TEST(CookieJarTest, NoJarNoCookie) {
  EXPECT_FALSE(CookieJar().enabled());
  EXPECT_TRUE(CookieJar(kClient).enabled());
}

TEST(CookieJarTest, SendsTheClientCookieThenTheNewestServerCookie) {
  CookieJar jar(kClient);
  EXPECT_EQ(Sent(jar), CookieOf(0));
  jar.Learn(CookieOf(16));
  EXPECT_EQ(Sent(jar), CookieOf(16));
  jar.Learn(CookieOf(32, 0x66));
  EXPECT_EQ(Sent(jar), CookieOf(32, 0x66));
  jar.Learn(CookieOf(8, 0x77));
  EXPECT_EQ(Sent(jar), CookieOf(8, 0x77));
  jar.Learn(CookieOf(0));
  EXPECT_EQ(Sent(jar), CookieOf(8, 0x77)) << "no server cookie, none replaced";
}

TEST(CookieJarTest, ACookieOfAnotherSizeOrClientIsWrong) {
  const CookieJar jar(kClient);
  for (size_t size = 0; size <= 48; ++size) {
    Octets cookie = CookieOf(40);
    cookie.resize(size, 0x55);
    const bool sound = size == 8 || (size >= 16 && size <= 40);
    EXPECT_EQ(jar.CheckResponse(cookie, false),
              sound ? Check::kSound : Check::kWrong)
        << size;
  }
  for (size_t i = 0; i < 8; ++i) {
    Octets cookie = CookieOf(8);
    cookie[i] ^= 1;
    EXPECT_EQ(jar.CheckResponse(cookie, false), Check::kWrong) << i;
  }
}

// RFC 7873 section 5.3.
TEST(CookieJarTest, AServerThatKnowsCookiesMustSendThem) {
  CookieJar jar(kClient);
  EXPECT_EQ(jar.CheckResponse(std::nullopt, false), Check::kMissing);
  jar.Learn(CookieOf(8));
  EXPECT_TRUE(jar.server_knows());
  EXPECT_EQ(jar.CheckResponse(std::nullopt, false), Check::kWrong);
  EXPECT_EQ(jar.CheckResponse(std::nullopt, true), Check::kMissing) << "TC";
  jar.Forget();
  EXPECT_FALSE(jar.server_knows());
  EXPECT_EQ(jar.CheckResponse(std::nullopt, false), Check::kMissing);
  EXPECT_EQ(Sent(jar), CookieOf(0));
}

}  // namespace
}  // namespace scanner
