#include "scanner/review/name_template.h"

#include "gtest/gtest.h"

namespace scanner {
namespace {

// VERDICTS.md 5.4, of 198.51.100.23. `skeleton` "": no template.
TEST(NameTemplateTest, DigitRunsBecomeTheOctetsThatTheyAre) {
  const struct {
    const char* name;
    const char* skeleton;
    bool numbers_only;
    bool pool_word;
  } cases[] = {
      {"h23.example.net", "h{d}.example.net", false, false},
      {"c100-23.example.net", "c{c}-{d}.example.net", false, false},
      {"198-51-100-23.example.net", "{a}-{b}-{c}-{d}.example.net", false,
       false},
      {"h023.example.net", "h{d}.example.net", false, false},  // by value
      {"h0023.example.net", "h{n}.example.net", true, false},  // 4 digits
      {"h24.example.net", "h{n}.example.net", true, false},
      {"h23x24.a7.example.net", "h{d}x{n}.a{n}.example.net", false, false},
      {"h24.dyn.example.net", "h{n}.dyn.example.net", true, true},
      {"h24.dsl.example.net", "h{n}.dsl.example.net", true, true},
      {"unused24.example.net", "unused{n}.example.net", true, true},
      {"static24.example.net", "static{n}.example.net", true, false},
      {"mail23.example.net", "", false, false},
      {"h23.smtp.example.net", "", false, false},
      {"web.example.net", "", false, false},
      {"example23.net", "", false, false},  // H is empty
      {"h.isp23.net", "", false, false},    // digits of R are no placeholder
      {"h23.isp23.net", "h{d}.isp23.net", false, false},
      {"h23.isp.co.uk", "h{d}.isp.co.uk", false, false},
  };
  const auto address = dnswire::IpAddress::V4(0xc6336417);
  for (const auto& c : cases) {
    const auto found = TemplateOf(address, *dnswire::Name::Parse(c.name));
    EXPECT_EQ(found.skeleton, c.skeleton) << c.name;
    EXPECT_EQ(found.numbers_only, c.numbers_only) << c.name;
    EXPECT_EQ(found.pool_word, c.pool_word) << c.name;
  }
}

// "first that equals it", from {d} to {a}.
TEST(NameTemplateTest, OfEqualOctetsTheLastOneCounts) {
  const auto skeleton = [](uint32_t address) {
    return TemplateOf(dnswire::IpAddress::V4(address),
                      *dnswire::Name::Parse("h7.example.net"))
        .skeleton;
  };
  EXPECT_EQ(skeleton(0x07070707), "h{d}.example.net");
  EXPECT_EQ(skeleton(0x07070701), "h{c}.example.net");
  EXPECT_EQ(skeleton(0x07070101), "h{b}.example.net");
  EXPECT_EQ(skeleton(0x07010101), "h{a}.example.net");
}

}  // namespace
}  // namespace scanner
