#include "scanner/asking/index_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<uint32_t> Indices(const IndexQueue& queue,
                              const IndexLinks& links) {
  std::vector<uint32_t> indices;
  for (uint32_t at = queue.front(); at != kNil;
       at = IndexQueue::Next(links, at)) {
    indices.push_back(at);
  }
  return indices;
}

TEST(IndexQueueTest, KeepsTheOrderOfInsertion) {
  IndexLinks links;
  IndexQueue queue;
  EXPECT_TRUE(queue.empty());
  for (const uint32_t index : {7u, 0u, 300u}) queue.PushBack(&links, index);
  EXPECT_FALSE(queue.empty());
  EXPECT_THAT(Indices(queue, links), ElementsAre(7, 0, 300));
}

TEST(IndexQueueTest, RemovesFromEveryPlace) {
  struct Case {
    const char* label;
    std::vector<uint32_t> removed;
    std::vector<uint32_t> expected;
  };
  const Case kCases[] = {
      {"first", {1}, {2, 3, 4}},
      {"last", {4}, {1, 2, 3}},
      {"middle", {2}, {1, 3, 4}},
      {"neighbours", {2, 3}, {1, 4}},
      {"backwards", {4, 3, 2}, {1}},
      {"all", {1, 2, 3, 4}, {}},
      {"all but the last", {1, 2, 3}, {4}},
  };
  for (const Case& c : kCases) {
    IndexLinks links;
    IndexQueue queue;
    for (const uint32_t index : {1u, 2u, 3u, 4u}) queue.PushBack(&links, index);
    for (const uint32_t index : c.removed) queue.Remove(&links, index);
    EXPECT_EQ(Indices(queue, links), c.expected) << c.label;
    queue.PushBack(&links, 9);
    EXPECT_EQ(Indices(queue, links).back(), 9u) << c.label;
  }
}

TEST(IndexQueueTest, SeveralQueuesShareTheLinks) {
  IndexLinks links;
  IndexQueue a;
  IndexQueue b;
  a.PushBack(&links, 0);
  b.PushBack(&links, 1);
  a.PushBack(&links, 2);
  a.Remove(&links, 0);
  b.PushBack(&links, 0);
  EXPECT_THAT(Indices(a, links), ElementsAre(2));
  EXPECT_THAT(Indices(b, links), ElementsAre(1, 0));
  a.Remove(&links, 2);
  EXPECT_THAT(Indices(a, links), IsEmpty());
}

TEST(IndexQueueTest, AgreesWithAVector) {
  std::mt19937 random(1);
  IndexLinks links;
  IndexQueue queue;
  std::vector<uint32_t> expected;
  for (int step = 0; step < 20000; ++step) {
    const uint32_t index = static_cast<uint32_t>(random() % 50);
    const auto at = std::find(expected.begin(), expected.end(), index);
    if (at == expected.end()) {
      queue.PushBack(&links, index);
      expected.push_back(index);
    } else {
      queue.Remove(&links, index);
      expected.erase(at);
    }
    ASSERT_EQ(Indices(queue, links), expected) << "step " << step;
  }
}

}  // namespace
}  // namespace scanner
