// Which samples an epoch sees, in which order. Standard library alone; the same with every one.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace vultus::learn {

/// Fisher and Yates with the engine's own numbers: std::shuffle is not the same everywhere.
template <class T>
void shuffle_in_place(std::vector<T>& values, std::mt19937_64& engine) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[engine() % i]);
}

/// Every class equally often: classes take turns in an order by chance, each gives its samples in an order by chance,
/// none twice before all of its class were given.
/// @param samples  numbers of samples. @param labels  class of each of `samples`; those below 0 are left out, a class
/// may be empty
/// @param count    numbers to give; 0 = as many as samples
/// @return empty where there are no samples
[[nodiscard]] std::vector<std::int64_t> class_balanced(std::span<const std::int64_t> samples,
                                                       std::span<const std::int64_t> labels, std::size_t count,
                                                       std::mt19937_64& engine);

/// One of several sets that are trained on together.
struct MixedSet {
  std::vector<std::int64_t> samples;
  double share = 1;  ///< of what is given, relative to the others, >= 0
};

/// Samples of several sets, interleaved so that every stretch holds the shares as nearly as whole numbers can; each set
/// in an order by chance, none twice before all of the set were given.
/// @param count  numbers to give; 0 = so many that the set which lasts longest is given once
/// @return empty where no set has a share and samples
[[nodiscard]] std::vector<std::int64_t> mixed(std::span<const MixedSet> sets, std::size_t count,
                                              std::mt19937_64& engine);

/// A draw of Beta(a, a) by Johnk's method, exact for a <= 1 and used for every a here: that of the standard library is
/// not the same everywhere. @param a  above 0
[[nodiscard]] double beta_of(double a, std::mt19937_64& engine);

}  // namespace vultus::learn
