// Joints in arrays (numpy) and tables (CSV).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/body/keypoints.hpp>
#include <vultus/core/result.hpp>

namespace vultus::body {

/// Joints of an array in C order, as numpy files hold them: [..., joints, 2 or 3], or [..., 2 or 3 times the joints].
/// All axes before count people, one after the other. The number of joints says the layout: 75 or 33 (the body alone)
/// MediaPipe, 17 COCO, 67 or 25 (the body alone) OpenPose, 133 COCO-WholeBody, 54 signs; 79 are four points of the
/// face, which are left out, before MediaPipe's 75. Of three numbers a joint the last is its confidence, and 0 is
/// missing; of two, (0, 0) is missing and all others are seen with confidence 1. A joint with NaN is missing.
/// @error invalid_argument  a shape that is none of these, or another number of values
/// @error resource_limit    more than kMaxPeopleInFile
/// @thread immutable, no state
[[nodiscard]] Result<std::vector<Keypoints>> keypoints_of_array(std::span<const float> values,
                                                                std::span<const std::size_t> shape);

/// Joints of a CSV with a header:
/// - file, person, part (body, left_hand, right_hand), point, x, y, score: what `vultus body detect` writes. A joint of
///   the body whose score is below 0.5 is missing;
/// - or one person a row, two or three columns a joint that are named after it: x_0, y_0, c_0, or nose_x, nose_y,
///   nose_score (c, score, confidence or visibility). Joints are taken in the order of their x; their number says the
///   layout as in keypoints_of_array(). An empty cell, a confidence of 0 and, without confidences, (0, 0) are missing.
/// @error corrupt_data    a quote or number amiss: the message names the line; a header of neither kind
/// @error resource_limit  above kMaxKeypointFile or kMaxPeopleInFile
[[nodiscard]] Result<std::vector<Keypoints>> read_keypoint_csv(std::string_view csv);

}  // namespace vultus::body
