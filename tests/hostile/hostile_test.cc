// The real binary against every class of misbehaviour: exactly one row an
// address, the one that the table says, whatever the server sends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/hostile/hostile_scan.h"
#include "tests/hostile/output_reader.h"
#include "tests/support/misbehaviours.h"

namespace hostile {
namespace {

using testing::Contains;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing_support::AddressOfClass;
using testing_support::AllMisbehaviours;
using testing_support::Misbehaviour;
using testing_support::NamesOfClass;

using Read = std::optional<std::vector<OutputRow>> (*)(const std::string&);

void CheckRow(const Misbehaviour& expected, size_t index,
              const OutputRow& row) {
  EXPECT_EQ(absl::StrCat(row.status, " ", row.cause),
            absl::StrCat(expected.row.status, " ", expected.row.cause));
  const std::vector<std::string> names = NamesOfClass(expected, index);
  if (expected.row.ptr_cut) {
    EXPECT_THAT(row.ptr, IsSubsetOf(names));
    EXPECT_FALSE(row.ptr.empty());
    EXPECT_LT(row.ptr.size(), names.size());
  } else {
    EXPECT_THAT(row.ptr, ElementsAreArray(names));
  }
  for (const std::string& flag : expected.row.flags) {
    EXPECT_THAT(row.flags, Contains(flag));
  }
  if (expected.row.ttl_s) {
    EXPECT_EQ(row.ttl_s, absl::StrCat(*expected.row.ttl_s));
  }
}

void CheckCounter(const Misbehaviour& expected,
                  const std::map<std::string, uint64_t>& counters) {
  const auto counter = counters.find(expected.row.counter);
  ASSERT_NE(counter, counters.end()) << "no counter " << expected.row.counter;
  EXPECT_GT(counter->second, 0u) << expected.row.counter;
}

void CheckGroup(const Classes& classes, const GroupScan& scan, Read read) {
  SCOPED_TRACE(absl::StrCat("group ", scan.group));
  ASSERT_EQ(scan.result.exit_code, 0) << scan.result.err;
  EXPECT_THAT(RawOctets(scan.result.out), IsEmpty());
  EXPECT_THAT(RawOctets(scan.result.err), IsEmpty());
  const auto rows = read(scan.result.out);
  ASSERT_TRUE(rows.has_value()) << scan.result.out;
  EXPECT_EQ(rows->size(), scan.classes.size());
  const auto counters = ReadCounters(scan.result.err);
  for (const size_t index : scan.classes) {
    const Misbehaviour& expected = classes[index];
    const std::string address = AddressOfClass(index);
    SCOPED_TRACE(absl::StrCat(expected.name, " ", address));
    const auto is_its = [&](const auto& row) { return row.ip == address; };
    ASSERT_EQ(std::count_if(rows->begin(), rows->end(), is_its), 1);
    CheckRow(expected, index,
             *std::find_if(rows->begin(), rows->end(), is_its));
    CheckCounter(expected, counters);
  }
}

void CheckAllGroups(const std::string& format, Read read) {
  const Classes classes = AllMisbehaviours();
  for (const GroupScan& scan : ScanAllGroups(classes, format)) {
    CheckGroup(classes, scan, read);
  }
}

TEST(HostileTest, EveryClassGivesItsRowInNdjson) {
  CheckAllGroups("ndjson", ReadNdjson);
}

TEST(HostileTest, EveryClassGivesItsRowInCsv) {
  CheckAllGroups("csv", ReadCsv);
}

}  // namespace
}  // namespace hostile
