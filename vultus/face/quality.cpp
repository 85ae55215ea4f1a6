#include <vultus/face/quality.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <vultus/face/align.hpp>
#include <vultus/face/head_pose.hpp>
#include <vultus/face/quality_pixels.hpp>

namespace vultus::face {
namespace {

using Measure = QualityMeasure;

// Limits: "best" is what nearly all pictures of the people that were chosen on reach as they are, "worst" what the
// strongest damage planted in them comes to (docs/quality.md, "Where scores begin and end").
constexpr std::array<QualityMeasureInfo, kQualityMeasures> kMeasures{{
    {Measure::inter_eye_distance, "inter_eye_distance", "px", 4, 24},
    {Measure::sharpness, "sharpness", "", 1.03F, 1.24F},
    {Measure::laplacian, "laplacian", "", 0.002F, 0.03F},
    {Measure::under_exposure_prevention, "under_exposure_prevention", "", 0.5F, 0.1F},
    {Measure::over_exposure_prevention, "over_exposure_prevention", "", 0.9F, 0.1F},
    {Measure::dynamic_range, "dynamic_range", "levels", 15, 70},
    {Measure::illumination_uniformity, "illumination_uniformity", "", 0.5F, 0.15F, true},
    {Measure::head_pose_yaw, "head_pose_yaw", "degrees", 60, 15, true},
    {Measure::head_pose_pitch, "head_pose_pitch", "degrees", 50, 15, true},
    {Measure::head_pose_roll, "head_pose_roll", "degrees", 90, 15, true},
    {Measure::eyes_visible, "eyes_visible", "", 0, 0.5F},
    {Measure::mouth_occlusion_prevention, "mouth_occlusion_prevention", "", 0, 0.5F},
    {Measure::face_occlusion_prevention, "face_occlusion_prevention", "", 0, 0.5F},
    {Measure::eyes_open, "eyes_open", "", 0.05F, 0.16F},
    {Measure::mouth_closed, "mouth_closed", "", 1, 0.4F},
    {Measure::compression_artifacts, "compression_artifacts", "levels", 10, 2.5F},
}};

// The logistic regression behind the unified score: for each measure what a score of 0 costs, in log-odds of a match.
// Made by bench/quality/fit_unified.py; measures that are not named have no part.
struct Weight {
  Measure measure;
  float cost;
};
constexpr float kNothingToComplainOf = 3.625F;
constexpr std::array kWeights{
    Weight{Measure::inter_eye_distance, 3.54F},
    Weight{Measure::sharpness, 3.073F},
    Weight{Measure::under_exposure_prevention, 0.117F},
    Weight{Measure::over_exposure_prevention, 2.782F},
    Weight{Measure::dynamic_range, 0.119F},
    Weight{Measure::illumination_uniformity, 0.281F},
    Weight{Measure::head_pose_yaw, 0.938F},
    Weight{Measure::head_pose_pitch, 1.617F},
    Weight{Measure::head_pose_roll, 2.01F},
    Weight{Measure::eyes_visible, 2.618F},
    Weight{Measure::mouth_occlusion_prevention, 2.837F},
    Weight{Measure::eyes_open, 1.999F},
    Weight{Measure::compression_artifacts, 1.2F},
};
// The detector's doubt counts too: a detection of 0.5, the least that is kept, costs this much.
constexpr float kDetectionCost = 3.562F;
constexpr float kWorstDetection = 0.5F;

constexpr float kDegrees = 180 / std::numbers::pi_v<float>;
constexpr int kSmallestCrop = 24;
// A region is seen rather than covered.
constexpr float kSeen = 0.5F;

void put(QualityReport& report, Measure measure, float value) {
  if (std::isfinite(value)) report.measures.at(static_cast<std::size_t>(measure)) = scored(measure, value);
}

float distance(const Point2f& a, const Point2f& b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Height over width of the eye whose outer or inner corner is point `first`.
float eye_aspect(const std::vector<Point2f>& p, std::size_t first) {
  const float width = distance(p[first], p[first + 3]);
  return (distance(p[first + 1], p[first + 5]) + distance(p[first + 2], p[first + 4])) / (2 * width);
}

/// Gap of the inner lips over the width of the mouth.
float mouth_gap(const std::vector<Point2f>& p) {
  const float gap = (distance(p[61], p[67]) + distance(p[62], p[66]) + distance(p[63], p[65])) / 3;
  return gap / distance(p[60], p[64]);
}

void measure_landmarks(QualityReport& report, const Landmarks& landmarks) {
  const auto pose = head_pose(landmarks);
  if (!pose) return;
  report.pose = *pose;
  put(report, Measure::head_pose_yaw, pose->yaw.value() * kDegrees);
  put(report, Measure::head_pose_pitch, pose->pitch.value() * kDegrees);
  put(report, Measure::head_pose_roll, pose->roll.value() * kDegrees);
  // Points on what is covered are guesses of the network.
  const auto seen = [&](Measure region) { return report.at(region) && report.at(region)->value >= kSeen; };
  constexpr std::size_t kRightEye = 36, kLeftEye = 42;
  if (seen(Measure::eyes_visible))
    put(report, Measure::eyes_open,
        (eye_aspect(landmarks.points, kRightEye) + eye_aspect(landmarks.points, kLeftEye)) / 2);
  if (seen(Measure::mouth_occlusion_prevention)) put(report, Measure::mouth_closed, mouth_gap(landmarks.points));
}

Status measure_crop(QualityReport& report, ImageView picture, const Keypoints& keypoints) {
  VULTUS_TRY(const Similarity to_crop, alignment(keypoints));
  VULTUS_TRY(const Image crop, align(picture, keypoints));
  // A face of few pixels is judged in a crop of as few: enlarged, every small face would look blurred.
  Image own;
  if (to_crop.scale() > 1) {
    const int side = std::max(kSmallestCrop, static_cast<int>(std::lround(kTemplateSide / to_crop.scale())));
    VULTUS_TRY(own, align(picture, keypoints, side));
  }
  const quality::Edges edges = quality::edges(own.empty() ? crop.view() : own.view());
  put(report, Measure::sharpness, edges.energy_ratio);
  put(report, Measure::laplacian, edges.laplacian);
  const quality::Light light = quality::light(crop.view());
  put(report, Measure::under_exposure_prevention, light.dark);
  put(report, Measure::over_exposure_prevention, light.bright);
  put(report, Measure::dynamic_range, light.range);
  put(report, Measure::illumination_uniformity, light.imbalance);
  const quality::Visibility seen = quality::visibility(crop.view());
  put(report, Measure::eyes_visible, seen.eyes);
  put(report, Measure::mouth_occlusion_prevention, seen.mouth);
  put(report, Measure::face_occlusion_prevention, std::min(seen.eyes, seen.mouth));
  return {};
}

}  // namespace

const std::array<QualityMeasureInfo, kQualityMeasures>& quality_measures() { return kMeasures; }

QualityValue scored(QualityMeasure measure, float value) {
  const QualityMeasureInfo& info = kMeasures.at(static_cast<std::size_t>(measure));
  const float counted = info.magnitude ? std::abs(value) : value;
  const float share = (counted - info.worst) / (info.best - info.worst);
  return {.value = value, .score = 100 * std::clamp(share, 0.0F, 1.0F)};
}

float unified_score(const QualityReport& report, Score detection) {
  float z = kNothingToComplainOf;
  for (const Weight& weight : kWeights)
    if (const auto& value = report.at(weight.measure)) z -= weight.cost * (1 - value->score / 100);
  z -= kDetectionCost * std::clamp((1 - detection.value()) / (1 - kWorstDetection), 0.0F, 1.0F);
  return 100 / (1 + std::exp(-z));
}

Result<QualityReport> assess(ImageView picture, const FaceObservation& face, const AssessOptions& options) {
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "quality: a picture in colour is needed");
  QualityReport report;
  const Point2f right = face.keypoints[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f left = face.keypoints[static_cast<std::size_t>(Keypoint::left_eye)];
  put(report, Measure::inter_eye_distance, distance(left, right) * options.reduction);
  VULTUS_CHECK(measure_crop(report, picture, face.keypoints));
  if (face.landmarks && face.landmarks->scheme == LandmarkScheme::ibug68 &&
      face.landmarks->points.size() == count_of(LandmarkScheme::ibug68))
    measure_landmarks(report, *face.landmarks);
  if (options.reduction <= 1) put(report, Measure::compression_artifacts, quality::blocking(picture, face.box));
  report.unified = unified_score(report, face.detection);
  return report;
}

}  // namespace vultus::face
