#include <vultus/expression/scene_attributes.hpp>

#include <algorithm>
#include <cmath>

namespace vultus::expression {
namespace {

Status check_coloured(ImageView picture, const char* what) {
  if (picture.empty()) return fail(ErrorCode::invalid_argument, std::string(what) + ": no picture");
  if (picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, std::string(what) + ": a picture of three channels is needed");
  return {};
}

double pixels_of(ImageView picture) { return double{static_cast<double>(picture.width)} * picture.height; }

}  // namespace

Result<double> brightness(ImageView picture) {
  VULTUS_CHECK(check_coloured(picture, "brightness"));
  std::uint64_t sum = 0;
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* pixel = picture.row(y);
    for (int x = 0; x < picture.width; ++x, pixel += 3) sum += std::max({pixel[0], pixel[1], pixel[2]});
  }
  return static_cast<double>(sum) / (255 * pixels_of(picture));
}

Result<double> colourfulness(ImageView picture) {
  VULTUS_CHECK(check_coloured(picture, "colourfulness"));
  // Twice yb is a whole number: the sums are exact.
  std::int64_t rg_sum = 0, rg_squares = 0, yb_sum = 0, yb_squares = 0;
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* pixel = picture.row(y);
    for (int x = 0; x < picture.width; ++x, pixel += 3) {
      const int rg = pixel[0] - pixel[1], yb = pixel[0] + pixel[1] - 2 * pixel[2];
      rg_sum += rg, rg_squares += rg * rg;
      yb_sum += yb, yb_squares += yb * yb;
    }
  }
  const double n = pixels_of(picture);
  const double rg_mean = static_cast<double>(rg_sum) / n, yb_mean = static_cast<double>(yb_sum) / (2 * n);
  const double spread = static_cast<double>(rg_squares) / n - rg_mean * rg_mean +
                        static_cast<double>(yb_squares) / (4 * n) - yb_mean * yb_mean;
  return std::sqrt(std::max(0.0, spread)) + 0.3 * std::hypot(rg_mean, yb_mean);
}

}  // namespace vultus::expression
