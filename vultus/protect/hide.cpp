#include <vultus/protect/hide.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <vultus/protect/mesh_drawing.hpp>

namespace vultus::protect {
namespace {

constexpr int kBlocksAcross = 8;
constexpr float kBlurOfWidth = .25F;
constexpr std::uint8_t kGrey = 96;
/// Sizes of blocks are whole numbers: of wider faces no more than this counts.
constexpr float kWidest = 1e6F;
constexpr std::size_t kMeshPoints = 468;
constexpr std::array kMethodNames{std::pair{HideMethod::solid, std::string_view("solid")},
                                  std::pair{HideMethod::pixelate, std::string_view("pixelate")},
                                  std::pair{HideMethod::blur, std::string_view("blur")},
                                  std::pair{HideMethod::mesh, std::string_view("mesh")},
                                  std::pair{HideMethod::synthetic, std::string_view("synthetic")}};

/// Whole pixels of a region inside a picture.
struct Window {
  int x0, y0, x1, y1;
  [[nodiscard]] bool empty() const { return x0 >= x1 || y0 >= y1; }
  [[nodiscard]] int width() const { return x1 - x0; }
  [[nodiscard]] int height() const { return y1 - y0; }
};

Window window_of(const RectF& region, const Image& picture) {
  const auto pixel = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.F, static_cast<float>(most))); };
  return {pixel(std::floor(region.x), picture.width()), pixel(std::floor(region.y), picture.height()),
          pixel(std::ceil(region.x + region.width), picture.width()),
          pixel(std::ceil(region.y + region.height), picture.height())};
}

void fill_grey(Image& picture, const Window& at) {
  for (int y = at.y0; y < at.y1; ++y)
    std::fill_n(picture.row(y) + std::ptrdiff_t{3} * at.x0, std::ptrdiff_t{3} * at.width(), kGrey);
}

void pixelate(Image& picture, const Window& at, float face_width) {
  const int block = std::max(2, static_cast<int>(std::ceil(face_width / kBlocksAcross)));
  for (int by = at.y0; by < at.y1; by += block)
    for (int bx = at.x0; bx < at.x1; bx += block) {
      const int ex = std::min(bx + block, at.x1), ey = std::min(by + block, at.y1);
      std::array<std::int64_t, 3> sum{};
      for (int y = by; y < ey; ++y)
        for (int x = bx; x < ex; ++x)
          for (std::size_t c = 0; c < 3; ++c) sum[c] += picture.row(y)[3 * x + static_cast<int>(c)];
      const std::int64_t pixels = std::int64_t{ex - bx} * (ey - by);
      for (int y = by; y < ey; ++y)
        for (int x = bx; x < ex; ++x)
          for (std::size_t c = 0; c < 3; ++c)
            picture.row(y)[3 * x + static_cast<int>(c)] = static_cast<std::uint8_t>((sum[c] + pixels / 2) / pixels);
    }
}

/// Weights of a Gaussian up to three deviations, their sum 1.
std::vector<float> gaussian(float deviation) {
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * deviation)));
  std::vector<float> weights(static_cast<std::size_t>(reach) + 1);
  float sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float at = static_cast<float>(i) / deviation;
    weights[i] = std::exp(-at * at / 2);
    sum += i == 0 ? weights[i] : 2 * weights[i];
  }
  for (float& weight : weights) weight /= sum;
  return weights;
}

/// One direction of a separable blur over rows of three channels; beyond the ends the last value goes on.
void blur_lines(const std::vector<float>& in, std::vector<float>& out, int lines, int length, std::size_t line_step,
                std::size_t step, const std::vector<float>& weights) {
  for (int line = 0; line < lines; ++line)
    for (int i = 0; i < length; ++i)
      for (std::size_t c = 0; c < 3; ++c) {
        const auto value = [&](int at) {
          return in[static_cast<std::size_t>(line) * line_step +
                    static_cast<std::size_t>(std::clamp(at, 0, length - 1)) * step + c];
        };
        float sum = weights[0] * value(i);
        for (int k = 1; k < static_cast<int>(weights.size()); ++k)
          sum += weights[static_cast<std::size_t>(k)] * (value(i - k) + value(i + k));
        out[static_cast<std::size_t>(line) * line_step + static_cast<std::size_t>(i) * step + c] = sum;
      }
}

/// The blur sees the region alone: nothing of the face is carried out of it, and nothing around it in.
void blur(Image& picture, const Window& at, float face_width) {
  // A small copy is blurred: a Gaussian as wide as this leaves nothing that the copy would lose.
  const int reduce = std::max(1, static_cast<int>(face_width * kBlurOfWidth / 6));
  const int width = (at.width() + reduce - 1) / reduce, height = (at.height() + reduce - 1) / reduce;
  std::vector<float> small(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3), half(small.size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int ex = std::min(at.x0 + (x + 1) * reduce, at.x1), ey = std::min(at.y0 + (y + 1) * reduce, at.y1);
      for (int c = 0; c < 3; ++c) {
        int sum = 0, pixels = 0;
        for (int py = at.y0 + y * reduce; py < ey; ++py)
          for (int px = at.x0 + x * reduce; px < ex; ++px) sum += picture.row(py)[3 * px + c], ++pixels;
        small[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3 +
              static_cast<std::size_t>(c)] = static_cast<float>(sum) / static_cast<float>(std::max(1, pixels));
      }
    }
  const auto weights = gaussian(std::max(1.F, face_width * kBlurOfWidth / static_cast<float>(reduce)));
  const auto row = static_cast<std::size_t>(width) * 3;
  blur_lines(small, half, height, width, row, 3, weights);
  blur_lines(half, small, width, height, 3, row, weights);
  for (int y = at.y0; y < at.y1; ++y)
    for (int x = at.x0; x < at.x1; ++x) {
      // Between the middles of the copy's pixels.
      const float sx = std::clamp((static_cast<float>(x - at.x0) + .5F) / static_cast<float>(reduce) - .5F, 0.F,
                                  static_cast<float>(width - 1));
      const float sy = std::clamp((static_cast<float>(y - at.y0) + .5F) / static_cast<float>(reduce) - .5F, 0.F,
                                  static_cast<float>(height - 1));
      const auto x0 = static_cast<std::size_t>(sx), y0 = static_cast<std::size_t>(sy);
      const std::size_t x1 = std::min(x0 + 1, static_cast<std::size_t>(width) - 1);
      const std::size_t y1 = std::min(y0 + 1, static_cast<std::size_t>(height) - 1);
      const float fx = sx - static_cast<float>(x0), fy = sy - static_cast<float>(y0);
      for (std::size_t c = 0; c < 3; ++c) {
        const float top = small[y0 * row + x0 * 3 + c] * (1 - fx) + small[y0 * row + x1 * 3 + c] * fx;
        const float bottom = small[y1 * row + x0 * 3 + c] * (1 - fx) + small[y1 * row + x1 * 3 + c] * fx;
        picture.row(y)[3 * x + static_cast<int>(c)] =
            static_cast<std::uint8_t>(std::lround(top * (1 - fy) + bottom * fy));
      }
    }
}

}  // namespace

std::string_view name_of(HideMethod method) {
  return std::ranges::find(kMethodNames, method, [](const auto& one) { return one.first; })->second;
}

std::optional<HideMethod> hide_method_from(std::string_view name) {
  const auto at = std::ranges::find(kMethodNames, name, [](const auto& one) { return one.second; });
  return at == kMethodNames.end() ? std::nullopt : std::optional(at->first);
}

RectF hidden_region(const RectF& face) {
  const float width = face.width * kHideDilation, height = face.height * kHideDilation;
  return {face.x - (width - face.width) / 2, face.y - (height - face.height) / 2, width, height};
}

Status hide_face(Image& picture, const RectF& face, HideMethod method, const std::optional<Landmarks>& mesh) {
  const auto refuse = [](const std::string& why) { return fail(ErrorCode::invalid_argument, "hiding a face: " + why); };
  if (picture.empty() || picture.format() != PixelFormat::rgb8) return refuse("the picture is not in colour");
  const RectF region = hidden_region(face);
  const bool finite = std::isfinite(region.x) && std::isfinite(region.y) && std::isfinite(region.width + region.height);
  if (!finite || !(face.width > 0) || !(face.height > 0)) return refuse("its box has no size");
  if (method == HideMethod::mesh && (!mesh || mesh->points.size() < kMeshPoints))
    return refuse("the 468 points of the mesh are missing");
  const Window at = window_of(region, picture);
  const float width = std::min(face.width, kWidest);
  if (at.empty()) return {};
  switch (method) {
    case HideMethod::solid: fill_grey(picture, at); return {};
    case HideMethod::pixelate: pixelate(picture, at, width); return {};
    case HideMethod::blur: blur(picture, at, width); return {};
    case HideMethod::mesh:
      fill_grey(picture, at);
      draw_mesh(picture, *mesh, at.x0, at.y0, at.x1, at.y1);
      return {};
    case HideMethod::synthetic: break;
  }
  return refuse("synthetic faces are made by replace_face()");
}

}  // namespace vultus::protect
