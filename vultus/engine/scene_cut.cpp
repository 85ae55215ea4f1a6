#include <vultus/engine/scene_cut.hpp>

#include <algorithm>
#include <cstdlib>

namespace vultus::engine {
namespace {

// Grey levels of mean change. Handheld cameras and people who move stay below 15, flashes apart.
constexpr double kLeastChange = 22;
constexpr double kTimesUsual = 4;
constexpr double kForget = 0.9;

std::uint8_t brightness(const std::uint8_t* pixel) {
  return static_cast<std::uint8_t>((77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2]) / 256);
}

}  // namespace

bool SceneCut::saw(ImageView frame) {
  if (frame.empty() || frame.format != PixelFormat::rgb8) return false;
  Grid now{};
  for (int r = 0; r < kRows; ++r)
    for (int c = 0; c < kColumns; ++c) {
      // Four pixels a cell, so that noise and fine patterns do not count as change.
      int sum = 0;
      for (int part = 0; part < 4; ++part) {
        const int y = (4 * r + 1 + 2 * (part / 2)) * frame.height / (4 * kRows);
        const int x = (4 * c + 1 + 2 * (part % 2)) * frame.width / (4 * kColumns);
        sum += brightness(frame.row(std::min(y, frame.height - 1)) + std::ptrdiff_t{3} * std::min(x, frame.width - 1));
      }
      now[static_cast<std::size_t>(r) * kColumns + static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(sum / 4);
    }
  double change = 0;
  for (std::size_t i = 0; i < now.size(); ++i) change += std::abs(int{now[i]} - int{last_[i]});
  change /= static_cast<double>(now.size());
  const bool cut = any_ && change >= kLeastChange && change >= kTimesUsual * usual_;
  if (any_ && !cut) usual_ = kForget * usual_ + (1 - kForget) * change;
  if (cut) usual_ = 0;
  last_ = now;
  any_ = true;
  return cut;
}

}  // namespace vultus::engine
