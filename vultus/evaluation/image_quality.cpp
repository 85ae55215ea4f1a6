#include <vultus/evaluation/image_quality.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr int kWindow = 11;
constexpr double kSigma = 1.5;
constexpr double kC1 = (0.01 * 255) * (0.01 * 255);
constexpr double kC2 = (0.03 * 255) * (0.03 * 255);
constexpr std::array kScaleWeights{0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

/// One channel as numbers.
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<double> values;

  [[nodiscard]] double at(int x, int y) const {
    return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

Plane plane_of(ImageView picture, int channel) {
  Plane plane{picture.width, picture.height, {}};
  plane.values.reserve(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  const int step = channels_of(picture.format);
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) plane.values.push_back(picture.row(y)[x * step + channel]);
  return plane;
}

std::array<double, kWindow> gaussian() {
  std::array<double, kWindow> weights{};
  double sum = 0;
  for (int i = 0; i < kWindow; ++i) {
    constexpr int kMiddle = kWindow / 2;
    const double d = i - kMiddle;
    sum += weights[static_cast<std::size_t>(i)] = std::exp(-d * d / (2 * kSigma * kSigma));
  }
  for (double& w : weights) w /= sum;
  return weights;
}

/// Weighted mean around every pixel whose window lies inside.
Plane blurred(const Plane& plane) {
  static const std::array<double, kWindow> kWeights = gaussian();
  Plane across{plane.width - kWindow + 1, plane.height, {}};
  for (int y = 0; y < across.height; ++y)
    for (int x = 0; x < across.width; ++x) {
      double sum = 0;
      for (int i = 0; i < kWindow; ++i) sum += kWeights[static_cast<std::size_t>(i)] * plane.at(x + i, y);
      across.values.push_back(sum);
    }
  Plane both{across.width, plane.height - kWindow + 1, {}};
  for (int y = 0; y < both.height; ++y)
    for (int x = 0; x < both.width; ++x) {
      double sum = 0;
      for (int i = 0; i < kWindow; ++i) sum += kWeights[static_cast<std::size_t>(i)] * across.at(x, y + i);
      both.values.push_back(sum);
    }
  return both;
}

Plane product(const Plane& a, const Plane& b) {
  Plane all = a;
  for (std::size_t i = 0; i < all.values.size(); ++i) all.values[i] *= b.values[i];
  return all;
}

Plane halved(const Plane& plane) {
  Plane half{plane.width / 2, plane.height / 2, {}};
  for (int y = 0; y < half.height; ++y)
    for (int x = 0; x < half.width; ++x)
      half.values.push_back((plane.at(2 * x, 2 * y) + plane.at(2 * x + 1, 2 * y) + plane.at(2 * x, 2 * y + 1) +
                             plane.at(2 * x + 1, 2 * y + 1)) /
                            4);
  return half;
}

/// Means of the whole index and of its contrast-structure term.
struct Similarity {
  double whole = 0;
  double contrast = 0;
};

Similarity similarity_of(const Plane& a, const Plane& b) {
  const Plane mean_a = blurred(a);
  const Plane mean_b = blurred(b);
  const Plane aa = blurred(product(a, a));
  const Plane bb = blurred(product(b, b));
  const Plane ab = blurred(product(a, b));
  Similarity sum;
  for (std::size_t i = 0; i < mean_a.values.size(); ++i) {
    const double ma = mean_a.values[i];
    const double mb = mean_b.values[i];
    const double contrast =
        (2 * (ab.values[i] - ma * mb) + kC2) / (aa.values[i] - ma * ma + bb.values[i] - mb * mb + kC2);
    sum.contrast += contrast;
    sum.whole += contrast * (2 * ma * mb + kC1) / (ma * ma + mb * mb + kC1);
  }
  const auto n = static_cast<double>(mean_a.values.size());
  return {sum.whole / n, sum.contrast / n};
}

Status check_pictures(ImageView a, ImageView b, int least_side) {
  if (a.empty() || b.empty()) return fail(ErrorCode::invalid_argument, "a picture without pixels");
  if (a.width != b.width || a.height != b.height || a.format != b.format)
    return fail(ErrorCode::invalid_argument,
                fmt::format("pictures of {}x{} and {}x{} pixels, {} and {} channels: must be equal", a.width, a.height,
                            b.width, b.height, channels_of(a.format), channels_of(b.format)));
  if (std::min(a.width, a.height) < least_side)
    return fail(ErrorCode::invalid_argument,
                fmt::format("picture of {}x{} pixels: each side needs at least {}", a.width, a.height, least_side));
  return {};
}

}  // namespace

Result<double> psnr(ImageView original, ImageView other) {
  VULTUS_CHECK(check_pictures(original, other, 1));
  double sum = 0;
  const int row_bytes = original.width * channels_of(original.format);
  for (int y = 0; y < original.height; ++y)
    for (int i = 0; i < row_bytes; ++i) {
      const double gap = static_cast<double>(original.row(y)[i]) - other.row(y)[i];
      sum += gap * gap;
    }
  if (sum <= 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(255.0 * 255.0 / (sum / (static_cast<double>(row_bytes) * original.height)));
}

Result<double> ssim(ImageView original, ImageView other) {
  VULTUS_CHECK(check_pictures(original, other, kWindow));
  const int channels = channels_of(original.format);
  double sum = 0;
  for (int c = 0; c < channels; ++c) sum += similarity_of(plane_of(original, c), plane_of(other, c)).whole;
  return sum / channels;
}

Result<double> multi_scale_ssim(ImageView original, ImageView other) {
  VULTUS_CHECK(check_pictures(original, other, kWindow << (kScaleWeights.size() - 1)));
  const int channels = channels_of(original.format);
  double sum = 0;
  for (int c = 0; c < channels; ++c) {
    Plane a = plane_of(original, c);
    Plane b = plane_of(other, c);
    double all = 1;
    for (std::size_t scale = 0; scale < kScaleWeights.size(); ++scale) {
      const Similarity here = similarity_of(a, b);
      const bool last = scale + 1 == kScaleWeights.size();
      all *= std::pow(std::max(0.0, last ? here.whole : here.contrast), kScaleWeights[scale]);
      if (last) break;
      a = halved(a);
      b = halved(b);
    }
    sum += all;
  }
  return sum / channels;
}

}  // namespace vultus::evaluation
