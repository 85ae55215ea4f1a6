#include <vultus/liveness/high_pass.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace vultus::liveness {
namespace {

constexpr std::size_t kLeastSide = 2, kMostSide = 4096;

/// One row of the circulant matrix that keeps the waves up to `most` a side: (1/n) sum of cos(2 pi k x / n).
std::vector<double> slow_kernel(std::size_t n, double share) {
  const auto most = static_cast<std::size_t>(share * static_cast<double>(n) / 2);
  std::vector<double> kernel(n, 1.0 / static_cast<double>(n));
  for (std::size_t x = 0; x < n; ++x)
    for (std::size_t k = 1; k <= most; ++k) {
      const double wave = std::cos(2 * std::numbers::pi * static_cast<double>((k * x) % n) / static_cast<double>(n));
      // The wave of half the side has no mirror image of its own.
      kernel[x] += (2 * k == n ? 1 : 2) * wave / static_cast<double>(n);
    }
  return kernel;
}

/// Lines of a plane, each convolved around its ends. @param step  from value to value; @param jump  from line to line
void convolve(const std::vector<double>& from, std::vector<double>& into, const std::vector<double>& kernel,
              std::size_t lines, std::size_t step, std::size_t jump) {
  const std::size_t n = kernel.size();
  for (std::size_t line = 0; line < lines; ++line)
    for (std::size_t x = 0; x < n; ++x) {
      double sum = 0;
      for (std::size_t y = 0; y < n; ++y) sum += kernel[x >= y ? x - y : x + n - y] * from[line * jump + y * step];
      into[line * jump + x * step] = sum;
    }
}

}  // namespace

Result<std::vector<float>> high_pass(std::span<const float> plane, std::size_t width, std::size_t height,
                                     double share) {
  if (width < kLeastSide || height < kLeastSide || width > kMostSide || height > kMostSide ||
      plane.size() != width * height)
    return fail(ErrorCode::invalid_argument, "high pass: " + std::to_string(plane.size()) + " values are no " +
                                                 std::to_string(width) + " x " + std::to_string(height) +
                                                 " plane with sides of 2 to 4096");
  if (!(share >= 0 && share < 1))
    return fail(ErrorCode::invalid_argument, "high pass: a share of " + std::to_string(share) + ", allowed are 0 to 1");
  const std::vector<double> all(plane.begin(), plane.end());
  std::vector<double> rows(all.size()), slow(all.size());
  convolve(all, rows, slow_kernel(width, share), height, 1, width);
  convolve(rows, slow, slow_kernel(height, share), width, width, 1);
  std::vector<float> fast(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) fast[i] = static_cast<float>(all[i] - slow[i]);
  return fast;
}

Result<std::vector<float>> rectified_high_pass(std::span<const float> plane, std::size_t width, std::size_t height,
                                               double share) {
  VULTUS_TRY(std::vector<float> fast, high_pass(plane, width, height, share));
  for (float& value : fast) value = std::max(value, 0.0F);
  return fast;
}

}  // namespace vultus::liveness
