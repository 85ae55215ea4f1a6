#include <vultus/face/finder.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vultus::face {
namespace {

// A part lies in its face with more than this share of its area; neighbours in a crowd overlap less.
constexpr float kMostOfIt = 0.6F;
constexpr float kClearlyLarger = 1.5F;
constexpr Score kSureDetection{0.9F};
constexpr Score kSureFlag{0.5F};
// The mesh network's word alone, where the detector is in doubt: of a face that fills the picture it sees the whole,
// while a detector that was made for smaller ones gives as little as 0.68 (measured: docs/detection.md).
constexpr Score kSureFlagAlone{0.95F};
// From one frame to the next a face does not grow by more, nor leave the place where it is expected by more.
constexpr double kMostScaling = 1.4;
constexpr float kLeastAgreement = 0.5F;

// Searched piece by piece, hair and skin of a face that fills the picture are as large as the faces of others.
constexpr float kHuge = 10;        // times the area of the detail
constexpr float kTouching = 0.3F;  // share of the detail that lies in the larger face
constexpr float kTwiceAsLarge = 2;

float shared_area(const RectF& a, const RectF& b) {
  const float width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
  const float height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/// Does it touch a box of so many times its area?
bool touches(const RectF& small, const RectF& large, float times) {
  return large.area() >= times * small.area() && shared_area(small, large) > kTouching * small.area();
}

/// May it be a detail of a huge face? Then its score says little.
bool may_be_detail(const ScoredBox& detection, std::span<const ScoredBox> all) {
  return std::ranges::any_of(all, [&](const ScoredBox& other) { return touches(detection.box, other.box, kHuge); });
}

/// Does it hang on a larger face, and the look at the whole picture, which sees every face of its size, saw the larger
/// one alone? Cheek, eye and ear then, whatever the mesh network says: it takes an eye for a face.
bool is_overlooked_side(const ScoredBox& detection, std::span<const ScoredBox> all) {
  if (detection.known || detection.confirmed) return false;
  return std::ranges::any_of(all, [&](const ScoredBox& other) {
    return other.confirmed && other.score >= kSureDetection && touches(detection.box, other.box, kTwiceAsLarge);
  });
}

float inter_eye(const Keypoints& keypoints) {
  const Point2f right = keypoints[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f left = keypoints[static_cast<std::size_t>(Keypoint::left_eye)];
  return std::hypot(left.x - right.x, left.y - right.y);
}

}  // namespace

bool lies_in(const RectF& part, const RectF& whole) {
  if (whole.area() < kClearlyLarger * part.area()) return false;
  return shared_area(part, whole) > kMostOfIt * part.area();
}

bool is_part_of(const FaceObservation& part, const FaceObservation& whole) {
  const bool told = whole.face_flag && *whole.face_flag >= kSureFlagAlone;
  const bool doubted = whole.detection < kSureDetection || (whole.face_flag && *whole.face_flag < kSureFlag);
  if (doubted && !told) return false;
  return lies_in(part.box, whole.box);
}

bool is_sure(const FlagRule& rule, const ScoredBox& detection) {
  return detection.confirmed && detection.score >= rule.sure_detection &&
         std::min(detection.box.width, detection.box.height) >= rule.large_side;
}

bool keeps(const FlagRule& rule, const ScoredBox& detection, Score flag) {
  if (!detection.confirmed) return flag >= rule.unconfirmed_at_least;
  return flag >= rule.at_least || is_sure(rule, detection);
}

Result<std::optional<FaceObservation>> FaceFinder::describe_by_landmarks(ImageView picture, const ScoredBox& detection,
                                                                         SecondOpinion opinion) {
  FaceObservation face;
  auto landmarks = landmarks_->find(picture, detection.box);
  // A box that barely touches the picture has no pixels to look at.
  if (!landmarks && landmarks.error().code == ErrorCode::invalid_argument) return std::optional<FaceObservation>();
  if (!landmarks) return landmarks.error();
  face.keypoints = keypoints_of(*landmarks);
  face.landmarks = *std::move(landmarks);
  if (flag_ && opinion == SecondOpinion::yes) {
    VULTUS_TRY(face.face_flag, flag_->judge(picture, detection.box, face.keypoints));
  }
  return std::optional(std::move(face));
}

Result<std::optional<FaceObservation>> FaceFinder::describe_by_mesh(ImageView picture, const ScoredBox& detection) {
  FaceObservation face;
  auto mesh = mesh_->find(picture, detection);
  if (!mesh && mesh.error().code == ErrorCode::invalid_argument) return std::optional<FaceObservation>();
  if (!mesh) return mesh.error();
  face.keypoints = keypoints_of(mesh->landmarks);
  face.landmarks = std::move(mesh->landmarks);
  face.face_flag = mesh->flag;
  return std::optional(std::move(face));
}

Result<std::optional<FaceObservation>> FaceFinder::describe_one(ImageView picture, const ScoredBox& detection,
                                                                SecondOpinion opinion) {
  VULTUS_TRY(auto face,
             mesh_ ? describe_by_mesh(picture, detection) : describe_by_landmarks(picture, detection, opinion));
  if (!face || (face->face_flag && !keeps(rule_, detection, *face->face_flag))) return std::optional<FaceObservation>();
  face->box = detection.box;
  face->detection = detection.score;
  face->quality = Quality{.inter_eye_px = inter_eye(face->keypoints)};
  return face;
}

FaceFinder::SecondOpinion FaceFinder::wanted_for(const ScoredBox& detection, std::span<const ScoredBox> all) const {
  if (detection.known) return SecondOpinion::no;
  if (!is_sure(rule_, detection)) return SecondOpinion::yes;
  // A sure face is doubted only where another one would vanish as a part of it.
  const bool has_part =
      std::ranges::any_of(all, [&](const ScoredBox& other) { return lies_in(other.box, detection.box); });
  return has_part ? SecondOpinion::yes : SecondOpinion::no;
}

Result<std::vector<FaceObservation>> FaceFinder::describe(ImageView picture, std::span<const ScoredBox> detections) {
  std::vector<FaceObservation> seen;
  for (const ScoredBox& detection : detections) {
    if (is_overlooked_side(detection, detections)) continue;
    ScoredBox looked_at = detection;
    if (!detection.known && may_be_detail(detection, detections)) looked_at.confirmed = false;
    VULTUS_TRY(auto face, describe_one(picture, looked_at, wanted_for(looked_at, detections)));
    if (face) seen.push_back(*std::move(face));
  }
  std::vector<FaceObservation> faces;
  for (const FaceObservation& face : seen)
    if (std::ranges::none_of(seen, [&](const FaceObservation& other) { return is_part_of(face, other); }))
      faces.push_back(face);
  return faces;
}

Result<std::optional<FaceObservation>> FaceFinder::follow(ImageView picture, const FaceObservation& last,
                                                          const RectF& expected) {
  const ScoredBox place{.box = expected, .score = last.detection, .known = true};
  VULTUS_TRY(auto found,
             mesh_ ? describe_by_mesh(picture, place) : describe_by_landmarks(picture, place, SecondOpinion::no));
  if (!found) return std::optional<FaceObservation>();
  FaceObservation face = last;
  face.keypoints = found->keypoints;
  face.landmarks = std::move(found->landmarks);
  const auto moved = fit_similarity(last.keypoints, face.keypoints);
  if (!moved || moved->scale() < 1 / kMostScaling || moved->scale() > kMostScaling)
    return std::optional<FaceObservation>();
  const auto scale = static_cast<float>(moved->scale());
  const Point2f centre = moved->apply(last.box.centre());
  face.box = {centre.x - last.box.width * scale / 2, centre.y - last.box.height * scale / 2, last.box.width * scale,
              last.box.height * scale};
  if (intersection_over_union(face.box, expected) < kLeastAgreement) return std::optional<FaceObservation>();
  face.quality = Quality{.inter_eye_px = inter_eye(face.keypoints)};
  return std::optional(std::move(face));
}

Result<std::vector<FaceObservation>> FaceFinder::find(ImageView picture) {
  VULTUS_TRY(const auto detections, detect(picture));
  return describe(picture, detections);
}

float prominence(const RectF& box, int width, int height) {
  const Point2f centre = box.centre();
  const float dx = centre.x - static_cast<float>(width) / 2, dy = centre.y - static_cast<float>(height) / 2;
  return box.area() - 2 * (dx * dx + dy * dy);
}

}  // namespace vultus::face
