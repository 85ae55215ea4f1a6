#include <vultus/face/mesh.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <vultus/face/face_flag.hpp>
#include <vultus/face/landmarks.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::face {
namespace {

// MediaPipe's own margin, around the box of its detector and around its points alike.
constexpr float kMargin = 1.5F;
// Less than this is no face: its points say nothing, and a second look would go astray.
constexpr Score kHopeless{0.05F};

RectF around(const std::vector<Point2f>& points) {
  const auto [x0, x1] = std::ranges::minmax(points, {}, &Point2f::x);
  const auto [y0, y1] = std::ranges::minmax(points, {}, &Point2f::y);
  return {x0.x, y0.y, x1.x - x0.x, y1.y - y0.y};
}

}  // namespace

Result<MeshNet> MeshNet::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "mesh468")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", a mesh needs mesh468");
  VULTUS_TRY(auto network, model.load());
  return MeshNet(std::move(network));
}

Result<MeshReading> MeshNet::read(ImageView picture, const RectF& box, const Eyes& eyes) {
  if (!(std::max(box.width, box.height) > 1))
    return fail(ErrorCode::invalid_argument, "mesh: the box of the face has no size");
  const Similarity crop = mesh_crop(box, {eyes[0], eyes[1]}, kMargin, network_->width());
  VULTUS_CHECK(media::warp_into(picture, crop,
                                {network_->input().data(), network_->width(), network_->height(),
                                 std::ptrdiff_t{3} * network_->width(), PixelFormat::rgb8}));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto flag, network_->output("flag"));
  VULTUS_TRY(const auto points, network_->output("points"));
  constexpr std::size_t kCount = count_of(LandmarkScheme::mesh468);
  if (flag.size() != 1 || points.size() != 3 * kCount)
    return fail(ErrorCode::corrupt_data, "the mesh network gives " + std::to_string(points.size()) + " and " +
                                             std::to_string(flag.size()) + " values, 1404 and 1 are wanted");
  const auto back = crop.inverse();
  if (!back) return fail(ErrorCode::invalid_argument, "mesh: the box of the face has no size");
  MeshReading reading{{LandmarkScheme::mesh468, {}}, Score(1 / (1 + std::exp(-flag[0])))};
  reading.landmarks.points.reserve(kCount);
  reading.depths.reserve(kCount);
  const auto scale = static_cast<float>(back->scale());
  for (std::size_t i = 0; i < kCount; ++i) {
    reading.landmarks.points.push_back(back->apply({points[3 * i], points[3 * i + 1]}));
    reading.depths.push_back(points[3 * i + 2] * scale);
  }
  return reading;
}

Result<MeshReading> MeshNet::find(ImageView picture, const ScoredBox& detection) {
  const Point2f centre = detection.box.centre();
  const Eyes level{centre, {centre.x + 1, centre.y}};
  VULTUS_TRY(const MeshReading first, read(picture, detection.box, detection.eyes.value_or(level)));
  if (first.flag < kHopeless) return first;
  const Keypoints seen = keypoints_of(first.landmarks);
  return read(picture, around(first.landmarks.points), {seen[0], seen[1]});
}

}  // namespace vultus::face
