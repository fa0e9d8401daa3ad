#include "scanner/verdict/expectation.h"

#include "gtest/gtest.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

using Kind = Expectation::Kind;

Expectation For(absl::string_view pattern,
                absl::string_view address = "192.0.2.10") {
  return Expectation(pattern, AddressOf(address));
}

TEST(ExpectationTest, TellsKindsApartAndPrintsThem) {
  const struct {
    absl::string_view pattern;
    Kind kind;
    const char* text;
  } cases[] = {
      {"", Kind::kNone, ""},
      {"-", Kind::kNoPtr, "-"},
      {"mail.example.com", Kind::kHostName, "mail.example.com"},
      {"mail.example.com.", Kind::kHostName, "mail.example.com"},
      {"*.example.net", Kind::kBelow, "*.example.net"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(For(c.pattern).kind(), c.kind) << c.pattern;
    EXPECT_EQ(For(c.pattern).ToText(), c.text) << c.pattern;
  }
}

TEST(ExpectationTest, FillsInOctetsOfIpv4) {
  EXPECT_EQ(For("{a}-{b}-{c}-{d}.example.net", "198.51.100.7").ToText(),
            "198-51-100-7.example.net");
  EXPECT_EQ(For("h{d}{d}.{c}.example.net", "192.0.2.255").ToText(),
            "h255255.2.example.net");
  EXPECT_EQ(For("*.net{c}.example.net", "192.0.2.10").ToText(),
            "*.net2.example.net");
}

TEST(ExpectationTest, LeavesOtherBracesAlone) {
  // \123 and \125 are '{' and '}' in presentation form.
  EXPECT_EQ(For("{e}.example.net").ToText(), "\\123e\\125.example.net");
  EXPECT_EQ(For("{a.example.net").ToText(), "\\123a.example.net");
  EXPECT_EQ(For("{a}.example.net", "2001:db8::1").ToText(),
            "\\123a\\125.example.net");
}

TEST(ExpectationTest, HostNameMatchesItselfOnly) {
  const Expectation expected = For("mail.example.com");
  EXPECT_TRUE(expected.Matches(NameOf("mail.example.com")));
  EXPECT_TRUE(expected.Matches(NameOf("MAIL.example.com")));
  EXPECT_FALSE(expected.Matches(NameOf("a.mail.example.com")));
  EXPECT_FALSE(expected.Matches(NameOf("example.com")));
}

TEST(ExpectationTest, StarMatchesAnyNameBelow) {
  const Expectation expected = For("*.example.net");
  EXPECT_TRUE(expected.Matches(NameOf("a.example.net")));
  EXPECT_TRUE(expected.Matches(NameOf("a.b.example.net")));
  EXPECT_FALSE(expected.Matches(NameOf("example.net")));
  EXPECT_FALSE(expected.Matches(NameOf("a.badexample.net")));
}

TEST(ExpectationTest, KeepsTheLongestNameWhole) {
  const std::string label(61, 'x');
  const std::string longest = label + "." + std::string(63, 'y') + "." +
                              std::string(63, 'z') + "." + std::string(63, 'w');
  ASSERT_EQ(longest.size(), 253u);
  EXPECT_EQ(For(longest).ToText(), longest);
}

}  // namespace
}  // namespace scanner
