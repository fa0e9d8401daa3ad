#include "scanner/progress/progress_map.h"

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using Position = TargetOrder::Position;

TargetSet SetOf(const std::vector<std::string>& prefixes) {
  std::vector<dnswire::IpRange> ranges;
  for (const std::string& text : prefixes) {
    const auto prefix = IpPrefix::Parse(text);
    ranges.push_back({prefix->first(), prefix->last()});
  }
  return TargetSet(ranges, {});
}

std::vector<EngineShare> SharesOf(const TargetSet& targets, uint32_t shards) {
  const auto sizes = TargetOrder::ShardSizes(targets, 0, 1, shards);
  std::vector<EngineShare> shares;
  for (uint32_t i = 0; i < shards; ++i) {
    if (sizes[i] > 0) {
      shares.push_back({.shard = i, .shards = shards, .targets = sizes[i]});
    }
  }
  return shares;
}

// What is stored of a map, and read again.
ProgressMap Stored(ProgressMap* map, std::vector<std::string>* changes) {
  changes->push_back(map->TakeChanges());
  ProgressMap read;
  EXPECT_TRUE(read.Decode(map->Encode()));
  for (const std::string& change : *changes) {
    EXPECT_TRUE(read.DecodeChanges(change));
  }
  EXPECT_EQ(read.low_water(), map->low_water());
  EXPECT_EQ(read.end(), map->end());
  EXPECT_EQ(read.open(), map->open());
  EXPECT_EQ(read.deferred(), map->deferred());
  return read;
}

ProgressEvents Started(uint32_t shard, std::vector<Position> positions) {
  return {.shard = shard, .started = std::move(positions)};
}

ProgressEvents::PutOff PutOff(uint64_t number, const Deferred& deferred) {
  return {.number = number, .deferred = deferred};
}

const IpAddress kAnyAddress = IpAddress::V4(0xc0000201);

TEST(ProgressMapTest, TakenIsWhatIsBelowTheMarkAndNotOpen) {
  ProgressMap map;
  map.BeginRun({{.shard = 0, .shards = 1}});
  map.Apply(Started(0, {1, 4, 5}));
  EXPECT_EQ(map.open(), 3u);
  EXPECT_EQ(map.low_water(), 1u);
  map.Finish(0, 0);
  map.Finish(0, 2);
  std::vector<std::string> changes;
  const ProgressMap stored = Stored(&map, &changes);
  EXPECT_TRUE(stored.IsTaken(1, kAnyAddress));
  EXPECT_FALSE(stored.IsTaken(4, kAnyAddress));
  EXPECT_TRUE(stored.IsTaken(5, kAnyAddress));
  EXPECT_FALSE(stored.IsTaken(6, kAnyAddress));
  EXPECT_EQ(stored.low_water(), 4u);
  EXPECT_EQ(stored.end(), 6u);
}

TEST(ProgressMapTest, WhatWasLeftOpenIsAskedAgainAndOpenOnce) {
  ProgressMap map;
  map.BeginRun({{.shard = 0, .shards = 1}});
  map.Apply(Started(0, {1, 4, 5}));
  std::vector<std::string> changes;
  ProgressMap resumed = Stored(&map, &changes);
  resumed.BeginRun({{.shard = 0, .shards = 1}});
  resumed.Apply(Started(0, {1, 4}));
  EXPECT_EQ(resumed.open(), 3u);
  resumed.Finish(0, 0);
  resumed.Finish(0, 1);
  EXPECT_EQ(resumed.open(), 1u);
  EXPECT_EQ(resumed.low_water(), 5u);
}

TEST(ProgressMapTest, DeferredIsTakenUntilItsRowCame) {
  ProgressMap map;
  map.BeginRun({{.shard = 0, .shards = 1}});
  ProgressEvents events = Started(0, {7});
  events.put_off = {
      PutOff(0, {.position = 7, .target = kAnyAddress, .packets = 3})};
  map.Apply(events);
  std::vector<std::string> changes;
  EXPECT_TRUE(Stored(&map, &changes).IsTaken(7, kAnyAddress));
  EXPECT_EQ(map.low_water(), 8u);
  ASSERT_EQ(map.deferred().size(), 1u);
  map.FinishLate(7);
  EXPECT_TRUE(map.deferred().empty());
  EXPECT_TRUE(Stored(&map, &changes).IsTaken(7, kAnyAddress));
}

TEST(ProgressMapTest, ChangesAreToldOnceAndAddUp) {
  ProgressMap map;
  map.BeginRun({{.shard = 0, .shards = 1}});
  std::vector<std::string> changes;
  ProgressEvents events = Started(0, {1, 2});
  const Deferred first = {.position = 1,
                          .target = *IpAddress::Parse("2001:db8::1"),
                          .packets = 513,
                          .passes = 2,
                          .reverse_seen = CauseSet::FromBits(5),
                          .forward_seen = CauseSet::FromBits(1u << 20),
                          .failed = uint64_t{1} << 63};
  events.put_off = {PutOff(0, first),
                    PutOff(1, {.position = 2, .target = kAnyAddress})};
  map.Apply(events);
  EXPECT_EQ(Stored(&map, &changes).deferred().at(1), first);
  map.FinishLate(2);
  EXPECT_EQ(Stored(&map, &changes).deferred().size(), 1u);
  EXPECT_LT(changes.back().size(), 20u);
  Deferred again = first;
  again.passes = 3;
  map.Apply({.put_off = {PutOff(ProgressEvents::kLate, again)}});
  EXPECT_EQ(Stored(&map, &changes).deferred().at(1), again);
  changes = {map.TakeAll()};
  EXPECT_EQ(Stored(&map, &changes).deferred().at(1), again);
}

TEST(ProgressMapTest, RefusesWhatIsCutShortOrTooLong) {
  ProgressMap map;
  map.BeginRun({{.shard = 0, .shards = 2}, {.shard = 1, .shards = 2}});
  ProgressEvents events = Started(1, {300, 70000});
  events.put_off = {PutOff(0, {.position = 300, .target = kAnyAddress})};
  map.Apply(events);
  const std::string progress = map.Encode();
  const std::string changes = map.TakeChanges();
  for (size_t size = 0; size < progress.size(); ++size) {
    EXPECT_FALSE(ProgressMap().Decode(progress.substr(0, size))) << size;
  }
  EXPECT_FALSE(ProgressMap().Decode(progress + "x"));
  for (size_t size = 0; size < changes.size(); ++size) {
    EXPECT_FALSE(ProgressMap().DecodeChanges(changes.substr(0, size))) << size;
  }
  EXPECT_FALSE(ProgressMap().DecodeChanges(changes + "x"));
}

// A scan without packets: what it starts is finished or deferred in any order,
// and now and then it ends at once, with what a record said.
class Simulation {
 public:
  Simulation(const TargetSet& targets, uint64_t seed)
      : targets_(targets), random_(seed) {}

  // One run from what is stored, until it ends or `steps` are over.
  void Run(uint32_t shards, int steps) {
    map_ = kept_;
    const ProgressMap resumed = map_;
    const auto shares = SharesOf(targets_, shards);
    map_.BeginRun(shares);
    rows_ = kept_rows_;
    std::vector<Engine> engines;
    engines.reserve(shares.size());
    for (const EngineShare& share : shares) {
      engines.push_back(MakeEngine(share, resumed));
    }
    for (int step = 0; step < steps && !IsDone(engines); ++step) {
      Step(&engines[random_() % engines.size()], resumed);
      if (random_() % 50 == 0) Record();
    }
    if (IsDone(engines)) Record();
  }

  bool IsComplete() const {
    return kept_rows_.size() == absl::Uint128Low64(targets_.size());
  }
  void ExpectEachOnce() const {
    for (const auto& [address, rows] : kept_rows_) {
      EXPECT_EQ(rows, 1) << address.ToString();
    }
  }
  size_t largest_record() const { return largest_record_; }

 private:
  static constexpr size_t kInFlight = 64;
  struct Begun {
    uint64_t number;
    Position position;
    IpAddress address;
  };
  struct Engine {
    EngineShare share;
    std::unique_ptr<TargetOrder> order;
    bool order_done = false;
    uint64_t next_number = 0;
    std::vector<Begun> in_flight;
    std::vector<Begun> late;
  };

  static bool IsDone(const std::vector<Engine>& engines) {
    for (const Engine& engine : engines) {
      if (!engine.order_done || !engine.in_flight.empty() ||
          !engine.late.empty()) {
        return false;
      }
    }
    return true;
  }
  Engine MakeEngine(const EngineShare& share, const ProgressMap& resumed) {
    Engine engine = {.share = share,
                     .order = std::make_unique<TargetOrder>(
                         &targets_, kSeed, share.shard, share.shards)};
    for (const auto& [position, deferred] : resumed.deferred()) {
      if (TargetOrder::ShardOf(deferred.target, share.shards) == share.shard) {
        engine.late.push_back(
            {ProgressEvents::kLate, position, deferred.target});
      }
    }
    engine.order->Seek(resumed.low_water());
    return engine;
  }
  void Step(Engine* engine, const ProgressMap& resumed) {
    ProgressEvents events = {.shard = engine->share.shard};
    if (engine->in_flight.size() < kInFlight && random_() % 2 == 0) {
      Start(engine, resumed, &events);
    } else if (!engine->in_flight.empty()) {
      End(engine, &events);
    }
    map_.Apply(events);
    for (const uint64_t number : events.finished) {
      if (number != ProgressEvents::kLate) map_.Finish(events.shard, number);
    }
    for (const Position position : events.late) map_.FinishLate(position);
  }
  void Start(Engine* engine, const ProgressMap& resumed,
             ProgressEvents* events) {
    while (const auto item = engine->order->Next()) {
      if (resumed.IsTaken(item->position, item->address)) continue;
      engine->in_flight.push_back(
          {engine->next_number++, item->position, item->address});
      events->started = {item->position};
      return;
    }
    engine->order_done = true;
    events->exhausted = true;
    if (engine->late.empty()) return;
    engine->in_flight.push_back(engine->late.back());
    engine->late.pop_back();
  }
  void End(Engine* engine, ProgressEvents* events) {
    const size_t chosen = random_() % engine->in_flight.size();
    std::swap(engine->in_flight[chosen], engine->in_flight.back());
    Begun begun = engine->in_flight.back();
    engine->in_flight.pop_back();
    if (random_() % 8 == 0) {
      events->put_off = {PutOff(
          begun.number, {.position = begun.position, .target = begun.address})};
      begun.number = ProgressEvents::kLate;
      engine->late.push_back(begun);
      return;
    }
    ++rows_[begun.address];
    events->finished = {begun.number};
    if (begun.number == ProgressEvents::kLate) {
      events->late = {begun.position};
    }
  }
  void Record() {
    largest_record_ = std::max(largest_record_, map_.Encode().size());
    kept_ = Stored(&map_, &changes_);
    kept_rows_ = rows_;
  }

  static constexpr uint64_t kSeed = 3;

  const TargetSet& targets_;
  std::mt19937_64 random_;
  ProgressMap map_;
  std::map<IpAddress, int> rows_;
  ProgressMap kept_;
  std::map<IpAddress, int> kept_rows_;
  std::vector<std::string> changes_;
  size_t largest_record_ = 0;
};

TEST(ProgressMapTest, EveryAddressOnceHoweverRunsEndAndThreadsChange) {
  const TargetSet targets =
      SetOf({"10.0.0.0/22", "10.9.0.5/32", "172.16.3.128/26", "192.0.2.0/23",
             "2001:db8::/118", "2001:db8:1::7/128"});
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    Simulation simulation(targets, seed);
    int runs = 0;
    for (; !simulation.IsComplete() && runs < 500; ++runs) {
      simulation.Run(1 + static_cast<uint32_t>(random() % 5),
                     static_cast<int>(random() % 800));
    }
    EXPECT_TRUE(simulation.IsComplete()) << seed;
    EXPECT_GT(runs, 5) << seed;
    simulation.ExpectEachOnce();
  }
}

TEST(ProgressMapTest, ARecordIsSmallHoweverFarEnginesDriftApart) {
  const TargetSet targets = SetOf({"10.0.0.0/8"});
  const auto shares = SharesOf(targets, 4);
  ProgressMap map;
  map.BeginRun(shares);
  // Engine 0 has gone through its shard, the others have just begun.
  for (const EngineShare& share : shares) {
    TargetOrder order(&targets, 1, share.shard, share.shards);
    for (uint64_t i = 0; i < (share.shard == 0 ? share.targets : 4096); ++i) {
      const Position position = order.Next()->position;
      map.Apply(Started(share.shard, {position}));
      if (i >= 4096) map.Finish(share.shard, i - 4096);
    }
  }
  EXPECT_EQ(map.open(), 4 * 4096u);
  EXPECT_LT(map.Encode().size(), 2 * map.open());
}

TEST(ProgressMapTest, LayersOfEarlierThreadCountsAreDroppedOncePassed) {
  ProgressMap map;
  for (uint32_t run = 0; run < 100; ++run) {
    const uint32_t shards = 1 + run % 2;
    std::vector<EngineShare> shares;
    for (uint32_t i = 0; i < shards; ++i) {
      shares.push_back({.shard = i, .shards = shards});
    }
    map.BeginRun(shares);
    const Position begin = map.end();
    for (uint32_t i = 0; i < shards; ++i) {
      map.Apply(Started(i, {begin + 10}));
      map.Finish(i, 0);
    }
  }
  EXPECT_LT(map.Encode().size(), 30u);
}

}  // namespace
}  // namespace scanner
