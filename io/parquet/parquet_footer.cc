#include "io/parquet/parquet_footer.h"

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

constexpr int32_t kVersion = 1;  // data pages v1
// Ours are about ten.
constexpr size_t kMaxKeyValues = 1000;

// ---- writing

void WriteStatistics(const ParquetChunk& chunk, ThriftWriter* writer) {
  writer->BeginStruct(12);
  writer->I64(3, chunk.nulls);
  if (chunk.max) writer->Binary(5, chunk.max->octets);
  if (chunk.min) writer->Binary(6, chunk.min->octets);
  if (chunk.max) writer->Bool(7, chunk.max->exact);
  if (chunk.min) writer->Bool(8, chunk.min->exact);
  writer->EndStruct();
}

void WriteEncodings(const ParquetChunk& chunk, ThriftWriter* writer) {
  std::vector<ParquetEncoding> encodings;
  if (chunk.has_dictionary) {
    encodings.push_back(ParquetEncoding::kRleDictionary);
  }
  // The dictionary's own page is PLAIN.
  encodings.push_back(ParquetEncoding::kPlain);
  encodings.push_back(ParquetEncoding::kRle);  // of levels
  writer->BeginList(2, ThriftType::kI32, encodings.size());
  for (const ParquetEncoding encoding : encodings) {
    writer->I32Element(static_cast<int32_t>(encoding));
  }
}

void WriteChunk(const ParquetLeaf& leaf, const ParquetChunk& chunk,
                ThriftWriter* writer) {
  writer->BeginStructElement();
  writer->I64(2, chunk.offset);
  writer->BeginStruct(3);
  writer->I32(1, static_cast<int32_t>(leaf.type));
  WriteEncodings(chunk, writer);
  writer->BeginList(3, ThriftType::kBinary, leaf.path.size());
  for (const absl::string_view name : leaf.path) writer->BinaryElement(name);
  writer->I32(4, kParquetZstd);
  writer->I64(5, chunk.values);
  writer->I64(6, chunk.raw_octets);
  writer->I64(7, chunk.octets);
  writer->I64(9, chunk.data_page_offset);
  if (chunk.has_dictionary) writer->I64(11, chunk.offset);
  WriteStatistics(chunk, writer);
  writer->EndStruct();
  writer->EndStruct();
}

// SortingColumn, ascending.
void WriteSorting(size_t leaf, ThriftWriter* writer) {
  writer->BeginList(4, ThriftType::kStruct, 1);
  writer->BeginStructElement();
  writer->I32(1, static_cast<int32_t>(leaf));
  writer->Bool(2, false);  // descending
  writer->Bool(3, false);  // nulls_first
  writer->EndStruct();
}

void WriteMetadata(const KeyValues& metadata, ThriftWriter* writer) {
  writer->BeginList(5, ThriftType::kStruct, metadata.size());
  for (const auto& [key, value] : metadata) {
    writer->BeginStructElement();
    writer->Binary(1, key);
    writer->Binary(2, value);
    writer->EndStruct();
  }
}

// ColumnOrder: the order of each leaf's type. Without it readers do not trust
// min_value and max_value.
void WriteColumnOrders(size_t count, ThriftWriter* writer) {
  writer->BeginList(7, ThriftType::kStruct, count);
  for (size_t i = 0; i < count; ++i) {
    writer->BeginStructElement();
    writer->EmptyStruct(1);  // TYPE_ORDER
    writer->EndStruct();
  }
}

// ---- reading

void ReadChunkMetadata(const ParquetLeaf& leaf, ThriftReader* reader,
                       ParquetChunk* chunk) {
  reader->Struct();
  while (reader->NextField()) {
    switch (reader->id()) {
      case 1:
        if (reader->Int() != static_cast<int32_t>(leaf.type)) reader->Fail();
        break;
      case 4:
        if (reader->Int() != kParquetZstd) reader->Fail();
        break;
      case 5:
        chunk->values = reader->Int();
        break;
      case 7:
        chunk->octets = reader->Int();
        break;
      case 9:
        chunk->data_page_offset = reader->Int();
        break;
      case 11:
        chunk->offset = reader->Int();
        chunk->has_dictionary = true;
        break;
      default:
        reader->Skip();
    }
  }
  if (!chunk->has_dictionary) chunk->offset = chunk->data_page_offset;
  // What says nothing would take more memory than octets.
  if (chunk->octets == 0) reader->Fail();
}

ParquetChunk ReadChunk(const ParquetLeaf& leaf, ThriftReader* reader) {
  ParquetChunk chunk;
  bool has_metadata = false;
  reader->BeginStruct();
  while (reader->NextField()) {
    if (reader->id() == 3) {
      ReadChunkMetadata(leaf, reader, &chunk);
      has_metadata = true;
    } else {
      reader->Skip();
    }
  }
  if (!has_metadata) reader->Fail();
  return chunk;
}

std::pair<std::string, std::string> ReadKeyValue(ThriftReader* reader) {
  std::pair<std::string, std::string> entry;
  reader->BeginStruct();
  while (reader->NextField()) {
    if (reader->id() == 1) {
      entry.first = std::string(reader->Binary());
    } else if (reader->id() == 2) {
      entry.second = std::string(reader->Binary());
    } else {
      reader->Skip();
    }
  }
  return entry;
}

KeyValues ReadKeyValues(ThriftReader* reader) {
  KeyValues entries;
  const size_t count = reader->List(ThriftType::kStruct);
  if (count > kMaxKeyValues) reader->Fail();
  for (size_t i = 0; i < count && reader->ok(); ++i) {
    entries.push_back(ReadKeyValue(reader));
  }
  return entries;
}

// What keeps a file from being one of ours.
absl::Status CheckSchema(const ParquetSchema& ours,
                         const std::vector<ParquetElement>& found) {
  for (size_t i = 1; i < ours.elements.size(); ++i) {
    if (i < found.size() && found[i] == ours.elements[i]) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("not a file of ptrsweep's rows: schema element ", i,
                     " is not '", ours.elements[i].name, "' as it should be"));
  }
  if (found.size() == ours.elements.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("not a file of ptrsweep's rows: unknown column '",
                   CutCarriedText(found[ours.elements.size()].name, 64), "'"));
}

}  // namespace

void WriteRowGroup(const ParquetSchema& schema, const ParquetRowGroup& group,
                   size_t ordinal, std::string* out) {
  ThriftWriter writer(out);
  writer.BeginList(1, ThriftType::kStruct, group.chunks.size());
  int64_t raw_octets = 0;
  int64_t octets = 0;
  for (size_t i = 0; i < group.chunks.size(); ++i) {
    WriteChunk(schema.leaves[i], group.chunks[i], &writer);
    raw_octets += group.chunks[i].raw_octets;
    octets += group.chunks[i].octets;
  }
  writer.I64(2, raw_octets);
  writer.I64(3, group.rows);
  if (schema.sorted_by) WriteSorting(*schema.sorted_by, &writer);
  writer.I64(5, group.chunks[0].offset);
  writer.I64(6, octets);
  // A 16-bit number; what comes after it is left without.
  if (ordinal <= INT16_MAX) writer.I16(7, static_cast<int16_t>(ordinal));
  writer.EndStruct();
}

ParquetRowGroup ReadRowGroup(const ParquetSchema& schema,
                             ThriftReader* reader) {
  ParquetRowGroup group;
  reader->BeginStruct();
  while (reader->NextField()) {
    switch (reader->id()) {
      case 1:
        if (reader->List(ThriftType::kStruct) != schema.leaves.size() ||
            !group.chunks.empty()) {
          reader->Fail();
          break;
        }
        for (const ParquetLeaf& leaf : schema.leaves) {
          group.chunks.push_back(ReadChunk(leaf, reader));
        }
        break;
      case 3:
        group.rows = reader->Int();
        break;
      default:
        reader->Skip();
    }
  }
  if (group.chunks.empty()) reader->Fail();
  return group;
}

void WriteFooter(const ParquetSchema& schema, int64_t rows,
                 absl::string_view groups, size_t group_count,
                 const KeyValues& metadata, absl::string_view created_by,
                 std::string* out) {
  ThriftWriter writer(out);
  writer.I32(1, kVersion);
  WriteSchema(schema, 2, &writer);
  writer.I64(3, rows);
  writer.BeginList(4, ThriftType::kStruct, group_count);
  out->append(groups.data(), groups.size());
  WriteMetadata(metadata, &writer);
  writer.Binary(6, created_by);
  WriteColumnOrders(schema.leaves.size(), &writer);
  writer.EndStruct();
}

absl::StatusOr<ParquetFooter> ReadFooter(const ParquetSchema& schema,
                                         absl::string_view octets) {
  ParquetFooter footer;
  std::vector<ParquetElement> elements;
  ThriftReader reader(octets);
  reader.BeginStruct();
  while (reader.NextField()) {
    switch (reader.id()) {
      case 2: {
        elements = ReadSchema(&reader);
        if (!reader.ok()) break;
        absl::Status same = CheckSchema(schema, elements);
        if (!same.ok()) return same;
        break;
      }
      case 3:
        footer.rows = reader.Int();
        break;
      case 4:
        for (size_t n = reader.List(ThriftType::kStruct); n > 0; --n) {
          footer.groups.push_back(ReadRowGroup(schema, &reader));
          if (!reader.ok()) break;
        }
        break;
      case 5:
        footer.metadata = ReadKeyValues(&reader);
        break;
      default:
        reader.Skip();
    }
  }
  if (!reader.ok() || elements.empty() || footer.rows < 0) {
    return absl::DataLossError("the footer is damaged");
  }
  return footer;
}

}  // namespace io
