#include "scanner/asking/slab.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace scanner {
namespace {

TEST(SlabTest, GivesEveryIndexOnceWhileItIsInUse) {
  Slab<int> slab;
  std::set<uint32_t> given;
  for (int i = 0; i < 1000; ++i) given.insert(slab.Acquire());
  EXPECT_EQ(given.size(), 1000u);
  EXPECT_EQ(*given.rbegin(), 999u);
  EXPECT_EQ(slab.in_use(), 1000u);
  EXPECT_EQ(slab.size(), 1000u);
}

TEST(SlabTest, RecyclesTheLastIndexReleasedFirst) {
  Slab<int> slab;
  for (int i = 0; i < 4; ++i) slab.Acquire();
  slab.Release(1);
  slab.Release(3);
  EXPECT_EQ(slab.in_use(), 2u);
  EXPECT_EQ(slab.Acquire(), 3u);
  EXPECT_EQ(slab.Acquire(), 1u);
  EXPECT_EQ(slab.Acquire(), 4u);
  EXPECT_EQ(slab.size(), 5u);
}

TEST(SlabTest, ObjectsStayWhereTheyAreWhileItGrows) {
  Slab<std::string> slab;
  const uint32_t first = slab.Acquire();
  std::string* const place = &slab[first];
  *place = "here";
  // Past several chunks of 256.
  for (int i = 0; i < 3 * 256; ++i) slab.Acquire();
  EXPECT_EQ(&slab[first], place);
  EXPECT_EQ(slab[first], "here");
}

TEST(SlabTest, AReleasedObjectKeepsWhatItHasAllocated) {
  Slab<std::vector<int>> slab;
  const uint32_t index = slab.Acquire();
  slab[index].resize(100);
  const int* const octets = slab[index].data();
  slab.Release(index);
  ASSERT_EQ(slab.Acquire(), index);
  EXPECT_EQ(slab[index].data(), octets);
  EXPECT_EQ(slab[index].size(), 100u);
}

}  // namespace
}  // namespace scanner
