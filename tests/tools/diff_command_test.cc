// `ptrsweep diff` as a user runs it.
#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_sink.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"
#include "tests/scanner/review/review_rows.h"
#include "tests/support/program.h"

namespace tools {
namespace {

using scanner::PassOf;
using scanner::RowText;
using testing::HasSubstr;
using testing_support::ProgramResult;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

ProgramResult Diff(std::vector<std::string> arguments,
                   const testing_support::ProgramOptions& options = {}) {
  arguments.insert(arguments.begin(), {PTRSWEEP_BINARY, "diff"});
  return testing_support::RunProgram(arguments, options);
}

// Writes the rows by the ending of `name`; gives the path.
std::string Write(const TempFolder& folder, const std::string& name,
                  const std::vector<RowText>& rows) {
  io::RowBatch batch;
  for (const RowText& row : rows) scanner::AddRow(row, &batch);
  std::string path = folder.Path(name);
  if (name.ends_with(".parquet")) {
    const auto all = batch.rows();
    testing_support::WriteParquet(path, {all.begin(), all.end()});
    return path;
  }
  std::string text;
  if (name.ends_with(".csv")) io::CsvSink::AppendHeader(&text);
  for (const io::Row& row : batch.rows()) {
    if (name.ends_with(".csv")) {
      io::CsvSink::AppendRow(row, &text);
    } else {
      io::NdjsonSink::AppendRow(row, &text);
    }
  }
  WriteFileOctets(path, text);
  return path;
}

RowText At(int last, RowText row) {
  row.ip = absl::StrCat("192.0.2.", last);
  return row;
}

const RowText kNoPtr = {.status = "no_ptr", .cause = "nxdomain"};
const RowText kTimeout = {.status = "reverse_timeout", .cause = "timeout"};

RowText Mismatch(const std::string& address) {
  return {.status = "mismatch",
          .ptr = "m.example.net",
          .forward = "m.example.net=differs:" + address};
}

RowText WithLabel(RowText row, const std::string& label) {
  row.label = label;
  return row;
}

// One address for each kind, in an order of its own on each side.
std::vector<RowText> OldRows() {
  return {PassOf(9, "i.example.net"),
          At(8, kTimeout),
          At(1, PassOf(1, "a.example.net")),
          At(2, kNoPtr),
          At(3, kNoPtr),
          PassOf(4, "d.example.net"),
          At(5, Mismatch("203.0.113.1")),
          WithLabel(PassOf(6, "f.example.net"), "acme"),
          PassOf(7, "g.example.net")};
}
std::vector<RowText> NewRows() {
  RowText flagged = WithLabel(PassOf(6, "f.example.net"), "acme");
  flagged.flags = "ttl_high";
  return {At(1, kNoPtr),
          PassOf(2, "b.example.net"),
          At(3, Mismatch("203.0.113.1")),
          PassOf(4, "e.example.net"),
          At(5, Mismatch("203.0.113.2")),
          flagged,
          PassOf(8, "h.example.net"),
          PassOf(9, "i.example.net"),
          PassOf(10, "j.example.net")};
}

constexpr char kHeader[] =
    "ip,change,label,old_status,new_status,old_cause,new_cause,old_ptr,"
    "new_ptr,old_addresses,new_addresses,old_flags,new_flags\n";
constexpr char kChanges[] =
    "192.0.2.1,new_problem,,pass,no_ptr,,nxdomain,a.example.net,,192.0.2.1,,,\n"
    "192.0.2.2,fixed,,no_ptr,pass,nxdomain,,,b.example.net,,192.0.2.2,,\n"
    "192.0.2.3,changed_status,,no_ptr,mismatch,nxdomain,,,m.example.net,,"
    "203.0.113.1,,duplicate_name\n"
    "192.0.2.4,changed_name,,pass,pass,,,d.example.net,e.example.net,"
    "192.0.2.4,192.0.2.4,,\n"
    "192.0.2.5,changed_forward,,mismatch,mismatch,,,m.example.net,"
    "m.example.net,203.0.113.1,203.0.113.2,,duplicate_name\n"
    "192.0.2.6,changed_flags,acme,pass,pass,,,f.example.net,f.example.net,"
    "192.0.2.6,192.0.2.6,,ttl_high\n"
    "192.0.2.7,disappeared,,pass,,,,g.example.net,,192.0.2.7,,,\n"
    "192.0.2.10,appeared,,,pass,,,,j.example.net,,192.0.2.10,,\n";
constexpr char kSummary[] =
    "10 addresses: 1 appeared, 1 disappeared, 1 unknown, 1 new_problem, "
    "1 fixed, 1 changed_status, 1 changed_name, 1 changed_forward, "
    "1 changed_flags, 1 same\n"
    "  192.0.2.0/24  1 appeared, 1 disappeared, 1 new_problem, 1 fixed, "
    "1 changed_status, 1 changed_name, 1 changed_forward, 1 changed_flags of "
    "10\n"
    "  [acme]  1 changed_flags of 1\n";

TEST(DiffCommandTest, EveryKindFromEveryFormat) {
  const TempFolder folder;
  for (const char* older : {"old.csv", "old.ndjson", "old.parquet"}) {
    const std::string a = Write(folder, older, OldRows());
    for (const char* newer : {"new.csv", "new.ndjson", "new.parquet"}) {
      const std::string b = Write(folder, newer, NewRows());
      const ProgramResult result = Diff({a, b});
      EXPECT_EQ(result.exit_code, 0);
      EXPECT_EQ(result.out, absl::StrCat(kHeader, kChanges)) << older << newer;
      EXPECT_EQ(result.err, kSummary);
    }
  }
}

TEST(DiffCommandTest, NdjsonHasTheSame) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", {PassOf(1, "a.example.net")});
  const std::string b = Write(folder, "b.csv", {At(1, kNoPtr)});
  const ProgramResult result = Diff({a, b, "--format", "ndjson", "--quiet"});
  EXPECT_EQ(
      result.out,
      R"({"ip":"192.0.2.1","change":"new_problem","label":null,)"
      R"("old_status":"pass","new_status":"no_ptr","old_cause":null,)"
      R"("new_cause":"nxdomain","old_ptr":["a.example.net"],"new_ptr":[],)"
      R"("old_addresses":["192.0.2.1"],"new_addresses":[],)"
      R"("old_flags":[],"new_flags":[]})"
      "\n");
  EXPECT_EQ(result.err, "");
}

TEST(DiffCommandTest, TextBeginsWithNewProblemsAndEndsWithTheSummary) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", OldRows());
  const std::string b = Write(folder, "b.csv", NewRows());
  const ProgramResult result = Diff({a, b, "-f", "text"});
  EXPECT_EQ(
      result.out,
      absl::StrCat(
          "new_problem      192.0.2.1        pass a.example.net  ->  "
          "no_ptr (nxdomain)\n"
          "fixed            192.0.2.2        no_ptr (nxdomain)  ->  "
          "pass b.example.net\n"
          "changed_status   192.0.2.3        no_ptr (nxdomain)  ->  "
          "mismatch m.example.net\n"
          "changed_name     192.0.2.4        pass d.example.net  ->  "
          "pass e.example.net\n"
          "changed_forward  192.0.2.5        mismatch m.example.net  "
          "-203.0.113.1 +203.0.113.2\n"
          "changed_flags    192.0.2.6        pass f.example.net  +ttl_high  "
          "[acme]\n"
          "appeared         192.0.2.10       -  ->  pass j.example.net\n"
          "disappeared      192.0.2.7        pass g.example.net  ->  -\n",
          kSummary));
  EXPECT_EQ(result.err, "");
}

// Rows that time out now and then change nothing, whichever side they are on.
TEST(DiffCommandTest, FlappingRowsAreNoChange) {
  const TempFolder folder;
  std::vector<RowText> a;
  std::vector<RowText> b;
  for (int i = 1; i <= 200; ++i) {
    const RowText row = i % 5 == 0
                            ? At(i, kNoPtr)
                            : PassOf(i, absl::StrCat("n", i, "x.example.net"));
    a.push_back(i % 3 == 0 ? At(i, kTimeout) : row);
    b.push_back(i % 4 == 0 ? At(i, kTimeout) : row);
  }
  const std::string every_kind =
      "new_problem,fixed,changed_status,changed_name,changed_forward,"
      "appeared,disappeared";
  const ProgramResult result =
      Diff({Write(folder, "a.csv", a), Write(folder, "b.ndjson", b),
            "--fail-on", every_kind});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, kHeader);
  EXPECT_EQ(result.err, "200 addresses: 100 unknown, 100 same\n");
}

TEST(DiffCommandTest, FailOnIsExitOne) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", OldRows());
  const std::string b = Write(folder, "b.csv", NewRows());
  for (const char* kind :
       {"new_problem", "fixed", "changed_status", "changed_name",
        "changed_forward", "changed_flags", "appeared", "disappeared",
        "unknown", "fixed,new_problem"}) {
    EXPECT_EQ(Diff({a, b, "--fail-on", kind}).exit_code, 1) << kind;
    EXPECT_EQ(Diff({a, a, "--fail-on", kind}).exit_code,
              std::string(kind) == "unknown" ? 1 : 0)
        << kind;
  }
}

TEST(DiffCommandTest, TheProfileSaysWhatAProblemIs) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", {PassOf(1, "a.example.net")});
  const std::string b = Write(folder, "b.csv", {At(1, kNoPtr)});
  EXPECT_THAT(Diff({a, b}).out, HasSubstr(",new_problem,"));
  EXPECT_THAT(Diff({a, b, "--profile", "hosting"}).out,
              HasSubstr(",changed_status,"));
}

// shared_placeholder is of the newer run alone: sixteen of the rows.
TEST(DiffCommandTest, FlagsOfTheRunCount) {
  const TempFolder folder;
  std::vector<RowText> a;
  std::vector<RowText> b;
  for (int i = 1; i <= 16; ++i) {
    RowText row = Mismatch("203.0.113.1");
    row.flags = "ttl_high";
    if (i < 16) a.push_back(At(i, row));
    b.push_back(At(i, row));
  }
  const ProgramResult result =
      Diff({Write(folder, "a.csv", a), Write(folder, "b.csv", b)});
  EXPECT_THAT(result.err, HasSubstr("1 appeared, 15 changed_flags"));
  EXPECT_THAT(result.out, HasSubstr(",duplicate_name ttl_high,duplicate_name "
                                    "shared_placeholder ttl_high\n"));
}

TEST(DiffCommandTest, PrefixesAreOfBothFamiliesMostChangesFirst) {
  const TempFolder folder;
  std::vector<RowText> b;
  for (int i = 0; i < 30; ++i) {
    RowText row = kNoPtr;
    row.ip = absl::StrCat("198.51.", i, ".1");
    b.push_back(row);
  }
  for (int i = 0; i < 2; ++i) {
    RowText row = WithLabel(kNoPtr, i == 0 ? "=a" : "b");
    row.ip = absl::StrCat("2001:db8::", i);
    b.push_back(row);
  }
  const ProgramResult result =
      Diff({Write(folder, "a.csv", {}), Write(folder, "b.csv", b)});
  EXPECT_THAT(result.err, HasSubstr("32 addresses: 32 appeared\n"
                                    "  2001:db8::/64   2 appeared of 2\n"
                                    "  198.51.0.0/24   1 appeared of 1\n"));
  EXPECT_THAT(result.err, HasSubstr("\n  and 11 more prefixes\n"
                                    "  [\\061a]  1 appeared of 1\n"
                                    "  [b]      1 appeared of 1\n"));
}

TEST(DiffCommandTest, AddressesOfAllNamesAreSortedAndOnce) {
  const TempFolder folder;
  RowText row = Mismatch("203.0.113.9");
  row.ptr = "m.example.net n.example.net";
  row.forward += " n.example.net=differs:203.0.113.1,203.0.113.9";
  const ProgramResult result =
      Diff({Write(folder, "a.csv", {}), Write(folder, "b.csv", {At(1, row)})});
  EXPECT_THAT(result.out, HasSubstr(",203.0.113.1 203.0.113.9,"));
}

TEST(DiffCommandTest, LabelsWithoutAChangeAreNotListed) {
  const TempFolder folder;
  const RowText same = WithLabel(PassOf(1, "a.example.net"), "quiet");
  const std::string a = Write(folder, "a.csv", {same});
  const std::string b = Write(
      folder, "b.csv", {same, WithLabel(PassOf(2, "b.example.net"), "busy")});
  EXPECT_EQ(Diff({a, b}).err,
            "2 addresses: 1 appeared, 1 same\n"
            "  192.0.2.0/24  1 appeared of 2\n"
            "  [busy]  1 appeared of 1\n");
}

TEST(DiffCommandTest, ADatasetIsARunToo) {
  const TempFolder folder;
  const std::string run = folder.Path("date=2026-11-25");
  for (const char* shard : {"shard=00", "shard=01"}) {
    std::filesystem::create_directories(absl::StrCat(run, "/", shard));
  }
  const std::string date = "date=2026-11-25/";
  Write(folder, date + "shard=00/part-00000.parquet",
        {PassOf(1, "a.example.net")});
  Write(folder, date + "shard=01/part-00000.parquet",
        {PassOf(2, "b.example.net")});
  const std::string b =
      Write(folder, "b.csv",
            {PassOf(2, "b.example.net"), PassOf(1, "c.example.net")});
  const ProgramResult result = Diff({run, b});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 addresses: 1 changed_name, 1 same\n"));
  EXPECT_EQ(Diff({folder.Path("date="), b}).exit_code, 4);
}

TEST(DiffCommandTest, AFileGetsItsNameWhenItIsWhole) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", OldRows());
  const std::string b = Write(folder, "b.csv", NewRows());
  const std::string out = folder.Path("changes.csv");
  EXPECT_EQ(Diff({a, b, "-o", out}).exit_code, 0);
  EXPECT_EQ(testing_support::ReadFileOctets(out),
            absl::StrCat(kHeader, kChanges));
  const ProgramResult full = Diff({a, b, "-o", "/dev/full"});
  EXPECT_EQ(full.exit_code, 4);
  EXPECT_THAT(full.err, HasSubstr("/dev/full"));
}

TEST(DiffCommandTest, FaultsOfFilesAreExitFour) {
  const TempFolder folder;
  const std::string a = Write(folder, "a.csv", OldRows());
  const std::string twice =
      Write(folder, "twice.csv", {At(1, kNoPtr), At(1, kNoPtr)});
  const std::string cut = folder.Path("cut.csv");
  WriteFileOctets(cut, testing_support::ReadFileOctets(a) + "192.0.2.99,pa");
  const struct {
    std::vector<std::string> arguments;
    const char* error;
  } cases[] = {
      {{a, folder.Path("none")}, "none"},
      {{folder.Path("none"), a}, "none"},
      {{a, cut}, "cut.csv:11: the line has no end"},
      {{a, twice}, "twice.csv: 192.0.2.1 has two rows"},
  };
  for (const auto& c : cases) {
    const ProgramResult result = Diff(c.arguments);
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(c.error));
  }
}

}  // namespace
}  // namespace tools
