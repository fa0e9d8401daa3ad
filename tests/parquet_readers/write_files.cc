// Writes the files that other readers of Parquet are to read: for each case
// NAME.parquet, and NAME.ndjson with the same rows in the same order, of a
// scan, of `zones` and of a walk's findings; and a dataset of three shards of
// 1,000 rows in parts of 400, with a fourth shard that is not finished.
//
//   parquet_files FOLDER
#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/dataset/dataset_sink.h"
#include "io/formats/ndjson_sink.h"
#include "io/formats/row_batch.h"
#include "io/parquet/parquet_order.h"
#include "io/parquet/parquet_sink.h"
#include "io/parquet/parquet_table.h"
#include "tests/io/hostile_rows.h"
#include "tests/scanner/audit/audit_builder.h"
#include "tools/report/finding_file.h"
#include "tools/report/table_cells.h"
#include "tools/report/zone_rows.h"

namespace {

// Every row has a name of its own: dictionaries do not pay.
std::vector<io::Row> PlainRows(uint32_t count, io::RowBatch* memory) {
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t scattered = i * 2654435761u;
    const auto address = dnswire::IpAddress::V4(scattered);
    const dnswire::Name name = *dnswire::Name::Parse(
        "host-" + std::to_string(scattered) + ".example.com");
    dnswire::NameList names;
    names.Add(name);
    const io::ForwardItem item = {.name = name,
                                  .outcome = io::ForwardOutcome::kConfirmed,
                                  .addresses = {&address, 1}};
    io::Row row;
    row.ip = address;
    row.status = io::Status::kPass;
    row.ptr_known = true;
    row.ptr = names;
    row.confirmed = names;
    row.forward = {&item, 1};
    row.ttl_s = 300 * (i % 7);
    row.rcode = uint16_t{0};
    row.queries = 2;
    row.rtt_us = 100 + i % 5000;
    row.time_us = 1'800'000'000'000'000 + i;
    memory->Append(row);
  }
  const auto rows = memory->rows();
  return {rows.begin(), rows.end()};
}

// As the file has them: row group by row group, by address.
std::vector<io::Row> InFileOrder(std::vector<io::Row> rows, size_t group) {
  for (size_t at = 0; at < rows.size(); at += group) {
    const size_t end = std::min(rows.size(), at + group);
    std::stable_sort(rows.begin() + static_cast<std::ptrdiff_t>(at),
                     rows.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const io::Row& a, const io::Row& b) {
                       return io::IpKey(a.ip) < io::IpKey(b.ip);
                     });
  }
  return rows;
}

std::unique_ptr<io::OutputFile> Open(const std::string& path) {
  auto file = io::OutputFile::Open(path);
  if (file.ok()) return *std::move(file);
  std::fprintf(stderr, "%s\n", std::string(file.status().message()).c_str());
  std::exit(1);
}

io::RunMetadata SomeRun() {
  return {.tool_version = "0.0.0",
          .seed = 7,
          .resolvers = {"127.0.0.1", "[::1]:5353"}};
}

bool WriteNdjson(const std::string& stem, const std::vector<io::Row>& rows,
                 size_t group) {
  io::NdjsonSink ndjson(Open(stem + ".ndjson"));
  return ndjson.Write(InFileOrder(rows, group)).ok() && ndjson.Finish().ok();
}

bool WriteBoth(const std::string& stem, const std::vector<io::Row>& rows) {
  io::ParquetSink parquet(Open(stem + ".parquet"), SomeRun());
  return parquet.Write(rows).ok() && parquet.Finish().ok() &&
         WriteNdjson(stem, rows, size_t{io::kRowGroupRows});
}

// Begun, left with half a row group unrecorded, and gone on with.
bool WriteResumed(const std::string& stem, const std::vector<io::Row>& rows) {
  const io::RowGroupLimits limits = {.rows = 1'000};
  const io::OutputPlace place = io::FindOutput(stem + ".parquet").value();
  uint64_t octets = 0;
  size_t recorded = 0;
  std::string state;
  {
    io::ParquetSink begun(io::OutputFile::Open(place).value(), SomeRun(),
                          limits);
    if (!begun.Write(std::span(rows).first(rows.size() / 2)).ok()) return false;
    const auto synced = begun.Sync(io::SyncTo::kParts);
    if (!synced.ok()) return false;
    octets = synced->octets;
    recorded = synced->rows;
    state = std::string(synced->state);
  }
  io::ParquetSink parquet(io::OutputFile::Continue(place, octets).value(),
                          SomeRun(), limits,
                          io::ParquetState::Parse(state, octets).value());
  return recorded > 0 &&
         parquet.Write(std::span(rows).subspan(recorded)).ok() &&
         parquet.Finish().ok() && WriteNdjson(stem, rows, limits.rows);
}

// `shard` of four has every fourth row.
bool WriteShard(const std::string& root, const std::vector<io::Row>& rows,
                uint64_t shard, bool finished) {
  io::DatasetSink::Settings settings = {
      .folder = io::ShardFolder(root, "2026-11-25", shard, 4),
      .run = SomeRun(),
      .part_rows = 400,
      .row_group = {.rows = 100}};
  if (!settings.folder.Make().ok()) return false;
  io::DatasetSink sink(settings);
  const size_t count = finished ? 1'000 : 300;
  for (size_t i = 0; i < count; ++i) {
    if (!sink.Write({&rows[4 * i + shard], 1}).ok()) return false;
  }
  return finished ? sink.Finish().ok() : sink.Flush().ok();
}

bool WriteDataset(const std::string& root) {
  io::RowBatch memory;
  const std::vector<io::Row> rows = PlainRows(4'000, &memory);
  return WriteShard(root, rows, 0, true) && WriteShard(root, rows, 1, true) &&
         WriteShard(root, rows, 2, true) && WriteShard(root, rows, 3, false);
}

// A zone with all that a row can have; of one in three nothing is known, one in
// five has no servers.
scanner::ZoneRow ZoneRowNumber(uint32_t i) {
  const auto prefix =
      dnswire::IpPrefix::Parse("10." + std::to_string(i % 256) + ".0.0/16");
  if (i % 3 == 0) {
    const scanner::ZoneEvidence failed = {
        .kind = scanner::ZoneEvidence::Kind::kFailed,
        .cause = io::Cause::kServfail};
    return {.prefix = *prefix,
            .evidence = failed,
            .judgement = scanner::JudgeZone(failed)};
  }
  scanner::ZoneEvidence zone = scanner::ZoneWith({});
  if (i % 5 != 0) {
    zone = scanner::ZoneWith(
        {scanner::ServerOf(1, scanner::ServerResult::kOk),
         scanner::ServerOf(2, scanner::ServerResult::kTimeout)});
    zone.soa =
        scanner::SoaOf(zone.zone, "ns1.example.net", "a\\.b.example.net");
    zone.servers[0].serial = 0xffffffff - i;
  }
  return {.prefix = *prefix,
          .evidence = zone,
          .judgement = scanner::JudgeZone(zone),
          .provider = {.name = "Example, \"Inc\"",
                       .where = "Stra\xc3\x9f"
                                "e"},
          .blocks = i,
          .queries = 3 * i,
          .time_us = 1'800'000'000'000'000 + i};
}

bool WriteZones(const std::string& stem, uint32_t count) {
  const auto ndjson = Open(stem + ".ndjson");
  io::ParquetTable table(Open(stem + ".parquet"), tools::ZoneColumns());
  for (uint32_t i = 0; i < count; ++i) {
    const std::vector<tools::Cell> cells = tools::ZoneCells(ZoneRowNumber(i));
    std::string line;
    tools::AppendNdjsonLine(tools::ZoneColumns(), cells, &line);
    if (!ndjson->Write(line).ok() || !tools::AddCells(cells, &table).ok()) {
      return false;
    }
  }
  return ndjson->Finish().ok() &&
         table.Finish({{"key", "value"}}, "0.0.0").ok();
}

// Findings by the way a walk takes: lines first, the table at the end.
bool WriteFindings(const std::string& stem, uint32_t count) {
  const auto ndjson =
      tools::OpenFindings(stem + ".ndjson", tools::Format::kNdjson);
  const auto parquet =
      tools::OpenFindings(stem + ".parquet", tools::Format::kParquet);
  if (!ndjson.ok() || !parquet.ok()) return false;
  for (uint32_t i = 0; i < count; ++i) {
    scanner::Finding finding = {
        .prefix = *dnswire::IpPrefix::Parse("2001:db8::/32"),
        .kind =
            static_cast<scanner::FindingKind>(i % scanner::kFindingKindCount),
        .depth = static_cast<uint8_t>(i % 33),
        .count = i,
        .queries = uint64_t{3} * i,
        .time_us = 1'800'000'000'000'000 + i};
    if (i % 2 == 0) {
      finding.zone = "8.b.d.0.1.0.0.2.ip6.arpa";
      finding.servers = {"ns.example.net/192.0.2.1=refused",
                         "a\\,b.example.net=unresolvable"};
    }
    if (i % 3 == 0) finding.detail = "\"partly\", so it says";
    if (i % 5 == 0) finding.cause = io::Cause::kRefused;
    if (!(*ndjson)->Write({&finding, 1}).ok() ||
        !(*parquet)->Write({&finding, 1}).ok()) {
      return false;
    }
  }
  return (*ndjson)->Finish().ok() && (*parquet)->Finish().ok();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = std::string(argv[1]) + "/";
  testing_support::HostileRows hostile(11);
  io::RowBatch memory;
  const testing_support::LongestRows longest(0xff);
  io::Row null_row;
  null_row.status = io::Status::kReverseTimeout;
  io::Row empty_row;
  empty_row.status = io::Status::kNoPtr;
  empty_row.ptr_known = true;
  const bool written =
      WriteBoth(folder + "none", {}) &&
      WriteBoth(folder + "null", {null_row}) &&
      WriteBoth(folder + "empty_lists", {empty_row}) &&
      WriteBoth(folder + "few", hostile.Make(1'000)) &&
      WriteBoth(folder + "hostile", hostile.Make(50'000)) &&
      WriteResumed(folder + "resumed", hostile.Make(4'700)) &&
      WriteBoth(folder + "longest", longest.rows()) &&
      WriteBoth(folder + "groups", PlainRows(300'000, &memory)) &&
      WriteZones(folder + "zones_none", 0) &&
      WriteZones(folder + "zones", 50'000) &&
      WriteFindings(folder + "findings_none", 0) &&
      WriteFindings(folder + "findings", 2'000) &&
      WriteDataset(folder + "dataset");
  return written ? 0 : 1;
}
