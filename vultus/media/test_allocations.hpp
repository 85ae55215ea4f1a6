// Counts what the test program asks of operator new. Not installed.
#pragma once

#include <cstddef>

namespace vultus::media::testing {

/// Allocations since it was made, of this thread.
class AllocationCount {
 public:
  AllocationCount();
  [[nodiscard]] std::size_t calls() const;
  /// Bytes of the largest single allocation.
  [[nodiscard]] std::size_t largest() const;

 private:
  std::size_t calls_before_;
};

}  // namespace vultus::media::testing
