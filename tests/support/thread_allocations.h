// Counts calls of operator new by thread, in the program it is linked into.
#ifndef PTRSWEEP_TESTS_SUPPORT_THREAD_ALLOCATIONS_H_
#define PTRSWEEP_TESTS_SUPPORT_THREAD_ALLOCATIONS_H_

#include <cstdint>

namespace testing_support {

// Allocations of the calling thread since it began.
uint64_t ThreadAllocations();

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_THREAD_ALLOCATIONS_H_
