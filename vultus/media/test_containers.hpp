// Pictures in TIFF, GIF, HEIC and AVIF that tests make with the vendors' encoders. Not installed.
#pragma once

#include <vultus/media/test_pictures.hpp>

namespace vultus::media::testing {

/// Every field is that of the TIFF 6.0 specification.
struct TiffOptions {
  int width = 1;
  int height = 1;
  int bits = 8;         ///< a sample: 8 or 16
  int samples = 3;      ///< a pixel, extra ones included
  int photometric = 2;  ///< 0 white is zero, 1 black is zero, 2 RGB, 5 CMYK
  int extra_kind =
      -1;  ///< of the last sample: 0 not described, 1 multiplied alpha, 2 straight alpha; -1 = no extra one
  int orientation = 1;
  int compression = 1;  ///< 1 none, 5 LZW, 7 JPEG, 8 deflate
  int tile = 0;         ///< side of square tiles, a multiple of 16; 0 = strips
  bool big_endian = false;
  bool big = false;      ///< BigTIFF
  bool preview = false;  ///< says that it is a reduced picture
  bool raw = false;      ///< says that it is a DNG
};
/// @param row  the bytes of each row, samples of 16 bits in the order of this machine
File tiff_of(const TiffOptions& options, const std::function<File(int y)>& row);
File tiff_of(const Image& image, TiffOptions options = {});

struct GifOptions {
  int canvas_width = 0;  ///< 0 = that of the frame
  int canvas_height = 0;
  int left = 0;
  int top = 0;
  int transparent = -1;  ///< index
  bool interlaced = false;
  int frames = 1;  ///< further ones are one pixel each
};
/// @param letters  rows of letters of colour_of(), each a pixel; index = place in "RGBWKYg"
File gif_of(const std::vector<std::string>& letters, const GifOptions& options = {});

struct HeifOptions {
  bool av1 = false;
  int quality = 90;
  int orientation = 1;       ///< written as boxes irot and imir
  int exif_orientation = 0;  ///< written into an EXIF block; 0 = no block
  int bits = 8;              ///< 8 or 10
  bool alpha = false;        ///< the alpha of each pixel is 51
};
File heif_of(const Image& image, const HeifOptions& options = {});

}  // namespace vultus::media::testing
