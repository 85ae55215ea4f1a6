#include <vultus/liveness/cue_map.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>

namespace vultus::liveness {
namespace {

constexpr int kFewestCells = 2, kMostCells = 32;
constexpr double kFullyDrawn = 1;   // log-odds
constexpr double kThickest = 0.65;  // of the colour over the face

/// Whole pixels of a box that lie in the picture.
struct Pixels {
  int x0, y0, x1, y1;
  [[nodiscard]] int width() const { return x1 - x0; }
  [[nodiscard]] int height() const { return y1 - y0; }
};

Pixels pixels_of(const RectF& box, ImageView picture) {
  return {std::max(0, static_cast<int>(std::floor(box.x))), std::max(0, static_cast<int>(std::floor(box.y))),
          std::min(picture.width, static_cast<int>(std::ceil(box.right()))),
          std::min(picture.height, static_cast<int>(std::ceil(box.bottom())))};
}

Pixels cell_of(const Pixels& all, int cells, int column, int row) {
  const auto part = [cells](int from, int length, int i) { return from + length * i / cells; };
  return {part(all.x0, all.width(), column), part(all.y0, all.height(), row), part(all.x0, all.width(), column + 1),
          part(all.y0, all.height(), row + 1)};
}

/// The cell loses its texture and keeps its colour.
void flatten(Image& image, const Pixels& cell) {
  std::array<std::int64_t, 3> sum{};
  for (int y = cell.y0; y < cell.y1; ++y)
    for (int x = cell.x0; x < cell.x1; ++x)
      for (std::size_t c = 0; c < 3; ++c) sum.at(c) += image.row(y)[3 * x + static_cast<int>(c)];
  const std::int64_t count = std::int64_t{cell.width()} * cell.height();
  for (int y = cell.y0; y < cell.y1; ++y)
    for (int x = cell.x0; x < cell.x1; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        image.row(y)[3 * x + static_cast<int>(c)] = static_cast<std::uint8_t>((sum.at(c) + count / 2) / count);
}

void copy_cell(ImageView from, Image& to, const Pixels& cell) {
  for (int y = cell.y0; y < cell.y1; ++y)
    std::memcpy(to.row(y) + std::ptrdiff_t{3} * cell.x0, from.row(y) + std::ptrdiff_t{3} * cell.x0,
                static_cast<std::size_t>(3) * static_cast<std::size_t>(cell.width()));
}

/// The map at a place of the box, linear between the middles of the cells. @param u, v  [0, 1]
double cue_at(const CueMap& map, double u, double v) {
  const auto place = [&](double t) { return std::clamp(t * map.cells - 0.5, 0.0, map.cells - 1.0); };
  const double x = place(u), y = place(v);
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, map.cells - 1), y1 = std::min(y0 + 1, map.cells - 1);
  const auto at = [&](int column, int row) {
    return map
        .cue[static_cast<std::size_t>(row) * static_cast<std::size_t>(map.cells) + static_cast<std::size_t>(column)];
  };
  const double top = std::lerp(at(x0, y0), at(x1, y0), x - x0), bottom = std::lerp(at(x0, y1), at(x1, y1), x - x0);
  return std::lerp(top, bottom, y - y0);
}

}  // namespace

Result<CueMap> cue_map(ImageView picture, const RectF& box, int cells, const ScoreLive& score) {
  if (cells < kFewestCells || cells > kMostCells)
    return fail(ErrorCode::invalid_argument,
                "cue map: " + std::to_string(cells) + " cells to a side, 2 to 32 are allowed");
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "cue map: a picture in colour is needed");
  const Pixels all = pixels_of(box, picture);
  if (all.width() < cells || all.height() < cells)
    return fail(ErrorCode::invalid_argument, "cue map: the face has fewer pixels than the map has cells");
  VULTUS_TRY(const double whole, score(picture, box));
  VULTUS_TRY(Image copy, Image::create(picture.width, picture.height, picture.format));
  copy_cell(picture, copy, {0, 0, picture.width, picture.height});
  CueMap map{.box = {static_cast<float>(all.x0), static_cast<float>(all.y0), static_cast<float>(all.width()),
                     static_cast<float>(all.height())},
             .cells = cells,
             .cue = {}};
  map.cue.reserve(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells));
  for (int row = 0; row < cells; ++row)
    for (int column = 0; column < cells; ++column) {
      const Pixels cell = cell_of(all, cells, column, row);
      flatten(copy, cell);
      VULTUS_TRY(const double without, score(copy.view(), box));
      map.cue.push_back(without - whole);
      copy_cell(picture, copy, cell);
    }
  return map;
}

Result<CueMap> cue_map(ImageView picture, const RectF& box, int cells, PassiveLiveness& passive) {
  return cue_map(picture, box, cells, [&](ImageView pixels, const RectF& face) -> Result<double> {
    VULTUS_TRY(const SpoofEvidence evidence, passive.look(pixels, face));
    return log_odds(fused(evidence));
  });
}

Result<Image> cue_picture(ImageView picture, const CueMap& map) {
  const Pixels all = pixels_of(map.box, picture);
  if (picture.empty() || picture.format != PixelFormat::rgb8 || all.width() < 1 || all.height() < 1 || map.cells < 1 ||
      map.cue.size() != static_cast<std::size_t>(map.cells) * static_cast<std::size_t>(map.cells))
    return fail(ErrorCode::invalid_argument, "cue map: not of this picture");
  double most = kFullyDrawn;
  for (const double cue : map.cue) most = std::max(most, std::abs(cue));
  VULTUS_TRY(Image drawn, Image::create(all.width(), all.height(), PixelFormat::rgb8));
  for (int y = 0; y < drawn.height(); ++y)
    for (int x = 0; x < drawn.width(); ++x) {
      const double cue = cue_at(map, (x + 0.5) / drawn.width(), (y + 0.5) / drawn.height()) / most;
      const double thick = kThickest * std::min(1.0, std::abs(cue));
      const std::array<double, 3> colour = cue > 0 ? std::array{255.0, 30.0, 0.0} : std::array{0.0, 70.0, 255.0};
      const std::uint8_t* from = picture.row(all.y0 + y) + std::ptrdiff_t{3} * (all.x0 + x);
      for (std::size_t c = 0; c < 3; ++c)
        drawn.row(y)[3 * x + static_cast<int>(c)] =
            static_cast<std::uint8_t>(std::lround(std::lerp(static_cast<double>(from[c]), colour.at(c), thick)));
    }
  return drawn;
}

}  // namespace vultus::liveness
