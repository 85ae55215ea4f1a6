// Reads words in pictures where somebody has told where they are.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::engine {

/// Corners of a word in pixels, clockwise from the one that is top left for who reads it.
using WordQuad = std::array<Point2f, 4>;

/// Whether a word can be read there.
/// @error invalid_argument  outside the picture; a corner that is no finite number or far away; no area
[[nodiscard]] Status check_word(ImageView picture, const WordQuad& quad);
/// The quad itself; where it crosses itself or has a dent, so that it is no picture of a flat sheet (a plane through
/// the eye: somewhere in it lies no pixel), the upright box around it, as for annotations without corners.
[[nodiscard]] WordQuad flat_quad(const WordQuad& quad);

/// A crop of a word, 48 pixels high, for tests.
/// @param quad  as check_word() wants it, and flat
/// @return width x 48, RGB; the word is stretched to at most `width`, keeping its aspect, and grey follows it
[[nodiscard]] Image rectified_word(ImageView picture, const WordQuad& quad, int width);

/// Thread-compatible. The network of the catalogue's `ocr_rec` (PP-OCRv6 small): Latin, Chinese, Japanese and more.
class WordReader {
 public:
  /// @error not_found  the network was not fetched; corrupt_data  it has no alphabet, or another one than its answer
  static Result<WordReader> open(const Engine& engine);

  /// Reads flat_quad(corners).
  /// @return UTF-8; empty where nothing can be read
  /// @error as check_word(); internal  the library failed
  Result<std::string> read(ImageView picture, const WordQuad& corners);

  /// Name and sum of the network, for reports.
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  WordReader() = default;
  std::string name_;
  std::vector<std::string> alphabet_;
  std::vector<std::unique_ptr<runtime::Network>> networks_;  ///< for short and long words
};

}  // namespace vultus::engine
