#include "io/files/csv_reader.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace io {
namespace {

using Records = std::vector<std::vector<std::string>>;

struct Case {
  const char* label;
  absl::string_view text;
  Records expected;
};

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {"nothing", "", {}},
      {"only line ends", "\n\r\n\n", {}},
      {"one record", "a,b\n", {{"a", "b"}}},
      {"no line end at the end", "a,b", {{"a", "b"}}},
      {"CR LF", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"empty lines", "a\n\n\r\nb\n", {{"a"}, {"b"}}},
      {"empty cells", ",\n,,", {{"", ""}, {"", "", ""}}},
      {"blanks belong to the cell", " a , b ", {{" a ", " b "}}},
      {"quoted", "\"a\",\"b\"\n", {{"a", "b"}}},
      {"quoted and empty", "\"\"\n", {{""}}},
      {"comma in quotes", "\"a,b\",c", {{"a,b", "c"}}},
      {"line end in quotes", "\"a\r\nb\",c", {{"a\r\nb", "c"}}},
      {"doubled quotes", "\"\"\"a\"\"\",\"\"\"\"", {{"\"a\"", "\""}}},
      {"byte order mark", "\xef\xbb\xbf\"a\"", {{"a"}}},
      {"records shrink and grow",
       "a,b,c\nd\ne,f\n",
       {{"a", "b", "c"}, {"d"}, {"e", "f"}}},
  };
  return *cases;
}

TEST(CsvReaderTest, ReadsRecordsByRfc4180) {
  for (const Case& c : Cases()) {
    CsvReader reader(c.text);
    Records records;
    std::vector<std::string> fields;
    auto more = reader.Next(&fields);
    for (; more.ok() && *more; more = reader.Next(&fields)) {
      records.push_back(fields);
    }
    EXPECT_TRUE(more.ok()) << c.label << ": " << more.status();
    EXPECT_EQ(records, c.expected) << c.label;
  }
}

struct FaultCase {
  absl::string_view text;
  size_t line;
  const char* expected;
};
constexpr FaultCase kFaults[] = {
    {"\"a", 1, "a quote is not closed"},
    {"a,b\nc,\"d\n\n\n", 2, "a quote is not closed"},
    {"\"a\"\"", 1, "a quote is not closed"},
    {"\"", 1, "a quote is not closed"},
    {"a\n\"b\"c\n", 2, "text follows a closing quote"},
    {"\"b\" ,c\n", 1, "text follows a closing quote"},
    {"\"b\"\rc", 1, "text follows a closing quote"},
    {"\n\na\"b\"\n", 3, "a quote stands inside an unquoted cell"},
    {"a \"b\"", 1, "a quote stands inside an unquoted cell"},
    {"a\rb", 1, "a carriage return without line feed"},
    {"a\r", 1, "a carriage return without line feed"},
    {"\"x\ny\"\nb\n\"", 4, "a quote is not closed"},
};

TEST(CsvReaderTest, RefusesWhatIsNoCsvAndNamesTheLine) {
  for (const auto& [text, line, expected] : kFaults) {
    CsvReader reader(text);
    std::vector<std::string> fields;
    auto more = reader.Next(&fields);
    while (more.ok() && *more) more = reader.Next(&fields);
    EXPECT_EQ(more.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(more.status().message(), expected) << text;
    EXPECT_EQ(reader.line(), line) << text;
  }
}

TEST(CsvReaderTest, KnowsWhereARecordStartsAndHowLongItIs) {
  CsvReader reader("ab,c\r\n\n\"d\ne\",f\ng");
  std::vector<std::string> fields;
  const struct { size_t line, octets; } expected[] = {{1, 4}, {3, 7}, {5, 1}};
  for (const auto& [line, octets] : expected) {
    ASSERT_TRUE(reader.Next(&fields).value());
    EXPECT_EQ(reader.line(), line);
    EXPECT_EQ(reader.record_octets(), octets);
  }
  EXPECT_FALSE(reader.Next(&fields).value());
}

}  // namespace
}  // namespace io
