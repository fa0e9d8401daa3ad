#include "io/parquet/parquet_schema.h"

#include "absl/strings/str_join.h"

namespace io {
namespace {

using Repetition = ParquetRepetition;
using Logical = ParquetLogical;

// SchemaElement.converted_type, for readers from before LogicalType.
constexpr int32_t kConvertedUtf8 = 0;
constexpr int32_t kConvertedList = 3;
constexpr int32_t kConvertedTimestampMicros = 10;
// Fields of the union LogicalType.
constexpr int kLogicalString = 1;
constexpr int kLogicalList = 3;
constexpr int kLogicalTimestamp = 8;
constexpr int kUnitMicros = 2;

// Of others' files: more are a damaged one.
constexpr size_t kMaxElements = 10'000;

ParquetElement Text(absl::string_view name, Repetition repetition) {
  return {.name = name, .repetition = repetition, .logical = Logical::kString};
}

// LogicalTypes.md, Lists: <name> (LIST) { repeated group list { <element> } }.
void AddList(absl::string_view name, Repetition repetition,
             std::vector<ParquetElement>* out) {
  out->push_back({.name = name,
                  .repetition = repetition,
                  .children = 1,
                  .logical = Logical::kList});
  out->push_back(
      {.name = "list", .repetition = Repetition::kRepeated, .children = 1});
}

void AddTextList(absl::string_view name, Repetition repetition,
                 std::vector<ParquetElement>* out) {
  AddList(name, repetition, out);
  out->push_back(Text("element", Repetition::kRequired));
}

void AddForwardList(const Column& column, Repetition repetition,
                    std::vector<ParquetElement>* out) {
  AddList(column.name, repetition, out);
  out->push_back({.name = "element", .children = 3});
  out->push_back(Text("name", Repetition::kRequired));
  out->push_back(Text("outcome", Repetition::kRequired));
  AddTextList("addresses", Repetition::kRequired, out);
}

void AddColumn(const Column& column, std::vector<ParquetElement>* out) {
  const Repetition repetition =
      column.nullable ? Repetition::kOptional : Repetition::kRequired;
  switch (column.type) {
    case ColumnType::kText:
      out->push_back(Text(column.name, repetition));
      return;
    case ColumnType::kTextList:
      AddTextList(column.name, repetition, out);
      return;
    case ColumnType::kForwardList:
      AddForwardList(column, repetition, out);
      return;
    case ColumnType::kInt:
      out->push_back({.name = column.name,
                      .repetition = repetition,
                      .type = ParquetType::kInt64});
      return;
    case ColumnType::kTimestamp:
      out->push_back({.name = column.name,
                      .repetition = repetition,
                      .type = ParquetType::kInt64,
                      .logical = Logical::kTimestampMicros});
      return;
  }
}

// Appends the leaves of the element at `at`, which `above` leads to; returns
// where the next element is.
size_t AddLeaves(const std::vector<ParquetElement>& elements, size_t at,
                 ParquetLeaf above, std::vector<ParquetLeaf>* out) {
  const ParquetElement& element = elements[at++];
  above.path.push_back(element.name);
  if (element.repetition != Repetition::kRequired) ++above.max_definition;
  if (element.repetition == Repetition::kRepeated) ++above.max_repetition;
  above.type = element.type;
  if (element.children == 0) out->push_back(above);
  for (int32_t i = 0; i < element.children; ++i) {
    at = AddLeaves(elements, at, above, out);
  }
  return at;
}

// Appends the columns, then the leaves of all.
void AddColumns(std::span<const Column> columns, ParquetSchema* schema) {
  std::vector<ParquetElement>& elements = schema->elements;
  for (const Column& column : columns) AddColumn(column, &elements);
  for (size_t at = 1; at < elements.size();) {
    at = AddLeaves(elements, at, {}, &schema->leaves);
  }
}

void WriteLogical(Logical logical, ThriftWriter* writer) {
  if (logical == Logical::kNone) return;
  writer->I32(6, logical == Logical::kString ? kConvertedUtf8
                 : logical == Logical::kList ? kConvertedList
                                             : kConvertedTimestampMicros);
  writer->BeginStruct(10);
  if (logical == Logical::kTimestampMicros) {
    writer->BeginStruct(kLogicalTimestamp);
    writer->Bool(1, true);  // isAdjustedToUTC
    writer->BeginStruct(2);
    writer->EmptyStruct(kUnitMicros);
    writer->EndStruct();
    writer->EndStruct();
  } else {
    writer->EmptyStruct(logical == Logical::kString ? kLogicalString
                                                    : kLogicalList);
  }
  writer->EndStruct();
}

void WriteElement(const ParquetElement& element, bool root,
                  ThriftWriter* writer) {
  writer->BeginStructElement();
  if (element.children == 0) {
    writer->I32(1, static_cast<int32_t>(element.type));
    if (element.type == ParquetType::kFixedLenByteArray) {
      writer->I32(2, kIpKeyOctets);
    }
  }
  if (!root) writer->I32(3, static_cast<int32_t>(element.repetition));
  writer->Binary(4, element.name);
  if (element.children > 0) writer->I32(5, element.children);
  WriteLogical(element.logical, writer);
  writer->EndStruct();
}

Logical LogicalOf(int64_t converted_type) {
  switch (converted_type) {
    case kConvertedUtf8:
      return Logical::kString;
    case kConvertedList:
      return Logical::kList;
    case kConvertedTimestampMicros:
      return Logical::kTimestampMicros;
    default:
      return Logical::kNone;
  }
}

ParquetElement ReadElement(ThriftReader* reader) {
  ParquetElement element;
  reader->BeginStruct();
  while (reader->NextField()) {
    switch (reader->id()) {
      case 1:
        element.type = static_cast<ParquetType>(reader->Int());
        break;
      case 2:
        if (reader->Int() != kIpKeyOctets) reader->Fail();
        break;
      case 3:
        element.repetition = static_cast<Repetition>(reader->Int());
        break;
      case 4:
        element.name = reader->Binary();
        break;
      case 5:
        element.children = static_cast<int32_t>(reader->Int());
        break;
      case 6:
        element.logical = LogicalOf(reader->Int());
        break;
      default:
        reader->Skip();
    }
  }
  return element;
}

}  // namespace

ParquetSchema MakeParquetSchema() {
  ParquetSchema schema;
  schema.elements = {
      {.name = "row", .children = static_cast<int32_t>(Columns().size()) + 1},
      {.name = "ip_key", .type = ParquetType::kFixedLenByteArray}};
  AddColumns(Columns(), &schema);
  schema.sorted_by = kIpKeyLeaf;
  return schema;
}

ParquetSchema MakeTableSchema(std::span<const Column> columns) {
  ParquetSchema schema;
  schema.elements = {
      {.name = "row", .children = static_cast<int32_t>(columns.size())}};
  AddColumns(columns, &schema);
  return schema;
}

std::string PathText(const ParquetLeaf& leaf) {
  return absl::StrJoin(leaf.path, ".");
}

void WriteSchema(const ParquetSchema& schema, int id, ThriftWriter* writer) {
  writer->BeginList(id, ThriftType::kStruct, schema.elements.size());
  for (const ParquetElement& element : schema.elements) {
    WriteElement(element, &element == schema.elements.data(), writer);
  }
}

std::vector<ParquetElement> ReadSchema(ThriftReader* reader) {
  std::vector<ParquetElement> elements;
  const size_t count = reader->List(ThriftType::kStruct);
  if (count > kMaxElements) reader->Fail();
  for (size_t i = 0; i < count && reader->ok(); ++i) {
    elements.push_back(ReadElement(reader));
  }
  return elements;
}

}  // namespace io
