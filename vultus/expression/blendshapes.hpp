// Weights of face shapes (the names of ARKit and ICT-FaceKit) from landmarks, by a head that was trained on planted
// faces.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::expression {

/// Chin, brows, nose, eyes and mouth: points 6 to 10 and 17 to 67 of the 68. The sides of the jaw are no places on a
/// head.
inline constexpr std::size_t kBlendshapePoints = 56;
/// x and y of each in the axes of the head, in distances of the outer eye corners, from the middle between these.
using BlendshapeFeatures = std::array<float, 2 * kBlendshapePoints>;

struct BlendshapeRow {
  std::string_view name;         ///< "jawOpen", "mouthSmile_L"; _L and _R are the subject's
  double planted_r2 = 0;         ///< of its weight on planted faces that were not trained on, against their own rest
  BlendshapeFeatures weights{};  ///< of features less those at rest
};

/// The shapes that planted faces let tell, at least 0.3 of their variance; in the order of their names.
/// @source tools/train_blendshapes.py; models/training/blendshapes.card.json
[[nodiscard]] std::span<const BlendshapeRow> blendshapes();
/// The features of the mean head at rest.
[[nodiscard]] const BlendshapeFeatures& mean_rest();

/// @param points    68 points in space: x, y, z of each, any unit
/// @param rotation  of the head about x, y, z, as the pose analyser writes it
/// @error invalid_argument  another number of points, values that are not finite, eye corners that are one point
/// @thread safe, no state
[[nodiscard]] Result<BlendshapeFeatures> blendshape_features(std::span<const float> points,
                                                             const std::array<double, 3>& rotation);

/// The weights of blendshapes(), [0, 1]. A face at rest has zeros.
[[nodiscard]] std::vector<float> blendshape_weights(const BlendshapeFeatures& face, const BlendshapeFeatures& rest);

/// Learns a person's features at rest as they come: the median of the last minute, mixed with the mean head until three
/// seconds of it were seen. The same for a file and a camera. Thread-compatible.
class RestLearner {
 public:
  /// @param seconds  later than the last
  void add(double seconds, const BlendshapeFeatures& features);
  /// @return the mean head before anything was added
  [[nodiscard]] const BlendshapeFeatures& now() const { return now_; }

  static constexpr double kWindow = 60;    ///< seconds
  static constexpr double kTrusted = 3;    ///< seconds
  static constexpr double kSpacing = 0.2;  ///< seconds between the values that are kept: 300 a minute at most

 private:
  struct Seen {
    double seconds;
    BlendshapeFeatures features;
  };
  std::deque<Seen> seen_;
  BlendshapeFeatures now_ = mean_rest();
};

}  // namespace vultus::expression
