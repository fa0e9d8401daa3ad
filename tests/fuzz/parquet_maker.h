// Parquet files of one row group whose pages may hold anything: lengths,
// checksums, frames and footer around them are right, so that what is hostile
// is reached. Written by io's own writers of headers.
#ifndef PTRSWEEP_TESTS_FUZZ_PARQUET_MAKER_H_
#define PTRSWEEP_TESTS_FUZZ_PARQUET_MAKER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/parquet/parquet_schema.h"

namespace fuzz {

struct MadePage {
  bool is_dictionary = false;
  int64_t encoding = 0;  // as ParquetEncoding
  int64_t entries = 0;   // as the header says
  std::string octets;    // levels and values
  // If the header says something else than their size.
  std::optional<int64_t> raw_octets = std::nullopt;
  bool packed = false;  // by zstd, so that many octets are few
};

using MadeChunk = std::vector<MadePage>;  // in the file's order

// `chunks`: one a leaf of MakeParquetSchema().
std::string MakeParquet(int64_t rows, const std::vector<MadeChunk>& chunks);

// The same of any footer; `octets` come before it.
std::string WrapFooter(const std::string& octets, const std::string& footer);

// What such rows are made of: addresses 192.0.2.0 and up, no PTR, all else
// null. REQUIRES: 1 to 256 rows.
std::vector<MadeChunk> SoundChunks(int64_t rows);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_PARQUET_MAKER_H_
