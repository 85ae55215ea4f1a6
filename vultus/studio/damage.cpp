#include <vultus/studio/damage.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <vultus/media/degrade.hpp>

namespace vultus::studio {
namespace {

constexpr double kGamma = 2.2;
// A face in units of its eyes: origin between them, x along the line from eye to eye in the picture, y down the face.
// By hand, on frontal portraits: a surgical mask, and glasses.
using Outline = std::array<Point2f, 8>;
constexpr Outline kMask{{{-1.15F, 0.45F},
                         {0, 0.3F},
                         {1.15F, 0.45F},
                         {1.15F, 1.2F},
                         {0.75F, 1.9F},
                         {0, 2.15F},
                         {-0.75F, 1.9F},
                         {-1.15F, 1.2F}}};
constexpr Outline kGlasses{{{-1.05F, -0.3F},
                            {-0.2F, -0.3F},
                            {0.2F, -0.3F},
                            {1.05F, -0.3F},
                            {1.0F, 0.3F},
                            {0.2F, 0.25F},
                            {-0.2F, 0.25F},
                            {-1.0F, 0.3F}}};
const cv::Scalar kMaskColour(120, 160, 190);
const cv::Scalar kGlassesColour(25, 25, 28);

struct Range {
  double low;
  double high;
};

/// The strengths that mean something. `low` itself is allowed only for rotations and JPEG.
Range range_of(DamageKind kind) {
  switch (kind) {
    case DamageKind::smaller:
    case DamageKind::side_light: return {0, 1};
    case DamageKind::blur: return {0, 100};
    case DamageKind::darker:
    case DamageKind::brighter: return {0, 16};
    case DamageKind::rotated: return {-180, 180};
    case DamageKind::jpeg: return {1, 100};
    default: return {-INFINITY, INFINITY};
  }
}

Status check(ImageView picture, const Damage& damage, const std::optional<Keypoints>& face) {
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "damage: a picture in colour is needed");
  const bool local = damage.kind == DamageKind::side_light || damage.kind == DamageKind::cover_mouth ||
                     damage.kind == DamageKind::cover_eyes;
  if (local && !face)
    return fail(ErrorCode::invalid_argument, "damage " + std::string(name_of(damage.kind)) + ": where is the face?");
  const auto [low, high] = range_of(damage.kind);
  const bool closed = damage.kind == DamageKind::rotated || damage.kind == DamageKind::jpeg;
  const bool fits = damage.strength <= high && (closed ? damage.strength >= low : damage.strength > low);
  const bool counts = range_of(damage.kind).high < INFINITY;
  if (counts && !fits)
    return fail(ErrorCode::invalid_argument, "damage " + std::string(name_of(damage.kind)) + " of strength " +
                                                 std::to_string(damage.strength) + ": allowed are " +
                                                 std::to_string(low) + " to " + std::to_string(high));
  return {};
}

Result<Image> copy_of(ImageView picture) {
  VULTUS_TRY(Image copy, Image::create(picture.width, picture.height, picture.format));
  for (int y = 0; y < picture.height; ++y)
    std::memcpy(copy.row(y), picture.row(y), static_cast<std::size_t>(copy.stride()));
  return copy;
}

cv::Mat borrow(Image& image) {
  return {image.height(), image.width(), CV_8UC3, image.row(0), static_cast<std::size_t>(image.stride())};
}

/// Averages at every factor; media::shrunk interpolates above a half, as readers of pictures do.
Result<Image> made_smaller(ImageView picture, double factor) {
  const auto side = [factor](int length) { return std::max(1, static_cast<int>(std::lround(length * factor))); };
  VULTUS_TRY(Image small, Image::create(side(picture.width), side(picture.height), picture.format));
  VULTUS_TRY(Image copy, copy_of(picture));
  cv::Mat to = borrow(small);
  cv::resize(borrow(copy), to, to.size(), 0, 0, cv::INTER_AREA);
  return small;
}

/// Multiplies the light by a gain that may differ from column to column.
template <class Gain>
void relight(Image& image, const Gain& gain) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& v = image.row(y)[3 * x + c];
        const double light = std::pow(v / 255.0, kGamma) * gain(x, y);
        v = static_cast<std::uint8_t>(std::lround(255 * std::pow(std::clamp(light, 0.0, 1.0), 1 / kGamma)));
      }
}

/// The same gain everywhere: by table.
void relight_all(Image& image, double gain) {
  cv::Mat table(1, 256, CV_8UC1);
  for (int v = 0; v < 256; ++v)
    table.at<std::uint8_t>(v) = static_cast<std::uint8_t>(
        std::lround(255 * std::pow(std::clamp(std::pow(v / 255.0, kGamma) * gain, 0.0, 1.0), 1 / kGamma)));
  cv::Mat pixels = borrow(image);
  cv::LUT(pixels, table, pixels);
}

/// A face's own axes in the picture.
struct Frame {
  Point2f middle;
  Point2f along;  ///< from the eye at the image's left to the other, whole distance
  [[nodiscard]] Point2f at(Point2f p) const {
    return {middle.x + along.x * p.x - along.y * p.y, middle.y + along.y * p.x + along.x * p.y};
  }
  /// Position along the line of the eyes, in units of their distance.
  [[nodiscard]] double across(double x, double y) const {
    return ((x - middle.x) * along.x + (y - middle.y) * along.y) / (along.x * along.x + along.y * along.y);
  }
};

Frame frame_of(const Keypoints& face) {
  const Point2f a = face[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f b = face[static_cast<std::size_t>(Keypoint::left_eye)];
  return {{(a.x + b.x) / 2, (a.y + b.y) / 2}, {b.x - a.x, b.y - a.y}};
}

void cover(Image& image, const Frame& frame, const Outline& outline, const cv::Scalar& colour) {
  std::vector<cv::Point> corners;
  corners.reserve(outline.size());
  for (const Point2f p : outline) {
    const Point2f at = frame.at(p);
    corners.emplace_back(static_cast<int>(std::lround(at.x)), static_cast<int>(std::lround(at.y)));
  }
  cv::Mat pixels = borrow(image);
  cv::fillPoly(pixels, std::vector{corners}, colour, cv::LINE_AA);
}

void turn(Image& image, double degrees) {
  const cv::Point2f middle(static_cast<float>(image.width() - 1) / 2, static_cast<float>(image.height() - 1) / 2);
  cv::Mat pixels = borrow(image);
  const cv::Mat source = pixels.clone();
  cv::warpAffine(source, pixels, cv::getRotationMatrix2D(middle, -degrees, 1), pixels.size(), cv::INTER_CUBIC,
                 cv::BORDER_REPLICATE);
}

Result<Image> damage_copy(ImageView picture, const Damage& damage, const std::optional<Keypoints>& face) {
  if (damage.kind == DamageKind::smaller) return made_smaller(picture, damage.strength);
  if (damage.kind == DamageKind::jpeg)
    return media::compressed(picture, static_cast<int>(std::lround(damage.strength)));
  if (damage.kind == DamageKind::blur) return media::blurred(picture, damage.strength);
  VULTUS_TRY(Image copy, copy_of(picture));
  const Frame frame = face ? frame_of(*face) : Frame{{0, 0}, {1, 0}};
  switch (damage.kind) {
    case DamageKind::darker: relight_all(copy, std::exp2(-damage.strength)); break;
    case DamageKind::brighter: relight_all(copy, std::exp2(damage.strength)); break;
    case DamageKind::side_light:
      // From cheek to cheek: one distance of the eyes to either side.
      relight(copy,
              [&](int x, int y) { return 1 - damage.strength * std::clamp((1 - frame.across(x, y)) / 2, 0.0, 1.0); });
      break;
    case DamageKind::rotated: turn(copy, damage.strength); break;
    case DamageKind::cover_mouth: cover(copy, frame, kMask, kMaskColour); break;
    case DamageKind::cover_eyes: cover(copy, frame, kGlasses, kGlassesColour); break;
    default: break;
  }
  return copy;
}

}  // namespace

std::string_view name_of(DamageKind kind) {
  switch (kind) {
    case DamageKind::none: return "none";
    case DamageKind::smaller: return "smaller";
    case DamageKind::blur: return "blur";
    case DamageKind::darker: return "darker";
    case DamageKind::brighter: return "brighter";
    case DamageKind::side_light: return "side_light";
    case DamageKind::rotated: return "rotated";
    case DamageKind::cover_mouth: return "cover_mouth";
    case DamageKind::cover_eyes: return "cover_eyes";
    case DamageKind::jpeg: break;
  }
  return "jpeg";
}

Result<Image> damaged(ImageView picture, const Damage& damage, const std::optional<Keypoints>& face) {
  VULTUS_CHECK(check(picture, damage, face));
  return guarded("damage", [&] { return damage_copy(picture, damage, face); });
}

}  // namespace vultus::studio
