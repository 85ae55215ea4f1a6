// Pixels in memory: Image owns them, ImageView borrows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus {

/// Layout of one pixel, 8 bits a channel. Colour is always red, green, blue in memory order.
enum class PixelFormat : std::uint8_t { gray8, rgb8 };
/// Bytes of a pixel.
[[nodiscard]] constexpr int channels_of(PixelFormat format) { return format == PixelFormat::gray8 ? 1 : 3; }

/// Borrowed pixels, rows from top to bottom, `stride` bytes apart. Passed by value, never stored.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride = 0;
  PixelFormat format = PixelFormat::rgb8;

  [[nodiscard]] bool empty() const { return data == nullptr || width <= 0 || height <= 0; }
  [[nodiscard]] const std::uint8_t* row(int y) const { return data + y * stride; }  ///< y in [0, height)
};

/// Borrowed pixels that may be written, for example the input of a network.
struct MutableImageView {
  std::uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride = 0;
  PixelFormat format = PixelFormat::rgb8;

  [[nodiscard]] std::uint8_t* row(int y) const { return data + y * stride; }  ///< y in [0, height)
};

/// Owned pixels, rows without padding. Thread-compatible.
class Image {
 public:
  /// Sides above this are refused, so that width * height * 3 can never overflow.
  static constexpr int kMaxSide = 65535;

  Image() = default;
  /// @param width, height  pixels, [1, kMaxSide]; the pixels start at 0
  /// @error invalid_argument  a side outside its range
  static Result<Image> create(int width, int height, PixelFormat format);
  /// Takes on another size and keeps the memory where it suffices: for those who overwrite every pixel, again and
  /// again.
  /// @param width, height  pixels, [1, kMaxSide]; what the pixels hold afterwards is not specified
  /// @error invalid_argument  a side outside its range; the image stays as it was
  Status reshape(int width, int height, PixelFormat format);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] PixelFormat format() const { return format_; }
  [[nodiscard]] bool empty() const { return pixels_.empty(); }
  [[nodiscard]] std::ptrdiff_t stride() const { return std::ptrdiff_t{width_} * channels_of(format_); }
  [[nodiscard]] std::uint8_t* row(int y) { return pixels_.data() + y * stride(); }              ///< y in [0, height)
  [[nodiscard]] const std::uint8_t* row(int y) const { return pixels_.data() + y * stride(); }  ///< the same
  [[nodiscard]] ImageView view() const { return {pixels_.data(), width_, height_, stride(), format_}; }
  [[nodiscard]] MutableImageView mutable_view() { return {pixels_.data(), width_, height_, stride(), format_}; }
  bool operator==(const Image&) const = default;

 private:
  int width_ = 0;
  int height_ = 0;
  PixelFormat format_ = PixelFormat::rgb8;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace vultus
