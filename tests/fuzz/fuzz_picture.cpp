// Picture headers and pixels.
#include <algorithm>
#include <span>

#include <vultus/media/picture.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::Result;
using vultus::fuzz::require;
using namespace vultus::media;  // NOLINT(google-build-using-namespace): the room under test

void check_picture(const Picture& picture, const DecodeLimits& limits) {
  require(!picture.image.empty(), "a decoded picture has pixels");
  require(picture.image.format() == vultus::PixelFormat::rgb8, "a decoded picture is RGB");
  require(std::int64_t{picture.full_width} * picture.full_height <= limits.max_pixels, "the limit holds");
  const auto smaller = [&](int side) { return (side + picture.reduction - 1) / picture.reduction; };
  require(picture.image.width() == smaller(picture.full_width), "the width follows from the reduction");
  require(picture.image.height() == smaller(picture.full_height), "the height follows from the reduction");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const DecodeLimits limits{.max_pixels = 1 << 18};
  const Result<PictureInfo> info = probe_picture(bytes);
  Decoder decoder;
  Picture picture;
  for (const int wanted_side : {0, 8}) {
    const vultus::Status status = decoder.decode(bytes, {.limits = limits, .wanted_side = wanted_side}, picture);
    if (!status) {
      require(!status.error().message.empty(), "an error says something");
      require(status.error().code != ErrorCode::internal, "bytes are never our fault");
      continue;
    }
    check_picture(picture, limits);
    require(info.has_value(), "what can be decoded can be probed");
    require(info->format == picture.format && info->width == picture.full_width && info->height == picture.full_height,
            "the probe tells what decoding gives");
  }
  return 0;
}
