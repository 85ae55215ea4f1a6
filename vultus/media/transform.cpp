#include <vultus/media/transform.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace vultus::media {
namespace {

int type_of(PixelFormat format) { return format == PixelFormat::gray8 ? CV_8UC1 : CV_8UC3; }

/// OpenCV has no view of constant pixels; the functions below only read through it.
cv::Mat borrow(ImageView view) {
  return {view.height, view.width, type_of(view.format), const_cast<std::uint8_t*>(view.data),
          static_cast<std::size_t>(view.stride)};
}

cv::Mat borrow(MutableImageView view) {
  return {view.height, view.width, type_of(view.format), view.data, static_cast<std::size_t>(view.stride)};
}

bool empty(MutableImageView view) { return view.data == nullptr || view.width <= 0 || view.height <= 0; }

Status refuse_transform(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

/// Whole pixels that the region touches, inside the picture.
cv::Rect whole_pixels(const RectF& region, int width, int height) {
  const auto bound = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.0F, static_cast<float>(most))); };
  const int x0 = bound(std::floor(region.x), width), y0 = bound(std::floor(region.y), height);
  const int x1 = bound(std::ceil(region.right()), width), y1 = bound(std::ceil(region.bottom()), height);
  return {x0, y0, x1 - x0, y1 - y0};
}

/// The part of the source that a target shows.
RectF shown(const Similarity& to_source, MutableImageView target) {
  float x0 = 1e9F, y0 = 1e9F, x1 = -1e9F, y1 = -1e9F;
  const auto w = static_cast<float>(target.width), h = static_cast<float>(target.height);
  for (const Point2f corner : {Point2f{0, 0}, Point2f{w, 0}, Point2f{0, h}, Point2f{w, h}}) {
    const Point2f p = to_source.apply(corner);
    x0 = std::min(x0, p.x), x1 = std::max(x1, p.x), y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
  }
  return {x0, y0, x1 - x0, y1 - y0};
}

// Below this, a pixel of the target is nearer to two pixels of the source than to one.
constexpr double kAverages = 2.0 / 3;
// Blocks that are averaged first keep at least so many pixels for one of the target: their grid then does not show.
constexpr int kFinePerPixel = 4;

/// Pixels that can be interpolated without skipping any, and where they go.
struct Smoothed {
  cv::Mat pixels;
  Similarity to_target;
};

/// Averages as many pixels as one pixel of the target stands for: a sliding mean, so that the result does not depend on
/// where a grid of blocks would begin (measured on templates: docs/detection.md). Much larger sources are first
/// averaged in blocks, which is faster.
Smoothed smooth(const cv::Mat& from, Similarity t, const RectF& region) {
  const int block = static_cast<int>(std::clamp(1 / (t.scale() * kFinePerPixel), 1.0, 1e4));
  const auto pad = static_cast<float>(2 / t.scale() + 2 * block);
  cv::Rect part = whole_pixels({region.x - pad, region.y - pad, region.width + 2 * pad, region.height + 2 * pad},
                               from.cols, from.rows);
  part.width -= part.width % block, part.height -= part.height % block;
  if (part.empty()) return {from, t};
  cv::Mat pixels = from(part);
  if (block > 1) cv::resize(from(part), pixels, {part.width / block, part.height / block}, 0, 0, cv::INTER_AREA);
  const int window = std::max(1, static_cast<int>(std::lround(1 / (t.scale() * block))));
  cv::Mat mean;
  cv::blur(pixels, mean, {window, window}, {-1, -1}, cv::BORDER_CONSTANT);
  // Pixel centres: source = part + block * (blocks + 0.5) - 0.5, and the mean over an even window lies half a pixel
  // before its position.
  const double even = window % 2 == 0 ? 0.5 : 0.0;
  const double ox = part.x + block * (0.5 - even) - 0.5, oy = part.y + block * (0.5 - even) - 0.5;
  return {mean, {t.a * block, t.b * block, t.a * ox - t.b * oy + t.tx, t.b * ox + t.a * oy + t.ty}};
}

}  // namespace

Status resize_into(ImageView source, const RectF& region, MutableImageView target) {
  if (source.empty() || empty(target)) return refuse_transform("resize: empty picture");
  if (source.format == PixelFormat::gray8 && target.format == PixelFormat::rgb8)
    return refuse_transform("resize: gray source for a colour target");
  const bool finite = std::isfinite(region.x + region.y + region.width + region.height);
  const cv::Rect part = finite ? whole_pixels(region, source.width, source.height) : cv::Rect();
  if (part.empty())
    return refuse_transform("resize: the region lies outside the picture of " + std::to_string(source.width) + "x" +
                            std::to_string(source.height));
  return guarded("resize", [&]() -> Status {
    const cv::Mat from = borrow(source)(part);
    cv::Mat to = borrow(target);
    // Averaging pays from a factor of two on; below, linear interpolation still sees every pixel.
    const bool shrinks = part.width >= 2 * target.width || part.height >= 2 * target.height;
    const int method = shrinks ? cv::INTER_AREA : cv::INTER_LINEAR;
    if (source.format == target.format) {
      cv::resize(from, to, to.size(), 0, 0, method);
    } else {
      cv::Mat colour;
      cv::resize(from, colour, to.size(), 0, 0, method);
      cv::cvtColor(colour, to, cv::COLOR_RGB2GRAY);
    }
    return {};
  });
}

Status warp_into(ImageView source, const Similarity& to_target, MutableImageView target) {
  if (source.empty() || empty(target)) return refuse_transform("warp: empty picture");
  if (source.format != target.format) return refuse_transform("warp: source and target differ in pixel format");
  const auto back = to_target.inverse();
  if (!back || !std::isfinite(back->a + back->b + back->tx + back->ty))
    return refuse_transform("warp: the transform has no inverse");
  return guarded("warp", [&]() -> Status {
    const cv::Mat from = borrow(source);
    cv::Mat to = borrow(target);
    const Smoothed smoothed =
        to_target.scale() < kAverages ? smooth(from, to_target, shown(*back, target)) : Smoothed{from, to_target};
    const Similarity& t = smoothed.to_target;
    const cv::Matx23d matrix(t.a, -t.b, t.tx, t.b, t.a, t.ty);
    cv::warpAffine(smoothed.pixels, to, matrix, to.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    return {};
  });
}

void mirror_into(ImageView source, MutableImageView target) {
  const int step = channels_of(source.format);
  for (int y = 0; y < source.height; ++y) {
    const std::uint8_t* from = source.row(y);
    std::uint8_t* to = target.row(y) + std::ptrdiff_t{source.width - 1} * step;
    for (int x = 0; x < source.width; ++x, from += step, to -= step)
      for (int c = 0; c < step; ++c) to[c] = from[c];
  }
}

}  // namespace vultus::media
