// Seeds of transfer_fuzz: whether messages are signed, then each behind its
// length.
#ifndef PTRSWEEP_TESTS_FUZZ_TRANSFER_SEEDS_H_
#define PTRSWEEP_TESTS_FUZZ_TRANSFER_SEEDS_H_

#include <vector>

#include "tests/support/packet_builder.h"

namespace fuzz {

std::vector<testing_support::Octets> TransferSeeds();

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_TRANSFER_SEEDS_H_
