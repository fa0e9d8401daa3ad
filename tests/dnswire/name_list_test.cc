#include "dnswire/name_list.h"

#include <string>
#include <vector>

#include "dnswire/name.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dnswire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Name MakeName(absl::string_view text) {
  const auto name = Name::Parse(text);
  EXPECT_TRUE(name) << text;
  return name.value_or(Name());
}

NameList MakeList(const std::vector<std::string>& texts) {
  NameList list;
  for (const std::string& text : texts) list.Add(MakeName(text));
  return list;
}

std::vector<std::string> Texts(NameListView list) {
  std::vector<std::string> texts;
  for (const NameView name : list) texts.push_back(name.ToText());
  return texts;
}

// The longest name there is: 63, 63, 63 and 61 octets of `letter`.
std::string LongestText(char letter) {
  const std::string label(63, letter);
  return label + "." + label + "." + label + "." + std::string(61, letter);
}

TEST(NameListTest, IsEmptyAtFirst) {
  const NameList list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.size(), 0u);
  EXPECT_THAT(Texts(list), IsEmpty());
  EXPECT_FALSE(list.view().Contains(NameView()));
  EXPECT_THAT(Texts(NameListView()), IsEmpty());
}

TEST(NameListTest, KeepsNamesInTheirOrder) {
  const NameList list = MakeList({"b.example", "a.example", ".", "c.example"});
  EXPECT_EQ(list.size(), 4u);
  EXPECT_FALSE(list.empty());
  EXPECT_THAT(Texts(list),
              ElementsAre("b.example", "a.example", ".", "c.example"));
  EXPECT_EQ(list.view()[0].ToText(), "b.example");
  EXPECT_EQ(list.view()[3].ToText(), "c.example");
}

TEST(NameListTest, HoldsNamesOf255Octets) {
  const NameList list = MakeList({LongestText('a'), ".", LongestText('b')});
  EXPECT_EQ(list.view()[0].size(), 255u);
  EXPECT_THAT(Texts(list),
              ElementsAre(LongestText('a'), ".", LongestText('b')));
}

TEST(NameListTest, ContainsWithoutCase) {
  const NameList list = MakeList({"Mail.Example", "www.example"});
  EXPECT_TRUE(list.view().Contains(MakeName("mail.eXAMPLE")));
  EXPECT_TRUE(list.view().Contains(MakeName("www.example")));
  EXPECT_FALSE(list.view().Contains(MakeName("example")));
  EXPECT_FALSE(list.view().Contains(MakeName("a.www.example")));
}

TEST(NameListTest, SortsByTextAndDropsEqualNames) {
  const struct {
    const char* label;
    std::vector<std::string> names;
    std::vector<std::string> expected;
  } kCases[] = {
      {"none", {}, {}},
      {"one", {"A.example"}, {"a.example"}},
      {"letter case", {"b.x", "B.X", "a.x", "b.x"}, {"a.x", "b.x"}},
      // Text order is not the order of labels, nor of wire forms.
      {"by text", {"b.a", "a.b", "aa.a", "a.a"}, {"a.a", "a.b", "aa.a", "b.a"}},
      {"dash before dot", {"a.x", "a-b.x", "a"}, {"a", "a-b.x", "a.x"}},
      {"escapes first",
       {"a.x", "0.x", "*.x", "."},
       {".", "0.x", "\\042.x", "a.x"}},
  };
  for (const auto& c : kCases) {
    NameList list = MakeList(c.names);
    NameList::Sorter sorter;
    list.SortUnique(&sorter);
    EXPECT_EQ(Texts(list), c.expected) << c.label;
    EXPECT_EQ(list.size(), c.expected.size()) << c.label;
  }
}

TEST(NameListTest, KeepsNamesThatDifferOnlyInWhereADotIs) {
  NameList list = MakeList({"a\\.b", "a.b"});
  NameList::Sorter sorter;
  list.SortUnique(&sorter);
  EXPECT_THAT(Texts(list), ElementsAre("a.b", "a\\046b"));
}

TEST(NameListTest, ClearedListIsEmptyAndUsableAgain) {
  NameList list = MakeList({"a.example", "b.example"});
  list.Clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.packed_octets(), 0u);
  EXPECT_THAT(Texts(list), IsEmpty());
  list.Add(MakeName("c.example"));
  EXPECT_THAT(Texts(list), ElementsAre("c.example"));
}

TEST(NameListTest, TruncateKeepsTheFirstNames) {
  const std::vector<std::string> kNames = {LongestText('a'), ".", "b.example"};
  for (size_t count = 0; count <= kNames.size(); ++count) {
    NameList list = MakeList(kNames);
    list.Truncate(count);
    EXPECT_EQ(list.size(), count);
    EXPECT_EQ(Texts(list), std::vector<std::string>(
                               kNames.begin(),
                               kNames.begin() + static_cast<ptrdiff_t>(count)));
  }
}

TEST(NameListTest, CountsPackedOctets) {
  EXPECT_EQ(MakeList({}).packed_octets(), 0u);
  EXPECT_EQ(MakeList({"."}).packed_octets(), 2u);
  EXPECT_EQ(MakeList({LongestText('a'), "."}).packed_octets(), 258u);
}

TEST(NameListTest, ShrinkEmptiesAListWithMoreRoomOnly) {
  NameList list = MakeList({LongestText('a')});
  list.ShrinkTo(1024);  // 256 octets are in use, less than 1024 are held
  EXPECT_THAT(Texts(list), ElementsAre(LongestText('a')));
  list.ShrinkTo(255);
  EXPECT_TRUE(list.empty());
  EXPECT_THAT(Texts(list), IsEmpty());
  list.Add(MakeName("a.example"));
  EXPECT_THAT(Texts(list), ElementsAre("a.example"));
}

TEST(NameListTest, ViewReadsWhatWasPacked) {
  const NameList list = MakeList({"a.example", "b.example"});
  const NameListView view = list;
  EXPECT_EQ(view.packed().size(), 2 * (1 + 11u));
  EXPECT_EQ(Texts(NameListView(view.packed(), 2)), Texts(list));
}

}  // namespace
}  // namespace dnswire
