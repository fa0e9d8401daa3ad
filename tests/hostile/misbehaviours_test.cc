// The table of misbehaviours itself, and the fates of ordinary addresses.
#include "tests/support/misbehaviours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/ordinary_answers.h"
#include "tests/support/scripted_replies.h"

namespace testing_support {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

// As the server reads it.
Asked PtrQuestion(const std::string& name) {
  return {.name = name,
          .name_as_asked = name,
          .type = rr::kPtr,
          .nth = 1,
          .query = PacketBuilder().Id(7).Rd().Question(name, rr::kPtr).Build()};
}

TEST(MisbehavioursTest, EveryClassHasANameOfItsOwnAndAnAddress) {
  std::set<std::string> names;
  const auto classes = AllMisbehaviours();
  for (const Misbehaviour& each : classes) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_NE(each.what, "");
    EXPECT_NE(each.row.counter, "") << each.name;
  }
  EXPECT_THAT(classes.size(), AllOf(Ge(130u), Le(2 * 254u)));
}

TEST(MisbehavioursTest, AGroupIsOneServerAndOneSetOfOptions) {
  std::map<std::string, std::tuple<Needs, bool>> groups;
  for (const Misbehaviour& each : AllMisbehaviours()) {
    const std::tuple<Needs, bool> ways = {each.needs, each.tcp};
    EXPECT_EQ(groups.emplace(each.group, ways).first->second, ways)
        << each.name;
  }
}

TEST(MisbehavioursTest, ListHasALineForEachClass) {
  const auto classes = AllMisbehaviours();
  const std::string list = FormatMisbehaviours(classes);
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'),
            static_cast<long>(classes.size()));
  EXPECT_THAT(list, HasSubstr("192.0.2.2    silent "));
}

TEST(MisbehavioursTest, QuestionsGoToTheirClassAndOthersAreDenied) {
  const Script script = MisbehaviourScript(AllMisbehaviours());
  EXPECT_EQ(script(PtrQuestion("1.2.0.192.in-addr.arpa")).size(), 1u);
  EXPECT_EQ(script(PtrQuestion("2.2.0.192.in-addr.arpa")).size(), 0u);
  EXPECT_EQ(script(PtrQuestion("x.c002.example.net")).size(), 0u);
  const Replies denied = script(PtrQuestion("0a1b.in-addr.arpa"));
  ASSERT_EQ(denied.size(), 1u);
  EXPECT_EQ(denied[0].octets[3] & 0xf, rcode::kNxdomain);
}

TEST(OrdinaryAnswersTest, FatesHaveTheirSharesAndHangOnTheSeed) {
  std::array<int, 4> counts{};
  int changed = 0;
  for (uint32_t i = 0; i < 100000; ++i) {
    const Fate fate = FateOf(0x0a000000 + i, 1);
    ++counts[static_cast<size_t>(fate)];
    if (FateOf(0x0a000000 + i, 2) != fate) ++changed;
  }
  EXPECT_NEAR(counts[0], 80000, 500);
  EXPECT_NEAR(counts[1], 10000, 500);
  EXPECT_NEAR(counts[2], 5000, 500);
  EXPECT_NEAR(counts[3], 5000, 500);
  EXPECT_GT(changed, 20000);
}

TEST(OrdinaryAnswersTest, ReadsAddressesOutOfQuestions) {
  const auto address = [](const std::string& name, uint16_t type) {
    const Octets query = PacketBuilder().Question(name, type).Build();
    const QuestionText question = ReadQuestion(query);
    const auto reverse = AddressInReverse(question);
    return reverse ? reverse : AddressInHost(question);
  };
  EXPECT_EQ(address("3.2.1.10.in-addr.arpa", rr::kPtr), 0x0a010203u);
  EXPECT_EQ(address("3.2.1.10.IN-ADDR.arpa", rr::kPtr), 0x0a010203u);
  EXPECT_EQ(address("h-10-1-2-3.example.com", rr::kA), 0x0a010203u);
  EXPECT_EQ(address("3.2.1.11.in-addr.arpa", rr::kPtr), std::nullopt);
  EXPECT_EQ(address("2.1.10.in-addr.arpa", rr::kPtr), std::nullopt);
  EXPECT_EQ(address("300.2.1.10.in-addr.arpa", rr::kPtr), std::nullopt);
  EXPECT_EQ(address("h-10-1-2.example.com", rr::kA), std::nullopt);
  EXPECT_EQ(address("h-10-1-2-3-4.example.com", rr::kA), std::nullopt);
  EXPECT_EQ(address("h-10-1-2-3.example.com", rr::kPtr), std::nullopt);
}

}  // namespace
}  // namespace testing_support
