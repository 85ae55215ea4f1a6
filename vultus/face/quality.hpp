// How usable a face is: a vector of measures, each in its own unit and as a score, and one score for all.
// Names follow ISO/IEC 29794-5 where the same thing is measured.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::face {

/// What is measured. The comment names the unit of the value.
enum class QualityMeasure : std::uint8_t {
  inter_eye_distance,          ///< pixels of the picture between the eye centres
  sharpness,                   ///< edge energy over that of a blurred copy, 1 = nothing fine is left
  laplacian,                   ///< variance of the Laplacian over the variance of the luma
  under_exposure_prevention,   ///< share of the face darker than 16 of 255
  over_exposure_prevention,    ///< share of the face brighter than 239 of 255
  dynamic_range,               ///< levels of luma between the 5th and the 95th percentile
  illumination_uniformity,     ///< (a - b) / (a + b) of the mean luma of the image-left and image-right half
  head_pose_yaw,               ///< degrees, > 0 to the subject's right
  head_pose_pitch,             ///< degrees, > 0 up
  head_pose_roll,              ///< degrees, > 0 clockwise in the picture
  eyes_visible,                ///< [0, 1], 0 = covered
  mouth_occlusion_prevention,  ///< [0, 1], 0 = mouth and chin covered
  face_occlusion_prevention,   ///< [0, 1], the lower of the two before
  eyes_open,                   ///< eye aspect ratio, mean of both eyes
  mouth_closed,                ///< gap between the inner lips over the width of the mouth
  compression_artifacts,       ///< levels of luma by which the 8-pixel grid of JPEG stands out
};
inline constexpr std::size_t kQualityMeasures = 16;

/// What a measure is called, what its value counts and where its score begins and ends.
struct QualityMeasureInfo {
  QualityMeasure id = QualityMeasure::inter_eye_distance;
  std::string_view name;  ///< in JSON and CSV
  std::string_view unit;  ///< empty = a ratio or share
  /// The score is 0 at `worst` and 100 at `best`, linear between; angles and illumination by their size without sign.
  float worst = 0;
  float best = 0;
  bool magnitude = false;  ///< the sign of the value does not matter to the score
};

/// All measures, in the order of the enum. The limits were chosen on people of LFW: docs/quality.md.
[[nodiscard]] const std::array<QualityMeasureInfo, kQualityMeasures>& quality_measures();

struct QualityValue {
  float value = 0;  ///< in the unit of its measure
  float score = 0;  ///< [0, 100], 100 = nothing to complain of
  bool operator==(const QualityValue&) const = default;
};

/// What was measured on one face.
struct QualityReport {
  float unified = 0;  ///< [0, 100]: how likely recognition succeeds as far as this face is concerned; see unified_score
  std::array<std::optional<QualityValue>, kQualityMeasures> measures;  ///< empty = could not be measured here
  std::optional<HeadPose> pose;

  [[nodiscard]] const std::optional<QualityValue>& at(QualityMeasure measure) const {
    return measures.at(static_cast<std::size_t>(measure));
  }  ///< value and score of a measure
  bool operator==(const QualityReport&) const = default;
};

/// The score of a value.
[[nodiscard]] QualityValue scored(QualityMeasure measure, float value);

/// 100 / (1 + exp(-z)), z falling by a weight for each measure that falls short and for the detector's doubt. A measure
/// that is missing falls short of nothing. The weights were fitted on people of LFW who are not used to report:
/// docs/quality.md.
/// @param detection  of the detector
[[nodiscard]] float unified_score(const QualityReport& report, Score detection);

struct AssessOptions {
  /// Pixels of the original for each of `picture`, >= 1: a picture that was decoded smaller.
  float reduction = 1;
};

/// Measures a face. Pose, eyes_open and mouth_closed need the 68 landmarks, the latter two also that eyes and mouth are
/// seen; the JPEG grid needs the original pixels.
/// @param picture  rgb8, upright
/// @param face     in pixels of `picture`
/// @error invalid_argument  no picture, a grey one, or keypoints that decide nothing
/// @cost see docs/quality.md, "Cost"
/// @thread safe, no state
[[nodiscard]] Result<QualityReport> assess(ImageView picture, const FaceObservation& face,
                                           const AssessOptions& options = {});

}  // namespace vultus::face
