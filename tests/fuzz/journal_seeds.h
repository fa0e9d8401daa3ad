// Journals as seeds, put together octet by octet, without io's encoder.
#ifndef PTRSWEEP_TESTS_FUZZ_JOURNAL_SEEDS_H_
#define PTRSWEEP_TESTS_FUZZ_JOURNAL_SEEDS_H_

#include <cstdint>
#include <vector>

namespace fuzz {

// Whole ones, torn ones, and one with a record that its CRC does not match.
std::vector<std::vector<uint8_t>> JournalSeeds();

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_JOURNAL_SEEDS_H_
