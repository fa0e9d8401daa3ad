#include "dnswire/name.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace dnswire {
namespace {

Name MakeName(absl::string_view text) {
  const auto name = Name::Parse(text);
  EXPECT_TRUE(name) << text;
  return name.value_or(Name());
}

// Wire form out of labels, built without the code under test.
std::string Wire(const std::vector<std::string>& labels) {
  std::string wire;
  for (const std::string& label : labels) {
    wire += static_cast<char>(label.size());
    wire += label;
  }
  return wire + '\0';
}

std::string WireOf(NameView name) {
  return {name.wire().begin(), name.wire().end()};
}

// A borrowed name; `wire` must outlive it.
NameView View(const std::string& wire) {
  return NameView::FromValidWire(
      {reinterpret_cast<const uint8_t*>(wire.data()), wire.size()});
}

std::string Label(size_t octets) { return std::string(octets, 'a'); }

// Three labels of 63 and one of `last`: 194 + last octets on the wire.
std::string LongText(size_t last) {
  return absl::StrCat(Label(63), ".", Label(63), ".", Label(63), ".",
                      Label(last));
}

TEST(NameTest, DefaultIsTheRoot) {
  EXPECT_EQ(WireOf(Name()), Wire({}));
  EXPECT_EQ(WireOf(NameView()), Wire({}));
  EXPECT_TRUE(NameView().is_root());
  EXPECT_EQ(NameView().label_count(), 0);
  EXPECT_EQ(NameView().first_label(), "");
  EXPECT_EQ(Name().ToText(), ".");
}

TEST(NameTest, ParsesText) {
  const struct {
    const char* text;
    std::vector<std::string> expected;
  } kCases[] = {
      {".", {}},
      {"a", {"a"}},
      {"a.", {"a"}},
      {"mail.example.com", {"mail", "example", "com"}},
      {"mail.example.com.", {"mail", "example", "com"}},
      {"Mail.EXAMPLE", {"Mail", "EXAMPLE"}},
      {"_dmarc.a-b.example", {"_dmarc", "a-b", "example"}},
      {"a\\.b.c", {"a.b", "c"}},
      {"a\\046b.c", {"a.b", "c"}},
      {"\\\\.x", {"\\", "x"}},
      {"\\(\\).x", {"()", "x"}},
      {"\\000.\\255", {std::string(1, '\0'), "\xff"}},
      {"\\0651", {"A1"}},
      {"a\\032b", {"a b"}},
      {"x\\.", {"x."}},
      {"\xc3\xa9.x", {"\xc3\xa9", "x"}},
  };
  for (const auto& c : kCases) {
    const auto name = Name::Parse(c.text);
    ASSERT_TRUE(name) << c.text;
    EXPECT_EQ(WireOf(*name), Wire(c.expected)) << c.text;
  }
}

TEST(NameTest, RefusesBrokenText) {
  for (const char* text :
       {"", "..", ".a", "a..", "a..b", "a.b..", "\\", "a\\", "a\\1", "a\\12",
        "a\\1x2", "a\\12x", "a\\256", "a\\999", "a.\\"}) {
    EXPECT_EQ(Name::Parse(text), std::nullopt) << text;
  }
}

TEST(NameTest, LimitsLabelsTo63Octets) {
  EXPECT_EQ(WireOf(MakeName(Label(63))), Wire({Label(63)}));
  EXPECT_EQ(WireOf(MakeName(Label(62) + "\\000.x")),
            Wire({Label(62) + '\0', "x"}));
  EXPECT_FALSE(Name::Parse(Label(64)));
  EXPECT_FALSE(Name::Parse(Label(64) + "."));
  EXPECT_FALSE(Name::Parse(Label(63) + "\\000.x"));
  EXPECT_FALSE(Name::Parse("x." + Label(64)));
}

TEST(NameTest, LimitsNamesTo255Octets) {
  for (const char* end : {"", "."}) {
    const auto longest = Name::Parse(LongText(61) + end);
    ASSERT_TRUE(longest);
    EXPECT_EQ(longest->size(), 255u);
    EXPECT_EQ(WireOf(*longest),
              Wire({Label(63), Label(63), Label(63), Label(61)}));
    EXPECT_FALSE(Name::Parse(LongText(62) + end));
    EXPECT_FALSE(Name::Parse(LongText(63) + end));
    EXPECT_FALSE(Name::Parse(LongText(61) + ".x" + end));
  }
  std::string short_labels = "a";  // 127 labels of one octet: 255
  for (int i = 1; i < 127; ++i) short_labels += ".a";
  EXPECT_EQ(MakeName(short_labels).size(), 255u);
  EXPECT_EQ(MakeName(short_labels).view().label_count(), 127);
  EXPECT_FALSE(Name::Parse(short_labels + ".a"));
}

// WIRE.md 9.
TEST(NameTest, WritesTextThatIsSafeEverywhere) {
  const struct {
    const char* label;
    std::vector<std::string> labels;
    const char* expected;
  } kCases[] = {
      {"letters, digits, _ and -", {"_a-z09", "example"}, "_a-z09.example"},
      {"upper case", {"MaiL", "EXAMPLE", "Z"}, "mail.example.z"},
      {"dot inside a label", {"a.b", "c"}, "a\\046b.c"},
      {"slash of RFC 2317", {"0/25", "x"}, "0\\04725.x"},
      {"wildcard", {"*", "example"}, "\\042.example"},
      {"backslash", {"a\\", "x"}, "a\\092.x"},
      {"dash at the start", {"-a-", "x"}, "\\045a-.x"},
      {"dash at a later label's start", {"a", "-b"}, "a.-b"},
      {"formula", {"=1+1", "@a"}, "\\0611\\0431.\\064a"},
      {"comma, quote, blank", {",\"' "}, "\\044\\034\\039\\032"},
      {"markup", {"<b>&"}, "\\060b\\062\\038"},
      {"control octets",
       {std::string("\0\r\n\x1b\x7f", 5)},
       "\\000\\013\\010\\027\\127"},
      {"neighbours of letters and digits",
       {"@[`{/:"},
       "\\064\\091\\096\\123\\047\\058"},
      {"octets above ASCII", {"\x80\xc3\xa9\xff"}, "\\128\\195\\169\\255"},
  };
  for (const auto& c : kCases) {
    const std::string wire = Wire(c.labels);
    EXPECT_EQ(View(wire).ToText(), c.expected) << c.label;
  }
}

TEST(NameTest, TextOfEveryOctetReadsBack) {
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    const bool upper = octet >= 'A' && octet <= 'Z';
    const char low = upper ? static_cast<char>(octet + 32) : c;
    for (const std::string& label : {std::string(1, c), std::string("x") + c}) {
      const std::string wire = Wire({label, "example"});
      const std::string text = View(wire).ToText();
      for (const char t : text) {
        EXPECT_TRUE(t > ' ' && t < 0x7f && t != ',' && t != '"') << octet;
      }
      std::string lower = label;
      lower.back() = low;
      EXPECT_EQ(WireOf(MakeName(text)), Wire({lower, "example"})) << octet;
    }
  }
}

TEST(NameTest, LongestTextFitsItsRoom) {
  const std::string label(63, '\0');
  const std::string wire = Wire({label, label, label, std::string(61, '\0')});
  std::string text(NameView::kMaxTextOctets + 1, '#');
  const size_t size = View(wire).FormatText(text.data());
  EXPECT_EQ(size, 250u * 4 + 3);
  EXPECT_LE(size, NameView::kMaxTextOctets);
  EXPECT_EQ(text[size], '#');
  EXPECT_EQ(WireOf(MakeName(text.substr(0, size))), wire);
}

TEST(NameTest, AppendKeepsWhatIsThere) {
  std::string text = "ptr ";
  MakeName("-a.b").view().AppendText(&text);
  EXPECT_EQ(text, "ptr \\045a.b");
}

TEST(NameTest, TakesNamesApart) {
  const Name name = MakeName("mail.example.com");
  EXPECT_EQ(name.view().label_count(), 3);
  EXPECT_EQ(name.view().first_label(), "mail");
  EXPECT_EQ(name.view().parent().ToText(), "example.com");
  EXPECT_TRUE(name.view().parent().parent().parent().is_root());
}

TEST(NameTest, SuffixKeepsTheLastLabels) {
  const Name name = MakeName("a.b.c");
  const char* const kExpected[] = {".", "c", "b.c", "a.b.c", "a.b.c"};
  for (int labels = 0; labels <= 4; ++labels) {
    EXPECT_EQ(name.view().Suffix(labels).ToText(), kExpected[labels]);
  }
  EXPECT_TRUE(NameView().Suffix(2).is_root());
}

TEST(NameTest, EqualsWithoutAsciiCaseOnly) {
  const struct {
    const char* a;
    const char* b;
    bool expected;
  } kCases[] = {
      {".", ".", true},
      {"a.example", "A.eXAMPLE", true},
      {"z.example", "Z.example", true},
      {"a.example", "b.example", false},
      {"a.example", "a.example.", true},
      {"a.example", "example", false},
      {"a.b", "a\\.b", false},
      {"ab.c", "a.bc", false},
      {"\\@", "\\`", false},      // 0x40 and 0x60
      {"\\[", "\\{", false},      // 0x5b and 0x7b
      {"\\195", "\\227", false},  // letters in Latin-1 only
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(MakeName(c.a).view().Equals(MakeName(c.b)), c.expected)
        << c.a << " " << c.b;
    EXPECT_EQ(MakeName(c.b).view().Equals(MakeName(c.a)), c.expected);
  }
}

TEST(NameTest, KnowsItsAncestors) {
  const struct {
    const char* name;
    const char* ancestor;
    bool at_or_below;
    bool below;
  } kCases[] = {
      {"a.example.com", "example.com", true, true},
      {"a.b.Example.COM", "eXample.com", true, true},
      {"example.com", "example.com", true, false},
      {"example.com", ".", true, true},
      {".", ".", true, false},
      {".", "com", false, false},
      {"com", "example.com", false, false},
      {"a.example.org", "example.com", false, false},
      {"badexample.com", "example.com", false, false},
      // The ancestor's wire form is the end of the name's, inside a label.
      {"x\\007example\\003com", "example.com", false, false},
      {"x\\003com", "com", false, false},
  };
  for (const auto& c : kCases) {
    const Name name = MakeName(c.name);
    const Name ancestor = MakeName(c.ancestor);
    EXPECT_EQ(name.view().IsAtOrBelow(ancestor), c.at_or_below)
        << c.name << " " << c.ancestor;
    EXPECT_EQ(name.view().IsBelow(ancestor), c.below)
        << c.name << " " << c.ancestor;
  }
}

TEST(NameTest, ComparesAsTextsDo) {
  const char* const kAscending[] = {".",   "0.x", "\\042.x", "_.x", "a",
                                    "a-b", "a.b", "a.x",     "aa",  "b"};
  for (size_t i = 0; i < std::size(kAscending); ++i) {
    for (size_t j = 0; j < std::size(kAscending); ++j) {
      const int order =
          MakeName(kAscending[i]).view().CompareText(MakeName(kAscending[j]));
      EXPECT_EQ(order < 0, i < j) << kAscending[i] << " " << kAscending[j];
      EXPECT_EQ(order > 0, i > j) << kAscending[i] << " " << kAscending[j];
    }
  }
  EXPECT_EQ(MakeName("A.X").view().CompareText(MakeName("a.x")), 0);
}

TEST(NameTest, LowersAsciiLettersOnly) {
  const std::string wire = Wire({"AZaz09@[", "\xc9"});
  Name name(View(wire));
  name.Lower();
  EXPECT_EQ(WireOf(name), Wire({"azaz09@[", "\xc9"}));
}

TEST(NameTest, LowerKeepsLengthOctets) {
  Name name = MakeName(LongText(61));
  name.Lower();
  EXPECT_EQ(WireOf(name), Wire({Label(63), Label(63), Label(63), Label(61)}));
}

TEST(NameTest, CopiesAreTheirOwn) {
  Name name = MakeName("a.example");
  const Name copy = name;
  Name assigned;
  assigned = name;
  name.Clear();
  EXPECT_EQ(name.ToText(), ".");
  EXPECT_EQ(copy.ToText(), "a.example");
  EXPECT_EQ(assigned.ToText(), "a.example");
}

TEST(NameTest, PrependsLabelsUpToTheLimits) {
  Name name = MakeName("example");
  EXPECT_FALSE(name.PrependLabel(""));
  EXPECT_FALSE(name.PrependLabel(Label(64)));
  EXPECT_EQ(name.ToText(), "example");
  EXPECT_TRUE(name.PrependLabel("a.b"));
  EXPECT_EQ(WireOf(name), Wire({"a.b", "example"}));
  EXPECT_TRUE(name.PrependLabel(Label(63)));
  EXPECT_EQ(WireOf(name), Wire({Label(63), "a.b", "example"}));

  Name nearly_full = MakeName(LongText(59));  // 253 octets
  EXPECT_FALSE(nearly_full.PrependLabel("xy"));
  EXPECT_EQ(nearly_full.size(), 253u);
  EXPECT_TRUE(nearly_full.PrependLabel("x"));
  EXPECT_EQ(nearly_full.ToText(), "x." + LongText(59));
  EXPECT_FALSE(nearly_full.PrependLabel("x"));
}

TEST(NameTest, PrependsNamesUpToTheLimit) {
  Name name = MakeName("example");
  EXPECT_TRUE(name.Prepend(Name()));
  EXPECT_EQ(name.ToText(), "example");
  EXPECT_TRUE(name.Prepend(MakeName("a.b")));
  EXPECT_EQ(WireOf(name), Wire({"a", "b", "example"}));

  Name nearly_full = MakeName(LongText(57));  // 251 octets
  EXPECT_FALSE(nearly_full.Prepend(MakeName("a.bc")));
  EXPECT_EQ(nearly_full.ToText(), LongText(57));
  EXPECT_TRUE(nearly_full.Prepend(MakeName("a.b")));
  EXPECT_EQ(nearly_full.size(), 255u);
  EXPECT_EQ(nearly_full.ToText(), "a.b." + LongText(57));
}

// RFC 6672 section 2.2's table, as far as owner names lie below the DNAME.
TEST(NameTest, SubstitutesTheAncestor) {
  const struct {
    const char* name;
    const char* from;
    const char* to;
    const char* expected;
  } kCases[] = {
      {"a.example.com", "example.com", "example.net", "a.example.net"},
      {"a.b.example.com", "example.com", "example.net", "a.b.example.net"},
      {"foo.example.com", "example.com", ".", "foo"},
      {"ab.example.com", "Example.COM", "y.z", "ab.y.z"},
      {"a.x", ".", "example", "a.x.example"},
      {"1.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa", "rev.example",
       "1.rev.example"},
  };
  for (const auto& c : kCases) {
    const auto name =
        Name::Substitute(MakeName(c.name), MakeName(c.from), MakeName(c.to));
    ASSERT_TRUE(name) << c.name;
    EXPECT_EQ(name->ToText(), c.expected);
  }
}

TEST(NameTest, SubstitutionMayNotExceed255Octets) {
  const Name target = MakeName(LongText(58));  // 252 octets
  const auto full = Name::Substitute(MakeName("ab.x"), MakeName("x"), target);
  ASSERT_TRUE(full);
  EXPECT_EQ(full->size(), 255u);
  EXPECT_EQ(full->ToText(), "ab." + LongText(58));
  EXPECT_FALSE(Name::Substitute(MakeName("abc.x"), MakeName("x"), target));
}

TEST(NameTest, AnyWireNameSurvivesItsText) {
  std::mt19937 random(1);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<std::string> labels(1 + random() % 4);
    for (std::string& label : labels) {
      label.resize(1 + random() % 62);
      for (char& c : label) c = static_cast<char>(random());
    }
    const std::string wire = Wire(labels);
    Name name(View(wire));
    const std::string text = name.ToText();
    name.Lower();
    ASSERT_EQ(WireOf(MakeName(text)), WireOf(name)) << text;
  }
}

}  // namespace
}  // namespace dnswire
