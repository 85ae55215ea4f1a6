// Files of joints: those of OpenPose, COCO-WholeBody and MediaPipe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/body/keypoints.hpp>
#include <vultus/core/result.hpp>

namespace vultus::body {

inline constexpr std::size_t kMaxKeypointFile = std::size_t{64} << 20;  ///< bytes
inline constexpr std::size_t kMaxPeopleInFile = 100000;

/// Of the picture that joints were found in, pixels.
struct PictureSize {
  int width = 0;
  int height = 0;
};

/// The people of one JSON file.
/// - `{"people": [{"pose_keypoints_2d": [x, y, c, ...], "hand_left_keypoints_2d": ..., ...}]}`: OpenPose, BODY_25 or
/// the
///   18 joints of its COCO model. A joint of confidence 0 is missing.
/// - `{"annotations": [{"keypoints": [x, y, v, ...], "foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts"}]}`,
///   or the list alone, as results of detectors are: COCO, or COCO-WholeBody where it has more than `keypoints`, or 133
///   in them. Where the v of a list are integers 0, 1 and 2, or one is 2 and all are whole, they are COCO's flags: 2
///   (visible) is a confidence of 1, 1 (labelled, not visible) one of 0.5, 0 is missing. Else they are scores, at most
///   1. `image_id` and `images` say which picture a person is of.
/// - `{"pose_landmarks": [[{"x", "y", "visibility"}, ...], ...], "left_hand_landmarks", "right_hand_landmarks"}`:
///   MediaPipe, a list of points a person, shares of the picture; or the points of one person alone, or
///   `{"landmark": [...]}` as its protocol buffers are printed, with keys like `poseLandmarks` too. A joint of the body
///   whose visibility is below 0.5 is missing. `hand_landmarks` (or `multi_hand_landmarks`) with `handedness`: the
///   first left and the first right hand are taken for those of one person, and so on. Depths (z) and the points of
///   faces are not read.
/// @param size  of the picture; files of MediaPipe need it
/// @error invalid_argument  a file of MediaPipe without a size
/// @error corrupt_data    no JSON, none of these, a list of another length, a number that is not finite
/// @error resource_limit  above kMaxKeypointFile or kMaxPeopleInFile
/// @thread immutable, no state
[[nodiscard]] Result<std::vector<Keypoints>> read_keypoints(std::string_view json, PictureSize size = {});

/// One JSON file, read_keypoints() gives what was written (of MediaPipe: within rounding, and joints of the body that
/// are surer than 0.5). All layouts but signs. COCO's files have images, categories, boxes and areas of the joints, as
/// pycocotools asks for them. COCO has no confidences of joints but 0, 1 and 2: here v is the confidence, as the
/// results of detectors have it.
/// @param size  of the picture; files of MediaPipe need it
/// @error invalid_argument  another layout, people of different ones, MediaPipe without a size, or people of several
///                          pictures in a file of OpenPose or MediaPipe, which is of one
[[nodiscard]] Result<std::string> write_keypoints(const std::vector<Keypoints>& people, PictureSize size = {});

}  // namespace vultus::body
