// What the engine's tables cost a query: its deadline, its id, its place among
// the answers known. All are as full as in a fast scan.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/wire.h"
#include "io/net/random.h"
#include "io/net/time.h"
#include "scanner/asking/in_flight.h"
#include "scanner/asking/timer_queue.h"
#include "scanner/engine/forward_cache.h"

namespace scanner {
namespace {

constexpr uint32_t kOpen = 4096;                    // queries
constexpr io::TimeNs kStep = 3 * io::kMicrosecond;  // between two of them

// An answered query's deadline goes, its successor's comes.
void BM_TimerCancelSchedule(benchmark::State& state) {
  TimerQueue timers;
  io::TimeNs now = 0;
  for (uint32_t i = 0; i < kOpen; ++i) timers.Schedule(i, kRung1S, now);
  uint32_t i = 0;
  for (auto _ : state) {
    now += kStep;
    timers.Cancel(i);
    timers.Schedule(i, kRung1S, now);
    benchmark::DoNotOptimize(timers.PopExpired(now - io::kSecond));
    i = (i + 1) % kOpen;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TimerCancelSchedule);

// A query is added; the answer to the oldest one is found and ends it. Answered
// ids wait 250 ms in quarantine: about 80,000 of them.
void BM_InFlightAddFindRemove(benchmark::State& state) {
  constexpr uint16_t kSockets = 8;
  InFlight in_flight(kSockets);
  io::SecureRandom random;
  std::vector<uint32_t> open(kOpen);
  uint32_t added = 0;
  io::TimeNs now = 0;
  const auto add = [&] {
    const auto socket = static_cast<uint16_t>(added / 64 % kSockets);
    open[added++ % kOpen] = in_flight.AddUdp(socket, &random);
  };
  for (uint32_t i = 0; i < kOpen; ++i) add();
  for (auto _ : state) {
    now += kStep;
    const Try& oldest = in_flight[open[added % kOpen]];
    const uint32_t found = in_flight.Find(oldest.socket, oldest.id);
    if (found != open[added % kOpen]) state.SkipWithError("not found");
    in_flight.Remove(found, true, now);
    in_flight.Advance(now);
    add();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_InFlightAddFindRemove);

constexpr size_t kCacheOctets = 16 << 20;  // the default
constexpr uint32_t kNames = 1 << 16;

std::vector<dnswire::Name> Names() {
  std::vector<dnswire::Name> names;
  for (uint32_t i = 0; i < kNames; ++i) {
    names.push_back(
        *dnswire::Name::Parse(absl::StrFormat("h%08x.example.net", i)));
  }
  return names;
}

void InsertAt(size_t i, const std::vector<dnswire::Name>& names,
              ForwardCache* cache) {
  const auto address = dnswire::IpAddress::V4(static_cast<uint32_t>(i));
  cache->Insert({names[i], dnswire::kTypeA}, {.result = ForwardResult::kData},
                {&address, 1}, io::kSecond);
}

// The ring is full: each answer costs an old one.
void BM_ForwardCacheInsert(benchmark::State& state) {
  const auto names = Names();
  ForwardCache cache(kCacheOctets / 8);
  size_t i = 0;
  for (auto _ : state) InsertAt(i++ % kNames, names, &cache);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ForwardCacheInsert);

// `argument`: 1 if the names are known, but for the few that shared a bucket
// with too many, 0 if none is.
void BM_ForwardCacheFind(benchmark::State& state) {
  const auto names = Names();
  ForwardCache cache(kCacheOctets);
  for (size_t i = 0; i < kNames; ++i) InsertAt(i, names, &cache);
  const bool known = state.range(0) == 1;
  const uint16_t type = known ? dnswire::kTypeA : dnswire::kTypeAaaa;
  std::vector<dnswire::IpAddress> addresses;
  size_t i = 0;
  size_t found = 0;
  for (auto _ : state) {
    const auto answer = cache.Find({names[i++ % kNames], type}, 0, &addresses);
    if (answer) ++found;
  }
  if (known ? found < i - i / 100 : found > 0) {
    state.SkipWithError("wrong answer");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ForwardCacheFind)->Arg(0)->Arg(1);

}  // namespace
}  // namespace scanner
