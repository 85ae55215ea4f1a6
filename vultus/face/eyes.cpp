#include <vultus/face/eyes.hpp>

#include <cmath>
#include <string>

#include <vultus/face/network_input.hpp>

namespace vultus::face {
namespace {

// The first 16 of the 71 points that the iris network gives around an eye, as numbers of the mesh.
// @source MediaPipe (Apache-2.0), the eye outlines of its face mesh
constexpr std::array<std::uint16_t, kEyeOutline> kRightOutline{33,  7,   163, 144, 145, 153, 154, 155,
                                                               133, 246, 161, 160, 159, 158, 157, 173};
constexpr std::array<std::uint16_t, kEyeOutline> kLeftOutline{263, 249, 390, 373, 374, 380, 381, 382,
                                                              362, 466, 388, 387, 386, 385, 384, 398};
constexpr std::size_t kContour = 71, kIris = 5;
// Places in the outline: corners, and the two points of each lid that EAR takes.
constexpr std::size_t kOuter = 0, kInner = 8, kLower0 = 3, kLower1 = 5, kUpper0 = 11, kUpper1 = 13;

float gap_of(Point2f a, Point2f b) { return std::hypot(a.x - b.x, a.y - b.y); }

Status check_decoder(const runtime::ModelHandle& model, const std::string& wanted) {
  if (model.manifest.decoder == wanted) return {};
  return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                               model.manifest.decoder + ", " + wanted + " is needed");
}

}  // namespace

const std::array<std::uint16_t, kEyeOutline>& eye_outline(EyeSide side) {
  return side == EyeSide::right ? kRightOutline : kLeftOutline;
}

Result<double> eye_aspect(std::span<const Point2f, 2> corners, std::span<const Point2f, 2> upper,
                          std::span<const Point2f, 2> lower) {
  const float width = gap_of(corners[0], corners[1]);
  if (!(width > 0) || !std::isfinite(width)) return fail(ErrorCode::invalid_argument, "eye: its corners are one point");
  return (double{gap_of(upper[0], lower[0])} + gap_of(upper[1], lower[1])) / (2.0 * width);
}

Result<double> eye_aspect(const EyeReading& eye) {
  const auto& at = eye.outline;
  return eye_aspect(std::array{at[kOuter], at[kInner]}, std::array{at[kUpper0], at[kUpper1]},
                    std::array{at[kLower0], at[kLower1]});
}

Result<IrisNet> IrisNet::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_decoder(model, "iris71"));
  VULTUS_TRY(auto network, model.load());
  return IrisNet(std::move(network), static_cast<float>(model.parameter("crop_scale", 2.3)));
}

Result<EyeReading> IrisNet::find(ImageView picture, const Landmarks& mesh, EyeSide side) {
  if (mesh.scheme == LandmarkScheme::ibug68 || mesh.points.size() != count_of(mesh.scheme))
    return fail(ErrorCode::invalid_argument, "iris: the points of a mesh are needed");
  const auto& outline = eye_outline(side);
  const Point2f outer = mesh.points[outline[kOuter]], inner = mesh.points[outline[kInner]];
  const Point2f right = mesh.points[kRightOutline[kOuter]], left = mesh.points[kLeftOutline[kOuter]];
  const double level = std::atan2(left.y - right.y, left.x - right.x);
  const Shown shown = side == EyeSide::right ? Shown::as_it_is : Shown::mirrored;
  VULTUS_TRY(const Similarity to_crop, square_into(picture, {(outer.x + inner.x) / 2, (outer.y + inner.y) / 2},
                                                   crop_scale_ * gap_of(outer, inner), level, *network_, shown));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto points, network_->output("points"));
  if (points.size() != 3 * (kContour + kIris))
    return fail(ErrorCode::corrupt_data,
                "the iris network gives " + std::to_string(points.size()) + " values, 228 are wanted");
  const auto back = to_crop.inverse();
  if (!back) return fail(ErrorCode::invalid_argument, "iris: an eye without width");
  const auto point = [&](std::size_t i) {
    const float x = points[3 * i];
    const float seen = shown == Shown::mirrored ? static_cast<float>(network_->width() - 1) - x : x;
    return back->apply({seen, points[3 * i + 1]});
  };
  EyeReading reading;
  for (std::size_t i = 0; i < kEyeOutline; ++i) reading.outline.at(i) = point(i);
  for (std::size_t i = 0; i < kIris; ++i) reading.iris.at(i) = point(kContour + i);
  return reading;
}

Result<EyeStateNet> EyeStateNet::load(const runtime::ModelHandle& model) {
  VULTUS_CHECK(check_decoder(model, "eye_state"));
  VULTUS_TRY(auto network, model.load());
  return EyeStateNet(std::move(network), static_cast<float>(model.parameter("crop_scale", 1.6)));
}

Result<double> EyeStateNet::open(ImageView picture, std::span<const Point2f, 2> corners, Point2f centre) {
  const float side = crop_scale_ * gap_of(corners[0], corners[1]);
  VULTUS_CHECK(rectangle_into(picture, {centre.x - side / 2, centre.y - side / 2, side, side}, *network_));
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto logits, network_->output("logits"));
  if (logits.size() != 2)
    return fail(ErrorCode::corrupt_data, "the eye network gives " + std::to_string(logits.size()) + " values, not 2");
  return 1 / (1 + std::exp(double{logits[0]} - logits[1]));  // the first is "closed"
}

}  // namespace vultus::face
