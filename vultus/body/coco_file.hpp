// Annotations and results of COCO and COCO-WholeBody as JSON. Private to this room.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/body/keypoint_files.hpp>

namespace vultus::body {

/// The people of a list of annotations or results: see read_keypoints().
/// @param images  of the file, null where it has none
[[nodiscard]] Result<std::vector<Keypoints>> read_coco(const nlohmann::ordered_json& list,
                                                       const nlohmann::ordered_json* images);

/// People of layout coco17 or wholebody133: see write_keypoints().
[[nodiscard]] nlohmann::ordered_json coco_json(const std::vector<Keypoints>& people, PictureSize size);

/// The numbers x, y and a third one of a joint. @param joints  how many
/// @error corrupt_data  no list of that length, or no finite number in it
[[nodiscard]] Result<std::vector<float>> triples_in(const nlohmann::ordered_json& list, const char* key,
                                                    std::size_t joints);

}  // namespace vultus::body
