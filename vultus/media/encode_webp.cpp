#include <vultus/media/encode_webp.hpp>

#include <string>

#include <webp/encode.h>

namespace vultus::media {
namespace {

/// The C side of WebP: what it holds is given back whatever happens.
struct WebpWriter {
  WebPPicture picture{};
  WebPMemoryWriter memory{};
  bool begun = false;

  WebpWriter() {
    WebPMemoryWriterInit(&memory);
    begun = WebPPictureInit(&picture) != 0;
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &memory;
  }
  ~WebpWriter() {
    if (begun) WebPPictureFree(&picture);
    WebPMemoryWriterClear(&memory);
  }
  WebpWriter(const WebpWriter&) = delete;
  WebpWriter& operator=(const WebpWriter&) = delete;
  WebpWriter(WebpWriter&&) = delete;
  WebpWriter& operator=(WebpWriter&&) = delete;
};

Status check_for_webp(ImageView image, const WebpEncoding& encoding) {
  if (image.empty()) return fail(ErrorCode::invalid_argument, "an image without pixels cannot be encoded");
  if (image.width > WEBP_MAX_DIMENSION || image.height > WEBP_MAX_DIMENSION)
    return fail(ErrorCode::invalid_argument, "image of " + std::to_string(image.width) + "x" +
                                                 std::to_string(image.height) + " pixels: the limit of WebP is " +
                                                 std::to_string(WEBP_MAX_DIMENSION) + " a side");
  if (encoding.quality < 0 || encoding.quality > 100)
    return fail(ErrorCode::invalid_argument,
                "WebpEncoding: quality = " + std::to_string(encoding.quality) + ", must be 0 to 100");
  return {};
}

/// Three equal channels: WebP knows colour alone.
std::vector<std::uint8_t> coloured(ImageView grey) {
  std::vector<std::uint8_t> pixels;
  pixels.reserve(static_cast<std::size_t>(grey.width) * static_cast<std::size_t>(grey.height) * 3);
  for (int y = 0; y < grey.height; ++y)
    for (int x = 0; x < grey.width; ++x) pixels.insert(pixels.end(), 3, grey.row(y)[x]);
  return pixels;
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_webp(ImageView image, const WebpEncoding& encoding) {
  VULTUS_CHECK(check_for_webp(image, encoding));
  return guarded("encode WebP", [&]() -> Result<std::vector<std::uint8_t>> {
    WebPConfig config{};
    WebpWriter writer;
    if (!writer.begun || WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(encoding.quality)) == 0)
      return fail(ErrorCode::internal, "WebP: another version of libwebp");
    writer.picture.width = image.width;
    writer.picture.height = image.height;
    std::vector<std::uint8_t> colour;
    const std::uint8_t* pixels = image.data;
    int stride = static_cast<int>(image.stride);
    if (image.format == PixelFormat::gray8) {
      colour = coloured(image);
      pixels = colour.data();
      stride = image.width * 3;
    }
    if (WebPPictureImportRGB(&writer.picture, pixels, stride) == 0 || WebPEncode(&config, &writer.picture) == 0)
      return fail(ErrorCode::resource_limit,
                  "encode WebP: libwebp error " + std::to_string(static_cast<int>(writer.picture.error_code)));
    return std::vector<std::uint8_t>(writer.memory.mem, writer.memory.mem + writer.memory.size);
  });
}

}  // namespace vultus::media
