// One column chunk: its statistics, and whether it has a dictionary.
#include "io/parquet/parquet_column.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

ParquetChunk ChunkOf(const std::vector<std::string>& values, bool distinct) {
  static const ParquetSchema schema = MakeParquetSchema();
  PageCompressor compressor;
  ParquetColumn column(schema.leaves[kIpLeaf], distinct, &compressor);
  for (const std::string& value : values) column.AddText(value);
  std::string out;
  return column.Finish(4, &out);
}

// Short texts with much in common, also such as begin others.
std::vector<std::string> Texts(size_t count) {
  std::mt19937 random(9);
  std::vector<std::string> texts;
  while (texts.size() < count) {
    std::string text = random() % 3 == 0 ? "host-" : "host-10-20-";
    for (size_t size = random() % 12; size > 0; --size) {
      text.push_back(static_cast<char>("!z~"[random() % 3]));
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(ParquetColumnTest, BoundsAreThoseOfAllValuesInAnyOrder) {
  const std::vector<std::string> scattered = Texts(45'000);  // three pages
  std::vector<std::string> ascending = scattered;
  std::sort(ascending.begin(), ascending.end());
  std::vector<std::string> descending = ascending;
  std::reverse(descending.begin(), descending.end());
  for (const auto& values : {scattered, ascending, descending}) {
    for (const bool distinct : {false, true}) {
      const ParquetChunk chunk = ChunkOf(values, distinct);
      EXPECT_EQ(chunk.min->octets, ascending.front());
      EXPECT_EQ(chunk.max->octets, ascending.back());
      EXPECT_EQ(chunk.values, 45'000);
    }
  }
}

TEST(ParquetColumnTest, BoundsOfNumbersAreSigned) {
  const ParquetSchema schema = MakeParquetSchema();
  PageCompressor compressor;
  ParquetColumn column(schema.leaves[kTimeLeaf], true, &compressor);
  for (const int64_t number : {5, -2, 300, 0}) column.AddNumber(number);
  std::string out;
  const ParquetChunk chunk = column.Finish(4, &out);
  EXPECT_EQ(chunk.min->octets, std::string("\xfe\xff\xff\xff\xff\xff\xff\xff"));
  EXPECT_EQ(chunk.max->octets, std::string("\x2c\x01\0\0\0\0\0\0", 8));
}

TEST(ParquetColumnTest, CompareOctetsIsBytewise) {
  const std::vector<std::string> texts = Texts(300);
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      const int order = CompareOctets(a, b);
      ASSERT_EQ(order < 0, a < b) << a << " " << b;
      ASSERT_EQ(order == 0, a == b) << a << " " << b;
    }
  }
}

TEST(ParquetColumnTest, ADictionaryMustPayWithinTheFirstValues) {
  std::vector<std::string> values;
  for (size_t i = 0; i < kTrialValues; ++i) {
    values.push_back(absl::StrCat("value", i));
  }
  values.resize(5 * kTrialValues, "value");
  EXPECT_FALSE(ChunkOf(values, false).has_dictionary);
  for (size_t i = 0; i < kTrialValues; ++i) {
    values[i] = absl::StrCat("value", i / 2);
  }
  EXPECT_TRUE(ChunkOf(values, false).has_dictionary);
  EXPECT_FALSE(ChunkOf(values, true).has_dictionary);
  // A short chunk is judged by what it has.
  EXPECT_FALSE(ChunkOf({"a", "b"}, false).has_dictionary);
  EXPECT_TRUE(ChunkOf(std::vector<std::string>(9, "a"), false).has_dictionary);
}

TEST(ParquetColumnTest, EqualTextsAreSeenWhateverTheirLength) {
  TextDictionary dictionary(0);
  for (size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    const auto id = dictionary.Intern(text);
    EXPECT_EQ(dictionary.Intern(text), id) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'y';
      ASSERT_EQ(dictionary.Intern(text), id);
      ASSERT_NE(dictionary.Intern(other), id) << size << " " << at;
    }
  }
}

}  // namespace
}  // namespace io
