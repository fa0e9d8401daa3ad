#include "scanner/engine/in_flight.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace scanner {
namespace {

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
  in_flight.Remove(index);
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
  in_flight.Remove(tries.front());
  EXPECT_NE(in_flight.AddUdp(0, &random), kNil);
  EXPECT_EQ(in_flight.AddUdp(0, &random), kNil);
}

TEST(InFlightTest, ATcpTryTakesNoIdOfASocket) {
  io::SecureRandom random;
  InFlight in_flight(1);
  const uint32_t index = in_flight.AddTcp(4711);
  EXPECT_TRUE(in_flight[index].tcp);
  EXPECT_EQ(in_flight[index].id, 4711);
  EXPECT_EQ(in_flight.Find(0, 4711), kNil);
  EXPECT_EQ(in_flight.open(), 1u);
  in_flight.Remove(index);
  EXPECT_EQ(in_flight.open(), 0u);
}

}  // namespace
}  // namespace scanner
