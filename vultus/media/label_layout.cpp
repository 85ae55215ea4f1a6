#include <vultus/media/label_layout.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace vultus::media {
namespace {

constexpr std::size_t kMaxCharacters = 200;  // more fit into no picture
constexpr char32_t kEllipsis = U'\u2026';
constexpr int kSmallestText = 8;  // pixels; below, letters run together

bool overlap(const PixelBox& a, const PixelBox& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool is_shown(char32_t character) { return character >= 0x20 && (character < 0x7f || character > 0x9f); }

}  // namespace

DrawSizes draw_sizes(int width, int height, float scale) {
  // Parts of the longer side: a picture fills a screen of about 1,500 pixels, where 2 to 4 pixels of line and 25 of
  // text are read well. Small pictures keep what can still be told apart.
  const auto longer = static_cast<float>(std::max(width, height));
  return {.line = std::max(1, static_cast<int>(std::lround(scale * std::max(longer / 450, 1.0F)))),
          .dot = scale * std::max(longer / 500, 1.0F),
          .text = std::max(kSmallestText, static_cast<int>(std::lround(scale * std::max(longer / 50, 12.0F))))};
}

std::optional<FittedText> fit_text(std::u32string_view label, const DrawSizes& sizes, int picture_width,
                                   int picture_height, const LabelFont& font) {
  FittedText fitted{.text = {}, .height = sizes.text};
  std::ranges::copy_if(label, std::back_inserter(fitted.text), is_shown);
  if (fitted.text.empty() || picture_height < kSmallestText) return std::nullopt;
  if (fitted.text.size() > kMaxCharacters) {
    fitted.text.resize(kMaxCharacters);
    fitted.text += kEllipsis;
  }
  const auto width_at = [&](int height) {
    fitted.padding = std::max(1, height / 5);
    return font.width_of(fitted.text, height) + 2 * fitted.padding;
  };
  fitted.height = std::min(fitted.height, picture_height);
  while (fitted.height > kSmallestText && width_at(fitted.height) > picture_width) --fitted.height;
  if (width_at(fitted.height) <= picture_width) return fitted;
  if (fitted.text.back() != kEllipsis) fitted.text += kEllipsis;
  while (fitted.text.size() > 1 && width_at(fitted.height) > picture_width)
    fitted.text.erase(fitted.text.size() - 2, 1);
  if (fitted.text.size() == 1) return std::nullopt;
  return fitted;
}

PixelBox place_label(const PixelBox& box, int width, int height, int line, int picture_width, int picture_height,
                     std::span<const PixelBox> taken) {
  const int outer = line / 2;
  const int left = std::clamp(box.x - outer, 0, std::max(0, picture_width - width));
  const int bottom = box.y + box.height;
  // Above, below, inside at the top, inside at the bottom.
  const std::array tops{box.y - outer - height, bottom + outer, box.y + line - outer, bottom - line + outer - height};
  const auto inside = [&](int top) { return top >= 0 && top + height <= picture_height; };
  const auto at = [&](int top) { return PixelBox{left, top, width, height}; };
  const auto is_free = [&](int top) {
    return std::ranges::none_of(taken, [&](const PixelBox& other) { return overlap(at(top), other); });
  };
  for (const int top : tops)
    if (inside(top) && is_free(top)) return at(top);
  for (const int top : tops)
    if (inside(top)) return at(top);
  return at(std::clamp(tops[0], 0, std::max(0, picture_height - height)));
}

}  // namespace vultus::media
