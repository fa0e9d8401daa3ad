// Files of rows and configuration files as seeds.
#ifndef PTRSWEEP_TESTS_FUZZ_ROW_SEEDS_H_
#define PTRSWEEP_TESTS_FUZZ_ROW_SEEDS_H_

#include <cstdint>
#include <vector>

namespace fuzz {

std::vector<std::vector<uint8_t>> ConfigSeeds();
std::vector<std::vector<uint8_t>> RowTextSeeds();
// Whole files, footers, and pages of every kind.
std::vector<std::vector<uint8_t>> ParquetSeeds();

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_ROW_SEEDS_H_
