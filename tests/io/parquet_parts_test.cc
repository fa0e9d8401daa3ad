// The parts of Parquet files, each against the rules of its format.
#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "io/formats/row.h"
#include "io/parquet/crc32.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/parquet_statistics.h"
#include "io/parquet/rle_hybrid.h"
#include "io/parquet/text_dictionary.h"
#include "io/parquet/thrift_compact.h"

namespace io {
namespace {

std::string Octets(std::initializer_list<int> octets) {
  std::string text;
  for (const int octet : octets) text.push_back(static_cast<char>(octet));
  return text;
}

// ---- thrift

TEST(ThriftCompactTest, WritesTheExampleOfItsHeader) {
  std::string out;
  ThriftWriter writer(&out);
  writer.I32(1, 2);
  writer.Binary(4, "ip");
  writer.EndStruct();
  EXPECT_EQ(out, Octets({0x15, 0x04, 0x38, 0x02, 0x69, 0x70, 0x00}));
}

TEST(ThriftCompactTest, ReadsWhatItWrote) {
  std::string out;
  ThriftWriter writer(&out);
  writer.I16(1, -7);
  writer.I64(2, INT64_MIN);
  writer.Bool(3, true);
  writer.BeginList(9, ThriftType::kI32, 20);
  for (int i = 0; i < 20; ++i) writer.I32Element(i * 1000);
  writer.BeginStruct(10);
  writer.Bool(2, false);
  writer.EndStruct();
  writer.I64(11, INT64_MAX);
  writer.EndStruct();

  ThriftReader reader(out);
  reader.BeginStruct();
  ASSERT_TRUE(reader.NextField());
  EXPECT_EQ(reader.Int(), -7);
  ASSERT_TRUE(reader.NextField());
  EXPECT_EQ(reader.Int(), INT64_MIN);
  ASSERT_TRUE(reader.NextField());
  EXPECT_TRUE(reader.Bool());
  ASSERT_TRUE(reader.NextField());
  EXPECT_EQ(reader.id(), 9);
  ASSERT_EQ(reader.List(ThriftType::kI32), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(reader.IntElement(), i * 1000);
  ASSERT_TRUE(reader.NextField());
  reader.Skip();
  ASSERT_TRUE(reader.NextField());
  EXPECT_EQ(reader.id(), 11);
  EXPECT_EQ(reader.Int(), INT64_MAX);
  EXPECT_FALSE(reader.NextField());
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.consumed(), out.size());
}

// Skips all fields of a struct; false if it is damaged.
bool CanSkip(const std::string& octets) {
  ThriftReader reader(octets);
  reader.BeginStruct();
  while (reader.NextField()) reader.Skip();
  return reader.ok();
}

struct HostileCase {
  const char* label;
  std::string octets;
};

TEST(ThriftCompactTest, RefusesWhatCannotBe) {
  const HostileCase cases[] = {
      {"nothing", ""},
      {"no stop", Octets({0x15, 0x04})},
      {"varint of eleven octets",
       Octets({0x15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0})},
      {"binary longer than the rest", Octets({0x18, 0x05, 'a', 0})},
      {"list longer than the rest", Octets({0x19, 0xf5, 0xff, 0x7f, 0})},
      {"unknown type", Octets({0x1d, 0})},
      {"a map", Octets({0x1b, 0, 0})},
      {"structs too deep", std::string(40, '\x1c')},
      {"lists too deep", "\x19" + std::string(40, '\x19')},
      {"field id 0", Octets({0x05, 0, 0, 0})},
  };
  for (const auto& [label, octets] : cases) {
    EXPECT_FALSE(CanSkip(octets)) << label;
  }
  EXPECT_TRUE(CanSkip(Octets({0x15, 0x04, 0})));
}

// ---- levels and indices

std::vector<uint32_t> RoundTrip(const std::vector<uint32_t>& values,
                                int width) {
  RleEncoder encoder;
  for (const uint32_t value : values) encoder.Add(value);
  std::string out;
  encoder.Finish(width, &out);
  std::vector<uint32_t> read;
  EXPECT_TRUE(DecodeRle(out, width, values.size(), UINT32_MAX, &read));
  return read;
}

TEST(RleHybridTest, WritesTheExampleOfItsHeader) {
  RleEncoder encoder;
  for (int i = 0; i < 10; ++i) encoder.Add(1);
  for (const uint32_t value : {0u, 1u, 0u}) encoder.Add(value);
  std::string out;
  encoder.Finish(1, &out);
  EXPECT_EQ(out, Octets({0x14, 0x01, 0x03, 0x02}));
}

// Encodings.md: the numbers 0 to 7 in three bits.
TEST(RleHybridTest, PacksAsTheSpecificationShows) {
  RleEncoder encoder;
  for (uint32_t value = 0; value < 8; ++value) encoder.Add(value);
  std::string out;
  encoder.Finish(3, &out);
  EXPECT_EQ(out, Octets({0x03, 0x88, 0xc6, 0xfa}));
}

TEST(RleHybridTest, RunsOfAnyLengthReadBack) {
  std::mt19937 random(1);
  for (int width = 1; width <= 32; ++width) {
    for (const uint32_t max_run : {1u, 7u, 8u, 9u, 100u}) {
      std::vector<uint32_t> values;
      while (values.size() < 1000) {
        const uint64_t mask = (uint64_t{1} << width) - 1;
        values.insert(values.end(), 1 + random() % max_run,
                      static_cast<uint32_t>(random() & mask));
      }
      ASSERT_EQ(RoundTrip(values, width), values) << width << " " << max_run;
    }
  }
}

TEST(RleHybridTest, RefusesWhatCannotBe) {
  const HostileCase cases[] = {
      {"nothing", ""},
      {"run of none", Octets({0x00, 0x01})},
      {"run without value", Octets({0x10})},
      {"longer run than values", Octets({0x12, 0x01})},
      {"value above the largest", Octets({0x10, 0x03})},
      {"packed value above the largest", Octets({0x03, 0xff, 0xff})},
      {"groups cut off", Octets({0x03, 0xaa})},
      {"fewer values", Octets({0x08, 0x01})},
      {"huge count", Octets({0xff, 0xff, 0xff, 0xff, 0xff, 0x01})},
  };
  std::vector<uint8_t> out;
  for (const auto& [label, octets] : cases) {
    out.clear();
    EXPECT_FALSE(DecodeRle(octets, 2, 8, 2, &out)) << label;
    EXPECT_LE(out.size(), 8u);
  }
  EXPECT_TRUE(DecodeRle(Octets({0x10, 0x02}), 2, 8, 2, &out));
}

// ---- checksum and compression

TEST(Crc32Test, GivesTheCheckValue) {
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);  // of CRC-32/ISO-HDLC
  EXPECT_EQ(Crc32(""), 0u);
  EXPECT_EQ(Crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339u);
}

TEST(PageCodecTest, FramesCarryAChecksum) {
  PageCompressor compressor;
  std::string frame(compressor.Compress("some page"));
  ASSERT_GT(frame.size(), 5u);
  EXPECT_EQ(frame.substr(0, 4), Octets({0x28, 0xb5, 0x2f, 0xfd}));
  EXPECT_NE(frame[4] & 0x04, 0);  // RFC 8878 3.1.1.1.1: Content_Checksum_flag
}

TEST(PageCodecTest, ExpandsToTheStatedSizeOrNotAtAll) {
  const std::string page(1'000'000, 'x');
  PageCompressor compressor;
  std::string frame(compressor.Compress(page));
  PageDecompressor decompressor;
  std::string out;
  EXPECT_TRUE(decompressor.Decompress(frame, page.size(), &out));
  EXPECT_EQ(out, page);
  for (const size_t size : {size_t{0}, page.size() - 1, page.size() + 1}) {
    EXPECT_FALSE(decompressor.Decompress(frame, size, &out)) << size;
  }
  frame[frame.size() - 1] = static_cast<char>(frame[frame.size() - 1] ^ 1);
  EXPECT_FALSE(decompressor.Decompress(frame, page.size(), &out));
}

// ---- statistics

TEST(ParquetStatisticsTest, CutsLongTextsToBounds) {
  const std::string x63(63, 'x');
  const std::string bf64 = [] {
    std::string text;
    for (int i = 0; i < 32; ++i) text += "\xc2\xbf";
    return text;
  }();
  const std::string del63 = "a" + std::string(63, '\x7f');
  EXPECT_EQ(UpperBound("")->octets, "");
  EXPECT_TRUE(UpperBound(x63 + "x")->exact);
  EXPECT_EQ(UpperBound(x63 + "x")->octets, x63 + "x");
  EXPECT_EQ(UpperBound(x63 + "xx")->octets, x63 + "y");
  EXPECT_FALSE(UpperBound(x63 + "xx")->exact);
  EXPECT_EQ(LowerBound(x63 + "xx").octets, x63 + "x");
  EXPECT_FALSE(LowerBound(x63 + "xx").exact);
  // What cannot be incremented is left out.
  EXPECT_EQ(UpperBound(del63 + "z")->octets, "b");
  EXPECT_FALSE(UpperBound(bf64 + "z").has_value());
  // No sequence is cut.
  EXPECT_EQ(UpperBound(x63 + "\xc3\xa9")->octets, std::string(62, 'x') + "y");
  EXPECT_EQ(LowerBound(x63 + "\xc3\xa9").octets, x63);
  EXPECT_EQ(UpperBound(std::string(62, 'x') + "\xc3\xa9z")->octets,
            std::string(62, 'x') + "\xc3\xaa");
}

TEST(ParquetStatisticsTest, RangeIsThatOfAllValues) {
  std::mt19937 random(3);
  for (int run = 0; run < 300; ++run) {
    OctetsRange range;
    std::string min;
    std::string max;
    for (int i = 0; i < 20; ++i) {
      std::string value(random() % 12, 'a');
      for (char& c : value) c = static_cast<char>(random() % 3 * 127);
      if (i == 0 || value < min) min = value;
      if (i == 0 || value > max) max = value;
      range.Add(value);
    }
    ASSERT_EQ(range.min(), min);
    ASSERT_EQ(range.max(), max);
  }
}

// ---- dictionary

TEST(TextDictionaryTest, NumbersValuesByFirstAppearance) {
  TextDictionary dictionary(4);
  EXPECT_EQ(dictionary.Intern("b"), 0u);
  EXPECT_EQ(dictionary.Intern(""), 1u);
  EXPECT_EQ(dictionary.Intern("a"), 2u);
  EXPECT_EQ(dictionary.Intern(""), 1u);
  EXPECT_EQ(dictionary.Intern("b"), 0u);
  EXPECT_EQ(dictionary.octets(),
            Octets({1, 0, 0, 0, 'b', 0, 0, 0, 0, 1, 0, 0, 0, 'a'}));
  dictionary.Clear();
  EXPECT_EQ(dictionary.Intern("a"), 0u);
}

TEST(TextDictionaryTest, HoldsAMebioctet) {
  TextDictionary dictionary(4);
  const std::string half((1 << 19) - 4, 'x');
  EXPECT_EQ(dictionary.Intern(half), 0u);
  EXPECT_EQ(dictionary.Intern(half.substr(1) + "y"), 1u);
  EXPECT_EQ(dictionary.octets().size(), 1u << 20);
  EXPECT_EQ(dictionary.Intern(""), std::nullopt);
  EXPECT_EQ(dictionary.Intern(half), 0u);
}

TEST(TextDictionaryTest, ManyValuesAreFoundAgain) {
  TextDictionary dictionary(0);
  for (uint32_t i = 0; i < 50'000; ++i) {
    ASSERT_EQ(dictionary.Intern(std::to_string(i)), i);
  }
  for (uint32_t i = 0; i < 50'000; i += 7) {
    ASSERT_EQ(dictionary.Intern(std::to_string(i)), i);
    ASSERT_EQ(dictionary.value(i), std::to_string(i));
  }
}

// ---- schema

TEST(ParquetSchemaTest, LeavesAreThoseOfTheColumns) {
  const ParquetSchema schema = MakeParquetSchema();
  ASSERT_EQ(schema.leaves.size(), kParquetLeafCount);
  EXPECT_EQ(PathText(schema.leaves[kIpKeyLeaf]), "ip_key");
  EXPECT_EQ(PathText(schema.leaves[kFlagsLeaf]), "flags.list.element");
  EXPECT_EQ(PathText(schema.leaves[kForwardNameLeaf]),
            "forward.list.element.name");
  EXPECT_EQ(PathText(schema.leaves[kForwardAddressesLeaf]),
            "forward.list.element.addresses.list.element");
  EXPECT_EQ(PathText(schema.leaves[kQueriesLeaf]), "queries");
  EXPECT_EQ(PathText(schema.leaves[kExpectedLeaf]), "expected");
  std::vector<absl::string_view> columns;
  for (const ParquetLeaf& leaf : schema.leaves) {
    if (columns.empty() || columns.back() != leaf.path[0]) {
      columns.push_back(leaf.path[0]);
    }
  }
  ASSERT_EQ(columns.size(), Columns().size() + 1);
  for (size_t i = 0; i < Columns().size(); ++i) {
    EXPECT_EQ(columns[i + 1], Columns()[i].name);
  }
}

struct LevelCase {
  ParquetLeafId leaf;
  int definition;
  int repetition;
};
constexpr LevelCase kLevels[] = {
    {kIpKeyLeaf, 0, 0},       {kStatusLeaf, 0, 0},
    {kCauseLeaf, 1, 0},       {kFlagsLeaf, 1, 1},
    {kPtrLeaf, 2, 1},         {kConfirmedLeaf, 2, 1},
    {kForwardNameLeaf, 2, 1}, {kForwardOutcomeLeaf, 2, 1},
    {kTtlLeaf, 1, 0},         {kForwardAddressesLeaf, 3, 2},
    {kQueriesLeaf, 0, 0},     {kTimeLeaf, 0, 0},
};

TEST(ParquetSchemaTest, LevelsCountWhatIsOptionalAndRepeated) {
  const ParquetSchema schema = MakeParquetSchema();
  for (const auto& [leaf, definition, repetition] : kLevels) {
    EXPECT_EQ(schema.leaves[leaf].max_definition, definition) << leaf;
    EXPECT_EQ(schema.leaves[leaf].max_repetition, repetition) << leaf;
  }
}

}  // namespace
}  // namespace io
