// Cost and size of rows by format: 262,144 addresses in random order, a name
// of its own each, in the style of an access provider. On a machine that others
// use too, formats side by side:
//
//   micro_bench --benchmark_filter=BM_WriteRows --benchmark_repetitions=9
//               --benchmark_enable_random_interleaving=true
//               --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"
#include "io/parquet/parquet_sink.h"

namespace {

constexpr uint32_t kRows = 262'144;  // two row groups
constexpr int kRounds = 4;           // of them in a file, as in a long scan
constexpr uint32_t kBatchRows = 256;

std::string NameOf(uint32_t address) {
  return "ip-" + std::to_string(address >> 24) + "-" +
         std::to_string(address >> 16 & 255) + "-" +
         std::to_string(address >> 8 & 255) + "-" +
         std::to_string(address & 255) + ".dyn.example.net";
}

void AppendRow(uint32_t i, bool forward, io::RowBatch* batch) {
  static const dnswire::Name zone = *dnswire::Name::Parse("10.in-addr.arpa");
  const uint32_t place = i * 2654435761u % kRows;
  const auto address = dnswire::IpAddress::V4(0x0a000000 + place);
  const dnswire::Name name = *dnswire::Name::Parse(NameOf(address.v4()));
  dnswire::NameList names;
  names.Add(name);
  const io::ForwardItem item = {.name = name,
                                .outcome = io::ForwardOutcome::kConfirmed,
                                .addresses = {&address, 1}};
  io::Row row;
  row.ip = address;
  row.status = forward ? io::Status::kPass : io::Status::kUnconfirmed;
  row.flags.Add(io::Flag::kGeneric);
  row.ptr_known = true;
  row.ptr = names;
  if (forward) row.confirmed = names;
  if (forward) row.forward = {&item, 1};
  row.ttl_s = 3600;
  row.rcode = uint16_t{0};
  row.zone = zone;
  row.server = io::Endpoint{.address = dnswire::IpAddress::V4(0x7f000001)};
  row.queries = forward ? 2 : 1;
  row.rtt_us = 200 + i * 40503u % 900;
  row.time_us = 1'800'000'000'000'000 + int64_t{i} * 2;
  batch->Append(row);
}

std::unique_ptr<io::RowSink> MakeSink(const std::string& format,
                                      std::unique_ptr<io::OutputFile> file) {
  if (format == "csv") return std::make_unique<io::CsvSink>(std::move(file));
  if (format == "ndjson") {
    return std::make_unique<io::NdjsonSink>(std::move(file));
  }
  return std::make_unique<io::ParquetSink>(std::move(file), io::RunMetadata{});
}

// A whole file; `forward`: with the look-ups of names. Counter cpu/row: of the
// processor.
void BM_WriteRows(benchmark::State& state, const std::string& format,
                  bool forward) {
  std::vector<io::RowBatch> batches(kRows / kBatchRows);
  for (uint32_t i = 0; i < kRows; ++i) {
    AppendRow(i, forward, &batches[i / kBatchRows]);
  }
  uint64_t octets = 0;
  for (auto _ : state) {
    auto file = io::OutputFile::Open("/dev/null").value();
    const io::OutputFile& view = *file;
    const auto sink = MakeSink(format, std::move(file));
    for (size_t i = 0; i < kRounds * batches.size(); ++i) {
      const auto rows = batches[i % batches.size()].rows();
      if (!sink->Write(rows).ok()) state.SkipWithError("write failed");
    }
    if (!sink->Finish().ok()) state.SkipWithError("finish failed");
    octets = view.written_octets();
  }
  constexpr double kFileRows = double{kRows} * kRounds;
  state.SetItemsProcessed(state.iterations() * int64_t{kRows} * kRounds);
  state.counters["octets/row"] = static_cast<double>(octets) / kFileRows;
  state.counters["cpu/row"] = benchmark::Counter(
      kFileRows, benchmark::Counter::kIsIterationInvariantRate |
                     benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(BM_WriteRows, csv_ptr, "csv", false);
BENCHMARK_CAPTURE(BM_WriteRows, ndjson_ptr, "ndjson", false);
BENCHMARK_CAPTURE(BM_WriteRows, parquet_ptr, "parquet", false);
BENCHMARK_CAPTURE(BM_WriteRows, csv_forward, "csv", true);
BENCHMARK_CAPTURE(BM_WriteRows, ndjson_forward, "ndjson", true);
BENCHMARK_CAPTURE(BM_WriteRows, parquet_forward, "parquet", true);

}  // namespace
