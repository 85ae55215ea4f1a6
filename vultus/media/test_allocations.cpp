#include <vultus/media/test_allocations.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t allocation_calls = 0;
thread_local std::size_t largest_allocation = 0;
}  // namespace

// The program's own operator new: counts, then does what the standard one does.
void* operator new(std::size_t size) {
  ++allocation_calls;
  largest_allocation = std::max(largest_allocation, size);
  if (void* const memory = std::malloc(std::max<std::size_t>(size, 1))) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vultus::media::testing {

AllocationCount::AllocationCount() : calls_before_(allocation_calls) { largest_allocation = 0; }
std::size_t AllocationCount::calls() const { return allocation_calls - calls_before_; }
std::size_t AllocationCount::largest() const { return largest_allocation; }

}  // namespace vultus::media::testing
