#include <vultus/engine/face_picture.hpp>

#include <vultus/media/encode.hpp>
#include <vultus/media/thumbnail.hpp>

namespace vultus::engine {
namespace {

constexpr int kSide = 112;
constexpr float kMargin = 0.25F;
constexpr int kQuality = 85;

}  // namespace

Result<std::vector<std::uint8_t>> face_picture(ImageView picture, const RectF& box) {
  VULTUS_TRY(const Image small, media::face_thumbnail(picture, box, kMargin, kSide));
  return media::encode_jpeg(small.view(), {.quality = kQuality});
}

}  // namespace vultus::engine
