#include "scanner/upstream/canary_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Tier = CanaryNames::Tier;

IpAddress Address(uint32_t i) { return IpAddress::V4(0xc6336400u + i); }
Name NameOf(uint32_t i) { return *Name::Parse(absl::StrCat("h", i, ".test")); }

void LearnSixteen(CanaryNames* names) {
  for (uint32_t i = 0; i < 16; ++i) names->Learn(Address(i), NameOf(i));
}

// As "address name" in the order of the slots.
std::vector<std::string> Listed(const CanaryNames& names, Tier tier) {
  std::vector<std::string> listed;
  for (size_t slot = 0; slot < CanaryNames::kSlots; ++slot) {
    const auto& [id, ptr] = names.at(slot);
    if (id == 0 || CanaryNames::TierOf(slot) != tier) continue;
    listed.push_back(
        absl::StrCat(tier == Tier::kApex ? "" : ptr.address.ToString() + " ",
                     ptr.name.ToText()));
  }
  return listed;
}

uint64_t IdOf(const CanaryNames& names, const IpAddress& address) {
  for (size_t slot = 0; slot < CanaryNames::kSlots; ++slot) {
    const auto& [id, ptr] = names.at(slot);
    if (id != 0 && ptr.address == address) return id;
  }
  return 0;
}

TEST(CanaryNamesTest, KeepsEachKindInATierOfItsOwn) {
  CanaryNames names;
  EXPECT_FALSE(names.has_configured());
  names.LearnApex(*Name::Parse("100.51.198.in-addr.arpa"));
  names.Learn(Address(1), NameOf(1));
  EXPECT_FALSE(names.has_configured());
  EXPECT_TRUE(names.Configure(Address(2), NameOf(2)));
  EXPECT_TRUE(names.has_configured());
  EXPECT_THAT(Listed(names, Tier::kConfigured),
              ElementsAre("198.51.100.2 h2.test"));
  EXPECT_THAT(Listed(names, Tier::kPtr), ElementsAre("198.51.100.1 h1.test"));
  EXPECT_THAT(Listed(names, Tier::kApex),
              ElementsAre("100.51.198.in-addr.arpa"));
}

TEST(CanaryNamesTest, RefusesTheSeventeenthConfiguredName) {
  CanaryNames names;
  for (uint32_t i = 0; i < 16; ++i) {
    EXPECT_TRUE(names.Configure(Address(i), NameOf(i)));
  }
  EXPECT_FALSE(names.Configure(Address(16), NameOf(16)));
  EXPECT_THAT(Listed(names, Tier::kConfigured), SizeIs(16));
}

TEST(CanaryNamesTest, LearnsTheFirstSixteenAtOnce) {
  CanaryNames names;
  LearnSixteen(&names);
  EXPECT_THAT(Listed(names, Tier::kPtr), SizeIs(16));
}

TEST(CanaryNamesTest, ThenOneInSixtyFiveThousandReplacesTheOldest) {
  CanaryNames names;
  LearnSixteen(&names);
  for (uint32_t i = 16; i < 15 + CanaryNames::kLearnEvery; ++i) {
    names.Learn(Address(i), NameOf(i));
  }
  EXPECT_THAT(Listed(names, Tier::kPtr),
              AllOf(SizeIs(16), Contains("198.51.100.0 h0.test"),
                    Contains("198.51.100.15 h15.test")));
  names.Learn(IpAddress::V4(7), NameOf(7));
  EXPECT_THAT(
      Listed(names, Tier::kPtr),
      AllOf(SizeIs(16), Not(Contains("198.51.100.0 h0.test")),
            Contains("198.51.100.1 h1.test"), Contains("0.0.0.7 h7.test")));
}

TEST(CanaryNamesTest, AMillionAnswersBringAtMostSixteenNewNames) {
  CanaryNames names;
  LearnSixteen(&names);
  const uint64_t before = names.next_id();
  for (uint32_t i = 0; i < 1000000; ++i) names.Learn(Address(i), NameOf(7));
  EXPECT_LE(names.next_id() - before, 16u);
  EXPECT_GE(names.next_id() - before, 15u);
}

TEST(CanaryNamesTest, NeverHoldsAnAddressTwice) {
  CanaryNames names;
  for (uint32_t i = 0; i < 100; ++i) names.Learn(Address(1), NameOf(i));
  EXPECT_THAT(Listed(names, Tier::kPtr), ElementsAre("198.51.100.1 h0.test"));
}

TEST(CanaryNamesTest, NeverHoldsAnApexTwiceWhateverItsCase) {
  CanaryNames names;
  for (const char* text : {"a.test", "A.TEST", "a.tesT", "b.test"}) {
    names.LearnApex(*Name::Parse(text));
  }
  EXPECT_THAT(Listed(names, Tier::kApex), ElementsAre("a.test", "b.test"));
}

// A run whose negatives all come from one zone calls for a comparison with all
// that is known in few of its calls only.
TEST(CanaryNamesTest, PausesAfterANameThatItKnows) {
  CanaryNames names;
  for (int i = 0; i < 16000; ++i) names.LearnApex(NameOf(1));
  uint32_t calls = 1;
  while (names.LearnApex(NameOf(2)), Listed(names, Tier::kApex).size() < 2) {
    ++calls;
  }
  EXPECT_LE(calls, 1000u);  // a sixteenth
  EXPECT_GE(calls, 10u);    // 16,000 is not just the end of a pause
  names.LearnApex(NameOf(3));
  EXPECT_THAT(Listed(names, Tier::kApex), SizeIs(3));
}

TEST(CanaryNamesTest, APauseIsNeverLongerThanTheStepOfAFullTier) {
  CanaryNames names;
  for (int i = 0; i < 4000000; ++i) names.LearnApex(NameOf(1));
  for (uint64_t i = 0; i < CanaryNames::kLearnEvery; ++i) {
    names.LearnApex(NameOf(2));
  }
  EXPECT_THAT(Listed(names, Tier::kApex), ElementsAre("h1.test", "h2.test"));
}

TEST(CanaryNamesTest, ADroppedNameCanBeLearntAgain) {
  CanaryNames names;
  names.Learn(Address(1), NameOf(1));
  names.Drop(IdOf(names, Address(1)));
  names.Learn(Address(1), NameOf(1));
  EXPECT_THAT(Listed(names, Tier::kPtr), ElementsAre("198.51.100.1 h1.test"));
}

TEST(CanaryNamesTest, ADroppedNameMakesRoomForTheVeryNextOne) {
  CanaryNames names;
  LearnSixteen(&names);
  names.Drop(IdOf(names, Address(5)));
  EXPECT_THAT(Listed(names, Tier::kPtr),
              AllOf(SizeIs(15), Not(Contains("198.51.100.5 h5.test"))));
  names.Learn(Address(99), NameOf(99));
  EXPECT_THAT(Listed(names, Tier::kPtr),
              AllOf(SizeIs(16), Contains("198.51.100.99 h99.test")));
}

TEST(CanaryNamesTest, ADroppedApexMakesRoomToo) {
  CanaryNames names;
  for (uint32_t i = 0; i < 16; ++i) names.LearnApex(NameOf(i));
  names.Drop(names.next_id() - 1);
  names.LearnApex(NameOf(20));
  EXPECT_THAT(
      Listed(names, Tier::kApex),
      AllOf(SizeIs(16), Not(Contains("h15.test")), Contains("h20.test")));
}

TEST(CanaryNamesTest, DropsNeitherConfiguredNorUnknownNames) {
  CanaryNames names;
  names.Configure(Address(1), NameOf(1));
  names.Learn(Address(2), NameOf(2));
  names.Drop(IdOf(names, Address(1)));
  names.Drop(names.next_id());
  EXPECT_TRUE(names.has_configured());
  EXPECT_THAT(Listed(names, Tier::kPtr), SizeIs(1));
}

TEST(CanaryNamesTest, NeverUsesAnIdAgain) {
  CanaryNames names;
  std::set<uint64_t> ids;
  names.Configure(Address(0), NameOf(0));
  ids.insert(IdOf(names, Address(0)));
  for (uint32_t i = 1; i <= 40; ++i) {
    names.Learn(Address(i), NameOf(i));
    const uint64_t id = IdOf(names, Address(i));
    EXPECT_GT(id, *ids.rbegin());
    EXPECT_LT(id, names.next_id());
    ids.insert(id);
    names.Drop(id);
  }
  EXPECT_THAT(ids, SizeIs(41));
  EXPECT_THAT(Listed(names, Tier::kPtr), IsEmpty());
}

}  // namespace
}  // namespace scanner
