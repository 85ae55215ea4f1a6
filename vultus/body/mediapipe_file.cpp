#include <vultus/body/mediapipe_file.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace vultus::body {
namespace {

using MpJson = nlohmann::ordered_json;

constexpr float kMpVisible = 0.5F;  // as keypoints_of() takes it

struct MpPart {
  const char* key;
  const char* camel;  // as the JSON of protocol buffers has it
  std::size_t first, count;
};
constexpr std::array<MpPart, 3> kMpParts{
    {{"pose_landmarks", "poseLandmarks", 0, kBodyPoints},
     {"left_hand_landmarks", "leftHandLandmarks", kBodyPoints, kHandPoints},
     {"right_hand_landmarks", "rightHandLandmarks", kBodyPoints + kHandPoints, kHandPoints}}};

const MpJson* part_in(const MpJson& file, const MpPart& part) {
  for (const char* key : {part.key, part.camel})
    if (const auto at = file.find(key); at != file.end() && !at->is_null()) return &*at;
  return nullptr;
}

/// The lists of points of a part, one a person: {"landmark": [points]}, [points], or a list of these.
std::vector<const MpJson*> lists_of(const MpJson& part) {
  const auto points = [](const MpJson& one) -> const MpJson* {
    if (!one.is_object()) return &one;
    const auto at = one.find("landmark");
    return at == one.end() ? nullptr : &*at;
  };
  // A list whose elements have an x is that of one person.
  const bool one_person =
      part.is_object() || (part.is_array() && !part.empty() && part[0].is_object() && part[0].contains("x"));
  if (one_person) return {points(part)};
  std::vector<const MpJson*> lists;
  for (const MpJson& one : part) lists.push_back(points(one));
  return lists;
}

/// Hands without a body: those of HandLandmarker and of the older Hands, each with a word for its side.
constexpr std::array<const char*, 4> kHandKeys{"hand_landmarks", "handLandmarks", "multi_hand_landmarks",
                                               "multiHandLandmarks"};
constexpr std::array<const char*, 6> kSideKeys{"handedness",      "handednesses",      "multi_handedness",
                                               "multiHandedness", "handednessResults", "handedness_results"};

template <std::size_t N>
const MpJson* first_of(const MpJson& object, const std::array<const char*, N>& keys) {
  for (const char* key : keys)
    if (const auto at = object.find(key); at != object.end() && !at->is_null()) return &*at;
  return nullptr;
}

/// "Left" or "Right" in [{"category_name": "Left"}], {"classification": [{"label": "Left"}]}, or what stands in a list.
/// @param deep  how many lists may still stand in each other
std::optional<bool> is_left_hand(const MpJson& side, int deep = 4) {
  if (deep == 0) return std::nullopt;
  if (side.is_array()) return side.empty() ? std::nullopt : is_left_hand(side[0], deep - 1);
  const auto said = [](const MpJson& word) -> std::optional<bool> {
    if (word == "Left" || word == "left") return true;
    if (word == "Right" || word == "right") return false;
    return std::nullopt;
  };
  if (!side.is_object()) return said(side);
  constexpr std::array<const char*, 6> kWords{"category_name", "categoryName", "label",
                                              "display_name",  "displayName",  "name"};
  for (const char* key : kWords)
    if (const auto at = side.find(key); at != side.end())
      if (const auto left = said(*at)) return left;
  constexpr std::array<const char*, 2> kLists{"classification", "categories"};
  const MpJson* const list = first_of(side, kLists);
  return list == nullptr || !list->is_array() ? std::nullopt : is_left_hand(*list, deep - 1);
}

/// Points of hands may say a visibility of 0 throughout: nobody measured it.
bool tells_no_visibility(const MpJson& list) {
  return std::ranges::all_of(list, [](const MpJson& point) {
    const auto at = point.is_object() ? point.find("visibility") : point.end();
    return !point.is_object() || at == point.end() || *at == 0;
  });
}

Status read_points(const MpJson& list, const MpPart& part, PictureSize size, std::vector<Joint>& joints) {
  if (!list.is_array() || list.size() != part.count)
    return fail(ErrorCode::corrupt_data,
                std::string(part.key) + " is no list of " + std::to_string(part.count) + " points");
  const bool unsaid = part.first > 0 && tells_no_visibility(list);
  for (std::size_t i = 0; i < part.count; ++i) {
    const auto number = [&](const char* key) -> std::optional<float> {
      const auto at = list[i].is_object() ? list[i].find(key) : list[i].end();
      if (!list[i].is_object() || at == list[i].end()) return std::nullopt;
      return at->is_number() ? at->get<float>() : std::nanf("");
    };
    const auto x = number("x"), y = number("y"), visibility = unsaid ? std::nullopt : number("visibility");
    if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y) || (visibility && !std::isfinite(*visibility)))
      return fail(ErrorCode::corrupt_data, std::string(part.key) + " " + std::to_string(i) + " has no place");
    // Points of hands have no visibility: they are there if the hand is.
    if (visibility.value_or(1) < (part.first == 0 ? kMpVisible : 1e-6F)) continue;
    joints[part.first + i] = {
        {*x * static_cast<float>(size.width), *y * static_cast<float>(size.height)}, visibility.value_or(1), true};
  }
  return {};
}

/// Lists of points and sides of hands become people: the first left hand and the first right one are of one person.
Status read_hands(const MpJson& file, PictureSize size, std::vector<Keypoints>& people) {
  const MpJson* const hands = first_of(file, kHandKeys);
  const MpJson* const sides = first_of(file, kSideKeys);
  if (hands == nullptr) return {};
  if (!hands->is_array() || (!hands->empty() && (sides == nullptr || !sides->is_array())))
    return fail(ErrorCode::corrupt_data, "hands without a list of their handedness");
  const auto lists = lists_of(*hands);
  if (lists.size() > kMaxPeopleInFile) return fail(ErrorCode::resource_limit, "too many hands in a file of joints");
  std::array<std::size_t, 2> next{};  // person of the next left and right hand
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const std::string which = "hand " + std::to_string(i + 1);
    const auto left = i < sides->size() ? is_left_hand((*sides)[i]) : std::nullopt;
    if (!left) return fail(ErrorCode::corrupt_data, which + ": neither left nor right");
    const std::size_t person = next.at(*left ? 0 : 1)++;
    if (people.size() <= person)
      people.push_back({Layout::mediapipe75, std::vector<Joint>(joints_of(Layout::mediapipe75)), 0, {}});
    if (lists[i] == nullptr || lists[i]->empty()) continue;
    VULTUS_CHECK(read_points(*lists[i], kMpParts.at(*left ? 1 : 2), size, people[person].joints).with_context(which));
  }
  return {};
}

}  // namespace

bool is_mediapipe(const nlohmann::ordered_json& file) {
  return file.is_object() &&
         (first_of(file, kHandKeys) != nullptr ||
          std::ranges::any_of(kMpParts, [&](const MpPart& part) { return part_in(file, part) != nullptr; }));
}

Result<std::vector<Keypoints>> read_mediapipe(const nlohmann::ordered_json& file, PictureSize size) {
  if (size.width <= 0 || size.height <= 0)
    return fail(ErrorCode::invalid_argument, "joints of MediaPipe are shares of the picture: its size is needed");
  std::vector<Keypoints> people;
  for (const MpPart& part : kMpParts) {
    const MpJson* const found = part_in(file, part);
    if (found == nullptr) continue;
    if (!found->is_array() && !found->is_object())
      return fail(ErrorCode::corrupt_data, std::string(part.key) + " is no list");
    const auto lists = lists_of(*found);
    if (lists.size() > kMaxPeopleInFile) return fail(ErrorCode::resource_limit, "too many people in a file of joints");
    for (std::size_t person = 0; person < lists.size(); ++person) {
      if (people.size() <= person)
        people.push_back({Layout::mediapipe75, std::vector<Joint>(joints_of(Layout::mediapipe75)), 0, {}});
      // MediaPipe writes nothing, or an empty list, for what it did not see.
      if (lists[person] == nullptr || lists[person]->empty()) continue;
      VULTUS_CHECK(read_points(*lists[person], part, size, people[person].joints)
                       .with_context("person " + std::to_string(person + 1)));
    }
  }
  if (people.empty()) VULTUS_CHECK(read_hands(file, size, people));
  return people;
}

nlohmann::ordered_json mediapipe_json(const std::vector<Keypoints>& people, PictureSize size) {
  MpJson file = MpJson::object();
  for (const MpPart& part : kMpParts) {
    MpJson& lists = file[part.key] = MpJson::array();
    for (const Keypoints& person : people) {
      MpJson& list = lists.emplace_back(MpJson::array());
      const std::span joints = std::span(person.joints).subspan(part.first, part.count);
      if (std::ranges::none_of(joints, &Joint::seen)) continue;
      for (const Joint& joint : joints)
        list.push_back({{"x", joint.place.x / static_cast<float>(size.width)},
                        {"y", joint.place.y / static_cast<float>(size.height)},
                        {"visibility", joint.seen ? joint.confidence : 0}});
    }
  }
  return file;
}

}  // namespace vultus::body
