// WebP through libwebp, lossy and lossless; of an animation the first picture, on the canvas that the file names.
#include <cstring>
#include <optional>
#include <string_view>

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

/// Goes over the chunks from `at` to the end: a file that ends within one is cut off.
/// @param take  a Status of (name, payload)
template <class Take>
Status each_chunk(Bytes bytes, std::size_t at, const Take& take) {
  constexpr std::size_t kHead = 8;
  while (at < bytes.size()) {
    const std::size_t rest = bytes.size() - at;
    const std::size_t length = rest < kHead ? 0 : little_endian_32(bytes, at + 4);
    const std::size_t padded = length + length % 2;
    if (rest < kHead || padded > rest - kHead)
      return damaged(PictureFormat::webp, "cut off: the file ends before the animation does");
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()) + at, 4);
    VULTUS_CHECK(take(name, bytes.subspan(at + kHead, length)));
    at += kHead + padded;
  }
  return {};
}

/// A picture of an animation and its place on the canvas.
struct AnimatedPicture {
  Bytes chunks;  // its pixels, and in front of them what is transparent; libwebp reads them as they are
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

/// @source WebP container specification, chunk ANMF
Result<AnimatedPicture> animated_picture(Bytes payload) {
  constexpr std::size_t kHead = 16;
  if (payload.size() < kHead) return damaged(PictureFormat::webp, "its first picture has no size");
  const auto number = [&](std::size_t at) { return payload[at] | (payload[at + 1] << 8U) | (payload[at + 2] << 16U); };
  AnimatedPicture picture{
      .chunks = {}, .left = 2 * number(0), .top = 2 * number(3), .width = number(6) + 1, .height = number(9) + 1};
  std::size_t begin = 0, at = kHead;
  VULTUS_CHECK(each_chunk(payload, kHead, [&](std::string_view name, Bytes chunk) -> Status {
    const std::size_t end = at + 8 + chunk.size() + chunk.size() % 2;
    if (picture.chunks.empty() && name == "ALPH") begin = at;
    if (picture.chunks.empty() && (name == "VP8 " || name == "VP8L"))
      picture.chunks = payload.subspan(begin > 0 ? begin : at, end - (begin > 0 ? begin : at));
    at = end;
    return {};
  }));
  if (picture.chunks.empty()) return damaged(PictureFormat::webp, "its first picture has no pixels");
  return picture;
}

Result<AnimatedPicture> first_picture(Bytes bytes) {
  constexpr std::size_t kFirstChunk = 12;
  const std::size_t said = little_endian_32(bytes, 4) + 8;
  if (said > bytes.size()) return damaged(PictureFormat::webp, "cut off: the file ends before the animation does");
  std::optional<AnimatedPicture> first;
  // What lies behind the container is not of the picture.
  VULTUS_CHECK(each_chunk(bytes.first(said), kFirstChunk, [&](std::string_view name, Bytes payload) -> Status {
    if (first || name != "ANMF") return {};
    VULTUS_TRY(first, animated_picture(payload));
    return {};
  }));
  if (!first) return damaged(PictureFormat::webp, "an animation without a picture");
  return *first;
}

/// Where the pixels of a file, or of one picture of an animation, go.
struct Place {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

Status decode_at(Bytes bytes, const Place& at, Image& into, std::vector<std::uint8_t>& scratch) {
  WebPDecoderConfig config{};
  if (WebPInitDecoderConfig(&config) == 0) return fail(ErrorCode::internal, "WebP: another version of libwebp");
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &config.input);
  if (status != VP8_STATUS_OK) return failure(status);
  if (config.input.width != at.width || config.input.height != at.height)
    return damaged(PictureFormat::webp, "the pixels differ in size from the header");
  const auto width = static_cast<std::size_t>(at.width);
  const auto height = static_cast<std::size_t>(at.height);
  const bool transparent = config.input.has_alpha != 0;
  if (transparent) scratch.resize(width * height * 4);
  const std::ptrdiff_t stride = transparent ? std::ptrdiff_t{4} * at.width : into.stride();
  std::uint8_t* const corner = into.row(at.top) + std::ptrdiff_t{3} * at.left;
  config.output.colorspace = transparent ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = transparent ? scratch.data() : corner;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  // The last row ends where the picture does, not where a row of the canvas does.
  config.output.u.RGBA.size = static_cast<std::size_t>(stride) * (height - 1) + width * (transparent ? 4 : 3);
  const VP8StatusCode decoded = WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (decoded != VP8_STATUS_OK) return failure(decoded);
  if (transparent)
    for (int y = 0; y < at.height; ++y)
      blend_over_white(scratch.data() + stride * y, at.width, corner + into.stride() * y);
  return {};
}

}  // namespace

Result<StoredHeader> webp_header(Bytes bytes) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return failure(status);
  return checked_header(features.width, features.height, webp_orientation(bytes));
}

Status decode_webp(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return failure(status);
  if (features.has_animation == 0)
    return decode_at(bytes, {.width = header.width, .height = header.height}, into, scratch);
  VULTUS_TRY(const AnimatedPicture first, first_picture(bytes));
  if (first.width > header.width - first.left || first.height > header.height - first.top)
    return damaged(PictureFormat::webp, "its first picture lies outside the canvas");
  for (int y = 0; y < header.height; ++y) std::memset(into.row(y), 255, static_cast<std::size_t>(into.stride()));
  return decode_at(first.chunks, {.left = first.left, .top = first.top, .width = first.width, .height = first.height},
                   into, scratch);
}

}  // namespace vultus::media
