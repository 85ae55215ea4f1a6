// A second opinion on a detection: the face mesh network says whether its crop holds a face at all.
#pragma once

#include <memory>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// The square around a box that the mesh network sees: 1.35 times the longer side, level with the eyes.
/// @return the transform from picture pixels to crop pixels of a crop of `side` pixels
[[nodiscard]] Similarity mesh_crop(const RectF& box, const Keypoints& keypoints, float crop_scale, int side);

/// Thread-compatible: each worker loads its own.
class FaceFlag {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<FaceFlag> load(const runtime::ModelHandle& model);
  /// @param picture  rgb8, upright
  /// @return how sure the network is that there is a face, [0, 1]
  /// @error internal  the backend failed
  Result<Score> judge(ImageView picture, const RectF& box, const Keypoints& keypoints);

 private:
  FaceFlag(std::unique_ptr<runtime::Network> network, float crop_scale)
      : network_(std::move(network)), crop_scale_(crop_scale) {}
  std::unique_ptr<runtime::Network> network_;
  float crop_scale_;
};

}  // namespace vultus::face
