// Wrong labels, planted at a known rate: to see what a method makes of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// `symmetric`: any other class, each as likely. `asymmetric`: the class that this one is confused with.
enum class NoiseKind : std::uint8_t { symmetric, asymmetric };

struct LabelNoise {
  double rate = 0;  ///< share of the labels that become wrong, [0, 0.9]
  NoiseKind kind = NoiseKind::symmetric;
  /// Of asymmetric noise: what each class becomes. Empty = the next class, the last one the first.
  std::vector<std::int64_t> becomes;
};

/// What was planted.
struct NoisyLabels {
  std::vector<std::int64_t> labels;
  std::vector<bool> flipped;  ///< of each label: it is not the one that was given
};

/// Makes exactly round(rate n) labels wrong, chosen by the seed.
/// @param labels   [0, classes)
/// @param classes  at least 2
/// @error invalid_argument  a rate outside its range, a label outside the classes, or `becomes` that is no such table
[[nodiscard]] Result<NoisyLabels> plant_noise(std::span<const std::int64_t> labels, std::int64_t classes,
                                              const LabelNoise& noise, std::uint64_t seed);

}  // namespace vultus::learn
