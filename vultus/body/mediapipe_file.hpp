// Results of MediaPipe as JSON. Private to this room.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/body/keypoint_files.hpp>

namespace vultus::body {

/// @return whether the object holds joints of MediaPipe
[[nodiscard]] bool is_mediapipe(const nlohmann::ordered_json& file);

/// The people of is_mediapipe(): see read_keypoints().
[[nodiscard]] Result<std::vector<Keypoints>> read_mediapipe(const nlohmann::ordered_json& file, PictureSize size);

/// People of layout mediapipe75: see write_keypoints(). @param size  above 0
[[nodiscard]] nlohmann::ordered_json mediapipe_json(const std::vector<Keypoints>& people, PictureSize size);

}  // namespace vultus::body
