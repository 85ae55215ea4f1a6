// Joints of people in the layouts of other programs, and the tables between them. A joint that is missing is said to
// be missing; it never is the place (0, 0).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/body.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/result.hpp>

namespace vultus::body {

/// Which joints a list holds, in which order.
enum class Layout : std::uint8_t {
  mediapipe75,   ///< MediaPipe: 33 of the body, 21 of the left and 21 of the right hand
  coco17,        ///< COCO: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; left before right
  openpose67,    ///< OpenPose: BODY_25, then 21 of the left and 21 of the right hand
  wholebody133,  ///< COCO-WholeBody: COCO 17, 6 of the feet, 68 of the face, 21 of the left and 21 of the right hand
  signs54,       ///< System 19: nose, neck, right and left eye, ear, shoulder, elbow, wrist; left, then right hand
};

/// Joints of a layout: 75, 17, 67, 133 or 54.
[[nodiscard]] std::size_t joints_of(Layout layout);
/// "mediapipe", "coco", "openpose", "coco-wholebody", "signs".
[[nodiscard]] std::string_view name_of(Layout layout);
/// @error invalid_argument  no such layout; the message names those that there are
[[nodiscard]] Result<Layout> layout_named(std::string_view name);

struct Joint {
  Point2f place;         ///< pixels; (0, 0) where it is missing, but a joint may truly be there: ask `seen`
  float confidence = 0;  ///< as its source says it, 0 where it is missing
  bool seen = false;
  bool operator==(const Joint&) const = default;
};

/// One person. As many joints as the layout has.
struct Keypoints {
  Layout layout = Layout::mediapipe75;
  std::vector<Joint> joints;
  std::int64_t image = 0;  ///< the picture of its file that shows the person, as COCO numbers it; 0 where there is one
  std::string image_name;  ///< the file of that picture; empty where nothing tells it
  bool operator==(const Keypoints&) const = default;
};

/// What was seen of a person. Joints of the body below `visible` are missing; those of a hand are as sure as the hand.
[[nodiscard]] Keypoints keypoints_of(const WholeBody& person, float visible = 0.5F);

/// The same person in another layout: joints of one meaning are copied bit for bit. Joints that the other layout lacks
/// are lost, those that this one lacks are missing. Two are made where they are missing and both sides are seen, their
/// confidence the smaller one: the neck (middle of the shoulders) and the middle of the hips.
[[nodiscard]] Keypoints projected(const Keypoints& person, Layout to);

}  // namespace vultus::body
