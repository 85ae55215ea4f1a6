#include <vultus/face/dlib_chip.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace vultus::face {
namespace {

struct Point {
  double x = 0, y = 0;
};

// Where the points of a mean face lie in the chip's inner square.
constexpr std::array<Point, 5> kFive{{{0.8595674595992, 0.2134981538014},
                                      {0.6460604764104, 0.2289674387677},
                                      {0.1205750620789, 0.2137274526848},
                                      {0.3340850613712, 0.2290642403242},
                                      {0.4901123135679, 0.6277975316475}}};
// Points 27 to 67 of 68; the lower lip (55-59, 65-67) is not used.
constexpr std::size_t kFirstOfMean = 27;
constexpr std::array<Point, 41> kMean{
    {{0.490127, 0.203352}, {0.490127, 0.307009}, {0.490127, 0.409805}, {0.490127, 0.515625}, {0.36688, 0.587326},
     {0.426036, 0.609345}, {0.490127, 0.628106}, {0.554217, 0.609345}, {0.613373, 0.587326}, {0.121737, 0.216423},
     {0.187122, 0.178758}, {0.265825, 0.179852}, {0.334606, 0.231733}, {0.260918, 0.245099}, {0.182743, 0.244077},
     {0.645647, 0.231733}, {0.714428, 0.179852}, {0.793132, 0.178758}, {0.858516, 0.216423}, {0.79751, 0.244077},
     {0.719335, 0.245099}, {0.254149, 0.780233}, {0.340985, 0.745405}, {0.428858, 0.727388}, {0.490127, 0.742578},
     {0.551395, 0.727388}, {0.639268, 0.745405}, {0.726104, 0.780233}, {0.642159, 0.864805}, {0.556721, 0.902192},
     {0.490127, 0.909281}, {0.423532, 0.902192}, {0.338094, 0.864805}, {0.290379, 0.784792}, {0.428096, 0.778746},
     {0.490127, 0.785343}, {0.552157, 0.778746}, {0.689874, 0.784792}, {0.553364, 0.824182}, {0.490127, 0.831803},
     {0.42689, 0.824182}}};

bool is_lower_lip(std::size_t i) { return (i >= 55 && i <= 59) || (i >= 65 && i <= 67); }

/// z -> factor z + shift as complex numbers: the least-squares similarity of Umeyama in two dimensions.
struct Turn {
  double a = 0, b = 0, x = 0, y = 0;
  [[nodiscard]] Point apply(Point p) const { return {a * p.x - b * p.y + x, b * p.x + a * p.y + y}; }
};

Turn fit(const std::vector<Point>& from, const std::vector<Point>& to) {
  const auto mean = [](const std::vector<Point>& points) {
    Point sum;
    for (const Point p : points) sum.x += p.x, sum.y += p.y;
    const auto n = static_cast<double>(points.size());
    return Point{sum.x / n, sum.y / n};
  };
  const Point f = mean(from), t = mean(to);
  double along = 0, across = 0, spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double fx = from[i].x - f.x, fy = from[i].y - f.y, tx = to[i].x - t.x, ty = to[i].y - t.y;
    along += fx * tx + fy * ty;
    across += fx * ty - fy * tx;
    spread += fx * fx + fy * fy;
  }
  const double a = along / spread, b = across / spread;
  return {a, b, t.x - (a * f.x - b * f.y), t.y - (b * f.x + a * f.y)};
}

/// A picture of our own, for the halved levels; the first level is the caller's.
struct Level {
  const std::uint8_t* data = nullptr;
  int width = 0, height = 0;
  std::ptrdiff_t stride = 0;
  std::vector<std::uint8_t> own;
};

constexpr int kFilterSum = 256;  // sum of the squared filter (1, 4, 6, 4, 1)

/// A 5 x 5 binomial filter and every second pixel, beginning at the third.
Level halved(const Level& in) {
  Level out;
  if (in.width <= 8 || in.height <= 8) return out;
  out.width = (in.width - 3) / 2;
  out.height = (in.height - 3) / 2;
  out.stride = std::ptrdiff_t{3} * out.width;
  const auto row_size = static_cast<std::size_t>(out.stride);
  std::vector<std::uint16_t> rows(row_size * static_cast<std::size_t>(in.height));
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < out.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const std::uint8_t* p = in.data + y * in.stride + std::ptrdiff_t{6} * x + c;
        const int sum = p[0] + 4 * p[3] + 6 * p[6] + 4 * p[9] + p[12];
        rows[static_cast<std::size_t>(y) * row_size + static_cast<std::size_t>(3 * x + c)] =
            static_cast<std::uint16_t>(sum);
      }
  out.own.resize(row_size * static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y)
    for (std::size_t x = 0; x < row_size; ++x) {
      const std::uint16_t* p = &rows[static_cast<std::size_t>(2 * y) * row_size + x];
      const int sum = p[0] + 4 * p[row_size] + 6 * p[2 * row_size] + 4 * p[3 * row_size] + p[4 * row_size];
      out.own[static_cast<std::size_t>(y) * row_size + x] = static_cast<std::uint8_t>(sum / kFilterSum);
    }
  out.data = out.own.data();
  return out;
}

double area(const ChipPlace& p) {
  return p.left > p.right || p.top > p.bottom ? 0 : (p.right - p.left + 1) * (p.bottom - p.top + 1);
}

/// The same place in a halved picture.
ChipPlace down(const ChipPlace& p) {
  return {p.left / 2 - 1.25, p.top / 2 - 0.75, p.right / 2 - 1.25, p.bottom / 2 - 0.75, p.angle};
}

/// The corners of the turned square: top left, top right, bottom left, bottom right.
std::array<Point, 4> corners(const ChipPlace& p) {
  const Point c{(p.left + p.right) / 2, (p.top + p.bottom) / 2};
  const double cosine = std::cos(p.angle), sine = std::sin(p.angle);
  const auto turn = [&](double x, double y) {
    return Point{cosine * (x - c.x) - sine * (y - c.y) + c.x, sine * (x - c.x) + cosine * (y - c.y) + c.y};
  };
  return {turn(p.left, p.top), turn(p.right, p.top), turn(p.left, p.bottom), turn(p.right, p.bottom)};
}

/// Linear interpolation, cut (not rounded) to a byte; black outside.
void interpolate(const Level& in, Point p, std::uint8_t* into) {
  const double left = std::floor(p.x), top = std::floor(p.y);
  if (!(left >= 0 && top >= 0 && left + 1 < in.width && top + 1 < in.height)) {
    std::fill_n(into, 3, std::uint8_t{0});
    return;
  }
  const double fx = p.x - left, fy = p.y - top;
  const std::uint8_t* a =
      in.data + static_cast<std::ptrdiff_t>(top) * in.stride + 3 * static_cast<std::ptrdiff_t>(left);
  const std::uint8_t* b = a + in.stride;
  for (int c = 0; c < 3; ++c)
    into[c] = static_cast<std::uint8_t>((1 - fy) * ((1 - fx) * a[c] + fx * a[c + 3]) +
                                        fy * ((1 - fx) * b[c] + fx * b[c + 3]));
}

/// The part of the picture that the chip needs, so that only this part is halved.
Level needed_part(ImageView picture, const ChipPlace& place, int depth, Point& origin) {
  double grow = 2;
  for (int i = 0; i < depth; ++i) grow = grow * 2 + 2;
  const auto turned = corners(place);
  const auto [x0, x1] = std::ranges::minmax(turned, {}, &Point::x);
  const auto [y0, y1] = std::ranges::minmax(turned, {}, &Point::y);
  const auto whole = [](double v) { return std::floor(v + 0.5); };
  const double left = whole(std::max(x0.x - grow, 0.0)), top = whole(std::max(y0.y - grow, 0.0));
  const double right = whole(std::min(x1.x + grow, picture.width - 1.0));
  const double bottom = whole(std::min(y1.y + grow, picture.height - 1.0));
  Level part;
  if (left > right || top > bottom) return part;
  origin = {left, top};
  part.stride = picture.stride;
  part.data = picture.data + static_cast<std::ptrdiff_t>(top) * picture.stride + 3 * static_cast<std::ptrdiff_t>(left);
  part.width = static_cast<int>(right - left) + 1;
  part.height = static_cast<int>(bottom - top) + 1;
  return part;
}

}  // namespace

Result<ChipPlace> chip_place(std::span<const Point2f> points) {
  if (points.size() != 5 && points.size() != 68)
    return fail(ErrorCode::invalid_argument,
                "chip: " + std::to_string(points.size()) + " points were given, 5 or 68 are needed");
  std::vector<Point> from, to;
  const auto add = [&](Point mean, Point2f seen) {
    constexpr double kWhole = 2 * kDlibChipPadding + 1;
    from.push_back(
        {(kDlibChipPadding + mean.x) / kWhole * kDlibChipSide, (kDlibChipPadding + mean.y) / kWhole * kDlibChipSide});
    to.push_back({seen.x, seen.y});
  };
  for (const Point2f p : points)
    if (!(std::abs(p.x) < 1e6F && std::abs(p.y) < 1e6F))
      return fail(ErrorCode::invalid_argument, "chip: a landmark is not finite or not near any picture");
  if (points.size() == kFive.size()) {
    for (std::size_t i = 0; i < kFive.size(); ++i) add(kFive[i], points[i]);
  } else {
    for (std::size_t i = kFirstOfMean; i < points.size(); ++i)
      if (!is_lower_lip(i)) add(kMean[i - kFirstOfMean], points[i]);
  }
  const Turn turn = fit(from, to);
  const double scale = std::hypot(turn.a, turn.b);
  if (!(scale > 0)) return fail(ErrorCode::invalid_argument, "chip: the landmarks decide nothing");
  const Point centre = turn.apply({kDlibChipSide / 2.0, kDlibChipSide / 2.0});
  const double half = (kDlibChipSide * scale - 1) / 2;
  return ChipPlace{centre.x - half, centre.y - half, centre.x + half, centre.y + half, std::atan2(turn.b, turn.a)};
}

Status cut_chip(ImageView picture, const ChipPlace& place, MutableImageView target) {
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "chip: needs a colour picture");
  if (target.width != kDlibChipSide || target.height != kDlibChipSide || target.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "chip: the target must be 150x150 colour pixels");
  if (!(std::isfinite(area(place)) && std::isfinite(place.angle)))
    return fail(ErrorCode::invalid_argument, "chip: the place is not finite");
  constexpr double kChipArea = double{kDlibChipSide} * kDlibChipSide;
  // How often to halve: as long as the halved square still has more pixels than the chip.
  int depth = 0;
  for (ChipPlace at = down(place); area(at) > kChipArea; at = down(at)) ++depth;
  Point origin;
  Level level = needed_part(picture, place, depth, origin);
  ChipPlace at{place.left - origin.x, place.top - origin.y, place.right - origin.x, place.bottom - origin.y,
               place.angle};
  for (int i = 0; i < depth; ++i) {
    level = halved(level);
    at = down(at);
  }
  const auto edge = corners(at);
  constexpr double kSteps = kDlibChipSide - 1;
  const Point right{(edge[1].x - edge[0].x) / kSteps, (edge[1].y - edge[0].y) / kSteps};
  const Point below{(edge[2].x - edge[0].x) / kSteps, (edge[2].y - edge[0].y) / kSteps};
  for (int y = 0; y < kDlibChipSide; ++y)
    for (int x = 0; x < kDlibChipSide; ++x)
      interpolate(level, {right.x * x + below.x * y + edge[0].x, right.y * x + below.y * y + edge[0].y},
                  target.row(y) + std::ptrdiff_t{3} * x);
  return {};
}

}  // namespace vultus::face
