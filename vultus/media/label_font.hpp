// Letters for labels. Internal to the room.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// A line of text as coverage, 0 = nothing, 255 = ink.
struct TextMask {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> coverage;  ///< width * height, rows from the top
};

/// The built-in font. Immutable after it was made.
class LabelFont {
 public:
  /// @error internal  the built-in font does not load
  static Result<LabelFont> load();
  ~LabelFont();
  LabelFont(LabelFont&&) noexcept;
  LabelFont& operator=(LabelFont&&) noexcept;

  /// @param height  pixels from the highest ascender to the lowest descender, >= 4
  /// @return pixels the text takes in one line
  [[nodiscard]] int width_of(std::u32string_view text, int height) const;
  /// @return the text in one line, `height` pixels high; letters the font lacks as its empty box
  [[nodiscard]] TextMask render(std::u32string_view text, int height) const;

 private:
  struct Face;
  explicit LabelFont(std::unique_ptr<Face> face);
  std::unique_ptr<Face> face_;
};

}  // namespace vultus::media
