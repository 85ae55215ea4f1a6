#include <vultus/face/align.hpp>

#include <vultus/media/transform.hpp>

namespace vultus::face {

Result<Similarity> alignment(const Keypoints& keypoints, int side) {
  Keypoints target = kTemplate;
  const float scale = static_cast<float>(side) / kTemplateSide;
  for (Point2f& p : target) p = {p.x * scale, p.y * scale};
  const auto fit = fit_similarity(keypoints, target);
  if (!fit || !(fit->scale() > 0))
    return fail(ErrorCode::invalid_argument, "alignment: the keypoints of the face are one point");
  return *fit;
}

Result<Image> align(ImageView picture, const Keypoints& keypoints, int side) {
  VULTUS_TRY(const Similarity to_crop, alignment(keypoints, side));
  VULTUS_TRY(Image crop, Image::create(side, side, picture.format));
  VULTUS_CHECK(media::warp_into(picture, to_crop, crop.mutable_view()));
  return crop;
}

}  // namespace vultus::face
