// Writes the nights of a month as datasets, for the queries of tools/MONTH.md:
// 64 addresses, 192.0.2.0 to 192.0.2.63, in two shards, and what became of
// them. expected.mjs says the same from the other side, worked out by hand.
//
//   month_files FOLDER
#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "io/dataset/layout.h"
#include "io/formats/row_batch.h"
#include "io/parquet/parquet_sink.h"

namespace {

constexpr uint32_t kAddresses = 64;
constexpr uint64_t kShards = 2;
constexpr int kDays = 30;
// Its scan was not whole: nothing in it counts.
constexpr int kUnfinishedDay = 29;

struct Night {
  io::Status status = io::Status::kPass;
  io::Cause cause = io::Cause::kNone;
  std::string name;  // of the PTR; empty: none
};

Night WithoutPtr() {
  return {.status = io::Status::kNoPtr, .cause = io::Cause::kNxdomain};
}

Night Unknown() {
  return {.status = io::Status::kReverseTimeout, .cause = io::Cause::kTimeout};
}

// The month's story, by the last octet of the address.
Night NightOf(uint32_t host, int day) {
  Night night{.name = absl::StrCat("host-", host, ".example.com")};
  if (day == kUnfinishedDay) return WithoutPtr();
  switch (host) {
    case 7:  // loses its PTR for good
      return day < 10 ? night : WithoutPtr();
    case 21:  // loses it, and gets it back
      return day < 20 || day >= 25 ? night : WithoutPtr();
    case 30:  // its name leads elsewhere from then on
      if (day >= 5) night.status = io::Status::kMismatch;
      return night;
    case 41:  // its servers fall silent, and come back
      return day >= 12 && day <= 14 ? Unknown() : night;
    case 42:  // they fall silent, and come back without it
      if (day == 15) return Unknown();
      return day < 15 ? night : WithoutPtr();
    case 50:  // is renamed
      if (day >= 18) night.name = "web.example.com";
      return night;
    case 60:  // never had one
      return WithoutPtr();
    case 61:  // comes and goes
      if (day >= 3 && day <= 7 && day % 2 == 1) {
        night.status = io::Status::kMismatch;
      }
      return night;
    default:
      return night;
  }
}

void Append(uint32_t host, int day, io::RowBatch* rows) {
  const Night night = NightOf(host, day);
  const dnswire::Name zone = *dnswire::Name::Parse("2.0.192.in-addr.arpa");
  dnswire::NameList names;
  if (!night.name.empty()) names.Add(*dnswire::Name::Parse(night.name));
  io::Row row;
  row.ip = dnswire::IpAddress::V4(0xc0000200u + host);
  row.status = night.status;
  row.cause = night.cause;
  row.ptr_known = night.status != io::Status::kReverseTimeout;
  row.ptr = names;
  if (night.status == io::Status::kPass) row.confirmed = names;
  row.zone = zone;
  row.queries = 2;
  row.time_us = 1'793'491'200'000'000 + int64_t{day - 1} * 86'400'000'000;
  row.label = host < 20 ? "alpha" : host < 40 ? "beta" : "";
  rows->Append(row);
}

bool WriteShard(const std::string& root, int day, uint64_t shard) {
  const io::ShardFolder folder(root, absl::StrFormat("2026-11-%02d", day),
                               shard, kShards);
  if (!folder.Make().ok()) return false;
  io::RowBatch rows;
  for (uint32_t host = 0; host < kAddresses; ++host) {
    if (host % kShards == shard) Append(host, day, &rows);
  }
  auto file = io::OutputFile::Open(folder.Part(0));
  if (!file.ok()) return false;
  io::ParquetSink sink(*std::move(file), {.tool_version = "0.0.0"});
  if (!sink.Write(rows.rows()).ok() || !sink.Finish().ok()) return false;
  if (day == kUnfinishedDay) return true;
  std::FILE* success = std::fopen(folder.SuccessPath().c_str(), "w");
  return success != nullptr && std::fclose(success) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: month_files FOLDER\n");
    return 2;
  }
  for (int day = 1; day <= kDays; ++day) {
    for (uint64_t shard = 0; shard < kShards; ++shard) {
      if (!WriteShard(argv[1], day, shard)) {
        std::fprintf(stderr, "month_files: cannot write to %s\n", argv[1]);
        return 1;
      }
    }
  }
  return 0;
}
