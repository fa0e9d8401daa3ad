#include "scanner/engine/running_questions.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace scanner {
namespace {

constexpr uint64_t HashOf(uint32_t tag) { return uint64_t{tag} << 32; }

TEST(RunningQuestionsTest, TheFirstOfEqualHashesStays) {
  RunningQuestions running;
  EXPECT_EQ(running.Find(HashOf(5)), kNil);
  running.Add(HashOf(5), 1);
  running.Add(HashOf(5), 2);
  EXPECT_EQ(running.Find(HashOf(5)), 1u);
  running.Remove(HashOf(5), 2);  // not the one that is found
  EXPECT_EQ(running.Find(HashOf(5)), 1u);
  running.Remove(HashOf(5), 1);
  EXPECT_EQ(running.Find(HashOf(5)), kNil);
}

// Hashes from few homes: probe runs are long, wrap around the table's end and
// are broken up by removals; the table grows.
TEST(RunningQuestionsTest, AgreesWithAMap) {
  RunningQuestions running;
  std::map<uint32_t, uint32_t> oracle;
  std::mt19937 random(7);
  for (uint32_t step = 0; step < 200'000; ++step) {
    const auto tag =
        static_cast<uint32_t>(random() % 40 * 26 + 8 + random() % 64 * 4096);
    const auto known = oracle.find(tag);
    ASSERT_EQ(running.Find(HashOf(tag)),
              known == oracle.end() ? kNil : known->second)
        << step;
    if (known == oracle.end()) {
      running.Add(HashOf(tag), step);
      oracle[tag] = step;
    } else if (random() % 8 != 0 || step > 100'000) {
      running.Remove(HashOf(tag), known->second);
      oracle.erase(known);
    }
  }
  EXPECT_GT(oracle.size(), 1000u);
}

}  // namespace
}  // namespace scanner
