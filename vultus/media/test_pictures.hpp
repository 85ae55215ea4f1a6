// Pictures that tests make with the vendors' encoders, from pixels placed by hand. Not installed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>

namespace vultus::media::testing {

using File = std::vector<std::uint8_t>;
using Rgb = std::array<std::uint8_t, 3>;

/// The colour of a letter: R G B W K (black) Y, and g for grey 128.
Rgb colour_of(char letter);

/// Blocks of `block` x `block` pixels in the colours of letters, one text for each row of blocks.
Image blocks(const std::vector<std::string>& rows, int block);

/// Smooth colours with some detail, so that encoders have work to do.
Image gradient(int width, int height);

struct JpegOptions {
  int quality = 95;
  bool progressive = false;  ///< with `grey`: two scans, each of which may come again
  bool grey = false;
  bool cmyk = false;  ///< the three values of a pixel and its red again as the four inks
  bool ycck = false;  ///< with `cmyk`: stored as YCCK
  bool adobe = true;  ///< with `cmyk`: with Adobe's marker
  int restart_rows = 0;
  File exif{};  ///< TIFF block, without prefix
};
File jpeg_of(const Image& image, const JpegOptions& options = {});

struct PngOptions {
  bool interlaced = false;
  File exif{};
};
File png_of(const Image& image, const PngOptions& options = {});

/// A PNG of any colour type; `row` gives the bytes of each row.
struct RawPng {
  int width = 1;
  int height = 1;
  int bit_depth = 8;
  int colour_type = 2;  ///< of the PNG specification: 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
  bool interlaced = false;
  std::vector<Rgb> palette{};
  std::vector<std::uint8_t> palette_alpha{};
};
File png_of(const RawPng& layout, const std::function<File(int y)>& row);

File webp_of(const Image& image, bool lossless);
/// @param rgba  width * height * 4 bytes
File webp_of_rgba(const File& rgba, int width, int height);
/// A WebP with an EXIF chunk: the simple file in the extended container.
File webp_with_exif(const File& simple, int width, int height, const File& exif);

/// A picture of an animation: a simple file, and where it lies on the canvas (even numbers).
struct WebpFrame {
  File simple;
  int width = 0;
  int height = 0;
  int left = 0;
  int top = 0;
};
File animated_webp_of(const std::vector<WebpFrame>& frames, int width, int height);

/// BMP by hand: 24 bits, rows from bottom to top.
File bmp_of(const Image& image);
/// PPM by hand.
File ppm_of(const Image& image);

/// The TIFF block of a photo whose only entry is its orientation.
File exif_of(int orientation, bool big_endian = true);

File bytes_of(const std::string& text);
Rgb pixel(const Image& image, int x, int y);

}  // namespace vultus::media::testing
