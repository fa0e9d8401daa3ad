#include "scanner/progress/scan_progress.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <utility>
#include <vector>

namespace scanner {
namespace {

constexpr uint32_t kShards = 3;

std::vector<EngineShare> Shares() {
  std::vector<EngineShare> shares;
  for (uint32_t shard = 0; shard < kShards; ++shard) {
    shares.push_back({.shard = shard, .shards = kShards, .targets = 1 << 20});
  }
  return shares;
}

// Rows reach the disk in the order of their batches, a few or many at a time:
// each is then told to its own engine's part of the map.
TEST(ScanProgressTest, RowsOfSeveralEnginesReachTheDiskInAnyPortions) {
  std::mt19937 random(4);
  ScanProgress progress;
  ProgressMap oracle;
  progress.BeginRun(Shares());
  oracle.BeginRun(Shares());
  uint64_t started[kShards] = {};
  std::vector<uint64_t> open[kShards];
  std::deque<std::pair<uint32_t, uint64_t>> written;  // not on the disk
  for (int step = 0; step < 2000; ++step) {
    OutputBatch batch;
    const auto shard = static_cast<uint32_t>(random() % kShards);
    batch.events.shard = shard;
    for (size_t i = random() % 6; i > 0; --i) {
      const uint64_t number = started[shard]++;
      batch.events.started.push_back(number * 5 + shard);
      open[shard].push_back(number);
    }
    for (size_t i = random() % 6; i > 0 && !open[shard].empty(); --i) {
      std::swap(open[shard][random() % open[shard].size()], open[shard].back());
      batch.events.finished.push_back(open[shard].back());
      written.emplace_back(shard, open[shard].back());
      open[shard].pop_back();
      batch.rows.Append(io::Row());
    }
    progress.Add(batch);
    oracle.Apply(batch.events);
    const size_t rows = random() % (written.size() + 1);
    progress.Finish(rows);
    for (size_t i = 0; i < rows; ++i) {
      oracle.Finish(written.front().first, written.front().second);
      written.pop_front();
    }
    io::JournalRecord record;
    progress.PutAll(&record);
    ASSERT_EQ(record.progress, oracle.Encode()) << "step " << step;
  }
}

}  // namespace
}  // namespace scanner
