#include <vultus/core/geometry.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vultus {

float intersection_over_union(const RectF& a, const RectF& b) {
  const float width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
  const float height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const float shared = width * height;
  const float all = a.area() + b.area() - shared;
  return all > 0 ? shared / all : 0;
}

Point2f Similarity::apply(Point2f p) const {
  return {static_cast<float>(a * p.x - b * p.y + tx), static_cast<float>(b * p.x + a * p.y + ty)};
}

double Similarity::scale() const { return std::hypot(a, b); }

std::optional<Similarity> Similarity::inverse() const {
  const double square = a * a + b * b;
  if (!(square > 0)) return std::nullopt;
  const double ia = a / square;
  const double ib = -b / square;
  return Similarity{ia, ib, -(ia * tx - ib * ty), -(ib * tx + ia * ty)};
}

std::optional<Similarity> fit_similarity(std::span<const Point2f> from, std::span<const Point2f> to) {
  if (from.size() != to.size() || from.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(from.size());
  double fx = 0, fy = 0, gx = 0, gy = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    fx += from[i].x, fy += from[i].y;
    gx += to[i].x, gy += to[i].y;
  }
  fx /= n, fy /= n, gx /= n, gy /= n;
  double real = 0, imaginary = 0, spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from[i].x - fx, y = from[i].y - fy;
    const double u = to[i].x - gx, v = to[i].y - gy;
    real += x * u + y * v;
    imaginary += x * v - y * u;
    spread += x * x + y * y;
  }
  if (!(spread > 0)) return std::nullopt;
  const double a = real / spread, b = imaginary / spread;
  return Similarity{a, b, gx - (a * fx - b * fy), gy - (b * fx + a * fy)};
}

}  // namespace vultus
