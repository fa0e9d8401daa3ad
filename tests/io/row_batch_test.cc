#include "io/formats/row_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_sink.h"
#include "tests/io/hostile_rows.h"

namespace {

size_t allocations = 0;

void* Allocate(size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace io {
namespace {

using testing_support::HostileRows;

std::string TextOf(const Row& row) {
  std::string text;
  NdjsonSink::AppendRow(row, &text);
  return text;
}

std::vector<std::string> TextsOf(std::span<const Row> rows) {
  std::vector<std::string> texts;
  for (const Row& row : rows) texts.push_back(TextOf(row));
  return texts;
}

// A packed list of `count` names of 11 octets.
std::vector<uint8_t> PackNames(size_t count) {
  std::vector<uint8_t> packed;
  for (size_t i = 0; i < count; ++i) {
    std::string digits = std::to_string(100000000 + i);
    packed.push_back(11);
    packed.push_back(9);
    packed.insert(packed.end(), digits.begin(), digits.end());
    packed.push_back(0);
  }
  return packed;
}

TEST(RowBatchTest, RowsOutliveWhatTheyWereCopiedFrom) {
  RowBatch batch;
  std::vector<std::string> expected;
  {
    auto source = std::make_unique<HostileRows>(1);
    for (int i = 0; i < 3000; ++i) {
      const Row row = source->Make();
      expected.push_back(TextOf(row));
      batch.Append(row);
    }
  }
  EXPECT_EQ(batch.size(), 3000u);
  EXPECT_EQ(TextsOf(batch.rows()), expected);
}

// Where all that a row borrows lies; null for what is empty.
std::vector<const void*> BorrowedBy(const Row& row) {
  std::vector<const void*> at = {
      row.ptr.packed().data(), row.confirmed.packed().data(),
      row.forward.data(),      row.zone ? row.zone->wire().data() : nullptr,
      row.label.data(),        row.expected.data()};
  if (row.zone_mname) at.push_back(row.zone_mname->wire().data());
  if (row.zone_rname) at.push_back(row.zone_rname->wire().data());
  for (const ForwardItem& item : row.forward) {
    at.push_back(item.name.wire().data());
    at.push_back(item.addresses.data());
  }
  std::erase(at, nullptr);
  return at;
}

TEST(RowBatchTest, SharesNothingWithItsSource) {
  HostileRows source(6);
  RowBatch batch;
  for (int i = 0; i < 1000; ++i) {
    Row row = source.Make();
    if (row.label.empty()) row.label = absl::string_view();
    if (row.expected.empty()) row.expected = absl::string_view();
    batch.Append(row);
    const std::vector<const void*> borrowed = BorrowedBy(row);
    for (const void* const own : BorrowedBy(batch.rows().back())) {
      ASSERT_EQ(std::count(borrowed.begin(), borrowed.end(), own), 0);
    }
  }
}

TEST(RowBatchTest, PointersStayWhileRowsAreAppended) {
  HostileRows source(2);
  RowBatch batch;
  Row row = source.Make();
  const std::vector<uint8_t> packed = PackNames(3);
  row.ptr_known = true;
  row.ptr = {packed, 3};
  batch.Append(row);
  const uint8_t* const names = batch.rows()[0].ptr.packed().data();
  for (int i = 0; i < 5000; ++i) batch.Append(source.Make());
  EXPECT_NE(names, packed.data());
  EXPECT_EQ(batch.rows()[0].ptr.packed().data(), names);
  EXPECT_EQ(TextOf(batch.rows()[0]), TextOf(row));
}

TEST(RowBatchTest, HoldsRowsOfThousandsOfNames) {
  // Around the block size of 65,536 octets, 12 a name, and far above.
  for (const size_t count : {5460u, 5461u, 5462u, 20000u}) {
    const std::vector<uint8_t> packed = PackNames(count);
    Row row;
    row.ptr_known = true;
    row.ptr = {packed, count};
    row.confirmed = {packed, count};
    RowBatch batch;
    for (int i = 0; i < 3; ++i) batch.Append(row);
    EXPECT_EQ(TextsOf(batch.rows()), std::vector<std::string>(3, TextOf(row)))
        << count;
  }
}

TEST(RowBatchTest, ForwardItemsAreAligned) {
  HostileRows source(3);
  RowBatch batch;
  for (int i = 0; i < 1000; ++i) batch.Append(source.Make());
  for (const Row& row : batch.rows()) {
    const auto at = reinterpret_cast<uintptr_t>(row.forward.data());
    EXPECT_EQ(at % alignof(ForwardItem), 0u);
    for (const ForwardItem& item : row.forward) {
      const auto addresses = reinterpret_cast<uintptr_t>(item.addresses.data());
      EXPECT_EQ(addresses % alignof(dnswire::IpAddress), 0u);
    }
  }
}

TEST(RowBatchTest, ClearForgetsTheRows) {
  HostileRows source(4);
  RowBatch batch;
  for (int i = 0; i < 100; ++i) batch.Append(source.Make());
  batch.Clear();
  EXPECT_EQ(batch.size(), 0u);
  const Row row = source.Make();
  batch.Append(row);
  ASSERT_EQ(batch.size(), 1u);
  EXPECT_EQ(TextOf(batch.rows()[0]), TextOf(row));
}

TEST(RowBatchTest, AllocatesNothingOnceItIsWarm) {
  HostileRows source(5);
  const std::vector<Row> rows = source.Make(2000);
  RowBatch batch;
  const size_t cold = allocations;
  for (const Row& row : rows) batch.Append(row);
  EXPECT_GT(allocations, cold);
  const size_t warm = allocations;
  for (int turn = 0; turn < 10; ++turn) {
    batch.Clear();
    for (const Row& row : rows) batch.Append(row);
  }
  EXPECT_EQ(allocations, warm);
}

template <typename Sink>
size_t AllocationsOfAWarmSink(std::span<const Row> rows) {
  Sink sink(OutputFile::Open("/dev/null").value());
  EXPECT_TRUE(sink.Write(rows).ok());
  const size_t warm = allocations;
  for (int turn = 0; turn < 100; ++turn) EXPECT_TRUE(sink.Write(rows).ok());
  return allocations - warm;
}

TEST(RowSinkTest, AllocatesNothingOnceItIsWarm) {
  HostileRows source(8);
  std::vector<Row> rows = source.Make(500);
  for (Row& row : rows) {
    row.time_us = 1;
    if (row.server) row.server->scope = 0;  // an interface's name is asked for
  }
  EXPECT_EQ(AllocationsOfAWarmSink<CsvSink>(rows), 0u);
  EXPECT_EQ(AllocationsOfAWarmSink<NdjsonSink>(rows), 0u);
}

}  // namespace
}  // namespace io
