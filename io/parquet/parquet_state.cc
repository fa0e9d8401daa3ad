#include "io/parquet/parquet_state.h"

#include "absl/strings/str_cat.h"
#include "io/files/crc32c.h"
#include "io/files/packed_octets.h"
#include "io/parquet/thrift_compact.h"

namespace io {
namespace {

constexpr size_t kHeadOctets = sizeof(uint32_t) + sizeof(uint64_t);

uint32_t DigestOf(const ParquetSchema& schema) {
  std::string octets;
  ThriftWriter writer(&octets);
  WriteSchema(schema, 1, &writer);
  return Crc32c(octets);
}

// Whether its chunks lie one behind the other from *offset on; *offset becomes
// their end.
bool IsPlausible(const ParquetRowGroup& group, uint64_t file_octets,
                 uint64_t* offset) {
  if (group.rows <= 0 || group.rows > kRowGroupRows) return false;
  if (group.chunks[kIpKeyLeaf].values != group.rows) return false;
  for (const ParquetChunk& chunk : group.chunks) {
    const auto start = static_cast<uint64_t>(chunk.offset);
    const auto size = static_cast<uint64_t>(chunk.octets);
    if (start != *offset || size > file_octets - start) return false;
    if (chunk.values < group.rows) return false;
    *offset += size;
  }
  return true;
}

}  // namespace

ParquetState::ParquetState(const ParquetSchema& schema, int64_t start_us)
    : start_us_(start_us) {
  OctetPacker packer;
  packer.Put(DigestOf(schema));
  packer.Put(static_cast<uint64_t>(start_us));
  octets_ = packer.octets();
}

absl::StatusOr<ParquetState> ParquetState::Parse(absl::string_view octets,
                                                 uint64_t file_octets) {
  const absl::Status senseless = absl::DataLossError(
      "has a record that says nothing sensible of a "
      "Parquet file");
  const ParquetSchema schema = MakeParquetSchema();
  OctetTaker head(octets);
  const auto digest = head.Take<uint32_t>();
  const auto start_us = static_cast<int64_t>(head.Take<uint64_t>());
  uint64_t offset = kParquetMagic.size();
  if (!head.ok() || file_octets < offset) return senseless;
  if (digest != DigestOf(schema)) {
    return absl::DataLossError(
        "is of a Parquet file with other columns, by another version of "
        "ptrsweep");
  }
  ParquetState state(schema, start_us);
  state.octets_ = std::string(octets);
  ThriftReader reader(octets.substr(kHeadOctets));
  while (kHeadOctets + reader.consumed() < octets.size()) {
    const ParquetRowGroup group = ReadRowGroup(schema, &reader);
    if (!reader.ok() || !IsPlausible(group, file_octets, &offset)) {
      return senseless;
    }
    state.rows_ += group.rows;
    ++state.group_count_;
  }
  if (offset != file_octets) return senseless;
  return state;
}

void ParquetState::Add(const ParquetSchema& schema,
                       const ParquetRowGroup& group) {
  WriteRowGroup(schema, group, group_count_++, &octets_);
  rows_ += group.rows;
}

std::string ParquetState::EndOf(const ParquetSchema& schema,
                                const KeyValues& metadata,
                                absl::string_view tool_version) const {
  std::string end;
  WriteFooter(schema, rows_, groups(), group_count_, metadata,
              absl::StrCat("ptrsweep version ", tool_version), &end);
  const size_t size = end.size();
  for (int shift = 0; shift < 32; shift += 8) {
    end.push_back(static_cast<char>(size >> shift));
  }
  end.append(kParquetMagic.data(), kParquetMagic.size());
  return end;
}

absl::string_view ParquetState::groups() const {
  return absl::string_view(octets_).substr(kHeadOctets);
}

}  // namespace io
