// What one row costs from the evidence of its lookup to its octets in the
// output's buffer, as a whole and by steps. Lookups lie by the thousand as in
// an engine, each with a name of its own, so that branches and caches meet what
// they meet in a scan.
#include <benchmark/benchmark.h>

#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/substitute.h"
#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"
#include "scanner/engine/lookup.h"
#include "scanner/targets/label_table.h"
#include "scanner/verdict/judge.h"

namespace scanner {
namespace {

constexpr uint32_t kRows = 1024;  // a batch's worth

// How the names of a scene are made of their addresses.
struct Scene {
  const char* label;
  bool ptr_only;
  uint32_t first;    // address
  const char* name;  // $0 to $3: the octets; $4: the address in hex
  const char* zone;  // nullptr: the answers told none
};
constexpr Scene kScenes[] = {
    {"synthetic", false, 0x0a000000, "h$4.example.net", nullptr},
    {"generic", false, 0x51020000, "$0-$1-$2-$3.dynamic.example.net", nullptr},
    {"mail", false, 0x51020000, "mail$2.c$3.example.com", nullptr},
    {"long, zone", false, 0x51020000, "host-$3-$2.city4.isp.example.co.uk",
     "2.81.in-addr.arpa"},
    {"synthetic, ptr only", true, 0x0a000000, "h$4.example.net", nullptr},
    {"generic, ptr only", true, 0x51020000, "$0-$1-$2-$3.dynamic.example.net",
     nullptr},
};

// The lookups of a scene, settled, in an order like a scan's.
class Lookups {
 public:
  explicit Lookups(const Scene& scene)
      : ptr_only_(scene.ptr_only), lookups_(kRows), gathered_(kRows) {
    for (uint32_t i = 0; i < kRows; ++i) {
      const uint32_t offset = i * 40503 % 65536;
      Settle(scene, dnswire::IpAddress::V4(scene.first + offset), &lookups_[i],
             &gathered_[i]);
    }
  }

  // As Engine::Finish and Engine::EmitRow do it.
  void AppendRow(uint32_t i, io::RowBatch* batch) {
    const LabelTable::Match match = labels_.Find(lookups_[i].target);
    const Verdict verdict = Judge(EvidenceOf(i, match.expected));
    io::Row* const row = batch->Add();
    view_.FillRow(lookups_[i], &gathered_[i], verdict, row);
    row->time_us = 1'800'000'000'000'000 + i / 256;
    row->label = match.label;
    batch->Own();
  }

  const Evidence& EvidenceOf(uint32_t i, absl::string_view expected = {}) {
    return view_.Of(lookups_[i], &gathered_[i], ptr_only_, expected);
  }
  io::Row RowOf(uint32_t i, const Verdict& verdict) {
    io::Row row;
    view_.FillRow(lookups_[i], &gathered_[i], verdict, &row);
    return row;
  }

 private:
  static void Settle(const Scene& scene, const dnswire::IpAddress& address,
                     Lookup* lookup, Gathered* gathered) {
    const auto name = dnswire::Name::Parse(absl::Substitute(
        scene.name, address.octet(0), address.octet(1), address.octet(2),
        address.octet(3), absl::Hex(address.v4(), absl::kZeroPad8)));
    *lookup = {.target = address, .reverse = ReverseResult::kData};
    lookup->packets = scene.ptr_only ? 1 : 2;
    gathered->names.Add(*name);
    if (scene.zone) gathered->zone.Add(*dnswire::Name::Parse(scene.zone));
    gathered->has_ttl = true;
    gathered->ttl_s = 3600;
    gathered->responder.server = {.address =
                                      dnswire::IpAddress::V4(0x7f000001)};
    gathered->responder.rtt_us = 400 + address.octet(3);
    if (scene.ptr_only) return;
    gathered->asked.Add(*name);
    gathered->forward.emplace_back();
    gathered->KeepForward(0, {.result = ForwardResult::kData}, {&address, 1},
                          address);
  }

  const bool ptr_only_;
  const LabelTable labels_;
  std::vector<Lookup> lookups_;
  std::vector<Gathered> gathered_;
  EvidenceView view_;
};

const Scene& SceneOf(benchmark::State& state) {
  const Scene& scene = kScenes[state.range(0)];
  state.SetLabel(scene.label);
  return scene;
}

// Calls `step(i)` with each lookup's index, again and again.
template <typename Step>
void ForEachLookup(benchmark::State& state, Step step) {
  uint32_t i = 0;
  for (auto _ : state) {
    step(i);
    i = (i + 1) % kRows;
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_RowPathEvidence(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  ForEachLookup(state, [&](uint32_t i) {
    benchmark::DoNotOptimize(lookups.EvidenceOf(i));
  });
}

void BM_RowPathJudge(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  ForEachLookup(state, [&](uint32_t i) {
    benchmark::DoNotOptimize(Judge(lookups.EvidenceOf(i)));
  });
}

void BM_RowPathRow(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  const Verdict verdict = Judge(lookups.EvidenceOf(0));
  ForEachLookup(state, [&](uint32_t i) {
    lookups.EvidenceOf(i);
    benchmark::DoNotOptimize(lookups.RowOf(i, verdict));
  });
}

void BM_RowPathAppend(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  io::RowBatch batch;
  ForEachLookup(state, [&](uint32_t i) {
    if (i == 0) batch.Clear();
    lookups.AppendRow(i, &batch);
  });
}

template <typename Sink>
void BM_RowPathSink(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  io::RowBatch batch;
  for (uint32_t i = 0; i < kRows; ++i) lookups.AppendRow(i, &batch);
  Sink sink(io::OutputFile::Open("/dev/null").value());
  bool written = true;
  for (auto _ : state) written = written && sink.Write(batch.rows()).ok();
  if (!written) state.SkipWithError("write failed");
  state.SetItemsProcessed(state.iterations() * int64_t{kRows});
}

// All of it.
template <typename Sink>
void BM_RowPath(benchmark::State& state) {
  Lookups lookups(SceneOf(state));
  io::RowBatch batch;
  Sink sink(io::OutputFile::Open("/dev/null").value());
  bool written = true;
  for (auto _ : state) {
    for (uint32_t i = 0; i < kRows; ++i) lookups.AppendRow(i, &batch);
    written = written && sink.Write(batch.rows()).ok();
    batch.Clear();
  }
  if (!written) state.SkipWithError("write failed");
  state.SetItemsProcessed(state.iterations() * int64_t{kRows});
}

constexpr int64_t kLastScene = std::size(kScenes) - 1;
BENCHMARK(BM_RowPathEvidence)->DenseRange(0, kLastScene);
BENCHMARK(BM_RowPathJudge)->DenseRange(0, kLastScene);
BENCHMARK(BM_RowPathRow)->DenseRange(0, kLastScene);
BENCHMARK(BM_RowPathAppend)->DenseRange(0, kLastScene);
BENCHMARK_TEMPLATE(BM_RowPathSink, io::CsvSink)->DenseRange(0, kLastScene);
BENCHMARK_TEMPLATE(BM_RowPathSink, io::NdjsonSink)->DenseRange(0, kLastScene);
BENCHMARK_TEMPLATE(BM_RowPath, io::CsvSink)->DenseRange(0, kLastScene);
BENCHMARK_TEMPLATE(BM_RowPath, io::NdjsonSink)->DenseRange(0, kLastScene);

}  // namespace
}  // namespace scanner
