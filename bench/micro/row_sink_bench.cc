// Text of a row as most are: one name that leads back to its address.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"

namespace {

constexpr size_t kRows = 256;  // a batch's worth

// `batch` gets kRows rows of 192.0.2.0/24.
void FillBatch(io::RowBatch* batch) {
  const dnswire::Name name = *dnswire::Name::Parse("mail.example.com");
  const dnswire::Name zone = *dnswire::Name::Parse("2.0.192.in-addr.arpa");
  dnswire::NameList names;
  names.Add(name);
  for (uint32_t i = 0; i < kRows; ++i) {
    const auto address = dnswire::IpAddress::V4(0xc0000200 + i);
    const io::ForwardItem item = {.name = name,
                                  .outcome = io::ForwardOutcome::kConfirmed,
                                  .addresses = {&address, 1}};
    io::Row row;
    row.ip = address;
    row.status = io::Status::kPass;
    row.flags.Add(io::Flag::kMailName);
    row.ptr_known = true;
    row.ptr = names;
    row.confirmed = names;
    row.forward = {&item, 1};
    row.ttl_s = 3600;
    row.rcode = uint16_t{0};
    row.zone = zone;
    row.server = io::Endpoint{.address = dnswire::IpAddress::V4(0x7f000001)};
    row.queries = 2;
    row.rtt_us = 12345;
    row.time_us = 1'800'000'000'000'000 + i;
    batch->Append(row);
  }
}

template <typename Sink>
void WriteRows(benchmark::State& state) {
  io::RowBatch batch;
  FillBatch(&batch);
  Sink sink(io::OutputFile::Open("/dev/null").value());
  for (auto _ : state) {
    const absl::Status status = sink.Write(batch.rows());
    if (!status.ok()) state.SkipWithError("write failed");
  }
  state.SetItemsProcessed(state.iterations() * int64_t{kRows});
}

void BM_CsvRow(benchmark::State& state) { WriteRows<io::CsvSink>(state); }
BENCHMARK(BM_CsvRow);

void BM_NdjsonRow(benchmark::State& state) { WriteRows<io::NdjsonSink>(state); }
BENCHMARK(BM_NdjsonRow);

}  // namespace
