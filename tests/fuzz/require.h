// What a fuzz target asserts, in every build: NDEBUG does not silence it.
#ifndef PTRSWEEP_TESTS_FUZZ_REQUIRE_H_
#define PTRSWEEP_TESTS_FUZZ_REQUIRE_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace fuzz {

// Ends the program, so that the fuzzer keeps the input, unless `holds`.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace fuzz

// Called by libFuzzer, or by fuzz_replay, once an input.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#endif  // PTRSWEEP_TESTS_FUZZ_REQUIRE_H_
