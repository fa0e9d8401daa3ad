#include "scanner/engine/forward_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::kTypeA;
using dnswire::kTypeAaaa;
using io::kSecond;
using io::TimeNs;

using Addresses = std::vector<IpAddress>;

constexpr size_t kSmallest = 256 << 10;
constexpr ForwardAnswer kData = {.result = ForwardResult::kData};

dnswire::Name NameOf(const std::string& text) {
  const auto name = dnswire::Name::Parse(text);
  EXPECT_TRUE(name.has_value()) << text;
  return name.value_or(dnswire::Name());
}

// Ascending addresses of the family that `type` asks for.
Addresses AddressesOf(uint16_t type, size_t count, uint32_t first = 1) {
  Addresses addresses;
  for (size_t i = 0; i < count; ++i) {
    const auto value = static_cast<uint32_t>(first + i);
    addresses.push_back(type == kTypeA ? IpAddress::V4(value)
                                       : IpAddress::V6(absl::MakeUint128(
                                             0x20010db8ull << 32, value)));
  }
  return addresses;
}

TEST(ForwardCacheTest, FindsWhatWasKept) {
  ForwardCache cache(kSmallest);
  const ForwardAnswer failed = {.result = ForwardResult::kError,
                                .cause = io::Cause::kServfail,
                                .cname = true};
  cache.Insert({NameOf("mail.example.com"), kTypeA}, failed, {}, 100);
  Addresses found = AddressesOf(kTypeA, 3);
  const auto answer =
      cache.Find({NameOf("mail.example.com"), kTypeA}, 99, &found);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->result, ForwardResult::kError);
  EXPECT_EQ(answer->cause, io::Cause::kServfail);
  EXPECT_TRUE(answer->cname);
  EXPECT_TRUE(found.empty());
}

TEST(ForwardCacheTest, KeepsAnyNumberOfAddressesOfBothFamilies) {
  for (const uint16_t type : {kTypeA, kTypeAaaa}) {
    for (const size_t count : {0u, 1u, 50u, 4000u}) {
      ForwardCache cache(1 << 20);
      const Addresses expected = AddressesOf(type, count);
      cache.Insert({NameOf("a.example"), type}, kData, expected, kSecond);
      Addresses found;
      EXPECT_TRUE(cache.Find({NameOf("a.example"), type}, 0, &found));
      EXPECT_EQ(found, expected) << type << " " << count;
    }
  }
}

TEST(ForwardCacheTest, TellsQuestionsApart) {
  ForwardCache cache(kSmallest);
  cache.Insert({NameOf("a.example"), kTypeA}, kData, AddressesOf(kTypeA, 1), 9);
  Addresses found;
  EXPECT_FALSE(cache.Find({NameOf("a.example"), kTypeAaaa}, 0, &found));
  EXPECT_FALSE(cache.Find({NameOf("b.example"), kTypeA}, 0, &found));
  EXPECT_TRUE(cache.Find({NameOf("a.example"), kTypeA}, 0, &found));
}

TEST(ForwardCacheTest, AnAnswerLivesUntilItsExpiry) {
  ForwardCache cache(kSmallest);
  cache.Insert({NameOf("a.example"), kTypeA}, kData, {}, 1000);
  Addresses found;
  EXPECT_TRUE(cache.Find({NameOf("a.example"), kTypeA}, 999, &found));
  EXPECT_FALSE(cache.Find({NameOf("a.example"), kTypeA}, 1000, &found));
}

TEST(ForwardCacheTest, ANewerAnswerReplacesTheOlderOne) {
  ForwardCache cache(kSmallest);
  const dnswire::Name name = NameOf("a.example");
  cache.Insert({name, kTypeA}, kData, AddressesOf(kTypeA, 50), 10);
  cache.Insert({name, kTypeA}, kData, AddressesOf(kTypeA, 1, 77), 20);
  Addresses found;
  EXPECT_TRUE(cache.Find({name, kTypeA}, 15, &found));
  EXPECT_EQ(found, AddressesOf(kTypeA, 1, 77));
}

TEST(ForwardCacheTest, ALatePassForgetsOnlyWhatWasNotFinal) {
  ForwardCache cache(kSmallest);
  const ForwardAnswer open = {.result = ForwardResult::kError, .final = false};
  cache.Insert({NameOf("open.example"), kTypeA}, open, {}, kSecond);
  cache.Insert({NameOf("lame.example"), kTypeA}, {}, {}, kSecond);
  cache.Insert({NameOf("data.example"), kTypeA}, kData, {}, kSecond);
  Addresses found;
  EXPECT_TRUE(cache.Find({NameOf("open.example"), kTypeA}, 0, &found));
  cache.ForgetUnfinished();
  EXPECT_FALSE(cache.Find({NameOf("open.example"), kTypeA}, 0, &found));
  EXPECT_TRUE(cache.Find({NameOf("lame.example"), kTypeA}, 0, &found));
  EXPECT_TRUE(cache.Find({NameOf("data.example"), kTypeA}, 0, &found));
  cache.Insert({NameOf("open.example"), kTypeA}, open, {}, kSecond);
  EXPECT_TRUE(cache.Find({NameOf("open.example"), kTypeA}, 0, &found));
}

TEST(ForwardCacheTest, AnAnswerTooLargeForTheRingIsNotKept) {
  ForwardCache cache(kSmallest);
  // 16 octets each: more than a quarter of 256 KiB.
  cache.Insert({NameOf("a.example"), kTypeAaaa}, kData,
               AddressesOf(kTypeAaaa, 4100), kSecond);
  Addresses found;
  EXPECT_FALSE(cache.Find({NameOf("a.example"), kTypeAaaa}, 0, &found));
}

// What the cache is a bounded copy of.
struct Known {
  ForwardAnswer answer;
  Addresses addresses;
  TimeNs expiry = 0;
  int pass = 0;
};

class CacheAndOracle {
 public:
  CacheAndOracle() : cache_(kSmallest), random_(3) {}

  // Inserts or looks up one of `questions` questions at a time of `now`.
  void Step(uint32_t questions, TimeNs now) {
    const uint32_t number = Random(questions);
    const uint16_t type = number % 2 == 0 ? kTypeA : kTypeAaaa;
    const dnswire::Name name = NameOf(absl::StrCat("host", number, ".example"));
    if (Random(2) == 0) {
      Insert(name, type, now);
    } else {
      Find(name, type, now);
    }
    if (Random(5000) == 0) {
      cache_.ForgetUnfinished();
      ++pass_;
    }
  }

  size_t hits() const { return hits_; }
  size_t inserted_octets() const { return inserted_octets_; }

 private:
  uint32_t Random(uint32_t bound) {
    return static_cast<uint32_t>(random_() % bound);
  }

  void Insert(const dnswire::Name& name, uint16_t type, TimeNs now) {
    constexpr size_t kCounts[] = {0, 0, 1, 1, 1, 2, 3, 50, 4000};
    Known known;
    known.answer = {.result = ForwardResult::kData, .final = Random(8) > 0};
    known.addresses =
        AddressesOf(type, kCounts[Random(std::size(kCounts))], Random(1 << 30));
    known.expiry = now + Random(4000);
    known.pass = pass_;
    cache_.Insert({name, type}, known.answer, known.addresses, known.expiry);
    inserted_octets_ +=
        32 + name.size() + known.addresses.size() * (type == kTypeA ? 4 : 16);
    oracle_[{name.ToText(), type}] = known;
  }

  // The cache may have lost it, but what it tells must be right.
  void Find(const dnswire::Name& name, uint16_t type, TimeNs now) {
    Addresses found;
    const auto answer = cache_.Find({name, type}, now, &found);
    if (!answer) return;
    ++hits_;
    const Known& known = oracle_[{name.ToText(), type}];
    EXPECT_LT(now, known.expiry);
    EXPECT_TRUE(known.answer.final || known.pass == pass_);
    EXPECT_EQ(answer->final, known.answer.final);
    EXPECT_EQ(found, known.addresses);
  }

  ForwardCache cache_;
  std::mt19937 random_;
  int pass_ = 0;
  std::map<std::pair<std::string, uint16_t>, Known> oracle_;
  size_t hits_ = 0;
  size_t inserted_octets_ = 0;
};

TEST(ForwardCacheTest, AgreesWithAMapWhileTheRingTurnsHundredsOfTimes) {
  CacheAndOracle both;
  for (int step = 0; step < 60000; ++step) {
    both.Step(300, step);
    if (::testing::Test::HasFailure()) FAIL() << "at step " << step;
  }
  EXPECT_GT(both.inserted_octets(), 400 * kSmallest);
  EXPECT_GT(both.hits(), 1000u);
}

// The smallest entries there are, until the ring is full of them: buckets hold
// six of eight on average, and where more meet the oldest goes.
TEST(ForwardCacheTest, FindsNearlyAllAndTheNewestOfAFullRing) {
  ForwardCache cache(kSmallest);
  constexpr int kNames = 50000;
  for (int i = 0; i < kNames; ++i) {
    cache.Insert({NameOf(absl::StrCat(i)), kTypeA}, kData, {}, kSecond);
  }
  // 24 octets of header and a name of 7 octets: 32 a piece.
  const auto held = static_cast<int>(kSmallest / 32);
  Addresses found;
  int lost = 0;
  for (int i = 0; i < kNames; ++i) {
    const bool known =
        cache.Find({NameOf(absl::StrCat(i)), kTypeA}, 0, &found).has_value();
    const int age = kNames - i;
    if (age < held / 8) {
      EXPECT_TRUE(known) << i;
    } else if (age < held - 1) {
      lost += known ? 0 : 1;
    } else if (age > held + 1) {
      EXPECT_FALSE(known) << i;
    }
  }
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, held / 4);
}

// As usual entries are: a name of 24 octets, one address.
TEST(ForwardCacheTest, LosesHardlyAnyUsualEntryBeforeTheRingOverwritesIt) {
  ForwardCache cache(kSmallest);
  constexpr int kNames = 50000;
  const auto key = [](const dnswire::Name& name) {
    return ForwardKey(name, kTypeA);
  };
  const auto name = [](int i) {
    return NameOf(absl::StrCat("h", 100000 + i, ".pool.example"));
  };
  for (int i = 0; i < kNames; ++i) {
    cache.Insert(key(name(i)), kData, AddressesOf(kTypeA, 1), kSecond);
  }
  const auto held = static_cast<int>(kSmallest / 56);
  Addresses found;
  int lost = 0;
  for (int i = kNames - held + 1; i < kNames; ++i) {
    lost += cache.Find(key(name(i)), 0, &found) ? 0 : 1;
  }
  EXPECT_LT(lost, held / 50);
}

}  // namespace
}  // namespace scanner
