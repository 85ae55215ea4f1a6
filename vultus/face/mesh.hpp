// 468 points on a face, from the network that also says whether there is one.
#pragma once

#include <memory>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/rfb_decoder.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

struct MeshReading {
  Landmarks landmarks;  ///< scheme mesh468, picture pixels
  Score flag;           ///< how sure the network is that there is a face
  /// Depth of each point, picture pixels, away from the viewer; its zero is near the middle of the head.
  std::vector<float> depths = {};
};

/// The MediaPipe face mesh. Thread-compatible: each worker loads its own.
class MeshNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<MeshNet> load(const runtime::ModelHandle& model);
  /// Reads the mesh twice: in the square around the detector's box, level with its eyes, and in the square around the
  /// points that were found there, which is what the network was trained on.
  /// @param picture    rgb8, upright
  /// @param detection  with eyes; without them the face is taken for upright
  /// @error invalid_argument  a box without size; internal  the backend failed
  Result<MeshReading> find(ImageView picture, const ScoredBox& detection);

 private:
  explicit MeshNet(std::unique_ptr<runtime::Network> network) : network_(std::move(network)) {}
  Result<MeshReading> read(ImageView picture, const RectF& box, const Eyes& eyes);
  std::unique_ptr<runtime::Network> network_;
};

}  // namespace vultus::face
