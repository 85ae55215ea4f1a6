// Rows of a Timeline file as values. Private to this room.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/sqlite/database.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus::timeline {

using sqlite::Statement;

/// Of one row of values: a reader trusts no file with more than its writer takes.
inline constexpr std::size_t kMostValueBytes = TimelineWriter::kMaxValues * sizeof(float);

/// n, track, ticks and what read_face reads.
inline constexpr std::string_view kSelectObservations =
    "SELECT n, track, ticks, box_x, box_y, box_width, box_height, keypoints, detection, face_flag, "
    "landmark_scheme, landmarks, yaw, pitch, roll, quality_measured, inter_eye_px FROM observations";

[[nodiscard]] std::optional<Score> score_at(const Statement& row, int column);
/// The face of a row of kSelectObservations.
/// @error corrupt_data  the message says what is damaged
Status read_face(const Statement& row, FaceObservation& face);
/// Of a row whose column 4 is the value, and column 6 typeof(value).
/// @error corrupt_data  a row of values whose bytes do not fit, or that is too long
Status read_value(const Statement& row, ReadingValue& value);

}  // namespace vultus::timeline
