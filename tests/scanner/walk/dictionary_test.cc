#include "scanner/walk/dictionary.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using Strings = std::vector<std::string>;

constexpr uint32_t kAmple = 1000000;

IpAddress Ip(const std::string& text) { return *IpAddress::Parse(text); }

NibbleNode Node(const std::string& prefix) {
  return NibbleNode::Of(*IpPrefix::Parse(prefix));
}

Strings Texts(const std::vector<IpAddress>& addresses) {
  Strings texts;
  texts.reserve(addresses.size());
  for (const IpAddress& address : addresses) {
    texts.push_back(address.ToString());
  }
  return texts;
}

// In the spelling of ToString().
std::set<std::string> Set(const Strings& texts) {
  std::set<std::string> set;
  for (const std::string& text : texts) set.insert(Ip(text).ToString());
  return set;
}

// The host parts of the dictionary, as they are read.
Strings Iids() {
  Strings iids = {"25", "53", "80", "110", "143", "443", "465", "587", "993"};
  for (int i = 1; i <= 0x20; ++i) iids.push_back(absl::StrFormat("%x", i));
  return iids;
}

// Those of the subnets "2001:db8:a:S::".
Strings OfSubnets(const Strings& subnets) {
  Strings texts;
  for (const std::string& subnet : subnets) {
    for (const std::string& iid : Iids()) {
      texts.push_back(absl::StrCat("2001:db8:a:", subnet, "::", iid));
    }
  }
  return texts;
}

Strings Subnets(int first, int last, int step = 1) {
  Strings subnets;
  for (int i = first; i <= last; i += step) {
    subnets.push_back(absl::StrFormat("%x", i));
  }
  return subnets;
}

Strings Sum(Strings a, const Strings& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

BrokenDictionary Dictionary(const std::string& start, const Strings& hosts = {},
                            uint32_t budget = kAmple) {
  std::vector<IpAddress> addresses;
  for (const std::string& host : hosts) addresses.push_back(Ip(host));
  return BrokenDictionary(Node(start), addresses, budget);
}

// The next `count`, or all that there are.
Strings Take(BrokenDictionary* dictionary, size_t count = kAmple) {
  Strings texts;
  while (texts.size() < count) {
    const auto address = dictionary->Next();
    if (!address) break;
    texts.push_back(address->ToString());
  }
  return texts;
}

// Takes all; they are `expected`, each once.
void ExpectAll(BrokenDictionary* dictionary, const Strings& expected) {
  const Strings taken = Take(dictionary);
  EXPECT_EQ(taken.size(), Set(taken).size());
  EXPECT_EQ(Set(taken), Set(expected));
}

TEST(CanaryAddressesTest, AreThoseOfTheFirstSubnets) {
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8:a::/48"))),
            (Strings{"2001:db8:a::1",    "2001:db8:a::2",    "2001:db8:a::3",
                     "2001:db8:a::53",   "2001:db8:a::80",   "2001:db8:a:1::1",
                     "2001:db8:a:1::2",  "2001:db8:a:1::3",  "2001:db8:a:1::53",
                     "2001:db8:a:1::80", "2001:db8:a:2::1",  "2001:db8:a:2::2",
                     "2001:db8:a:2::3",  "2001:db8:a:2::53", "2001:db8:a:2::80",
                     "2001:db8:a:3::1",  "2001:db8:a:3::2",  "2001:db8:a:3::3",
                     "2001:db8:a:3::53", "2001:db8:a:3::80"}));
}

TEST(CanaryAddressesTest, SubnetsAreTheLastBitsBeforeTheHost) {
  EXPECT_EQ(Texts(CanaryAddresses(Node("2000::/4")))[19], "2000:0:0:3::80");
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8::/32")))[5],
            "2001:db8:0:1::1");
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8:a:50::/60")))[19],
            "2001:db8:a:53::80");
}

TEST(CanaryAddressesTest, ASubnetAndLongerHasItsOwn) {
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8:a:5::/64"))),
            (Strings{"2001:db8:a:5::1", "2001:db8:a:5::2", "2001:db8:a:5::3",
                     "2001:db8:a:5::53", "2001:db8:a:5::80"}));
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8::7:0:0/96"))),
            (Strings{"2001:db8::7:0:1", "2001:db8::7:0:2", "2001:db8::7:0:3",
                     "2001:db8::7:0:53", "2001:db8::7:0:80"}));
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8::70/124"))),
            (Strings{"2001:db8::71", "2001:db8::72", "2001:db8::73"}));
  EXPECT_EQ(Texts(CanaryAddresses(Node("2001:db8::7/128"))), Strings{});
}

TEST(BrokenDictionaryTest, GivesTheSubnetsThereAre) {
  BrokenDictionary of_48 = Dictionary("2001:db8:a::/48");
  const Strings all = Sum(Sum(Subnets(0, 0xff), Subnets(0x100, 0xf00, 0x100)),
                          Subnets(0x1000, 0xf000, 0x1000));
  ASSERT_EQ(all.size(), 286u);
  ExpectAll(&of_48, OfSubnets(all));
  EXPECT_EQ(of_48.given(), 286u * 41);

  BrokenDictionary of_52 = Dictionary("2001:db8:a::/52");
  ExpectAll(&of_52,
            OfSubnets(Sum(Subnets(0, 0xff), Subnets(0x100, 0xf00, 0x100))));
  BrokenDictionary of_56 = Dictionary("2001:db8:a::/56");
  ExpectAll(&of_56, OfSubnets(Subnets(0, 0xff)));
  BrokenDictionary of_60 = Dictionary("2001:db8:a:50::/60");
  ExpectAll(&of_60, OfSubnets(Subnets(0x50, 0x5f)));
  BrokenDictionary of_64 = Dictionary("2001:db8:a:5::/64");
  ExpectAll(&of_64, OfSubnets({"5"}));
}

TEST(BrokenDictionaryTest, AShortStartHasTheSameSubnetsAtItsEnd) {
  BrokenDictionary of_32 = Dictionary("2001:db8::/32");
  const Strings taken = Take(&of_32);
  EXPECT_EQ(taken.size(), 286u * 41);
  EXPECT_EQ(taken.front(), "2001:db8::1");
  EXPECT_EQ(taken.back(), "2001:db8:0:f000::993");
}

TEST(BrokenDictionaryTest, AStartBeyondASubnetHasTheHostsThatFit) {
  Strings in_96;
  for (const std::string& iid : Iids()) {
    in_96.push_back(absl::StrCat("2001:db8:0:0:0:7:0:", iid));
  }
  BrokenDictionary of_96 = Dictionary("2001:db8::7:0:0/96");
  ExpectAll(&of_96, in_96);
  BrokenDictionary of_120 = Dictionary("2001:db8::700/120");
  EXPECT_EQ(Take(&of_120).size(), 32u + 3);  // and 25, 53, 80
  BrokenDictionary of_124 = Dictionary("2001:db8::70/124");
  EXPECT_EQ(Take(&of_124).size(), 15u);
  BrokenDictionary of_128 = Dictionary("2001:db8::7/128");
  EXPECT_EQ(Take(&of_128), Strings{});
}

TEST(BrokenDictionaryTest, KnownHostsSubnetsComeFirst) {
  BrokenDictionary dictionary = Dictionary(
      "2001:db8:a::/48",
      {"2001:db8:a:4321::7777", "2001:db8:a:3::1", "2001:db8:a:4321::2"});
  Strings first = Take(&dictionary, 40 + 40);
  EXPECT_EQ(Set(Strings(first.begin(), first.begin() + 40)), [] {
    auto set = Set(OfSubnets({"3"}));
    set.erase("2001:db8:a:3::1");
    return set;
  }());
  EXPECT_EQ(first[40], "2001:db8:a:4321::1");
  EXPECT_EQ(first[41], "2001:db8:a:4321::3");
  EXPECT_EQ(Take(&dictionary, 1)[0], "2001:db8:a::1");
  EXPECT_EQ(dictionary.given() + Take(&dictionary).size(), 287u * 41 - 2);
}

TEST(BrokenDictionaryTest, HostsElsewhereAreLeftOut) {
  BrokenDictionary dictionary =
      Dictionary("2001:db8:a:5::/64", {"2001:db8:a:6::1", "2001:db8:b::1"});
  ExpectAll(&dictionary, OfSubnets({"5"}));
  dictionary.OnHit(Ip("2001:db8:a:6::1"));
  EXPECT_EQ(Take(&dictionary), Strings{});
}

TEST(BrokenDictionaryTest, AHitOpensItsLastOctetAndItsNeighbours) {
  BrokenDictionary dictionary =
      Dictionary("2001:db8:a::/48", {"2001:db8:a:4321::ab:1234"});
  Take(&dictionary);
  dictionary.OnHit(Ip("2001:db8:a:4321::ab:1234"));
  Strings expected =
      OfSubnets(Sum(Subnets(0x4319, 0x4320), Subnets(0x4322, 0x4329)));
  for (int i = 0; i < 256; ++i) {
    if (i == 0x34) continue;
    expected.push_back(absl::StrFormat("2001:db8:a:4321::ab:12%02x", i));
  }
  ExpectAll(&dictionary, expected);
  dictionary.OnHit(Ip("2001:db8:a:4321::ab:1234"));
  dictionary.OnHit(Ip("2001:db8:a:4321::ab:1235"));
  EXPECT_EQ(Take(&dictionary), Strings{});
}

TEST(BrokenDictionaryTest, AHitOpensNoMoreThanTheStart) {
  BrokenDictionary of_124 = Dictionary("2001:db8::70/124");
  EXPECT_EQ(Take(&of_124).size(), 15u);
  of_124.OnHit(Ip("2001:db8::71"));
  EXPECT_EQ(Take(&of_124), Strings{"2001:db8::70"});
  BrokenDictionary of_96 = Dictionary("2001:db8::7:0:0/96");
  Take(&of_96);
  of_96.OnHit(Ip("2001:db8::7:0:1"));
  EXPECT_EQ(Take(&of_96).size(), 256u - 32 - 3);
}

TEST(BrokenDictionaryTest, AHitsAddressesComeBeforeWhatWaits) {
  BrokenDictionary dictionary = Dictionary("2001:db8:a::/48");
  ASSERT_EQ(Take(&dictionary, 3).back(), "2001:db8:a::3");
  dictionary.OnHit(Ip("2001:db8:a:4321::1234"));  // a known one
  EXPECT_EQ(Take(&dictionary, 38).back(), "2001:db8:a::993");
  EXPECT_EQ(Take(&dictionary, 255).front(), "2001:db8:a:4321::1200");
  EXPECT_EQ(Take(&dictionary, 41).front(), "2001:db8:a:4321::1");
  EXPECT_EQ(Take(&dictionary, 41).front(), "2001:db8:a:4320::1");
  EXPECT_EQ(Take(&dictionary, 41).front(), "2001:db8:a:4322::1");
  Take(&dictionary, size_t{13} * 41);
  EXPECT_EQ(Take(&dictionary, 41).front(), "2001:db8:a:4329::1");
  EXPECT_EQ(Take(&dictionary, 41).front(), "2001:db8:a:1::1");
}

TEST(BrokenDictionaryTest, NeighboursEndWithTheStart) {
  const std::string start = "2001:db8:a:4000::/52";
  for (const auto& [hit, first, last] :
       std::vector<std::tuple<std::string, int, int>>{
           {"2001:db8:a:4fff::9999", 0x4ff7, 0x4fff},
           {"2001:db8:a:4ffd::9999", 0x4ff5, 0x4fff},
           {"2001:db8:a:4ff7::9999", 0x4fef, 0x4fff},
           {"2001:db8:a:4ff6::9999", 0x4fee, 0x4ffe}}) {
    BrokenDictionary dictionary = Dictionary(start);
    Take(&dictionary);
    dictionary.OnHit(Ip(hit));
    std::set<std::string> octet;
    std::set<std::string> others;
    for (const std::string& text : Take(&dictionary)) {
      const bool of_octet = (Ip(text).value() >> 8) == (Ip(hit).value() >> 8);
      (of_octet ? octet : others).insert(text);
    }
    EXPECT_EQ(octet.size(), 255u);
    EXPECT_EQ(others, Set(OfSubnets(Subnets(first, last)))) << hit;
  }
  // The same before its first one.
  BrokenDictionary dictionary = Dictionary(start);
  for (const std::string subnet : {"4000", "4003"}) {
    dictionary.OnHit(Ip(absl::StrCat("2001:db8:a:", subnet, "::1")));
  }
  for (const std::string& text : Take(&dictionary)) {
    ASSERT_TRUE(Node(start).prefix().Contains(Ip(text))) << text;
  }
}

TEST(BrokenDictionaryTest, TheBudgetIsNotExceeded) {
  BrokenDictionary dictionary = Dictionary("2001:db8:a::/48", {}, 100);
  EXPECT_FALSE(dictionary.is_spent());
  EXPECT_EQ(Take(&dictionary).size(), 100u);
  EXPECT_TRUE(dictionary.is_spent());
  dictionary.OnHit(Ip("2001:db8:a::1"));
  EXPECT_EQ(dictionary.Next(), std::nullopt);
  BrokenDictionary none = Dictionary("2001:db8:a::/48", {}, 0);
  EXPECT_EQ(none.Next(), std::nullopt);
}

// 1,000 hits would open 18,000 parts.
TEST(BrokenDictionaryTest, WhatIsOpenIsBoundedByTheBudget) {
  std::mt19937_64 random(5);
  const size_t before = mallinfo2().uordblks;
  BrokenDictionary dictionary = Dictionary("2001:db8::/32", {}, 1000);
  for (int i = 0; i < 1000; ++i) {
    dictionary.OnHit(IpAddress::V6(absl::MakeUint128(
        0x20010db8'00000000u | random() % 0xffffffff, random())));
  }
  EXPECT_LE(mallinfo2().uordblks - before, (140u + 50u) * 1000);
  EXPECT_EQ(Take(&dictionary).size(), 1000u);
}

// Whatever the order of hits: each once, in the start, none that was known, and
// in the end all that a hit opens.
TEST(BrokenDictionaryTest, RandomHitsGiveEachAddressOnce) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 60; ++round) {
    const NibbleNode start = NibbleNode::Of(IpPrefix::Covering(
        Ip("2001:db8:a:4321:8765::1"), 44 + 4 * (round % 22)));
    std::vector<IpAddress> hosts;
    for (uint64_t i = 0; i < random() % 6; ++i) {
      const absl::uint128 host =
          absl::MakeUint128(random() % 32, random() % 999);
      hosts.push_back(IpAddress::V6(start.first.value() | host));
    }
    BrokenDictionary dictionary(start, hosts, kAmple);
    std::set<IpAddress> seen;
    std::set<IpAddress> hits;
    const auto hit = [&](const IpAddress& address) {
      if (!start.prefix().Contains(address)) return;
      dictionary.OnHit(address);
      hits.insert(address);
    };
    for (const IpAddress& host : hosts) {
      if (random() % 2 == 0) hit(host);
    }
    std::vector<IpAddress> in_flight;
    while (const auto address = dictionary.Next()) {
      ASSERT_TRUE(seen.insert(*address).second) << address->ToString();
      ASSERT_TRUE(start.prefix().Contains(*address));
      ASSERT_EQ(std::count(hosts.begin(), hosts.end(), *address), 0);
      if (hits.size() < 12 && random() % 40 == 0) in_flight.push_back(*address);
      if (!in_flight.empty() && random() % 30 == 0) {
        hit(in_flight.back());
        in_flight.pop_back();
      }
    }
    for (const IpAddress& address : hits) {
      for (unsigned i = 0; i < 256; ++i) {
        const absl::uint128 low = absl::uint128{255};
        const auto near =
            address.WithValue((address.value() & ~low) | absl::uint128{i});
        if (!start.prefix().Contains(near)) continue;
        ASSERT_TRUE(seen.contains(near) || hits.contains(near) ||
                    std::count(hosts.begin(), hosts.end(), near) > 0)
            << near.ToString();
      }
    }
  }
}

std::string StateOf(const BrokenDictionary& dictionary) {
  io::OctetPacker packer;
  dictionary.Put(&packer);
  return packer.octets();
}

bool TakeUp(BrokenDictionary* dictionary, const std::string& state) {
  io::OctetTaker taker(state);
  return dictionary->TakeUp(&taker);
}

TEST(BrokenDictionaryTest, GoesOnFromItsState) {
  const std::string start = "2001:db8:a::/48";
  const Strings hosts = {"2001:db8:a:7777::1"};
  std::mt19937_64 random(3);
  for (int round = 0; round < 40; ++round) {
    BrokenDictionary whole = Dictionary(start, hosts, 5000);
    whole.OnHit(Ip(hosts[0]));
    const size_t before = random() % 1500;
    const Strings first = Take(&whole, before);
    const std::string hit = first.empty() ? hosts[0] : first.back();
    whole.OnHit(Ip(hit));
    BrokenDictionary resumed = Dictionary(start, Sum(hosts, {hit}), 5000);
    ASSERT_TRUE(TakeUp(&resumed, StateOf(whole)));
    EXPECT_EQ(resumed.given(), before);
    EXPECT_EQ(Take(&resumed), Take(&whole));
  }
}

TEST(BrokenDictionaryTest, DamagedStatesAreRefused) {
  BrokenDictionary dictionary = Dictionary("2001:db8:a::/48");
  Take(&dictionary, 500);
  const std::string state = StateOf(dictionary);
  for (size_t size = 0; size < state.size(); ++size) {
    BrokenDictionary cut = Dictionary("2001:db8:a::/48");
    EXPECT_FALSE(TakeUp(&cut, state.substr(0, size))) << size;
  }
  BrokenDictionary elsewhere = Dictionary("2001:db8:b::/48");
  EXPECT_FALSE(TakeUp(&elsewhere, state));
  BrokenDictionary poorer = Dictionary("2001:db8:a::/48", {}, 499);
  EXPECT_FALSE(TakeUp(&poorer, state));
  // The first part's kind, and an address in the middle of a part.
  for (const size_t at : {size_t{5}, size_t{6}}) {
    std::string other = state;
    other[at] = 7;
    BrokenDictionary damaged = Dictionary("2001:db8:a::/48");
    EXPECT_FALSE(TakeUp(&damaged, other)) << at;
  }
  // A part twice: the last one is as the one before.
  std::string twice = state;
  twice.replace(state.size() - 17, 17, state.substr(state.size() - 34, 17));
  BrokenDictionary damaged = Dictionary("2001:db8:a::/48");
  EXPECT_FALSE(TakeUp(&damaged, twice));
}

}  // namespace
}  // namespace scanner
