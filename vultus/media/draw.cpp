#include <vultus/media/draw.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include <vultus/core/utf8.hpp>
#include <vultus/media/label_font.hpp>
#include <vultus/media/label_layout.hpp>

namespace vultus::media {
namespace {

bool is_finite(const Mark& mark) {
  return std::isfinite(mark.box.x) && std::isfinite(mark.box.y) && std::isfinite(mark.box.width) &&
         std::isfinite(mark.box.height) && std::ranges::all_of(mark.points, [](const Point2f& point) {
           return std::isfinite(point.x) && std::isfinite(point.y);
         });
}

Status check(const Image& image, std::span<const Mark> marks, const DrawOptions& options) {
  if (image.empty() || image.format() != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "marks are drawn on RGB pictures only");
  if (!(options.scale >= 0.1F && options.scale <= 10))
    return fail(ErrorCode::invalid_argument,
                "DrawOptions: scale = " + std::to_string(options.scale) + ", must be 0.1 to 10");
  for (std::size_t i = 0; i < marks.size(); ++i)
    if (!is_finite(marks[i]))
      return fail(ErrorCode::invalid_argument, "mark " + std::to_string(i) + ": a box or point that is not finite");
  return {};
}

/// A position rounded to a pixel, kept where adding line widths cannot overflow.
int to_pixel(float position) {
  constexpr float kFar = 1e6F;
  return static_cast<int>(std::lround(std::clamp(position, -kFar, kFar)));
}

void fill(Image& image, const PixelBox& box, const Colour& colour) {
  const int right = std::min(box.x + box.width, image.width());
  for (int y = std::max(box.y, 0); y < std::min(box.y + box.height, image.height()); ++y)
    for (int x = std::max(box.x, 0); x < right; ++x) {
      std::uint8_t* const pixel = image.row(y) + std::ptrdiff_t{x} * 3;
      pixel[0] = colour.red, pixel[1] = colour.green, pixel[2] = colour.blue;
    }
}

/// A frame whose line lies on the box's edge, half of it inside.
void draw_frame(Image& image, const PixelBox& box, int line, const Colour& colour) {
  const int outer = line / 2;
  const int left = box.x - outer, top = box.y - outer;
  const int width = box.width + 2 * outer, height = box.height + 2 * outer;
  fill(image, {left, top, width, line}, colour);
  fill(image, {left, top + height - line, width, line}, colour);
  fill(image, {left, top, line, height}, colour);
  fill(image, {left + width - line, top, line, height}, colour);
}

/// A dot with a soft edge.
void draw_dot(Image& image, const Point2f& centre, float radius, const Colour& colour) {
  const int reach = static_cast<int>(std::ceil(radius)) + 1;
  const int cx = to_pixel(centre.x), cy = to_pixel(centre.y);
  const std::array ink{colour.red, colour.green, colour.blue};
  for (int y = std::max(0, cy - reach); y <= std::min(image.height() - 1, cy + reach); ++y)
    for (int x = std::max(0, cx - reach); x <= std::min(image.width() - 1, cx + reach); ++x) {
      const float distance = std::hypot(static_cast<float>(x) - centre.x, static_cast<float>(y) - centre.y);
      const float coverage = std::clamp(radius + 0.5F - distance, 0.0F, 1.0F);
      std::uint8_t* const pixel = image.row(y) + std::ptrdiff_t{x} * 3;
      for (std::size_t c = 0; c < 3; ++c)
        pixel[c] = static_cast<std::uint8_t>(
            std::lround(static_cast<float>(pixel[c]) * (1 - coverage) + static_cast<float>(ink[c]) * coverage));
    }
}

/// Black or white, whichever contrasts more with a plate.
/// @source WCAG 2.1, relative luminance and contrast ratio: both are equal at a luminance of 0.179
Colour ink_on(const Colour& plate) {
  const auto linear = [](std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  const double luminance = 0.2126 * linear(plate.red) + 0.7152 * linear(plate.green) + 0.0722 * linear(plate.blue);
  return luminance > 0.179 ? Colour{0, 0, 0} : Colour{255, 255, 255};
}

void draw_text(Image& image, int left, int top, const TextMask& text, const Colour& ink) {
  const std::array colour{ink.red, ink.green, ink.blue};
  for (int y = std::max(0, -top); y < text.height && top + y < image.height(); ++y)
    for (int x = std::max(0, -left); x < text.width && left + x < image.width(); ++x) {
      const int coverage = text.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(text.width) +
                                         static_cast<std::size_t>(x)];
      std::uint8_t* const pixel = image.row(top + y) + std::ptrdiff_t{left + x} * 3;
      for (std::size_t c = 0; c < 3; ++c)
        pixel[c] = static_cast<std::uint8_t>((pixel[c] * (255 - coverage) + colour[c] * coverage + 127) / 255);
    }
}

PixelBox pixels_of(const RectF& box) {
  const int left = to_pixel(box.x), top = to_pixel(box.y);
  return {left, top, std::max(1, to_pixel(box.right()) - left), std::max(1, to_pixel(box.bottom()) - top)};
}

void draw_all(Image& image, std::span<const Mark> marks, const DrawSizes& sizes, const LabelFont& font) {
  for (const Mark& mark : marks) draw_frame(image, pixels_of(mark.box), sizes.line, mark.colour);
  for (const Mark& mark : marks)
    for (const Point2f& point : mark.points) draw_dot(image, point, sizes.dot, mark.colour);
  std::vector<PixelBox> taken;
  for (const Mark& mark : marks) {
    const std::optional<FittedText> text =
        fit_text(characters_of(mark.label), sizes, image.width(), image.height(), font);
    if (!text) continue;
    const TextMask mask = font.render(text->text, text->height);
    const PixelBox plate = place_label(pixels_of(mark.box), mask.width + 2 * text->padding, mask.height, sizes.line,
                                       image.width(), image.height(), taken);
    taken.push_back(plate);
    fill(image, plate, mark.colour);
    draw_text(image, plate.x + text->padding, plate.y, mask, ink_on(mark.colour));
  }
}

}  // namespace

Status draw_marks(Image& image, std::span<const Mark> marks, const DrawOptions& options) {
  return guarded("draw", [&]() -> Status {
    VULTUS_CHECK(check(image, marks, options));
    VULTUS_TRY(const LabelFont font, LabelFont::load());
    draw_all(image, marks, draw_sizes(image.width(), image.height(), options.scale), font);
    return {};
  });
}

}  // namespace vultus::media
