#include <vultus/face/landmarks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include <vultus/media/transform.hpp>

namespace vultus::face {

Keypoints keypoints_of(const Landmarks& landmarks) {
  const auto mean = [&](std::initializer_list<std::size_t> points) {
    Point2f sum;
    for (const std::size_t i : points) sum.x += landmarks.points[i].x, sum.y += landmarks.points[i].y;
    const auto n = static_cast<float>(points.size());
    return Point2f{sum.x / n, sum.y / n};
  };
  // Of a mesh: the same places on the face, by its own numbers.
  if (landmarks.scheme != LandmarkScheme::ibug68)
    return {mean({160, 158, 144, 153}), mean({387, 385, 373, 380}), mean({4}), mean({61, 78}), mean({291, 308})};
  // The lids without the eye corners: the corners move with the direction of view.
  return {mean({37, 38, 40, 41}), mean({43, 44, 46, 47}), mean({30}), mean({48, 60}), mean({54, 64})};
}

Result<std::vector<Point2f>> chip_points_of(const Landmarks& landmarks) {
  if (landmarks.points.size() != count_of(landmarks.scheme))
    return fail(ErrorCode::invalid_argument, "landmarks: " + std::to_string(landmarks.points.size()) + " points, " +
                                                 std::to_string(count_of(landmarks.scheme)) + " are wanted");
  if (landmarks.scheme == LandmarkScheme::ibug68) return landmarks.points;
  // Left eye outer and inner corner, right eye outer and inner corner, below the nose.
  std::vector<Point2f> points;
  for (const std::size_t i : {263, 362, 33, 133, 2}) points.push_back(landmarks.points[i]);
  return points;
}

Result<LandmarkNet> LandmarkNet::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "ibug68")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", landmarks need ibug68");
  VULTUS_TRY(auto network, model.load());
  return LandmarkNet(std::move(network));
}

Result<Landmarks> LandmarkNet::find(ImageView picture, const RectF& box) {
  const auto width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
  const Point2f centre = box.centre();
  const float half = box.height / 2;
  // Whole pixels, cut at the picture: the points are mapped back through the very rectangle that was read.
  const float x0 = std::floor(std::clamp(centre.x - half, 0.0F, width)),
              y0 = std::floor(std::clamp(centre.y - half, 0.0F, height));
  const float x1 = std::ceil(std::clamp(centre.x + half, 0.0F, width)),
              y1 = std::ceil(std::clamp(centre.y + half, 0.0F, height));
  const RectF crop{x0, y0, x1 - x0, y1 - y0};
  if (crop.width < 2 || crop.height < 2)
    return fail(ErrorCode::invalid_argument, "landmarks: the box lies outside the picture");
  const PixelFormat format = network_->channels() == 1 ? PixelFormat::gray8 : PixelFormat::rgb8;
  VULTUS_CHECK(media::resize_into(picture, crop,
                                  {network_->input().data(), network_->width(), network_->height(),
                                   std::ptrdiff_t{network_->width()} * network_->channels(), format}));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto points, network_->output("points"));
  if (points.size() != 2 * count_of(LandmarkScheme::ibug68))
    return fail(ErrorCode::corrupt_data,
                "the landmark network gives " + std::to_string(points.size()) + " values, 136 are wanted");
  Landmarks found{LandmarkScheme::ibug68, {}};
  found.points.reserve(points.size() / 2);
  for (std::size_t i = 0; i < points.size(); i += 2)
    found.points.push_back({crop.x + points[i] * crop.width, crop.y + points[i + 1] * crop.height});
  return found;
}

}  // namespace vultus::face
