#include "scanner/verdict/name_shape.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

dnswire::Name NameOf(absl::string_view text) {
  const auto name = dnswire::Name::Parse(text);
  EXPECT_TRUE(name.has_value()) << text;
  return name.value_or(dnswire::Name());
}

struct ShapeCase {
  const char* name;
  bool host_labels;
  bool decimal_octets;
  bool underscore;
  bool ace_label;
};
constexpr ShapeCase kShapes[] = {
    {".", true, true, false, false},
    {"a", true, false, false, false},
    {"a-1.example.com", true, false, false, false},
    {"-a.example.com", false, false, false, false},
    {"a-.example.com", false, false, false, false},
    {"a.example.com-", false, false, false, false},
    {"a.-.com", false, false, false, false},
    {"a_b.example.com", true, false, true, false},
    {"a/b.example.com", false, false, false, false},
    {"xn--a.example.com", true, false, false, true},
    {"a.xn--b", true, false, false, true},
    {"axn--b.example.com", true, false, false, false},
    {"xm--a.example.com", true, false, false, false},
    {"xn-.example.com", false, false, false, false},
    {"192.0.2.255", true, true, false, false},
    {"192.0.2.256", true, false, false, false},
    {"0192.0.2.1", true, false, false, false},
    {"192.0.2.a", true, false, false, false},
};

TEST(NameShapeTest, TellsWhatItsLabelsAre) {
  for (const ShapeCase& c : kShapes) {
    const dnswire::Name name = NameOf(c.name);
    const NameShape shape(name);
    EXPECT_EQ(shape.host_labels, c.host_labels) << c.name;
    EXPECT_EQ(shape.decimal_octets, c.decimal_octets) << c.name;
    EXPECT_EQ(shape.underscore, c.underscore) << c.name;
    EXPECT_EQ(shape.ace_label, c.ace_label) << c.name;
  }
}

// Labels of 45 or 48 to 57 octets: their length octets are '-' and digits.
TEST(NameShapeTest, LengthOctetsAreNoneOfTheName) {
  for (const size_t size : {44u, 45u, 46u, 48u, 52u, 57u}) {
    for (const char* format : {"", "b.", "b.c."}) {
      const dnswire::Name name =
          NameOf(absl::StrCat(format, std::string(size, 'a'), ".d"));
      const NameShape shape(name);
      EXPECT_TRUE(shape.host_labels) << name.ToText();
      EXPECT_FALSE(shape.decimal_octets) << name.ToText();
    }
  }
}

// The kinds of the first 64 octets are known at once, those of later labels are
// looked for.
TEST(NameShapeTest, ALongNameIsLookedAtAsAShortOne) {
  std::mt19937 random(5);
  constexpr char kOctets[] = "ax-n-19_z/";
  for (int round = 0; round < 20000; ++round) {
    std::string labels;
    for (size_t i = random() % 4 + 1; i > 0; --i) {
      if (random() % 4 == 0) labels += "xn--";
      for (size_t k = random() % 5 + 1; k > 0; --k) {
        labels += kOctets[random() % (sizeof kOctets - 1)];
      }
      labels += '.';
    }
    const bool numbers = random() % 4 == 0;
    const std::string tail = numbers ? "10.1" : "example.com";
    const std::string middle(numbers ? 0 : 50, 'm');
    const dnswire::Name brief = NameOf(absl::StrCat(labels, "m.", tail));
    const dnswire::Name wordy =
        NameOf(absl::StrCat(labels, middle, "m.", std::string(12, 'n'), ".",
                            std::string(20, 'n'), ".", tail));
    ASSERT_LE(brief.size(), 64u);
    ASSERT_TRUE(numbers || wordy.size() > 64u);
    const NameShape a(brief);
    const NameShape b(wordy);
    ASSERT_EQ(a.host_labels, b.host_labels) << labels;
    ASSERT_EQ(a.underscore, b.underscore) << labels;
    ASSERT_EQ(a.ace_label, b.ace_label) << labels;
    ASSERT_TRUE(a.domain.Equals(b.domain));
    const absl::string_view first = wordy.view().first_label();
    ASSERT_EQ(b.KindsIn(first).letters,
              a.KindsIn(brief.view().first_label()).letters);
  }
}

}  // namespace
}  // namespace scanner
