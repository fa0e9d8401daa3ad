#include "io/parquet/packed_rows.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/io/hostile_rows.h"
#include "tests/io/parquet_support.h"

namespace io {
namespace {

using testing_support::HostileRows;
using testing_support::RowText;

// Each comes back as it was, the last one first.
void ExpectKept(PackedRows* packed, const std::vector<Row>& rows) {
  std::vector<PackedRows::Handle> handles;
  handles.reserve(rows.size());
  for (const Row& row : rows) handles.push_back(packed->Append(row));
  ASSERT_EQ(packed->size(), rows.size());
  for (size_t i = rows.size(); i-- > 0;) {
    ASSERT_EQ(RowText(packed->Get(handles[i])), RowText(rows[i])) << i;
  }
}

TEST(PackedRowsTest, KeepsRowsAsTheyWere) {
  PackedRows packed;
  HostileRows source(3);
  ExpectKept(&packed, source.Make(20'000));
}

TEST(PackedRowsTest, KeepsNothingOverClear) {
  PackedRows packed;
  HostileRows source(4);
  for (int i = 0; i < 3; ++i) {
    ExpectKept(&packed, source.Make(500));
    packed.Clear();
    EXPECT_EQ(packed.size(), 0u);
    EXPECT_EQ(packed.octets(), 0u);
  }
}

TEST(PackedRowsTest, KeepsRowsThatAreLongerThanABlock) {
  const testing_support::LongestRows longest(0xff);
  const std::string label(5 << 20, 'x');
  std::vector<Row> rows = longest.rows();
  rows[0].label = label;
  rows.push_back(rows[0]);
  rows.push_back({});
  PackedRows packed;
  for (int i = 0; i < 2; ++i) {
    ExpectKept(&packed, rows);
    packed.Clear();
  }
}

TEST(PackedRowsTest, KeepsServersHoweverManyThereAre) {
  std::vector<Row> rows(40);
  for (uint32_t i = 0; i < rows.size(); ++i) {
    rows[i].server = {.address = dnswire::IpAddress::V4(i % 20),
                      .port = static_cast<uint16_t>(53 + i % 3)};
  }
  PackedRows packed;
  ExpectKept(&packed, rows);
}

// ptr, confirmed and forward share names, at other places too.
TEST(PackedRowsTest, LeavesOutOnlyWhatIsTheSameAgain) {
  const auto a = *dnswire::Name::Parse("a.example");
  const auto upper = *dnswire::Name::Parse("A.example");
  const auto b = *dnswire::Name::Parse("b.example");
  dnswire::NameList two;
  two.Add(a);
  two.Add(b);
  dnswire::NameList one;
  one.Add(b);
  const dnswire::NameList none;
  std::vector<std::vector<ForwardItem>> forwards(5);
  const auto ask = [&forwards](size_t row, dnswire::NameView name) {
    forwards[row].push_back(
        {.name = name, .outcome = ForwardOutcome::kDiffers});
  };
  ask(0, a), ask(0, b);
  ask(1, b), ask(1, a);
  ask(2, upper);
  ask(3, a), ask(3, b), ask(3, a);
  std::vector<Row> rows;
  for (const auto& forward : forwards) {
    for (const dnswire::NameListView confirmed :
         {two.view(), one.view(), none.view()}) {
      for (const dnswire::NameListView ptr : {two.view(), none.view()}) {
        Row row;
        row.ptr_known = true;
        row.ptr = ptr;
        row.confirmed = confirmed;
        row.forward = forward;
        rows.push_back(row);
      }
    }
  }
  PackedRows packed;
  ExpectKept(&packed, rows);
}

TEST(PackedRowsTest, ARowTakesThreeCacheLines) {
  const auto name = *dnswire::Name::Parse("ip-10-200-100-200.dyn.example.net");
  const auto address = dnswire::IpAddress::V4(1);
  dnswire::NameList names;
  names.Add(name);
  const ForwardItem item = {.name = name,
                            .outcome = ForwardOutcome::kConfirmed,
                            .addresses = {&address, 1}};
  Row row;
  row.ptr = names;
  row.confirmed = names;
  row.forward = {&item, 1};
  PackedRows packed;
  packed.Append(row);
  EXPECT_LE(packed.octets(), 192u);
}

}  // namespace
}  // namespace io
