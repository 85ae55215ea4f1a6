#include <vultus/face/finder.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vultus::face {

bool keeps(const FlagRule& rule, const ScoredBox& detection, Score flag) {
  if (!detection.confirmed) return flag >= rule.unconfirmed_at_least;
  if (flag >= rule.at_least) return true;
  return detection.score >= rule.sure_detection &&
         std::min(detection.box.width, detection.box.height) >= rule.large_side;
}

Result<std::optional<FaceObservation>> FaceFinder::describe(ImageView picture, const ScoredBox& detection) {
  FaceObservation face;
  face.box = detection.box;
  face.detection = detection.score;
  auto landmarks = landmarks_.find(picture, detection.box);
  // A box that barely touches the picture has no pixels to look at.
  if (!landmarks && landmarks.error().code == ErrorCode::invalid_argument) return std::optional<FaceObservation>();
  if (!landmarks) return landmarks.error();
  face.keypoints = keypoints_of(*landmarks);
  face.landmarks = *std::move(landmarks);
  if (flag_) {
    VULTUS_TRY(const Score flag, flag_->judge(picture, detection.box, face.keypoints));
    if (!keeps(rule_, detection, flag)) return std::optional<FaceObservation>();
    face.face_flag = flag;
  }
  const Point2f right = face.keypoints[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f left = face.keypoints[static_cast<std::size_t>(Keypoint::left_eye)];
  face.quality = Quality{.inter_eye_px = std::hypot(left.x - right.x, left.y - right.y)};
  return std::optional(std::move(face));
}

Result<std::vector<FaceObservation>> FaceFinder::find(ImageView picture) {
  VULTUS_TRY(const auto detections, detect(picture));
  std::vector<FaceObservation> faces;
  for (const ScoredBox& detection : detections) {
    VULTUS_TRY(auto face, describe(picture, detection));
    if (face) faces.push_back(*std::move(face));
  }
  return faces;
}

float prominence(const RectF& box, int width, int height) {
  const Point2f centre = box.centre();
  const float dx = centre.x - static_cast<float>(width) / 2, dy = centre.y - static_cast<float>(height) / 2;
  return box.area() - 2 * (dx * dx + dy * dy);
}

}  // namespace vultus::face
