// What a fuzz target is, and how it tells that a promise was broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// Called with bytes of any kind. Must return 0, and leave nothing behind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace vultus::fuzz {

/// Ends the program where a promise does not hold, so that the bytes that broke it are kept.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace vultus::fuzz
