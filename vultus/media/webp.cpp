// WebP through libwebp, lossy and lossless.
#include <cstring>

#include <webp/decode.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

std::size_t little_endian_32(Bytes bytes, std::size_t at) {
  return std::size_t{bytes[at]} | (std::size_t{bytes[at + 1]} << 8U) | (std::size_t{bytes[at + 2]} << 16U) |
         (std::size_t{bytes[at + 3]} << 24U);
}

/// The orientation of the RIFF chunk EXIF, which stands behind the pixels.
int webp_orientation(Bytes bytes) {
  constexpr std::size_t kFirstChunk = 12;
  std::size_t at = kFirstChunk;
  while (at < bytes.size() && bytes.size() - at >= 8) {
    const std::size_t length = little_endian_32(bytes, at + 4);
    if (length > bytes.size() - at - 8) break;
    if (std::memcmp(bytes.data() + at, "EXIF", 4) == 0) {
      Bytes block = bytes.subspan(at + 8, length);
      // Some writers keep the prefix that only JPEG needs.
      if (block.size() > 6 && std::memcmp(block.data(), "Exif\0\0", 6) == 0) block = block.subspan(6);
      return exif_orientation(block);
    }
    at += 8 + length + length % 2;
  }
  return 1;
}

Error failure(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: return fail(ErrorCode::resource_limit, "WebP: out of memory");
    case VP8_STATUS_UNSUPPORTED_FEATURE: return not_read(PictureFormat::webp, "a feature that libwebp does not read");
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return damaged(PictureFormat::webp, "cut off: the file ends before the picture does");
    default: return damaged(PictureFormat::webp, "damaged (libwebp status " + std::to_string(status) + ")");
  }
}

}  // namespace

Result<StoredHeader> webp_header(Bytes bytes) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return failure(status);
  if (features.has_animation != 0) return not_read(PictureFormat::webp, "animation is not read");
  return checked_header(features.width, features.height, webp_orientation(bytes));
}

Status decode_webp(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  WebPDecoderConfig config{};
  if (WebPInitDecoderConfig(&config) == 0) return fail(ErrorCode::internal, "WebP: another version of libwebp");
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &config.input);
  if (status != VP8_STATUS_OK) return failure(status);
  if (config.input.width != header.width || config.input.height != header.height)
    return damaged(PictureFormat::webp, "the pixels differ in size from the header");
  const auto width = static_cast<std::size_t>(header.width);
  const auto height = static_cast<std::size_t>(header.height);
  const bool transparent = config.input.has_alpha != 0;
  if (transparent) scratch.resize(width * height * 4);
  const std::size_t stride = width * (transparent ? 4 : 3);
  config.output.colorspace = transparent ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = transparent ? scratch.data() : into.row(0);
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = stride * height;
  const VP8StatusCode decoded = WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (decoded != VP8_STATUS_OK) return failure(decoded);
  if (transparent)
    for (int y = 0; y < header.height; ++y)
      blend_over_white(scratch.data() + static_cast<std::size_t>(y) * stride, header.width, into.row(y));
  return {};
}

}  // namespace vultus::media
