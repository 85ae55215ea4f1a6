#include <vultus/engine/word_reader.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/ctc.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/onnx_metadata.hpp>

namespace vultus::engine {
namespace {

constexpr int kWordHeight = 48;
constexpr std::array kWordWidths{320, 1280};
constexpr std::size_t kMostModelBytes = std::size_t{128} << 20U;
constexpr std::uint8_t kGreyBehindWords = 128;

float distance_of(Point2f a, Point2f b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Width over height of what is inside a quad, from the means of its opposite sides.
float aspect_of(const WordQuad& quad) {
  const float across = distance_of(quad[0], quad[1]) + distance_of(quad[3], quad[2]);
  const float down = distance_of(quad[0], quad[3]) + distance_of(quad[1], quad[2]);
  return down > 0 ? across / down : 0;
}

/// From the unit square to a quad: x = (a u + b v + c) / (g u + h v + 1), and so for y.
/// @source P. S. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3
struct SquareToQuad {
  double a, b, c, d, e, f, g, h;
  explicit SquareToQuad(const WordQuad& q) {
    const double sx = static_cast<double>(q[0].x) - q[1].x + q[2].x - q[3].x;
    const double sy = static_cast<double>(q[0].y) - q[1].y + q[2].y - q[3].y;
    const double dx1 = static_cast<double>(q[1].x) - q[2].x, dx2 = static_cast<double>(q[3].x) - q[2].x;
    const double dy1 = static_cast<double>(q[1].y) - q[2].y, dy2 = static_cast<double>(q[3].y) - q[2].y;
    const double area = dx1 * dy2 - dx2 * dy1;
    g = area != 0 ? (sx * dy2 - dx2 * sy) / area : 0;
    h = area != 0 ? (dx1 * sy - sx * dy1) / area : 0;
    a = q[1].x - q[0].x + g * q[1].x;
    b = q[3].x - q[0].x + h * q[3].x;
    c = q[0].x;
    d = q[1].y - q[0].y + g * q[1].y;
    e = q[3].y - q[0].y + h * q[3].y;
    f = q[0].y;
  }
  [[nodiscard]] Point2f at(double u, double v) const {
    const double w = g * u + h * v + 1;
    return {static_cast<float>((a * u + b * v + c) / w), static_cast<float>((d * u + e * v + f) / w)};
  }
};

/// The colour between four pixels; outside the picture that of its edge.
void sample(ImageView picture, Point2f at, std::uint8_t* out) {
  // Also what is no number ends at an edge: a quad that is all but folded divides by next to nothing.
  const auto inside = [](float value, int side) {
    return value > 0 ? std::min(value, static_cast<float>(side - 1)) : 0.F;
  };
  const float x = inside(at.x - 0.5F, picture.width), y = inside(at.y - 0.5F, picture.height);
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, picture.width - 1), y1 = std::min(y0 + 1, picture.height - 1);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  for (int channel = 0; channel < 3; ++channel) {
    const auto value = [&](int px, int py) { return static_cast<float>(picture.row(py)[px * 3 + channel]); };
    const float top = value(x0, y0) * (1 - fx) + value(x1, y0) * fx;
    const float bottom = value(x0, y1) * (1 - fx) + value(x1, y1) * fx;
    out[channel] = static_cast<std::uint8_t>(std::lround(top * (1 - fy) + bottom * fy));
  }
}

/// How many samples a side are averaged, so that a large word does not lose thin strokes.
int samples_for(float pixels, int target) {
  return std::clamp(static_cast<int>(std::ceil(pixels / static_cast<float>(target))), 1, 8);
}

/// The blank, what the network's file tells of its signs, and the space between words.
Result<std::vector<std::string>> alphabet_of(const runtime::ModelHandle& model) {
  VULTUS_TRY(const auto bytes, media::read_file(model.file.string(), kMostModelBytes));
  VULTUS_TRY(const auto told, runtime::onnx_metadata(bytes));
  const auto at = told.find("character");
  if (at == told.end()) return fail(ErrorCode::corrupt_data, model.file.string() + ": it tells no alphabet");
  std::vector<std::string> alphabet{""};
  std::string sign;
  for (const char c : at->second) {
    if (c == '\n')
      alphabet.push_back(std::exchange(sign, {}));
    else if (c != '\r')
      sign += c;
  }
  if (!sign.empty()) alphabet.push_back(std::move(sign));
  alphabet.emplace_back(" ");
  return alphabet;
}

}  // namespace

Status check_word(ImageView picture, const WordQuad& quad) {
  constexpr float kFarthest = Image::kMaxSide;
  for (const Point2f a : quad) {
    if (!(std::abs(a.x) <= kFarthest && std::abs(a.y) <= kFarthest))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("a corner of a word is at ({}, {}): at most {} pixels are allowed", a.x, a.y, kFarthest));
  }
  double twice_area = 0;
  const WordQuad flat = flat_quad(quad);
  for (std::size_t i = 0; i < flat.size(); ++i) {
    const Point2f a = flat[i], b = flat[(i + 1) % flat.size()];
    twice_area += double{a.x} * b.y - double{b.x} * a.y;
  }
  if (!(std::abs(twice_area) >= 2)) return fail(ErrorCode::invalid_argument, "a word has no area");
  const auto inside = [&](Point2f p) {
    return p.x >= 0 && p.y >= 0 && p.x <= static_cast<float>(picture.width) &&
           p.y <= static_cast<float>(picture.height);
  };
  if (std::ranges::none_of(quad, inside)) return fail(ErrorCode::invalid_argument, "a word lies outside the picture");
  return {};
}

WordQuad flat_quad(const WordQuad& quad) {
  int left = 0, right = 0;
  WordQuad box{quad[0], quad[0], quad[0], quad[0]};
  for (std::size_t i = 0; i < quad.size(); ++i) {
    const Point2f a = quad[i], b = quad[(i + 1) % quad.size()], c = quad[(i + 2) % quad.size()];
    const double turn = (double{b.x} - a.x) * (double{c.y} - b.y) - (double{b.y} - a.y) * (double{c.x} - b.x);
    left += turn < 0 ? 1 : 0;
    right += turn > 0 ? 1 : 0;
    box[0] = {std::min(box[0].x, a.x), std::min(box[0].y, a.y)};
    box[2] = {std::max(box[2].x, a.x), std::max(box[2].y, a.y)};
  }
  if (left == 4 || right == 4) return quad;
  box[1] = {box[2].x, box[0].y};
  box[3] = {box[0].x, box[2].y};
  return box;
}

Image rectified_word(ImageView picture, const WordQuad& quad, int width) {
  Image crop = Image::create(width, kWordHeight, PixelFormat::rgb8).value();
  for (int y = 0; y < kWordHeight; ++y) std::fill_n(crop.row(y), crop.stride(), kGreyBehindWords);
  const int wide = std::clamp(static_cast<int>(std::lround(aspect_of(quad) * kWordHeight)), 8, width);
  const SquareToQuad to(quad);
  const int across = samples_for(distance_of(quad[0], quad[1]), wide);
  const int down = samples_for(distance_of(quad[0], quad[3]), kWordHeight);
  for (int y = 0; y < kWordHeight; ++y)
    for (int x = 0; x < wide; ++x) {
      std::array<int, 3> sum{};
      for (int j = 0; j < down; ++j)
        for (int i = 0; i < across; ++i) {
          std::array<std::uint8_t, 3> one{};
          sample(picture, to.at((x + (i + 0.5) / across) / wide, (y + (j + 0.5) / down) / kWordHeight), one.data());
          for (std::size_t channel = 0; channel < 3; ++channel) sum[channel] += one[channel];
        }
      for (std::size_t channel = 0; channel < 3; ++channel)
        crop.row(y)[static_cast<std::size_t>(x) * 3 + channel] =
            static_cast<std::uint8_t>((sum[channel] + across * down / 2) / (across * down));
    }
  return crop;
}

Result<WordReader> WordReader::open(const Engine& engine) {
  VULTUS_TRY(const runtime::ModelHandle model, engine.model(ModelId("ocr_rec")));
  WordReader reader;
  reader.name_ = fmt::format("{} ({} {}, {})", model.manifest.id.text(), model.manifest.source.package,
                             model.manifest.source.version, model.manifest.files.front().sha256.substr(0, 12));
  VULTUS_TRY(reader.alphabet_, alphabet_of(model));
  for (const int width : kWordWidths) {
    VULTUS_TRY(auto network, model.load({.width = width, .height = kWordHeight}));
    reader.networks_.push_back(std::move(network));
  }
  return reader;
}

Result<std::string> WordReader::read(ImageView picture, const WordQuad& corners) {
  VULTUS_CHECK(check_word(picture, corners));
  const WordQuad quad = flat_quad(corners);
  const bool is_long = aspect_of(quad) * kWordHeight > static_cast<float>(kWordWidths[0]);
  runtime::Network& network = *networks_[is_long ? 1 : 0];
  const Image crop = rectified_word(picture, quad, network.width());
  const auto input = network.input();
  const auto pixels = static_cast<std::size_t>(crop.stride()) * kWordHeight;
  if (input.size() != pixels) return fail(ErrorCode::internal, "ocr_rec: its input has another size");
  std::copy_n(crop.row(0), pixels, input.data());
  VULTUS_CHECK(network.run());
  VULTUS_TRY(const auto scores, network.output("characters"));
  if (scores.empty() || scores.size() % alphabet_.size() != 0)
    return fail(ErrorCode::corrupt_data,
                fmt::format("ocr_rec: {} values, its alphabet has {} signs", scores.size(), alphabet_.size()));
  return ctc_text(scores, alphabet_);
}

}  // namespace vultus::engine
