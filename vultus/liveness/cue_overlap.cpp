#include <vultus/liveness/cue_overlap.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace vultus::liveness {
namespace {

/// Row and column of the middle of each place, cells.
constexpr std::array<std::array<int, 2>, 8> kMiddles{
    {{8, 16}, {24, 16}, {16, 8}, {16, 24}, {8, 8}, {8, 24}, {24, 8}, {24, 24}}};

/// Share of a cell's pixels that the mask covers.
double covered_share(const CueMap& map, ImageView mask, int column, int row) {
  const auto edge = [](float from, float length, int i, int n) {
    return static_cast<int>(from) + static_cast<int>(length) * i / n;
  };
  std::int64_t covered = 0, all = 0;
  for (int y = edge(map.box.y, map.box.height, row, map.cells); y < edge(map.box.y, map.box.height, row + 1, map.cells);
       ++y)
    for (int x = edge(map.box.x, map.box.width, column, map.cells);
         x < edge(map.box.x, map.box.width, column + 1, map.cells); ++x) {
      covered += mask.row(y)[x] > 127 ? 1 : 0;
      ++all;
    }
  return all == 0 ? 0 : static_cast<double>(covered) / static_cast<double>(all);
}

}  // namespace

Result<CueOverlap> cue_overlap(const CueMap& map, ImageView mask, double threshold) {
  const auto side = static_cast<std::size_t>(std::max(map.cells, 0));
  const bool inside = map.box.x >= 0 && map.box.y >= 0 && map.box.right() <= static_cast<float>(mask.width) &&
                      map.box.bottom() <= static_cast<float>(mask.height);
  if (mask.empty() || mask.format != PixelFormat::gray8 || side == 0 || map.cue.size() != side * side || !inside)
    return fail(ErrorCode::invalid_argument, "overlap: the mask is not that of the map's picture");
  CueOverlap overlap;
  std::size_t both = 0, either = 0;
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(map.cue) - map.cue.begin());
  for (std::size_t i = 0; i < map.cue.size(); ++i) {
    const bool marked = map.cue[i] > threshold;
    const bool masked = covered_share(map, mask, static_cast<int>(i % side), static_cast<int>(i / side)) >= 0.5;
    overlap.marked += marked ? 1 : 0;
    overlap.masked += masked ? 1 : 0;
    both += marked && masked ? 1 : 0;
    either += marked || masked ? 1 : 0;
    if (i == peak) overlap.peak_inside = masked;
  }
  overlap.iou = either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
  return overlap;
}

Result<std::vector<float>> slip_target(std::size_t place, double sigma, std::array<int, 2> shift) {
  if (place >= kMiddles.size()) return fail(ErrorCode::invalid_argument, "place " + std::to_string(place) + " of 8");
  if (!(sigma >= 2 && sigma <= 6))
    return fail(ErrorCode::invalid_argument, "sigma " + std::to_string(sigma) + ": allowed are 2 to 6 cells");
  for (const int by : shift)
    if (by < -2 || by > 2)
      return fail(ErrorCode::invalid_argument, "shift " + std::to_string(by) + ": allowed are -2 to 2 cells");
  std::vector<float> map;
  map.reserve(kSlipSide * kSlipSide);
  for (std::size_t row = 0; row < kSlipSide; ++row)
    for (std::size_t column = 0; column < kSlipSide; ++column) {
      const double y = static_cast<double>(row) - kMiddles.at(place)[0] - shift[0];
      const double x = static_cast<double>(column) - kMiddles.at(place)[1] - shift[1];
      map.push_back(static_cast<float>(255 * std::exp(-(x * x + y * y) / (2 * sigma * sigma))));
    }
  return map;
}

}  // namespace vultus::liveness
