// Sets of labels for displayed expressions, and what is read from a distribution over one.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vultus::expression {

/// The seven labels of RAF-DB and FER2013, in the order of RAF-DB's codes 1 to 7.
inline constexpr std::size_t kExpressions = 7;
inline constexpr std::array<std::string_view, kExpressions> kExpressionNames{
    {"surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral"}};

/// How pleasant and how aroused a label is, each [-1, 1].
struct Affect {
  double valence = 0;
  double arousal = 0;
  bool operator==(const Affect&) const = default;
};

/// Where each label lies on the circumplex. Our reading, set by hand after its drawing; nobody's ratings of faces.
/// @source J. Russell, A Circumplex Model of Affect, JPSP 39(6), 1980, figure 2 (directions); lengths set by hand
[[nodiscard]] const std::array<Affect, kExpressions>& expression_affect();

/// The mean of the labels' places under the distribution.
/// @param probabilities  kExpressions numbers, in the order of kExpressionNames
[[nodiscard]] Affect affect_of(std::span<const double, kExpressions> probabilities);

}  // namespace vultus::expression
