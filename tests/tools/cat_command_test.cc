// `ptrsweep cat` as a user runs it.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/io/hostile_rows.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"
#include "tests/support/program.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ProgramResult;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

ProgramResult Cat(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {PTRSWEEP_BINARY, "cat"});
  return testing_support::RunProgram(arguments, {});
}

std::vector<io::Row> TwoRows() {
  std::vector<io::Row> rows(2);
  rows[0].status = io::Status::kNoPtr;
  rows[0].ptr_known = true;
  rows[1].ip = dnswire::IpAddress::V4(1);
  rows[1].status = io::Status::kReverseTimeout;
  return rows;
}

TEST(CatCommandTest, EveryFormatGivesTheSameRows) {
  const TempFolder folder;
  const std::string parquet = folder.Path("rows.parquet");
  testing_support::WriteParquet(parquet, TwoRows());
  const ProgramResult ndjson = Cat({parquet, "--format", "ndjson"});
  EXPECT_EQ(ndjson.exit_code, 0) << ndjson.err;
  EXPECT_EQ(ndjson.out, testing_support::RowText(TwoRows()[0]) +
                            testing_support::RowText(TwoRows()[1]));
  const ProgramResult csv = Cat({parquet});
  EXPECT_THAT(csv.out, StartsWith("ip,status,"));
  WriteFileOctets(folder.Path("a"), ndjson.out);
  WriteFileOctets(folder.Path("b"), csv.out);
  EXPECT_EQ(Cat({folder.Path("a")}).out, csv.out);
  EXPECT_EQ(Cat({folder.Path("b"), "-f", "ndjson"}).out, ndjson.out);
  EXPECT_EQ(Cat({folder.Path("a"), folder.Path("b"), "-f", "ndjson"}).out,
            ndjson.out + ndjson.out);
}

TEST(CatCommandTest, WhereKeepsRowsOfTheseStatuses) {
  const TempFolder folder;
  const std::string path = folder.Path("rows");
  testing_support::WriteParquet(path, TwoRows());
  EXPECT_EQ(Cat({path, "--where", "no_ptr", "-f", "ndjson"}).out,
            testing_support::RowText(TwoRows()[0]));
  EXPECT_EQ(Cat({path, "--where", "pass", "-f", "ndjson"}).out, "");
}

TEST(CatCommandTest, ErrorsNameTheCulprit) {
  const TempFolder folder;
  const std::string path = folder.Path("rows");
  WriteFileOctets(path, "user,password\n");
  const ProgramResult other = Cat({path});
  EXPECT_EQ(other.exit_code, 4);
  EXPECT_THAT(other.err, HasSubstr("rows:1: this is not the header"));
  EXPECT_EQ(Cat({folder.Path("none")}).exit_code, 4);
  const ProgramResult where = Cat({path, "--where", "passed"});
  EXPECT_EQ(where.exit_code, 2);
  EXPECT_THAT(where.err, HasSubstr("--where: 'passed'"));
  EXPECT_EQ(Cat({path, "-f", "parquet"}).exit_code, 2);
  EXPECT_EQ(Cat({}).exit_code, 2);
}

}  // namespace
}  // namespace tools
