#include <vultus/face/face_flag.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <vultus/media/transform.hpp>

namespace vultus::face {

Similarity mesh_crop(const RectF& box, const Keypoints& keypoints, float crop_scale, int side) {
  const Point2f right = keypoints[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f left = keypoints[static_cast<std::size_t>(Keypoint::left_eye)];
  const double angle = std::atan2(left.y - right.y, left.x - right.x);
  const double scale = side / (static_cast<double>(crop_scale) * std::max(box.width, box.height));
  const double a = scale * std::cos(-angle), b = scale * std::sin(-angle);
  const Point2f c = box.centre();
  return {a, b, side / 2.0 - (a * c.x - b * c.y), side / 2.0 - (b * c.x + a * c.y)};
}

Result<FaceFlag> FaceFlag::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "mesh468")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", a face flag needs mesh468");
  VULTUS_TRY(auto network, model.load());
  return FaceFlag(std::move(network), static_cast<float>(model.parameter("crop_scale", 1.35)));
}

Result<Score> FaceFlag::judge(ImageView picture, const RectF& box, const Keypoints& keypoints) {
  const Similarity crop = mesh_crop(box, keypoints, crop_scale_, network_->width());
  VULTUS_CHECK(media::warp_into(picture, crop,
                                {network_->input().data(), network_->width(), network_->height(),
                                 std::ptrdiff_t{3} * network_->width(), PixelFormat::rgb8}));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto flag, network_->output("flag"));
  if (flag.size() != 1) return fail(ErrorCode::corrupt_data, "the mesh network gives more than one face flag");
  return Score(1 / (1 + std::exp(-flag[0])));
}

}  // namespace vultus::face
