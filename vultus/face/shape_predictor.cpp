#include <vultus/face/shape_predictor.hpp>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

#include <vultus/runtime/dlib_stream.hpp>

namespace vultus::face {
namespace {

constexpr std::int64_t kMaxParts = 1024, kMaxStages = 64, kMaxTrees = 8192, kMaxSplits = 1023, kMaxProbes = 16384;
constexpr std::uintmax_t kMaxFile = 256U << 20U;
constexpr int kFarOut = 1'000'000;

/// The rotation and scale (a -b; b a) that takes one shape to another in the least-squares sense.
struct Turn {
  float a = 1, b = 0;
};

Turn fit(std::span<const Point2f> from, std::span<const Point2f> to) {
  if (from.size() < 2) return {};
  const auto n = static_cast<double>(from.size());
  double fx = 0, fy = 0, tx = 0, ty = 0;
  for (std::size_t i = 0; i < from.size(); ++i)
    fx += double{from[i].x} / n, fy += double{from[i].y} / n, tx += double{to[i].x} / n, ty += double{to[i].y} / n;
  double along = 0, across = 0, spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double ax = from[i].x - fx, ay = from[i].y - fy, bx = to[i].x - tx, by = to[i].y - ty;
    along += ax * bx + ay * by;
    across += ax * by - ay * bx;
    spread += ax * ax + ay * ay;
  }
  if (!(spread > 0)) return {};
  return {static_cast<float>(along / spread), static_cast<float>(across / spread)};
}

/// From the unit square of a rectangle to whole pixels.
struct ToPixels {
  double left, top, width, height;
  explicit ToPixels(const PixelRect& r)
      : left(r.left), top(r.top), width(double{1} * r.right - r.left), height(double{1} * r.bottom - r.top) {}
  [[nodiscard]] double x(float unit) const { return std::floor(left + width * double{unit} + 0.5); }
  [[nodiscard]] double y(float unit) const { return std::floor(top + height * double{unit} + 0.5); }
};

float intensity(ImageView picture, double x, double y) {
  if (!(x >= 0 && y >= 0 && x < picture.width && y < picture.height)) return 0;
  const int channels = picture.format == PixelFormat::rgb8 ? 3 : 1;
  const std::uint8_t* p = picture.row(static_cast<int>(y)) + static_cast<std::ptrdiff_t>(x) * channels;
  return static_cast<float>(channels == 1 ? p[0] : (p[0] + p[1] + p[2]) / 3);
}

}  // namespace

/// Reads the parts of a file in their order.
class ShapeReader {
 public:
  ShapeReader(std::span<const std::uint8_t> bytes, std::string_view origin) : in_(bytes, origin) {}

  Result<ShapePredictor> read() {
    ShapePredictor made;
    in_.whole("version of the shape predictor", 1, 1);
    made.initial_ = shape("initial shape", 0);
    const std::size_t parts = made.initial_.size();
    if (in_.good() && (parts < 1 || parts > static_cast<std::size_t>(kMaxParts)))
      in_.refuse("the initial shape has " + std::to_string(parts) + " points, allowed are 1 to 1024");
    made.stages_.resize(size("stages", kMaxStages));
    for (ShapePredictor::Stage& stage : made.stages_) read_trees(stage, parts);
    same_count("anchors", made.stages_.size());
    for (ShapePredictor::Stage& stage : made.stages_) read_anchors(stage, parts);
    same_count("steps", made.stages_.size());
    for (ShapePredictor::Stage& stage : made.stages_) read_steps(stage);
    for (const ShapePredictor::Stage& stage : made.stages_) check_splits(stage);
    if (in_.good() && in_.left() != 0) in_.refuse(std::to_string(in_.left()) + " bytes after the last step");
    if (!in_.good()) return in_.error();
    return made;
  }

 private:
  std::size_t size(std::string_view what, std::int64_t most) {
    // Every element takes at least one byte: a count above the bytes that are left is damage.
    const std::size_t n = in_.count(what, 1);
    if (static_cast<std::int64_t>(n) <= most) return n;
    in_.refuse(std::string(what) + ": " + std::to_string(n) + ", at most " + std::to_string(most));
    return 0;
  }
  void same_count(std::string_view what, std::size_t wanted) {
    const auto n = static_cast<std::int64_t>(wanted);
    in_.whole(what, n, n);
  }
  float number(std::string_view what) { return static_cast<float>(in_.real(what)); }

  /// A column of numbers as points. @param parts  how many there must be; 0 = any
  std::vector<Point2f> shape(std::string_view what, std::size_t parts) {
    // Newer files count with minus signs.
    const auto rows = static_cast<std::size_t>(std::abs(in_.whole(what, -2 * kMaxParts, 2 * kMaxParts)));
    const std::int64_t columns = std::abs(in_.whole(what, -1, 1));
    if (in_.good() && (columns != 1 || rows % 2 != 0 || (parts != 0 && rows != 2 * parts) || rows > in_.left()))
      in_.refuse(std::string(what) + " has the wrong size");
    if (!in_.good()) return {};
    std::vector<Point2f> points(rows / 2);
    for (Point2f& p : points) p.x = number(what), p.y = number(what);
    return points;
  }

  void read_trees(ShapePredictor::Stage& stage, std::size_t parts) {
    if (!in_.good()) return;
    stage.trees.resize(size("trees", kMaxTrees));
    for (ShapePredictor::Tree& tree : stage.trees) {
      tree.splits.resize(size("splits", kMaxSplits));
      for (ShapePredictor::Split& split : tree.splits) {
        split.first = static_cast<std::uint32_t>(in_.whole("pixel of a split", 0, kMaxProbes));
        split.second = static_cast<std::uint32_t>(in_.whole("pixel of a split", 0, kMaxProbes));
        split.threshold = number("threshold of a split");
      }
      const std::size_t leaves = size("leaves", kMaxSplits + 1);
      if (in_.good() && (leaves != tree.splits.size() + 1 || !std::has_single_bit(leaves)))
        in_.refuse("a tree of " + std::to_string(tree.splits.size()) + " splits and " + std::to_string(leaves) +
                   " leaves is not full");
      for (std::size_t i = 0; i < leaves && in_.good(); ++i) {
        const auto step = shape("leaf", parts);
        tree.steps.insert(tree.steps.end(), step.begin(), step.end());
      }
      if (!in_.good()) return;
    }
  }
  void read_anchors(ShapePredictor::Stage& stage, std::size_t parts) {
    stage.probes.resize(size("anchors of a stage", kMaxProbes));
    for (ShapePredictor::Probe& probe : stage.probes)
      probe.anchor = static_cast<std::uint32_t>(in_.whole("anchor", 0, static_cast<std::int64_t>(parts) - 1));
  }
  void read_steps(ShapePredictor::Stage& stage) {
    same_count("steps of a stage", stage.probes.size());
    for (ShapePredictor::Probe& probe : stage.probes) probe.step.x = number("step"), probe.step.y = number("step");
  }
  void check_splits(const ShapePredictor::Stage& stage) {
    for (const ShapePredictor::Tree& tree : stage.trees)
      for (const ShapePredictor::Split& split : tree.splits)
        if (split.first >= stage.probes.size() || split.second >= stage.probes.size())
          in_.refuse("a split looks at a pixel that does not exist");
  }

  runtime::DlibStream in_;
};

Result<ShapePredictor> ShapePredictor::parse(std::span<const std::uint8_t> bytes, std::string_view origin) {
  return ShapeReader(bytes, origin).read();
}

Result<ShapePredictor> ShapePredictor::load(const std::filesystem::path& file) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file, failed);
  if (failed) return fail(ErrorCode::not_found, file.string() + ": " + failed.message());
  if (size > kMaxFile)
    return fail(ErrorCode::corrupt_data, file.string() + ": " + std::to_string(size) + " bytes, at most 256 MiB");
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(size);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return fail(ErrorCode::not_found, file.string() + ": cannot be read");
  return parse(bytes, file.string());
}

Result<std::vector<Point2f>> ShapePredictor::find(ImageView picture, const PixelRect& face) const {
  if (picture.empty()) return fail(ErrorCode::invalid_argument, "landmarks: no picture");
  if (face.right < face.left || face.bottom < face.top || face.left < -kFarOut || face.top < -kFarOut ||
      face.right > kFarOut || face.bottom > kFarOut)
    return fail(ErrorCode::invalid_argument, "landmarks: the face rectangle is empty or far out of the picture");
  const ToPixels to_pixels(face);
  std::vector<Point2f> shape = initial_;
  std::vector<float> seen;
  for (const Stage& stage : stages_) {
    const Turn turn = fit(initial_, shape);
    seen.resize(stage.probes.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const Probe& probe = stage.probes[i];
      const Point2f anchor = shape[probe.anchor];
      const float x = turn.a * probe.step.x - turn.b * probe.step.y + anchor.x;
      const float y = turn.b * probe.step.x + turn.a * probe.step.y + anchor.y;
      seen[i] = intensity(picture, to_pixels.x(x), to_pixels.y(y));
    }
    for (const Tree& tree : stage.trees) {
      std::size_t at = 0;
      while (at < tree.splits.size()) {
        const Split& split = tree.splits[at];
        at = 2 * at + (seen[split.first] - seen[split.second] > split.threshold ? 1 : 2);
      }
      const Point2f* step = &tree.steps[(at - tree.splits.size()) * shape.size()];
      for (std::size_t i = 0; i < shape.size(); ++i) shape[i].x += step[i].x, shape[i].y += step[i].y;
    }
  }
  for (Point2f& p : shape) p = {static_cast<float>(to_pixels.x(p.x)), static_cast<float>(to_pixels.y(p.y))};
  return shape;
}

}  // namespace vultus::face
