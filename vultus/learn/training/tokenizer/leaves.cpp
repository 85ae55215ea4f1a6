#include <vultus/learn/training/tokenizer/leaves.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace vultus::learn {
namespace {

constexpr int kLeaves = 90;
constexpr double kSmallestLeaf = 1.5;

double even(std::mt19937_64& engine, double low, double high) {
  return low + (high - low) * static_cast<double>(engine() >> 11U) * 0x1p-53;
}

struct Leaf {
  double x, y, radius, stretch, cosine, sine;
  bool round;
  std::array<double, 3> colour, fade_x, fade_y;
  double grain;

  Leaf(double side, const std::array<double, 3>& mood, std::mt19937_64& engine)
      : x(even(engine, -0.1 * side, 1.1 * side)),
        y(even(engine, -0.1 * side, 1.1 * side)),
        // Inverse of the distribution function of 1 / r^3 between the smallest and the largest leaf.
        radius(1 / std::sqrt(even(engine, 1 / (0.36 * side * side), 1 / (kSmallestLeaf * kSmallestLeaf)))),
        stretch(even(engine, 0.35, 1)),
        round(engine() % 3 != 0) {
    const double angle = even(engine, 0, 6.2831853);
    cosine = std::cos(angle), sine = std::sin(angle);
    const double light = even(engine, -90, 90);
    for (std::size_t c = 0; c < 3; ++c) {
      colour[c] = mood[c] + light + even(engine, -45, 45);
      fade_x[c] = even(engine, -1.2, 1.2), fade_y[c] = even(engine, -1.2, 1.2);
    }
    grain = engine() % 2 == 0 ? even(engine, 0, 22) : 0;
  }

  [[nodiscard]] bool holds(double px, double py) const {
    const double u = ((px - x) * cosine + (py - y) * sine) / radius,
                 v = ((py - y) * cosine - (px - x) * sine) / (radius * stretch);
    return round ? u * u + v * v <= 1 : std::abs(u) <= 1 && std::abs(v) <= 1;
  }
};

}  // namespace

torch::Tensor dead_leaves(std::int64_t side, std::mt19937_64& engine) {
  torch::Tensor picture = torch::empty({3, side, side});
  float* const levels = picture.data_ptr<float>();
  const std::array<double, 3> mood{even(engine, 60, 200), even(engine, 60, 200), even(engine, 60, 200)};
  for (std::int64_t i = 0; i < 3 * side * side; ++i)
    levels[i] = static_cast<float>(mood[static_cast<std::size_t>(i / (side * side))]);
  for (int i = 0; i < kLeaves; ++i) {
    const Leaf leaf(static_cast<double>(side), mood, engine);
    const double reach = leaf.radius * 1.5;
    const auto bound = [side](double at) { return std::clamp<std::int64_t>(std::llround(at), 0, side); };
    for (std::int64_t y = bound(leaf.y - reach); y < bound(leaf.y + reach); ++y)
      for (std::int64_t x = bound(leaf.x - reach); x < bound(leaf.x + reach); ++x) {
        if (!leaf.holds(static_cast<double>(x), static_cast<double>(y))) continue;
        const double grain = leaf.grain > 0 ? even(engine, -leaf.grain, leaf.grain) : 0;
        for (std::size_t c = 0; c < 3; ++c)
          levels[(static_cast<std::int64_t>(c) * side + y) * side + x] =
              static_cast<float>(std::clamp(leaf.colour[c] + leaf.fade_x[c] * (static_cast<double>(x) - leaf.x) +
                                                leaf.fade_y[c] * (static_cast<double>(y) - leaf.y) + grain,
                                            0.0, 255.0));
      }
  }
  return picture;
}

}  // namespace vultus::learn
