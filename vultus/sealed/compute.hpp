// How encrypted computation is done: with which arithmetic, on how many threads. Answers do not depend on it.
#pragma once

#include <cstdint>

namespace vultus::sealed {

/// Which arithmetic.
enum class Instructions : std::uint8_t {
  best,  ///< AVX-512 IFMA where the processor has it and the key allows it, else GMP
  gmp,   ///< GMP alone
};

struct ComputeOptions {
  int threads = 1;  ///< [0, 256]; 0 = one a processor
  Instructions instructions = Instructions::best;
};

/// True where the processor and the build have AVX-512 IFMA.
[[nodiscard]] bool has_ifma();

}  // namespace vultus::sealed
