// Similarities as clients of CompreFace know them: from 0 to 1 on a curve over the distance of two templates.
#pragma once

#include <vultus/core/decision.hpp>

namespace vultus::server::compreface {

/// (tanh((centre - d) * steepness) + 1) / 2 of the Euclidean distance d of two unit vectors, with five decimals, of
/// which the last is rounded half up. Immutable.
/// @source CompreFace 1.2, its similarity coefficients
struct SimilarityScale {
  double centre = 0;     ///< the distance that is told as 0.5
  double steepness = 0;  ///< > 0

  /// The curve whose 0.5 is the threshold of an operating point. Its steepness there is that of the calibrated
  /// probability; where none is known, that of the original's resnet50.
  [[nodiscard]] static SimilarityScale of(const OperatingPoint& at);

  /// @param distance  [0, 2]
  [[nodiscard]] double at_distance(double distance) const;
  [[nodiscard]] double operator()(Cosine similarity) const;  ///< of two templates of this cosine
};

/// The distance of two unit vectors with this cosine, [0, 2].
[[nodiscard]] double distance_of(Cosine similarity);

}  // namespace vultus::server::compreface
