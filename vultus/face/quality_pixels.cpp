#include <vultus/face/quality_pixels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include <vultus/face/cover_weights.hpp>

namespace vultus::face::quality {
namespace {

// Rec. 601, in 1/1024.
constexpr int kRed = 306, kGreen = 601, kBlue = 117;

float luma(const std::uint8_t* p) { return static_cast<float>(kRed * p[0] + kGreen * p[1] + kBlue * p[2]) / 1024; }

/// Luma of a part of a picture, row by row.
struct Plane {
  int width = 0;
  int height = 0;
  std::vector<float> values;
  [[nodiscard]] const float* row(int y) const {
    return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
  [[nodiscard]] float* row(int y) {
    return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
};

Plane luma_of(ImageView image, int x0, int y0, int width, int height) {
  Plane plane{width, height, std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = image.row(y0 + y) + std::ptrdiff_t{3} * x0;
    float* to = plane.row(y);
    for (int x = 0; x < width; ++x) to[x] = luma(from + std::ptrdiff_t{3} * x);
  }
  return plane;
}

/// The binomial filter 1 2 1 in both directions; the outermost pixels are copied.
Plane blurred(const Plane& plane) {
  Plane rows = plane, both = plane;
  for (int y = 0; y < plane.height; ++y)
    for (int x = 1; x + 1 < plane.width; ++x)
      rows.row(y)[x] = (plane.row(y)[x - 1] + 2 * plane.row(y)[x] + plane.row(y)[x + 1]) / 4;
  both = rows;
  for (int y = 1; y + 1 < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x)
      both.row(y)[x] = (rows.row(y - 1)[x] + 2 * rows.row(y)[x] + rows.row(y + 1)[x]) / 4;
  return both;
}

/// Sum of squared differences of neighbours, two pixels away from the border.
double gradient_energy(const Plane& plane) {
  double sum = 0;
  for (int y = 2; y + 2 < plane.height; ++y) {
    const float* row = plane.row(y);
    const float* below = plane.row(y + 1);
    float part = 0;
    for (int x = 2; x + 2 < plane.width; ++x) {
      const float dx = row[x + 1] - row[x], dy = below[x] - row[x];
      part += dx * dx + dy * dy;
    }
    sum += part;
  }
  return sum;
}

double variance(const Plane& plane) {
  double sum = 0, squares = 0;
  for (const float v : plane.values) sum += v, squares += double{v} * v;
  const auto n = static_cast<double>(plane.values.size());
  return std::max(0.0, squares / n - sum / n * (sum / n));
}

double laplacian_variance(const Plane& plane) {
  double sum = 0, squares = 0, n = 0;
  for (int y = 1; y + 1 < plane.height; ++y)
    for (int x = 1; x + 1 < plane.width; ++x) {
      const float* row = plane.row(y);
      const float v = row[x - 1] + row[x + 1] + plane.row(y - 1)[x] + plane.row(y + 1)[x] - 4 * row[x];
      sum += v, squares += double{v} * v, ++n;
    }
  return n > 0 ? std::max(0.0, squares / n - sum / n * (sum / n)) : 0;
}

// The face within the 112 x 112 template: brows to chin, cheek to cheek.
constexpr int kLeft = 20, kRight = 92, kTop = 28, kBottom = 108, kMiddle = 56;
// A noise floor in levels squared: below it an energy says nothing.
constexpr double kNoise = 0.5;

}  // namespace

Edges edges(ImageView crop) {
  const auto at = [side = crop.width](int template_pixel) { return template_pixel * side / 112; };
  const Plane face = luma_of(crop, at(kLeft), at(kTop), at(kRight) - at(kLeft), at(kBottom) - at(kTop));
  const Plane soft = blurred(face);
  const double pixels = std::max(1, (face.width - 4) * (face.height - 4));
  const double sharp_energy = gradient_energy(face), soft_energy = gradient_energy(soft);
  return {.energy_ratio = static_cast<float>((sharp_energy + kNoise * pixels) / (soft_energy + kNoise * pixels)),
          .laplacian = static_cast<float>(laplacian_variance(face) / (variance(face) + kNoise))};
}

Light light(ImageView crop) {
  std::array<int, 256> histogram{};
  double left = 0, right = 0;
  int total = 0;
  for (int y = kTop; y < kBottom; ++y)
    for (int x = kLeft; x < kRight; ++x) {
      const float v = luma(crop.row(y) + std::ptrdiff_t{3} * x);
      ++histogram.at(static_cast<std::size_t>(std::lround(v)));
      (x < kMiddle ? left : right) += v;
      ++total;
    }
  Light found;
  int below = 0, p5 = -1, p95 = -1;
  for (int level = 0; level < 256; ++level) {
    const int count = histogram.at(static_cast<std::size_t>(level));
    if (level < 16) found.dark += static_cast<float>(count);
    if (level > 239) found.bright += static_cast<float>(count);
    below += count;
    if (p5 < 0 && 20 * below >= total) p5 = level;
    if (p95 < 0 && 20 * below >= 19 * total) p95 = level;
  }
  found.dark /= static_cast<float>(total), found.bright /= static_cast<float>(total);
  found.range = static_cast<float>(p95 - p5);
  found.imbalance = static_cast<float>((left - right) / std::max(1.0, left + right));
  return found;
}

namespace {

/// A rectangle of the crop, in cells of 8 x 8 pixels.
struct Region {
  int left, top, across, down;
};
constexpr int kCell = 8;
constexpr std::size_t kOrientations = 6;
constexpr Region kEyes{20, 36, 9, 4}, kMouth{28, 76, 7, 4};
static_assert(kCoveredEyes.size() == kEyes.across * kEyes.down * kOrientations + 1);
static_assert(kCoveredMouth.size() == kMouth.across * kMouth.down * kOrientations + 1);
// A gradient below these levels says nothing, and a cell far weaker than the others says less.
constexpr float kWeakGradient = 2, kWeakCell = 0.3F;

using Cell = std::array<float, kOrientations>;

/// Strength of the gradients in a cell by orientation, each shared by the two nearest ones.
Cell gradients(const Plane& luma, int x0, int y0) {
  Cell cell{};
  for (int y = y0; y < y0 + kCell; ++y)
    for (int x = x0; x < x0 + kCell; ++x) {
      const float dx = luma.row(y)[x + 1] - luma.row(y)[x - 1], dy = luma.row(y + 1)[x] - luma.row(y - 1)[x];
      const float strength = std::hypot(dx, dy);
      float turn = std::atan2(dy, dx) / std::numbers::pi_v<float>;  // (-1, 1]; a direction and its opposite are one
      if (turn < 0) turn += 1;
      const float place = turn * kOrientations, lower = std::floor(place);
      const auto first = static_cast<std::size_t>(lower) % kOrientations;
      cell.at(first) += strength * (1 - (place - lower));
      cell.at((first + 1) % kOrientations) += strength * (place - lower);
    }
  return cell;
}

float squares(const Cell& cell) {
  float sum = 0;
  for (const float v : cell) sum += v * v;
  return sum;
}

/// How likely a region is seen: a logistic regression on planted covers (docs/quality.md, "Occlusion").
float seen(const Plane& luma, const Region& region, std::span<const float> weights) {
  std::vector<Cell> cells;
  float all = 0;
  for (int j = 0; j < region.down; ++j)
    for (int i = 0; i < region.across; ++i) {
      cells.push_back(gradients(luma, region.left + i * kCell, region.top + j * kCell));
      all += squares(cells.back());
    }
  const float noise = kWeakGradient * kCell * kCell;
  const float least = kWeakCell * kWeakCell * all / static_cast<float>(cells.size()) + noise * noise / kOrientations;
  float covered = weights.back();
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const float whole = std::sqrt(squares(cells[c]) + least);
    for (std::size_t o = 0; o < kOrientations; ++o)
      covered += weights[c * kOrientations + o] * std::sqrt(cells[c].at(o) / whole);
  }
  return 1 / (1 + std::exp(covered));
}

}  // namespace

Visibility visibility(ImageView crop) {
  const Plane luma = luma_of(crop, 0, 0, crop.width, crop.height);
  return {.eyes = seen(luma, kEyes, kCoveredEyes), .mouth = seen(luma, kMouth, kCoveredMouth)};
}

namespace {

constexpr int kGrid = 8;
constexpr int kLargestRegion = 256;
constexpr int kSmallestRegion = 3 * kGrid;
// A larger step is an edge of the picture: it counts as no more than this.
constexpr float kLargestStep = 24;

/// How far a step stands out from its neighbours along a line of pixels `stride` apart.
float excess(const float* p, std::ptrdiff_t stride) {
  const auto step = [&](std::ptrdiff_t at) { return std::abs(p[at * stride] - p[(at - 1) * stride]); };
  return std::clamp(step(0) - (step(-1) + step(1)) / 2, -kLargestStep, kLargestStep);
}

/// The phase of the grid that stands out most, over the mean of the others.
float strongest(const std::array<double, kGrid>& sums, const std::array<int, kGrid>& counts) {
  double best = -1e9, all = 0;
  for (std::size_t i = 0; i < kGrid; ++i) {
    const double mean = sums.at(i) / std::max(1, counts.at(i));
    best = std::max(best, mean);
    all += mean;
  }
  return static_cast<float>(best - (all - best) / (kGrid - 1));
}

}  // namespace

float blocking(ImageView picture, const RectF& region) {
  const auto bound = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.0F, static_cast<float>(most))); };
  int x0 = bound(region.x, picture.width), x1 = bound(region.right(), picture.width);
  int y0 = bound(region.y, picture.height), y1 = bound(region.bottom(), picture.height);
  if (const int more = x1 - x0 - kLargestRegion; more > 0) x0 += more / 2, x1 = x0 + kLargestRegion;
  if (const int more = y1 - y0 - kLargestRegion; more > 0) y0 += more / 2, y1 = y0 + kLargestRegion;
  if (x1 - x0 < kSmallestRegion || y1 - y0 < kSmallestRegion) return 0;
  const Plane plane = luma_of(picture, x0, y0, x1 - x0, y1 - y0);
  std::array<double, kGrid> across{}, down{};
  std::array<int, kGrid> across_count{}, down_count{};
  for (int y = 2; y + 1 < plane.height; ++y) {
    const std::size_t row_phase = static_cast<std::size_t>(y) % kGrid;
    for (int x = 2; x + 1 < plane.width; ++x) {
      const float* p = plane.row(y) + x;
      const std::size_t column_phase = static_cast<std::size_t>(x) % kGrid;
      across.at(column_phase) += excess(p, 1), ++across_count.at(column_phase);
      down.at(row_phase) += excess(p, plane.width), ++down_count.at(row_phase);
    }
  }
  return std::max(0.0F, (strongest(across, across_count) + strongest(down, down_count)) / 2);
}

}  // namespace vultus::face::quality
