#include "io/formats/row.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>

namespace io {
namespace {

struct ColumnCase {
  const char* name;
  ColumnType type;
};
// OUTPUT.md 1, in its order.
constexpr ColumnCase kExpected[] = {
    {"ip", ColumnType::kText},
    {"status", ColumnType::kText},
    {"cause", ColumnType::kText},
    {"flags", ColumnType::kTextList},
    {"ptr", ColumnType::kTextList},
    {"confirmed", ColumnType::kTextList},
    {"forward", ColumnType::kForwardList},
    {"ttl_s", ColumnType::kInt},
    {"rcode", ColumnType::kText},
    {"zone", ColumnType::kText},
    {"zone_mname", ColumnType::kText},
    {"zone_rname", ColumnType::kText},
    {"server", ColumnType::kText},
    {"queries", ColumnType::kInt},
    {"rtt_us", ColumnType::kInt},
    {"time", ColumnType::kTimestamp},
    {"label", ColumnType::kText},
    {"expected", ColumnType::kText},
};

TEST(RowTest, ColumnsAreThoseOfTheContractInItsOrder) {
  ASSERT_EQ(Columns().size(), std::size(kExpected));
  for (size_t i = 0; i < std::size(kExpected); ++i) {
    EXPECT_EQ(Columns()[i].name, kExpected[i].name);
    EXPECT_EQ(Columns()[i].type, kExpected[i].type) << kExpected[i].name;
  }
}

// The README's table and the man page print it.
TEST(RowTest, EveryColumnHasOneLineOfPrintableDocumentation) {
  for (const Column& column : Columns()) {
    EXPECT_GE(column.doc.size(), 10u) << column.name;
    EXPECT_TRUE(std::all_of(column.doc.begin(), column.doc.end(), [](char c) {
      return c >= ' ' && c <= '~' && c != '|';
    })) << column.name;
  }
}

}  // namespace
}  // namespace io
