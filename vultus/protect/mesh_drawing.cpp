#include <vultus/protect/mesh_drawing.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace vultus::protect {
namespace {

using Index = std::uint16_t;

// Contours of the canonical face mesh. @source MediaPipe, face_mesh_connections (Apache-2.0)
constexpr std::array<Index, 37> kOval{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397,
                                      365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
                                      132, 93,  234, 127, 162, 21,  54,  103, 67,  109, 10};
constexpr std::array<Index, 21> kLipsOuter{61,  146, 91,  181, 84, 17, 314, 405, 321, 375, 291,
                                           409, 270, 269, 267, 0,  37, 39,  40,  185, 61};
constexpr std::array<Index, 21> kLipsInner{78,  95,  88,  178, 87, 14, 317, 402, 318, 324, 308,
                                           415, 310, 311, 312, 13, 82, 81,  80,  191, 78};
constexpr std::array<Index, 17> kLeftEye{263, 249, 390, 373, 374, 380, 381, 382, 362,
                                         398, 384, 385, 386, 387, 388, 466, 263};
constexpr std::array<Index, 17> kRightEye{33,  7,   163, 144, 145, 153, 154, 155, 133,
                                          173, 157, 158, 159, 160, 161, 246, 33};
constexpr std::array<Index, 5> kLeftBrow{276, 283, 282, 295, 285};
constexpr std::array<Index, 5> kRightBrow{46, 53, 52, 65, 55};
constexpr std::array<std::uint8_t, 3> kPointColour{110, 170, 165};
constexpr std::array<std::uint8_t, 3> kLineColour{225, 245, 240};

/// Where may be painted.
struct Canvas {
  Image& picture;
  int x0, y0, x1, y1;
  void dot(float x, float y, int radius, const std::array<std::uint8_t, 3>& colour) const {
    if (!std::isfinite(x) || !std::isfinite(y)) return;
    const auto cx = static_cast<int>(std::lround(std::clamp(x, -1e6F, 1e6F)));
    const auto cy = static_cast<int>(std::lround(std::clamp(y, -1e6F, 1e6F)));
    for (int py = std::max(y0, cy - radius); py <= std::min(y1 - 1, cy + radius); ++py)
      for (int px = std::max(x0, cx - radius); px <= std::min(x1 - 1, cx + radius); ++px)
        if ((px - cx) * (px - cx) + (py - cy) * (py - cy) <= radius * radius)
          std::ranges::copy(colour, picture.row(py) + std::ptrdiff_t{3} * px);
  }
};

}  // namespace

void draw_mesh(Image& picture, const Landmarks& mesh, int x0, int y0, int x1, int y1) {
  const Canvas canvas{picture, x0, y0, x1, y1};
  const int thick = std::max(0, (x1 - x0) / 220);
  for (const Point2f& point : mesh.points) canvas.dot(point.x, point.y, thick, kPointColour);
  const auto line = [&](std::span<const Index> contour) {
    for (std::size_t i = 0; i + 1 < contour.size(); ++i) {
      const Point2f a = mesh.points[contour[i]], b = mesh.points[contour[i + 1]];
      const float length = std::hypot(b.x - a.x, b.y - a.y);
      const int steps = std::isfinite(length) ? std::clamp(static_cast<int>(length * 2), 1, 20'000) : 0;
      for (int s = 0; s <= steps && steps > 0; ++s) {
        const float t = static_cast<float>(s) / static_cast<float>(steps);
        canvas.dot(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), thick, kLineColour);
      }
    }
  };
  line(kOval), line(kLipsOuter), line(kLipsInner), line(kLeftEye), line(kRightEye), line(kLeftBrow), line(kRightBrow);
}

}  // namespace vultus::protect
