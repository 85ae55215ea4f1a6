// How long a person was looked at, by the samples that were kept. Not installed.
#pragma once

#include <algorithm>
#include <iterator>

namespace vultus::expression {

/// Seconds that a sample stands for at most until the next one: what is farther apart was not looked at in between.
inline constexpr double kMostOfASample = 1;

/// @param seen  samples with `seconds`, rising
template <class Samples>
[[nodiscard]] double time_covered(const Samples& seen) {
  double covered = 0;
  for (auto at = seen.begin(); at != seen.end() && std::next(at) != seen.end(); ++at)
    covered += std::min(std::next(at)->seconds - at->seconds, kMostOfASample);
  return covered;
}

}  // namespace vultus::expression
