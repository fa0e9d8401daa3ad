// What judging costs: once per row, on the engine's core.
#include <benchmark/benchmark.h>

#include <iterator>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "scanner/verdict/evidence.h"
#include "scanner/verdict/generic_name.h"
#include "scanner/verdict/judge.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

constexpr dnswire::IpAddress kTarget = dnswire::IpAddress::V4(0xc6336517);
constexpr absl::string_view kTarget6 = "2001:db9:10:20:a1b2:c3d4:e5f6:718";

// A role name, a generic one, an access line's, a long one.
constexpr const char* kNames[] = {
    "mail.example.com",
    "198-51-101-23.pool.example.net",
    "cable-4711.cust.example.net",
    "host-201-17.city4.isp.example.co.uk",
};
constexpr const char* kNames6[] = {
    "mail.example.com",
    "c-a1b2-c3d4-e5f6-718.example.net",
    "2001-db9-10-20-1-2-3-4.static.example.net",
};

// A plain row: one name, which leads back; `argument`: index into kNames.
void BM_JudgePass(benchmark::State& state) {
  const char* text = kNames[state.range(0)];
  state.SetLabel(text);
  const auto name = dnswire::Name::Parse(text);
  dnswire::NameList names;
  names.Add(*name);
  const ForwardEvidence forward = {.name = *name,
                                   .result = ForwardResult::kData,
                                   .has_target = true,
                                   .address_count = 1,
                                   .addresses = {&kTarget, 1}};
  Evidence evidence;
  evidence.target = kTarget;
  evidence.reverse = ReverseResult::kData;
  evidence.names = names;
  evidence.ttl_s = 3600;
  evidence.forward = {&forward, 1};
  for (auto _ : state) {
    benchmark::DoNotOptimize(evidence);
    benchmark::DoNotOptimize(Judge(evidence));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_JudgePass)->DenseRange(0, std::size(kNames) - 1);

void BM_ClassifyName(benchmark::State& state) {
  const char* text = kNames[state.range(0)];
  state.SetLabel(text);
  const auto name = dnswire::Name::Parse(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ClassifyName(kTarget, *name));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ClassifyName)->DenseRange(0, std::size(kNames) - 1);

void BM_ClassifyNameV6(benchmark::State& state) {
  const char* text = kNames6[state.range(0)];
  state.SetLabel(text);
  const auto address = dnswire::IpAddress::Parse(kTarget6);
  const auto name = dnswire::Name::Parse(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ClassifyName(*address, *name));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ClassifyNameV6)->DenseRange(0, std::size(kNames6) - 1);

void BM_UnusableFlags(benchmark::State& state) {
  const char* text = kNames[state.range(0)];
  state.SetLabel(text);
  const auto name = dnswire::Name::Parse(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(UnusableFlags(kTarget, {}, *name));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_UnusableFlags)->DenseRange(0, std::size(kNames) - 1);

}  // namespace
}  // namespace scanner
