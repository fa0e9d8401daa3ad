// Cost of going through targets in their order, per address.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"

namespace {

using dnswire::IpAddress;
using dnswire::IpRange;
using scanner::TargetOrder;
using scanner::TargetSet;

TargetSet Slash8() {
  return TargetSet({{IpAddress::V4(10u << 24), IpAddress::V4((11u << 24) - 1)}},
                   {});
}

void NextUntilStopped(TargetOrder order, benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    auto item = order.Next();
    if (!item) order.Seek(0);
    benchmark::DoNotOptimize(item);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_TargetOrderNext_Slash8(benchmark::State& state) {
  const TargetSet targets = Slash8();
  NextUntilStopped(TargetOrder(&targets, 1), state);
}
BENCHMARK(BM_TargetOrderNext_Slash8);

// A million single IPv4 addresses anywhere.
void BM_TargetOrderNext_ScatteredV4(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<IpRange> singles;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto address = IpAddress::V4(static_cast<uint32_t>(random()));
    singles.push_back({address, address});
  }
  const TargetSet targets(singles, {});
  NextUntilStopped(TargetOrder(&targets, 1), state);
}
BENCHMARK(BM_TargetOrderNext_ScatteredV4);

// A million single IPv6 addresses, each in a /64 of its own.
void BM_TargetOrderNext_ScatteredV6(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::vector<IpRange> singles;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto address =
        IpAddress::V6(absl::MakeUint128(uint64_t{random()}, 1));
    singles.push_back({address, address});
  }
  const TargetSet targets(singles, {});
  NextUntilStopped(TargetOrder(&targets, 1), state);
}
BENCHMARK(BM_TargetOrderNext_ScatteredV6);

// Every other address of a /16: cells of many pieces.
void BM_TargetOrderNext_EveryOther(benchmark::State& state) {
  std::vector<IpRange> singles;
  for (uint32_t i = 0; i < 65536; i += 2) {
    const auto address = IpAddress::V4((10u << 24) + i);
    singles.push_back({address, address});
  }
  const TargetSet targets(singles, {});
  NextUntilStopped(TargetOrder(&targets, 1), state);
}
BENCHMARK(BM_TargetOrderNext_EveryOther);

// Skipping what other shards do, counted per address of this shard.
void BM_TargetOrderNext_Shard7Of64(benchmark::State& state) {
  const TargetSet targets = Slash8();
  NextUntilStopped(TargetOrder(&targets, 1, 7, 64), state);
}
BENCHMARK(BM_TargetOrderNext_Shard7Of64);

// Preparing the first group of cells.
void BM_TargetOrderStart_Slash8(benchmark::State& state) {
  const TargetSet targets = Slash8();
  for ([[maybe_unused]] auto _ : state) {
    TargetOrder order(&targets, 1);
    benchmark::DoNotOptimize(order);
  }
}
BENCHMARK(BM_TargetOrderStart_Slash8);

}  // namespace
