// BMP through stb_image, behind a check of its own: stb_image takes missing bytes for zeros, which would make a file
// that is cut off a picture with a black end.
#include <cstring>
#include <memory>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS 65535
#include <stb/stb_image.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
  return value;
}

std::int64_t signed_32(Bytes bytes, std::size_t at) { return static_cast<std::int32_t>(little_endian(bytes, at, 4)); }

struct BmpHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;  // < 0: rows from top to bottom
  std::uint32_t bits = 0;
  std::uint32_t compression = 0;
  std::uint32_t pixels_at = 0;
};

constexpr std::uint32_t kBitFields = 3;  // compression 3: colours by masks, among them perhaps one of transparency

Result<BmpHeader> read_header(Bytes bytes) {
  const std::uint32_t size = little_endian(bytes, 14, 4);
  if (bytes.size() < 14 + std::size_t{size})
    return damaged(PictureFormat::bmp, "cut off: " + std::to_string(bytes.size()) + " bytes are less than its header");
  BmpHeader header{.pixels_at = little_endian(bytes, 10, 4)};
  if (size == 12) {
    header.width = little_endian(bytes, 18, 2);
    header.height = little_endian(bytes, 20, 2);
    header.bits = little_endian(bytes, 24, 2);
  } else if (size == 40 || size == 56 || size == 108 || size == 124) {
    header.width = signed_32(bytes, 18);
    header.height = signed_32(bytes, 22);
    header.bits = little_endian(bytes, 28, 2);
    header.compression = little_endian(bytes, 30, 4);
  } else {
    return not_read(PictureFormat::bmp, "a header of " + std::to_string(size) + " bytes is not read");
  }
  return header;
}

Status check_layout(const BmpHeader& header) {
  constexpr std::array<const char*, 6> kNames{"", "RLE8", "RLE4", "", "JPEG", "PNG"};
  const std::uint32_t how = header.compression;
  if (how != 0 && how != kBitFields)
    return not_read(PictureFormat::bmp, "compression " + std::to_string(how) +
                                            (how < kNames.size() ? std::string(" (") + kNames[how] + ")" : "") +
                                            " is not read");
  const std::uint32_t bits = header.bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    return not_read(PictureFormat::bmp, std::to_string(bits) + " bits a pixel are not read");
  return {};
}

}  // namespace

Result<StoredHeader> bmp_header(Bytes bytes) {
  VULTUS_TRY(const BmpHeader header, read_header(bytes));
  VULTUS_CHECK(check_layout(header));
  const std::int64_t height = header.height < 0 ? -header.height : header.height;
  VULTUS_TRY(const StoredHeader checked, checked_header(header.width, height, 1));
  const std::int64_t stride = (header.width * header.bits + 31) / 32 * 4;
  const std::int64_t needed = std::int64_t{header.pixels_at} + stride * height;
  if (needed > static_cast<std::int64_t>(bytes.size()))
    return damaged(PictureFormat::bmp, "cut off: " + std::to_string(bytes.size()) + " bytes, its header tells of " +
                                           std::to_string(needed));
  return checked;
}

Status decode_bmp(Bytes bytes, const StoredHeader& header, Image& into) {
  VULTUS_TRY(const BmpHeader bmp, read_header(bytes));
  if (bytes.size() > static_cast<std::size_t>(INT_MAX))
    return fail(ErrorCode::resource_limit,
                "BMP: " + std::to_string(bytes.size()) + " bytes, the limit is " + std::to_string(INT_MAX));
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, 4),
      stbi_image_free);
  if (pixels == nullptr) return damaged(PictureFormat::bmp, "damaged colour table or masks");
  if (width != header.width || height != header.height)
    return damaged(PictureFormat::bmp, "the pixels differ in size from the header");
  const std::size_t stride = static_cast<std::size_t>(width) * 4;
  // The fourth byte of a plain 32-bit pixel is reserved: only masks can give it a meaning.
  const bool transparent = channels == 4 && bmp.compression == kBitFields;
  for (int y = 0; y < height; ++y) {
    stbi_uc* const row = pixels.get() + static_cast<std::size_t>(y) * stride;
    if (!transparent)
      for (std::size_t x = 3; x < stride; x += 4) row[x] = 255;
    blend_over_white(row, width, into.row(y));
  }
  return {};
}

}  // namespace vultus::media
