// Pictures the right way up, and over white.
#include <algorithm>
#include <memory>

#include <libexif/exif-data.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {

int exif_orientation(Bytes tiff) {
  // libexif wants the prefix that JPEG puts before the block. Longer blocks than JPEG can hold are cut by libexif.
  constexpr std::array<std::uint8_t, 6> kPrefix{'E', 'x', 'i', 'f', 0, 0};
  constexpr std::size_t kLongest = 65535;
  const Bytes used = tiff.first(std::min(tiff.size(), kLongest));
  std::vector<std::uint8_t> block(kPrefix.begin(), kPrefix.end());
  block.insert(block.end(), used.begin(), used.end());

  const std::unique_ptr<ExifData, void (*)(ExifData*)> exif(exif_data_new(), exif_data_unref);
  if (exif == nullptr) return 1;
  exif_data_load_data(exif.get(), block.data(), static_cast<unsigned>(block.size()));
  const ExifEntry* const entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

namespace {

/// Where the upright pixel (0, 0) is stored, and how far apart upright neighbours are stored.
struct Walk {
  std::ptrdiff_t start = 0;
  std::ptrdiff_t step_x = 0;
  std::ptrdiff_t step_y = 0;
};

/// @source EXIF 2.32, tag 0x0112: which sides of the scene row 0 and column 0 are
Walk walk_of(const Image& stored, int orientation) {
  const std::ptrdiff_t pixel = 3;
  const std::ptrdiff_t row = stored.stride();
  const std::ptrdiff_t right = (stored.width() - 1) * pixel;
  const std::ptrdiff_t bottom = (stored.height() - 1) * row;
  switch (orientation) {
    case 2: return {right, -pixel, row};
    case 3: return {right + bottom, -pixel, -row};
    case 4: return {bottom, pixel, -row};
    case 5: return {0, row, pixel};
    case 6: return {bottom, -row, pixel};
    case 7: return {right + bottom, -row, -pixel};
    case 8: return {right, row, -pixel};
    default: return {0, pixel, row};
  }
}

}  // namespace

Status turn_upright(const Image& stored, int orientation, Image& upright) {
  const bool on_its_side = orientation >= 5;
  const int width = on_its_side ? stored.height() : stored.width();
  const int height = on_its_side ? stored.width() : stored.height();
  VULTUS_CHECK(upright.reshape(width, height, PixelFormat::rgb8));
  const Walk walk = walk_of(stored, orientation);
  const std::uint8_t* const from = stored.row(0) + walk.start;
  // Tiles, because a turned row runs across the rows of memory: without them each pixel would miss the cache.
  constexpr int kTile = 32;
  for (int top = 0; top < height; top += kTile)
    for (int left = 0; left < width; left += kTile)
      for (int y = top; y < std::min(top + kTile, height); ++y) {
        std::uint8_t* to = upright.row(y) + std::ptrdiff_t{left} * 3;
        for (int x = left; x < std::min(left + kTile, width); ++x, to += 3) {
          const std::uint8_t* const pixel = from + x * walk.step_x + y * walk.step_y;
          to[0] = pixel[0], to[1] = pixel[1], to[2] = pixel[2];
        }
      }
  return {};
}

void blend_over_white(const std::uint8_t* rgba, int pixels, std::uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i, rgba += 4, rgb += 3) {
    const int alpha = rgba[3];
    for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>((rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}

}  // namespace vultus::media
