#include "scanner/asking/in_flight.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;

constexpr io::TimeNs kNow = 100 * kSecond;

TEST(InFlightTest, FindsATryBySocketAndId) {
  io::SecureRandom random;
  InFlight in_flight(2);
  const uint32_t index = in_flight.AddUdp(1, &random);
  const Try& added = in_flight[index];
  EXPECT_EQ(added.socket, 1);
  EXPECT_FALSE(added.tcp);
  EXPECT_FALSE(added.due);
  EXPECT_EQ(added.question, kNil);
  EXPECT_EQ(in_flight.Find(1, added.id), index);
  EXPECT_EQ(in_flight.Find(0, added.id), kNil);
  EXPECT_EQ(in_flight.open(), 1u);
}

TEST(InFlightTest, ARemovedTryIsGoneAndItsSlotStartsClean) {
  io::SecureRandom random;
  InFlight in_flight(1);
  const uint32_t index = in_flight.AddUdp(0, &random);
  in_flight[index].question = 9;
  in_flight[index].due = true;
  const uint16_t id = in_flight[index].id;
  in_flight.Remove(index, true, kNow);
  EXPECT_EQ(in_flight.Find(0, id), kNil);
  EXPECT_EQ(in_flight.open(), 0u);
  ASSERT_EQ(in_flight.AddUdp(0, &random), index);
  EXPECT_EQ(in_flight[index].question, kNil);
  EXPECT_FALSE(in_flight[index].due);
}

TEST(InFlightTest, GivesThreeQuartersOfTheIdsOfASocketEachOnce) {
  io::SecureRandom random;
  InFlight in_flight(2);
  std::set<uint16_t> ids;
  std::vector<uint32_t> tries;
  for (uint32_t i = 0; i < InFlight::kMaxIdsPerSocket; ++i) {
    tries.push_back(in_flight.AddUdp(0, &random));
    ids.insert(in_flight[tries.back()].id);
  }
  EXPECT_EQ(ids.size(), 49152u);
  EXPECT_EQ(in_flight.AddUdp(0, &random), kNil);
  EXPECT_NE(in_flight.AddUdp(1, &random), kNil);
  in_flight.Discard(tries.front());
  EXPECT_NE(in_flight.AddUdp(0, &random), kNil);
  EXPECT_EQ(in_flight.AddUdp(0, &random), kNil);
}

struct QuarantineCase {
  const char* label;
  bool answered;
  io::TimeNs lasts;
};
constexpr QuarantineCase kQuarantineCases[] = {
    {"answered", true, 250 * kMillisecond},
    {"never answered", false, 10 * kSecond},
};

TEST(InFlightTest, AnIdIsInQuarantineForAWhile) {
  for (const QuarantineCase& c : kQuarantineCases) {
    SCOPED_TRACE(c.label);
    io::SecureRandom random;
    InFlight in_flight(2);
    const uint32_t index = in_flight.AddUdp(1, &random);
    in_flight[index].server = 7;
    in_flight[index].sent_at = kNow - 5;
    const uint16_t id = in_flight[index].id;
    EXPECT_FALSE(in_flight.IsQuarantined(1, id)) << "it is open";
    in_flight.Remove(index, c.answered, kNow);
    in_flight.Advance(kNow + c.lasts - 1);
    EXPECT_TRUE(in_flight.IsQuarantined(1, id));
    EXPECT_FALSE(in_flight.IsQuarantined(0, id));
    EXPECT_FALSE(in_flight.TakeAwaited(1, id, 6).has_value());
    const auto awaited = in_flight.TakeAwaited(1, id, 7);
    EXPECT_EQ(awaited.has_value(), !c.answered);
    if (!c.answered) {
      EXPECT_EQ(awaited->sent_at, kNow - 5);
    }
    EXPECT_FALSE(in_flight.TakeAwaited(1, id, 7).has_value()) << "once";
    EXPECT_TRUE(in_flight.IsQuarantined(1, id));
    EXPECT_FALSE(in_flight.IsIdle(1));
    in_flight.Advance(kNow + c.lasts);
    EXPECT_FALSE(in_flight.IsQuarantined(1, id));
    EXPECT_TRUE(in_flight.IsIdle(1));
  }
}

// All ids but those in quarantine are given out: none of these comes again.
TEST(InFlightTest, NoTryIsGivenAnIdInQuarantine) {
  io::SecureRandom random;
  InFlight in_flight(1);
  std::set<uint16_t> quarantined;
  for (int i = 0; i < 20000; ++i) {
    const uint32_t index = in_flight.AddUdp(0, &random);
    quarantined.insert(in_flight[index].id);
    in_flight.Remove(index, i % 2 == 0, kNow);
  }
  EXPECT_EQ(quarantined.size(), 20000u);
  for (uint32_t i = 20000; i < InFlight::kMaxIdsPerSocket; ++i) {
    const uint32_t index = in_flight.AddUdp(0, &random);
    ASSERT_NE(index, kNil);
    ASSERT_EQ(quarantined.count(in_flight[index].id), 0u);
  }
  EXPECT_EQ(in_flight.AddUdp(0, &random), kNil) << "they count as used";
  in_flight.Advance(kNow + 250 * kMillisecond);
  EXPECT_NE(in_flight.AddUdp(0, &random), kNil);
}

// The rings grow and go round; every entry stays where its id leads.
TEST(InFlightTest, QuarantineKeepsEveryEntryApart) {
  io::SecureRandom random;
  InFlight in_flight(1);
  io::TimeNs now = kNow;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::pair<uint16_t, io::TimeNs>> sent;
    for (int i = 0; i < 3000; ++i) {
      const uint32_t index = in_flight.AddUdp(0, &random);
      in_flight[index].sent_at = now + i;
      const uint16_t id = in_flight[index].id;
      const bool answered = i % 3 == 0;
      in_flight.Remove(index, answered, now + i);
      if (!answered) sent.emplace_back(id, now + i);
    }
    for (const auto& [id, sent_at] : sent) {
      const auto awaited = in_flight.TakeAwaited(0, id, 0);
      ASSERT_TRUE(awaited.has_value());
      ASSERT_EQ(awaited->sent_at, sent_at);
    }
    now += kSecond;
    in_flight.Advance(now);
  }
  in_flight.Advance(now + 10 * kSecond);
  EXPECT_TRUE(in_flight.IsIdle(0));
}

// Tickets are never taken back: that of an earlier try with the same id names
// nothing, whatever is awaited now.
TEST(InFlightTest, ATicketOfAnotherTimeNamesNothing) {
  io::SecureRandom random;
  InFlight in_flight(1);
  const uint32_t lost = in_flight.AddUdp(0, &random);
  const uint16_t id = in_flight[lost].id;
  in_flight.Remove(lost, false, kNow);
  io::TimeNs now = kNow + InFlight::kQuarantineUnanswered;
  in_flight.Advance(now);
  uint32_t again = kNil;
  for (int i = 0; i < 10'000'000 && again == kNil; ++i) {
    const uint32_t index = in_flight.AddUdp(0, &random);
    if (in_flight[index].id == id) {
      again = index;
    } else if (i < 3000) {
      in_flight.Remove(index, false, now);  // something is awaited
    } else {
      in_flight.Discard(index);
    }
  }
  ASSERT_NE(again, kNil);
  EXPECT_FALSE(in_flight.TakeAwaited(0, id, 0).has_value()) << "open";
  in_flight.Remove(again, true, now);
  EXPECT_TRUE(in_flight.IsQuarantined(0, id));
  EXPECT_FALSE(in_flight.TakeAwaited(0, id, 0).has_value()) << "answered";
}

// Before an id is ever awaited its ticket is that of the first one that is.
TEST(InFlightTest, WhatIsAwaitedIsAwaitedUnderItsOwnIdOnly) {
  io::SecureRandom random;
  InFlight in_flight(1);
  const uint32_t lost = in_flight.AddUdp(0, &random);
  const uint32_t answered = in_flight.AddUdp(0, &random);
  const uint16_t lost_id = in_flight[lost].id;
  const uint16_t answered_id = in_flight[answered].id;
  in_flight.Remove(lost, false, kNow);
  in_flight.Remove(answered, true, kNow);
  EXPECT_FALSE(in_flight.TakeAwaited(0, answered_id, 0).has_value());
  EXPECT_TRUE(in_flight.TakeAwaited(0, lost_id, 0).has_value());
}

// More are open than there were chains at first; each is found, and only it.
TEST(InFlightTest, FindsEachOfManyOpenTries) {
  io::SecureRandom random;
  InFlight in_flight(3);
  std::vector<uint32_t> open;
  for (uint16_t i = 0; i < 30000; ++i) {
    open.push_back(in_flight.AddUdp(i % 3, &random));
    if (i % 5 == 4) {
      in_flight.Remove(open[open.size() / 2], i % 2 == 0, kNow);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(open.size() / 2));
    }
  }
  for (const uint32_t index : open) {
    const Try& found = in_flight[index];
    ASSERT_EQ(in_flight.Find(found.socket, found.id), index);
    ASSERT_FALSE(in_flight.IsQuarantined(found.socket, found.id));
  }
  EXPECT_EQ(in_flight.open(), open.size());
}

TEST(InFlightTest, ATcpTryTakesNoIdOfASocket) {
  InFlight in_flight(1);
  const uint32_t index = in_flight.AddTcp(4711);
  EXPECT_TRUE(in_flight[index].tcp);
  EXPECT_EQ(in_flight[index].id, 4711);
  EXPECT_EQ(in_flight.Find(0, 4711), kNil);
  EXPECT_EQ(in_flight.open(), 1u);
  in_flight.Remove(index, true, kNow);
  EXPECT_EQ(in_flight.open(), 0u);
}

}  // namespace
}  // namespace scanner
