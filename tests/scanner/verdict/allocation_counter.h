// Counts calls of operator new in the program it is linked into.
#ifndef PTRSWEEP_TESTS_SCANNER_VERDICT_ALLOCATION_COUNTER_H_
#define PTRSWEEP_TESTS_SCANNER_VERDICT_ALLOCATION_COUNTER_H_

namespace scanner {

// Allocations since the program began.
int AllocationCount();

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_VERDICT_ALLOCATION_COUNTER_H_
