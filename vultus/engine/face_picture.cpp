#include <vultus/engine/face_picture.hpp>

#include <algorithm>

#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>

namespace vultus::engine {
namespace {

constexpr int kSide = 112;
constexpr float kMargin = 0.25F;
constexpr int kQuality = 85;

// Measured by bench/gallery/thumbnail_loss.cpp: docs/gallery-health.md, "What a stored picture costs".
constexpr int kDetailedSide = 192;
constexpr float kDetailedMargin = 0.25F;
constexpr int kDetailedQuality = 90;

}  // namespace

Result<std::vector<std::uint8_t>> face_picture(ImageView picture, const RectF& box) {
  VULTUS_TRY(const Image small, media::face_thumbnail(picture, box, kMargin, kSide));
  return media::encode_jpeg(small.view(), {.quality = kQuality});
}

Result<std::vector<std::uint8_t>> detailed_face_picture(ImageView picture, const RectF& box) {
  const float whole = std::max(box.width, box.height) * (1 + 2 * kDetailedMargin);
  const int there = std::min(picture.width, picture.height);
  // Enlarged pixels would cost bytes and tell nothing.
  const int side = std::clamp(whole < static_cast<float>(there) ? static_cast<int>(whole) : there, 1, kDetailedSide);
  VULTUS_TRY(const Image cut, media::face_thumbnail(picture, box, kDetailedMargin, side));
  return media::encode_jpeg(cut.view(), {.quality = kDetailedQuality});
}

std::vector<std::uint8_t> page_picture(std::span<const std::byte> jpeg) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(jpeg.size());
  for (const std::byte b : jpeg) bytes.push_back(std::to_integer<std::uint8_t>(b));
  const auto picture = media::decode_picture(bytes);
  if (!picture || std::max(picture->image.width(), picture->image.height()) <= kSide) return bytes;
  const auto small = media::resize_to_side(picture->image.view(), kSide);
  if (!small) return bytes;
  auto encoded = media::encode_jpeg(small->view(), {.quality = kQuality});
  return encoded ? *std::move(encoded) : bytes;
}

}  // namespace vultus::engine
