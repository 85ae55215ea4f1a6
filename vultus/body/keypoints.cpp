#include <vultus/body/keypoints.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace vultus::body {
namespace {

// Every joint that any layout has: COCO-WholeBody's 133, then what it lacks.
enum Extra : int {
  neck = 133,
  mid_hip,
  l_eye_in,
  l_eye_out,
  r_eye_in,
  r_eye_out,
  mouth_l,
  mouth_r,
  l_pinky,
  r_pinky,
  l_index,
  r_index,
  l_thumb,
  r_thumb,
  all_joints
};
constexpr int kHandLeft = 91, kHandRight = 112, kHandSize = 21;
// MediaPipe has one point at the tip of each foot: that is the big toe.
constexpr std::array<int, 33> kMediaPipe{0,       l_eye_in, 1,       l_eye_out, r_eye_in, 2,  r_eye_out, 3,  4,
                                         mouth_l, mouth_r,  5,       6,         7,        8,  9,         10, l_pinky,
                                         r_pinky, l_index,  r_index, l_thumb,   r_thumb,  11, 12,        13, 14,
                                         15,      16,       19,      22,        17,       20};
constexpr std::array<int, 25> kOpenPose{0,  neck, 6, 8, 10, 5, 7,  9,  mid_hip, 12, 14, 16, 11,
                                        13, 15,   2, 1, 4,  3, 17, 18, 19,      20, 21, 22};
constexpr std::array<int, 12> kSigns{0, neck, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9};

/// Layout -> joints of the table above.
std::vector<int> table_of(Layout layout) {
  std::vector<int> table;
  const auto run = [&](int from, int count) {
    for (int i = 0; i < count; ++i) table.push_back(from + i);
  };
  switch (layout) {
    case Layout::mediapipe75: table.assign(kMediaPipe.begin(), kMediaPipe.end()); break;
    case Layout::openpose67: table.assign(kOpenPose.begin(), kOpenPose.end()); break;
    case Layout::signs54: table.assign(kSigns.begin(), kSigns.end()); break;
    case Layout::coco17: run(0, 17); return table;
    case Layout::wholebody133: run(0, 133); return table;
  }
  run(kHandLeft, kHandSize);
  run(kHandRight, kHandSize);
  return table;
}

void fill_middle(std::vector<Joint>& all, std::size_t at, const Joint& a, const Joint& b) {
  if (all[at].seen || !a.seen || !b.seen) return;
  all[at] = {{(a.place.x + b.place.x) / 2, (a.place.y + b.place.y) / 2}, std::min(a.confidence, b.confidence), true};
}

constexpr std::array kLayouts{Layout::mediapipe75, Layout::coco17, Layout::openpose67, Layout::wholebody133,
                              Layout::signs54};

}  // namespace

std::size_t joints_of(Layout layout) { return table_of(layout).size(); }

std::string_view name_of(Layout layout) {
  switch (layout) {
    case Layout::mediapipe75: return "mediapipe";
    case Layout::coco17: return "coco";
    case Layout::openpose67: return "openpose";
    case Layout::wholebody133: return "coco-wholebody";
    case Layout::signs54: break;
  }
  return "signs";
}

Result<Layout> layout_named(std::string_view name) {
  std::string known;
  for (const Layout layout : kLayouts) {
    if (name_of(layout) == name) return layout;
    known += (known.empty() ? "" : ", ") + std::string(name_of(layout));
  }
  return fail(ErrorCode::invalid_argument, "no layout of joints is called \"" + std::string(name) + "\": " + known);
}

Keypoints keypoints_of(const WholeBody& person, float visible) {
  Keypoints all{Layout::mediapipe75, std::vector<Joint>(joints_of(Layout::mediapipe75)), 0, {}};
  if (person.body)
    for (std::size_t i = 0; i < kBodyPoints; ++i)
      if (const BodyPoint& p = person.body->points.at(i); p.visibility.value() >= visible)
        all.joints[i] = {p.place, p.visibility.value(), true};
  const auto hand = [&](const std::optional<HandObservation>& from, std::size_t at) {
    if (from)
      for (std::size_t i = 0; i < kHandPoints; ++i)
        all.joints[at + i] = {from->points.at(i), from->presence.value(), true};
  };
  hand(person.left_hand, kBodyPoints);
  hand(person.right_hand, kBodyPoints + kHandPoints);
  return all;
}

Keypoints projected(const Keypoints& person, Layout to) {
  std::vector<Joint> all(all_joints);
  const std::vector<int> from_table = table_of(person.layout), to_table = table_of(to);
  for (std::size_t i = 0; i < std::min(from_table.size(), person.joints.size()); ++i)
    all[static_cast<std::size_t>(from_table[i])] = person.joints[i];
  fill_middle(all, neck, all[5], all[6]);
  fill_middle(all, mid_hip, all[11], all[12]);
  Keypoints made{to, {}, person.image, person.image_name};
  for (const int joint : to_table) made.joints.push_back(all[static_cast<std::size_t>(joint)]);
  return made;
}

}  // namespace vultus::body
