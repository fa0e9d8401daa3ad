#include "scanner/walk/nsec3_store.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/walk/nsec3_chain.h"

namespace scanner {
namespace {

using dnswire::Message;
using dnswire::Name;
using testing_support::Nsec3Chain;
using testing_support::Octets;
using testing_support::RecordTypes;
using Existence = Nsec3Store::Existence;
using Knowledge = Nsec3Store::Knowledge;
namespace rr = testing_support::rr;

constexpr char kApex[] = "8.b.d.0.1.0.0.2.ip6.arpa";
constexpr size_t kAmple = 1 << 20;

std::string Text(const Knowledge& knowledge) {
  switch (knowledge.existence) {
    case Existence::kUnknown:
      return "unknown";
    case Existence::kAbsent:
      return "absent";
    case Existence::kPresent:
      break;
  }
  const NameTypes& types = knowledge.types;
  return absl::StrCat("present", types.ptr ? " ptr" : "",
                      types.cname ? " cname" : "", types.dname ? " dname" : "",
                      types.ns ? " ns" : "", types.soa ? " soa" : "");
}

bool Learn(Nsec3Store* store, const Octets& octets,
           const std::string& apex = kApex) {
  return store->Learn(Message::Parse(octets), *Name::Parse(apex));
}

std::string Look(const Nsec3Store& store, const std::string& name) {
  return Text(store.Look(*Name::Parse(name)));
}

std::vector<size_t> AllOf(const Nsec3Chain& chain) {
  std::vector<size_t> numbers(chain.size());
  std::iota(numbers.begin(), numbers.end(), size_t{0});
  return numbers;
}

// Names that are and names that are not, each with what is to be known of it.
class World {
 public:
  World(uint64_t seed, size_t present, size_t absent)
      : random_(seed), chain_(kApex) {
    chain_.fields().iterations = static_cast<uint16_t>(random_() % 3);
    chain_.fields().salt.resize(random_() % 9);
    const std::vector<RecordTypes> kinds = {
        {rr::kPtr}, {rr::kCname}, {rr::kDname},
        {rr::kNs},  {},           {rr::kNs, rr::kSoa, rr::kDnskey}};
    const std::vector<std::string> texts = {"ptr", "cname", "dname",
                                            "ns",  "",      "ns soa"};
    for (size_t i = 0; i < present; ++i) {
      const size_t kind = random_() % kinds.size();
      const std::string name = absl::StrCat("p", i, ".", kApex);
      chain_.Add(name, kinds[kind]);
      truth_[name] = absl::StrCat("present", kind == 4 ? "" : " ", texts[kind]);
    }
    for (size_t i = 0; i < absent; ++i) {
      truth_[absl::StrCat("a", i, ".", kApex)] = "absent";
    }
  }

  const Nsec3Chain& chain() const { return chain_; }
  const std::map<std::string, std::string>& truth() const { return truth_; }
  std::mt19937_64& random() { return random_; }
  // Teaches records, `at_once` in a response, in the order given.
  void Teach(const std::vector<size_t>& numbers, size_t at_once,
             Nsec3Store* store) const {
    for (size_t i = 0; i < numbers.size(); i += at_once) {
      const size_t count = std::min(at_once, numbers.size() - i);
      ASSERT_TRUE(
          Learn(store, chain_.Response(std::span(numbers).subspan(i, count))));
    }
  }

 private:
  std::mt19937_64 random_;
  Nsec3Chain chain_;
  std::map<std::string, std::string> truth_;
};

TEST(Nsec3StoreTest, AllRecordsTellOfEveryName) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    World world(seed, 1 + seed % 40, 40);
    auto numbers = AllOf(world.chain());
    std::shuffle(numbers.begin(), numbers.end(), world.random());
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    world.Teach(numbers, 1 + seed % 4, &store);
    EXPECT_EQ(store.point_count(), world.chain().size());
    for (const auto& [name, known] : world.truth()) {
      ASSERT_EQ(Look(store, name), known) << name << " seed " << seed;
    }
  }
}

TEST(Nsec3StoreTest, SomeRecordsNeverTellWrong) {
  size_t known_count = 0;
  size_t unknown_count = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    World world(seed, 2 + seed % 30, 40);
    auto numbers = AllOf(world.chain());
    std::shuffle(numbers.begin(), numbers.end(), world.random());
    numbers.resize(1 + world.random()() % (numbers.size() - 1));
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    world.Teach(numbers, 2, &store);
    for (const auto& [name, known] : world.truth()) {
      const std::string told = Look(store, name);
      ++(told == "unknown" ? unknown_count : known_count);
      ASSERT_TRUE(told == "unknown" || told == known)
          << name << " " << told << " seed " << seed;
    }
  }
  EXPECT_GT(known_count, 3000u);
  EXPECT_GT(unknown_count, 3000u);
}

// Two versions of a zone: what both have is told rightly, or not at all.
TEST(Nsec3StoreTest, AChainThatChangesNeverTellsWrongOfWhatStays) {
  size_t known_count = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    World world(seed, 12, 40);
    Nsec3Chain grown = world.chain();
    for (int i = 0; i < 6; ++i) {
      grown.Add(absl::StrCat("new", i, ".", kApex), {rr::kPtr});
    }
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    for (int step = 0; step < 25; ++step) {
      const Nsec3Chain& from =
          world.random()() % 2 == 0 ? grown : world.chain();
      ASSERT_TRUE(
          Learn(&store, from.Response({world.random()() % from.size()})));
    }
    for (const auto& [name, known] : world.truth()) {
      const std::string told = Look(store, name);
      known_count += told != "unknown";
      ASSERT_TRUE(told == "unknown" || told == known) << name << " " << told;
    }
  }
  EXPECT_GT(known_count, 3000u);
}

class ThreeNames : public testing::Test {
 protected:
  ThreeNames() : chain_(kApex) {
    chain_.Add(kApex, {rr::kNs, rr::kSoa});
    chain_.Add(In("1"), {rr::kPtr});
    chain_.Add(In("2"), {});
  }
  static std::string In(const std::string& label) {
    return absl::StrCat(label, ".", kApex);
  }
  // A name whose hash lies between record `number` and the next.
  std::string Between(size_t number) const {
    for (int i = 0;; ++i) {
      std::string name = In(absl::StrCat("n", i));
      Nsec3Chain with = chain_;
      with.Add(name, {});
      // The first gap and the last are one.
      if (with.NumberOf(name) % chain_.size() == (number + 1) % chain_.size()) {
        return name;
      }
    }
  }

  Nsec3Chain chain_;
  Nsec3Room room_{kAmple};
  Nsec3Store store_{&room_};
};

TEST_F(ThreeNames, NothingIsKnownAtFirst) {
  EXPECT_EQ(Look(store_, In("1")), "unknown");
  EXPECT_TRUE(store_.is_usable());
}

TEST_F(ThreeNames, ARecordTellsOfItsOwnerAndItsGapOnly) {
  ASSERT_TRUE(Learn(&store_, chain_.Response({chain_.NumberOf(In("1"))})));
  EXPECT_EQ(Look(store_, In("1")), "present ptr");
  EXPECT_EQ(Look(store_, Between(chain_.NumberOf(In("1")))), "absent");
  EXPECT_EQ(Look(store_, In("2")), "unknown");
  EXPECT_EQ(Look(store_, kApex), "unknown");
}

TEST_F(ThreeNames, TheLastRecordsGapLeadsAroundToTheFirst) {
  ASSERT_TRUE(Learn(&store_, chain_.Response({2})));
  int before_the_first = 0;
  int behind_the_last = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string name = In(absl::StrCat("n", i));
    Nsec3Chain with = chain_;
    with.Add(name, {});
    const size_t number = with.NumberOf(name);
    before_the_first += number == 0;
    behind_the_last += number == 3;
    EXPECT_EQ(Look(store_, name), number % 3 == 0 ? "absent" : "unknown");
  }
  EXPECT_GT(before_the_first, 0);
  EXPECT_GT(behind_the_last, 0);
}

TEST_F(ThreeNames, TheOnlyNamesGapIsAllTheRest) {
  Nsec3Chain chain(kApex);
  chain.Add(kApex, {rr::kSoa, rr::kNs});
  ASSERT_TRUE(Learn(&store_, chain.Response({0})));
  EXPECT_EQ(Look(store_, kApex), "present ns soa");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Look(store_, In(absl::StrCat(i))), "absent");
  }
}

TEST_F(ThreeNames, LetterCaseMakesNoDifference) {
  ASSERT_TRUE(
      Learn(&store_, chain_.Response({0, 1, 2}), "8.B.D.0.1.0.0.2.IP6.Arpa"));
  EXPECT_EQ(Look(store_, "1.8.B.D.0.1.0.0.2.IP6.ARPA"), "present ptr");
}

TEST_F(ThreeNames, OtherZonesRecordsAreNotLearnt) {
  ASSERT_TRUE(Learn(&store_, chain_.Response({0, 1, 2}), "ip6.arpa"));
  EXPECT_EQ(store_.point_count(), 0u);
}

TEST_F(ThreeNames, RecordsOfAnotherSaltAreNotLearnt) {
  ASSERT_TRUE(Learn(&store_, chain_.Response({0})));
  for (const auto change : {0, 1}) {
    Nsec3Chain other(kApex);
    if (change == 0) other.fields().salt = {1};
    if (change == 1) other.fields().iterations = 1;
    other.Add(In("1"), {rr::kCname});
    ASSERT_TRUE(Learn(&store_, other.Response({0})));
    EXPECT_EQ(store_.point_count(), 2u);
  }
}

TEST_F(ThreeNames, ANewNameInAGapOpensIt) {
  const std::string added = Between(1);
  Nsec3Chain grown = chain_;
  grown.Add(added, {rr::kPtr});
  const Octets old_records = chain_.Response({0, 1, 2});
  const Octets new_record = grown.Response({grown.NumberOf(added)});
  for (const bool old_first : {true, false}) {
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    ASSERT_TRUE(Learn(&store, old_first ? old_records : new_record));
    ASSERT_TRUE(Learn(&store, old_first ? new_record : old_records));
    EXPECT_EQ(Look(store, added), "present ptr");
    int unknown = 0;
    for (int i = 0; i < 60; ++i) {
      const std::string name = In(absl::StrCat("n", i));
      Nsec3Chain with = grown;
      with.Add(name, {});
      const bool before_it = with.NumberOf(name) == grown.NumberOf(added);
      if (name == added || !before_it) continue;
      EXPECT_EQ(Look(store, name), "unknown") << old_first;
      ++unknown;
    }
    EXPECT_GT(unknown, 0);
  }
}

// What the chain must be for a zone to be walked by it, and when it shows.
TEST_F(ThreeNames, AChainThatTellsNothingOfNamesIsRefused) {
  struct Case {
    const char* label;
    uint8_t flags;
    uint16_t iterations;
    bool usable;
  };
  for (const Case& test :
       {Case{"plain", 0, 0, true}, Case{"opt-out", 1, 0, false},
        Case{"150 iterations", 0, 150, true},
        Case{"151 iterations", 0, 151, false}}) {
    Nsec3Chain chain(kApex);
    chain.fields().iterations = test.iterations;
    chain.fields().flags = test.flags;
    chain.Add(In("1"), {rr::kPtr});
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    EXPECT_EQ(Learn(&store, chain.Response({0})), test.usable) << test.label;
    EXPECT_EQ(store.is_usable(), test.usable) << test.label;
    EXPECT_EQ(Look(store, In("1")), test.usable ? "present ptr" : "unknown")
        << test.label;
  }
}

TEST_F(ThreeNames, OneRecordThatIsNotRealEndsIt) {
  ASSERT_TRUE(Learn(&store_, chain_.Response({0, 1, 2})));
  Nsec3Chain opting_out = chain_;
  opting_out.fields().flags = 1;
  EXPECT_FALSE(Learn(&store_, opting_out.Response({1})));
  EXPECT_EQ(Look(store_, In("1")), "unknown");
  EXPECT_FALSE(Learn(&store_, chain_.Response({0, 1, 2})));
  EXPECT_EQ(Look(store_, In("1")), "unknown");
  EXPECT_EQ(store_.point_count(), 0u);
}

TEST_F(ThreeNames, ARecordMadeForTheQuestionIsNotReal) {
  testing_support::Nsec3Fields fields;
  dnswire::NameHash hash = chain_.HashOf(In("1"));
  hash.back() = 7;
  fields.next = Octets(hash.begin(), hash.end());
  fields.next.back() = 9;
  testing_support::PacketBuilder builder;
  builder.Response().Aa().Rcode(3).Question(In("x"), rr::kPtr).Authority();
  builder.Record(absl::StrCat(Nsec3Chain::Base32(hash), ".", kApex), rr::kNsec3,
                 testing_support::Nsec3Rdata(fields));
  EXPECT_FALSE(Learn(&store_, builder.Build()));
}

TEST_F(ThreeNames, ResponsesWithoutRecordsSayNothing) {
  const Octets octets = testing_support::PacketBuilder()
                            .Response()
                            .Question(In("1"), rr::kPtr)
                            .Build();
  EXPECT_TRUE(Learn(&store_, octets));
  EXPECT_TRUE(store_.is_usable());
}

// A million would take a second; the tree is as full with these.
TEST(Nsec3StoreMemoryTest, StaysWithinItsBound) {
  constexpr size_t kOctets = size_t{2} << 20;
  Nsec3Room room{kOctets};
  Nsec3Store store(&room);
  std::mt19937_64 random(3);
  const Name apex = *Name::Parse(kApex);
  const size_t before = mallinfo2().uordblks;
  for (int round = 0; round < 2000; ++round) {
    testing_support::PacketBuilder builder;
    builder.Response().Aa().Rcode(3).Question(kApex, rr::kPtr).Authority();
    for (int i = 0; i < 50; ++i) {
      testing_support::Nsec3Fields fields;
      dnswire::NameHash hash;
      for (uint8_t& octet : hash) octet = static_cast<uint8_t>(random());
      fields.next = Octets(hash.begin(), hash.end());
      fields.next[12] = static_cast<uint8_t>(fields.next[12] + 1);
      builder.Record(testing_support::Compressed(Nsec3Chain::Base32(hash), 12),
                     rr::kNsec3, testing_support::Nsec3Rdata(fields));
    }
    ASSERT_TRUE(store.Learn(Message::Parse(builder.Build()), apex));
  }
  EXPECT_LE(mallinfo2().uordblks - before, kOctets);
  EXPECT_EQ(store.point_count(), kOctets / 32);  // and has made use of it
}

TEST(Nsec3StoreMemoryTest, WhatIsKnownStaysWhenItIsFull) {
  World world(5, 20, 40);
  Nsec3Room room{size_t{32} * 10};
  Nsec3Store store(&room);
  world.Teach(AllOf(world.chain()), 1, &store);
  // One at a time they end with a record that might have needed two points.
  EXPECT_EQ(store.point_count(), 9u);
  EXPECT_TRUE(store.is_usable());
  size_t present = 0;
  for (const auto& [name, known] : world.truth()) {
    const std::string told = Look(store, name);
    ASSERT_TRUE(told == "unknown" || told == known) << name;
    present += told != "unknown" && told != "absent";
  }
  EXPECT_EQ(present, 8u);  // the ninth is the last one's next
}

TEST(Nsec3StoreMemoryTest, StoresShareTheirRoomAndGiveItBack) {
  World world(5, 20, 0);
  Nsec3Room room{size_t{32} * 30};
  Nsec3Store one(&room);
  world.Teach(AllOf(world.chain()), 1, &one);
  EXPECT_EQ(one.point_count(), 20u);
  EXPECT_EQ(room.octets, 32u * 10);
  {
    Nsec3Store two(&room);
    world.Teach(AllOf(world.chain()), 1, &two);
    EXPECT_EQ(two.point_count(), 9u);
    EXPECT_EQ(room.octets, 32u);
  }
  EXPECT_EQ(room.octets, 32u * 10);
  Nsec3Chain opting_out = world.chain();
  opting_out.fields().flags = 1;
  EXPECT_FALSE(Learn(&one, opting_out.Response({0})));
  EXPECT_EQ(room.octets, 32u * 30);
}

// A name that is absent, below a parent with a wildcard of these types.
TEST(Nsec3StoreTest, WhatAWildcardMayAnswerForIsUnknown) {
  struct Case {
    const char* label;
    std::optional<RecordTypes> wildcard;  // none: there is no such name
    const char* expected;
  };
  for (const Case& test : {Case{"none", std::nullopt, "absent"},
                           Case{"ptr", RecordTypes{rr::kPtr}, "unknown"},
                           Case{"cname", RecordTypes{rr::kCname}, "unknown"},
                           Case{"dname", RecordTypes{rr::kDname}, "unknown"},
                           Case{"ns", RecordTypes{rr::kNs}, "unknown"},
                           Case{"text only", RecordTypes{rr::kTxt}, "absent"},
                           Case{"empty", RecordTypes{}, "absent"}}) {
    const auto in = [](const std::string& label) {
      return absl::StrCat(label, ".1.", kApex);
    };
    Nsec3Chain chain(kApex);
    chain.Add(kApex, {rr::kNs, rr::kSoa});
    chain.Add(absl::StrCat("1.", kApex), {});
    chain.Add(in("1"), {rr::kPtr});
    if (test.wildcard) chain.Add(in("*"), *test.wildcard);
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    ASSERT_TRUE(Learn(&store, chain.Response(AllOf(chain))));
    for (const char* absent : {"0", "2", "f"}) {
      EXPECT_EQ(Look(store, in(absent)), "absent") << test.label;
      EXPECT_EQ(Text(store.LookWithWildcard(*Name::Parse(in(absent)))),
                test.expected)
          << test.label;
    }
    EXPECT_EQ(Text(store.LookWithWildcard(*Name::Parse(in("1")))),
              "present ptr");
  }
}

// While it is not known whether there is a wildcard, there may be one.
TEST(Nsec3StoreTest, WithoutWordOfTheWildcardAnAbsentNameIsUnknown) {
  size_t absent_count = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    World world(seed, 10, 20);
    auto numbers = AllOf(world.chain());
    std::shuffle(numbers.begin(), numbers.end(), world.random());
    numbers.resize(5);
    Nsec3Room room{kAmple};
    Nsec3Store store(&room);
    world.Teach(numbers, 2, &store);
    const std::string wildcard = Look(store, absl::StrCat("*.", kApex));
    ASSERT_NE(wildcard, "present");
    for (const auto& [name, known] : world.truth()) {
      const std::string itself = Look(store, name);
      const std::string told = Text(store.LookWithWildcard(*Name::Parse(name)));
      const bool may_match = itself == "absent" && wildcard == "unknown";
      ASSERT_EQ(told, may_match ? "unknown" : itself);
      absent_count += told == "absent";
    }
  }
  EXPECT_GT(absent_count, 200u);
}

}  // namespace
}  // namespace scanner
