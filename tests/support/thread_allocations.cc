#include "tests/support/thread_allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local uint64_t allocations = 0;

}  // namespace

// In a file of its own: inlined beside a plain delete they look mismatched to
// the compiler.
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t /*size*/) noexcept {
  std::free(memory);
}

namespace testing_support {

uint64_t ThreadAllocations() { return allocations; }

}  // namespace testing_support
