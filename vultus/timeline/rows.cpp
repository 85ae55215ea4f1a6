#include <vultus/timeline/rows.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <vultus/timeline/schema.hpp>

namespace vultus::timeline {
namespace {

float float_at(const Statement& row, int column) { return static_cast<float>(row.real(column)); }

}  // namespace

std::optional<Score> score_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Score(static_cast<float>(row.real(column)));
}

Status read_face(const Statement& row, FaceObservation& face) {
  face = {};
  face.box = {float_at(row, 3), float_at(row, 4), float_at(row, 5), float_at(row, 6)};
  const auto keypoints = points_from(row.blob(7));
  if (!keypoints || keypoints->size() != face.keypoints.size())
    return fail(ErrorCode::corrupt_data,
                "keypoints of " + std::to_string(row.blob(7).size()) + " bytes, 40 are wanted");
  std::ranges::copy(*keypoints, face.keypoints.begin());
  face.detection = Score(float_at(row, 8));
  face.face_flag = score_at(row, 9);
  if (!row.is_null(10)) {
    const auto scheme = scheme_named(row.text(10));
    auto points = points_from(row.blob(11));
    if (!scheme || !points) return fail(ErrorCode::corrupt_data, "landmarks that are none");
    if (points->size() != count_of(*scheme))
      return fail(ErrorCode::corrupt_data,
                  std::to_string(points->size()) + " landmarks, " + std::to_string(count_of(*scheme)) + " are wanted");
    face.landmarks = Landmarks{*scheme, *std::move(points)};
  }
  if (!row.is_null(12))
    face.pose = HeadPose{Radians(float_at(row, 12)), Radians(float_at(row, 13)), Radians(float_at(row, 14))};
  if (row.integer(15) != 0) {
    face.quality = Quality();
    if (!row.is_null(16)) face.quality->inter_eye_px = float_at(row, 16);
  }
  return {};
}

Status read_value(const Statement& row, ReadingValue& value) {
  constexpr int kValue = 4, kType = 6;
  value = {};
  if (row.is_null(kValue)) return {};
  if (row.is_text(kValue)) {
    value = row.text(kValue);
  } else if (row.text(kType) == "blob") {
    const std::size_t bytes = row.blob(kValue).size();
    auto values = bytes <= kMostValueBytes ? values_from(row.blob(kValue)) : std::nullopt;
    if (!values) return fail(ErrorCode::corrupt_data, "values of " + std::to_string(bytes) + " bytes");
    value = *std::move(values);
  } else {
    value = row.real(kValue);
  }
  return {};
}

}  // namespace vultus::timeline
