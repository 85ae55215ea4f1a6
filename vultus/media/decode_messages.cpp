#include <vultus/media/decode_messages.hpp>

#include <algorithm>
#include <string>

#include <vultus/core/utf8.hpp>
#include <vultus/media/isolated_process.hpp>

namespace vultus::media {
namespace {

std::size_t bytes_of(std::int32_t width, std::int32_t height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
         static_cast<std::size_t>(channels_of(PixelFormat::rgb8));
}

}  // namespace

void put_error(const Error& error, DecodeError& into) {
  into.code = static_cast<std::int32_t>(error.code);
  std::size_t size = std::min(error.message.size(), into.message.size() - 1);
  // Never half a character.
  while (size > 0 && size < error.message.size() && (static_cast<unsigned char>(error.message[size]) & 0xC0U) == 0x80U)
    --size;
  std::copy_n(error.message.begin(), size, into.message.begin());
}

bool take_text(std::span<const char> from, std::string& into) {
  const auto end = std::ranges::find(from, '\0');
  into.assign(from.begin(), end);
  return end != from.end() && is_utf8(into);
}

Error told_error(const DecodeError& told) {
  std::string message;
  if (told.code < 0 || told.code > static_cast<std::int32_t>(ErrorCode::internal) || !take_text(told.message, message))
    return no_sense("with an error that makes no sense");
  return {static_cast<ErrorCode>(told.code), message};
}

bool is_size(std::int32_t width, std::int32_t height, std::int64_t max_pixels) {
  return width >= 1 && height >= 1 && width <= Image::kMaxSide && height <= Image::kMaxSide &&
         std::int64_t{width} * height <= max_pixels;
}

Status take_pixels(int file, std::int32_t width, std::int32_t height, Image& into) {
  VULTUS_CHECK(into.reshape(width, height, PixelFormat::rgb8));
  if (read_from_start(file, {into.row(0), bytes_of(width, height)})) return {};
  return no_sense("with fewer pixels than it said");
}

Status put_pixels(int file, const Image& image) {
  const std::size_t size = bytes_of(image.width(), image.height());
  if (write_at_start(file, {image.row(0), size})) return {};
  return fail(ErrorCode::resource_limit, "no memory for " + std::to_string(size) + " bytes of pixels");
}

}  // namespace vultus::media
