// The Parquet schema of rows and of other tables, derived from their columns,
// and the numbers of parquet.thrift (apache/parquet-format) that our files use.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_SCHEMA_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_SCHEMA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "io/parquet/thrift_compact.h"

namespace io {

// File: kParquetMagic, row groups, footer (FileMetaData), its length in four
// octets, little-endian, kParquetMagic.
inline constexpr absl::string_view kParquetMagic = "PAR1";

// parquet.thrift: Type, FieldRepetitionType, Encoding, CompressionCodec,
// PageType.
enum class ParquetType : int32_t {
  kInt64 = 2,
  kByteArray = 6,
  kFixedLenByteArray = 7,
};
enum class ParquetRepetition : int32_t {
  kRequired = 0,
  kOptional = 1,
  kRepeated = 2,
};
enum class ParquetEncoding : int32_t {
  kPlain = 0,
  kRle = 3,
  kRleDictionary = 8,
};
inline constexpr int32_t kParquetZstd = 6;
inline constexpr int32_t kParquetDataPage = 0;
inline constexpr int32_t kParquetDictionaryPage = 2;

// LogicalType, as far as ours go.
enum class ParquetLogical : uint8_t { kNone, kString, kList, kTimestampMicros };

// Octets of ip_key: an IPv6 address in network order, IPv4 as ::ffff:a.b.c.d.
inline constexpr size_t kIpKeyOctets = 16;

// SchemaElement. The schema is the list of them, depth first; that of the root
// comes first.
struct ParquetElement {
  absl::string_view name;
  ParquetRepetition repetition = ParquetRepetition::kRequired;
  int32_t children = 0;  // 0: a leaf, of `type`
  ParquetType type = ParquetType::kByteArray;
  ParquetLogical logical = ParquetLogical::kNone;

  friend bool operator==(const ParquetElement&,
                         const ParquetElement&) = default;
};

// A column as Parquet stores it.
struct ParquetLeaf {
  std::vector<absl::string_view> path;  // without the root
  ParquetType type = ParquetType::kByteArray;
  // Levels of the Dremel encoding: how many of the path's elements are not
  // required, and how many are repeated.
  uint8_t max_definition = 0;
  uint8_t max_repetition = 0;
};

struct ParquetSchema {
  std::vector<ParquetElement> elements;
  std::vector<ParquetLeaf> leaves;  // of rows: in the order of ParquetLeafId
  // The leaf that the rows of a row group are sorted by, ascending.
  std::optional<size_t> sorted_by;
};

// The leaves of a row, in the file's order: ip_key, then those of Columns().
enum ParquetLeafId : size_t {
  kIpKeyLeaf,
  kIpLeaf,
  kStatusLeaf,
  kCauseLeaf,
  kFlagsLeaf,
  kPtrLeaf,
  kConfirmedLeaf,
  kForwardNameLeaf,
  kForwardOutcomeLeaf,
  kForwardAddressesLeaf,
  kTtlLeaf,
  kRcodeLeaf,
  kZoneLeaf,
  kZoneMnameLeaf,
  kZoneRnameLeaf,
  kServerLeaf,
  kQueriesLeaf,
  kRttLeaf,
  kTimeLeaf,
  kLabelLeaf,
  kExpectedLeaf,
  kParquetLeafCount,
};

// Of a scan's rows: ip_key, then Columns().
ParquetSchema MakeParquetSchema();
// Of another table: these columns, in no order of its own.
ParquetSchema MakeTableSchema(std::span<const Column> columns);

// "forward.list.element.name", for messages.
std::string PathText(const ParquetLeaf& leaf);

// FileMetaData.schema, as field `id` of the struct being written or read.
void WriteSchema(const ParquetSchema& schema, int id, ThriftWriter* writer);
// The names are borrowed from the reader's octets. What our schema does not
// know of (other types, other logical types) shows as a difference from it.
std::vector<ParquetElement> ReadSchema(ThriftReader* reader);

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_SCHEMA_H_
