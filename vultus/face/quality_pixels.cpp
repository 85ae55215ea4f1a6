#include <vultus/face/quality_pixels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

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

constexpr int kCell = 4, kCells = 112 / kCell;

/// Mean colours of 4 x 4 pixels.
using Cells = std::array<std::array<std::array<float, 3>, kCells>, kCells>;

Cells cells_of(ImageView crop) {
  Cells cells{};
  for (int y = 0; y < kCells * kCell; ++y)
    for (int x = 0; x < kCells * kCell; ++x)
      for (int c = 0; c < 3; ++c)
        cells.at(static_cast<std::size_t>(y / kCell))
            .at(static_cast<std::size_t>(x / kCell))
            .at(static_cast<std::size_t>(c)) += static_cast<float>(crop.row(y)[3 * x + c]) / (kCell * kCell);
  return cells;
}

/// A rectangle of cells, ends excluded.
struct Part {
  std::size_t top, bottom, left, right;
};
constexpr Part kEyes{10, 16, 5, 23}, kCheeks{15, 18, 6, 22}, kMouth{20, 26, 9, 19}, kChin{23, 27, 9, 19};

/// What is seen in a part. `kBlack` keeps very dark parts from being all noise.
struct Look {
  float mean = 0;       ///< luma
  float variation = 0;  ///< standard deviation of luma over its mean
  float rows = 0;       ///< that of the means of its rows: lines across, such as lips and brows
  float red = 0;        ///< share of red, of green
  float green = 0;
};
constexpr float kBlack = 8;

Look look_at(const Cells& cells, const Part& part) {
  float sum = 0, squares = 0, row_squares = 0, red = 0, green = 0, blue = 0;
  const auto wide = static_cast<float>(part.right - part.left), high = static_cast<float>(part.bottom - part.top);
  for (std::size_t y = part.top; y < part.bottom; ++y) {
    float row = 0;
    for (std::size_t x = part.left; x < part.right; ++x) {
      const auto& c = cells.at(y).at(x);
      const float v = (kRed * c[0] + kGreen * c[1] + kBlue * c[2]) / 1024;
      sum += v, squares += v * v, row += v;
      red += c[0], green += c[1], blue += c[2];
    }
    row_squares += row / wide * (row / wide);
  }
  const float n = wide * high, mean = sum / n;
  const float colour = red + green + blue + kBlack * n;
  return {.mean = mean,
          .variation = std::sqrt(std::max(0.0F, squares / n - mean * mean)) / (mean + kBlack),
          .rows = std::sqrt(std::max(0.0F, row_squares / high - mean * mean)) / (mean + kBlack),
          .red = red / colour,
          .green = green / colour};
}

float colour_distance(const Look& a, const Look& b) {
  const float red = a.red - b.red, green = a.green - b.green, blue = red + green;
  return std::sqrt(red * red + green * green + blue * blue);
}

float logistic(float z) { return 1 / (1 + std::exp(-z)); }

}  // namespace

Visibility visibility(ImageView crop) {
  const Cells cells = cells_of(crop);
  const Look eyes = look_at(cells, kEyes), cheeks = look_at(cells, kCheeks), mouth = look_at(cells, kMouth),
             chin = look_at(cells, kChin);
  // Weights of a logistic regression on planted masks and glasses (docs/quality.md, "Occlusion"): a mouth has lines and
  // contrast and about the colour of the cheeks, eyes are not much darker than the cheeks and not of another colour.
  const float mouth_seen = 19.7F * mouth.variation + 18.6F * mouth.rows - 42.2F * colour_distance(chin, cheeks) + 0.1F;
  const float eyes_seen = 7.0F - 3.3F * eyes.variation +
                          2.8F * std::log((eyes.mean + kBlack) / (cheeks.mean + kBlack)) -
                          13.8F * colour_distance(eyes, cheeks) - 12.4F * eyes.rows;
  return {.eyes = logistic(eyes_seen), .mouth = logistic(mouth_seen)};
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
