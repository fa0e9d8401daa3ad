#include "tests/fuzz/parquet_maker.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/parquet/crc32.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/thrift_compact.h"

namespace fuzz {
namespace {

using io::ParquetLeaf;

// ip_key of 192.0.2.0/24.
constexpr char kKeyStart[15] = {0, 0, 0,  0,  0,     0, 0, 0,
                                0, 0, -1, -1, -0x40, 0, 2};

void AddNumber(uint64_t number, size_t octets, std::string* out) {
  for (size_t i = 0; i < octets; ++i) {
    out->push_back(static_cast<char>(number >> (8 * i)));
  }
}

// A zstd frame (RFC 8878 section 3.1.1) that stores the octets as they are.
std::string StoredFrame(const std::string& octets) {
  constexpr size_t kBlock = 128 << 10;
  constexpr uint8_t kSingleSegmentFourOctets = 0xa0;
  std::string frame;
  AddNumber(0xfd2fb528, 4, &frame);
  AddNumber(kSingleSegmentFourOctets, 1, &frame);
  AddNumber(octets.size(), 4, &frame);
  size_t at = 0;
  do {
    const size_t size = std::min(kBlock, octets.size() - at);
    const bool last = at + size == octets.size();
    AddNumber(size << 3 | (last ? 1 : 0), 3, &frame);
    frame.append(octets, at, size);
    at += size;
  } while (at < octets.size());
  return frame;
}

std::string FrameOf(const MadePage& page) {
  if (!page.packed) return StoredFrame(page.octets);
  return std::string(io::PageCompressor().Compress(page.octets));
}

void AppendPage(const MadePage& page, std::string* out) {
  const std::string frame = FrameOf(page);
  const auto raw = static_cast<int64_t>(page.octets.size());
  io::ThriftWriter writer(out);
  writer.I32(1, page.is_dictionary ? io::kParquetDictionaryPage
                                   : io::kParquetDataPage);
  writer.I64(2, page.raw_octets.value_or(raw));
  writer.I32(3, static_cast<int32_t>(frame.size()));
  writer.I32(4, std::bit_cast<int32_t>(io::Crc32(frame)));
  writer.BeginStruct(page.is_dictionary ? 7 : 5);
  writer.I64(1, page.entries);
  writer.I64(2, page.encoding);
  writer.EndStruct();
  writer.EndStruct();
  *out += frame;
}

io::ParquetChunk AppendChunk(const MadeChunk& pages, std::string* out) {
  io::ParquetChunk chunk;
  chunk.offset = chunk.data_page_offset = static_cast<int64_t>(out->size());
  for (const MadePage& page : pages) {
    AppendPage(page, out);
    if (page.is_dictionary) {
      chunk.has_dictionary = true;
      chunk.data_page_offset = static_cast<int64_t>(out->size());
    } else {
      chunk.values += page.entries;
    }
  }
  chunk.octets = static_cast<int64_t>(out->size()) - chunk.offset;
  return chunk;
}

// `count` times the level 0 (RLE), for columns that have such levels.
void AppendLevels(int64_t count, uint8_t max, std::string* out) {
  if (max == 0) return;
  std::string run;
  io::AppendVarint(static_cast<uint64_t>(count) << 1, &run);
  run.push_back('\0');
  AddNumber(run.size(), 4, out);
  *out += run;
}

void AppendText(const std::string& text, std::string* out) {
  AddNumber(text.size(), 4, out);
  *out += text;
}

// The value of a column that every row has one of.
void AppendValue(size_t leaf, int64_t row, std::string* out) {
  switch (leaf) {
    case io::kIpKeyLeaf:
      out->append(kKeyStart, sizeof kKeyStart);
      out->push_back(static_cast<char>(row));
      return;
    case io::kIpLeaf:
      return AppendText(absl::StrCat("192.0.2.", row), out);
    case io::kStatusLeaf:
      return AppendText("no_ptr", out);
    default:  // queries, time
      return AddNumber(static_cast<uint64_t>(row), sizeof row, out);
  }
}

}  // namespace

std::string MakeParquet(int64_t rows, const std::vector<MadeChunk>& chunks) {
  const io::ParquetSchema schema = io::MakeParquetSchema();
  std::string file(io::kParquetMagic);
  io::ParquetRowGroup group = {.rows = rows};
  for (const MadeChunk& chunk : chunks) {
    group.chunks.push_back(AppendChunk(chunk, &file));
  }
  std::string groups;
  io::WriteRowGroup(schema, group, 0, &groups);
  std::string footer;
  io::WriteFooter(schema, rows, groups, 1, {}, "", &footer);
  return WrapFooter(file, footer);
}

std::string WrapFooter(const std::string& octets, const std::string& footer) {
  std::string file = octets + footer;
  AddNumber(footer.size(), 4, &file);
  file.append(io::kParquetMagic.data(), io::kParquetMagic.size());
  return file;
}

std::vector<MadeChunk> SoundChunks(int64_t rows) {
  std::vector<MadeChunk> chunks;
  const std::vector<ParquetLeaf> leaves = io::MakeParquetSchema().leaves;
  for (size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    MadePage page = {.entries = rows};
    AppendLevels(rows, leaves[leaf].max_repetition, &page.octets);
    AppendLevels(rows, leaves[leaf].max_definition, &page.octets);
    const bool required = leaves[leaf].max_definition == 0;
    for (int64_t row = 0; required && row < rows; ++row) {
      AppendValue(leaf, row, &page.octets);
    }
    chunks.push_back({std::move(page)});
  }
  return chunks;
}

}  // namespace fuzz
