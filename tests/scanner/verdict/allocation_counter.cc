#include "tests/scanner/verdict/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int> allocations = 0;

}  // namespace

// In a file of its own: where these are inlined beside a plain delete, the
// compiler warns of a mismatch.
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t /*size*/) noexcept {
  std::free(memory);
}

namespace scanner {

int AllocationCount() { return allocations; }

}  // namespace scanner
