#include <vultus/body/mediapipe_file.hpp>

#include <algorithm>
#include <array>
#include <cmath>
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

Status read_points(const MpJson& list, const MpPart& part, PictureSize size, std::vector<Joint>& joints) {
  if (!list.is_array() || list.size() != part.count)
    return fail(ErrorCode::corrupt_data,
                std::string(part.key) + " is no list of " + std::to_string(part.count) + " points");
  for (std::size_t i = 0; i < part.count; ++i) {
    const auto number = [&](const char* key) -> std::optional<float> {
      const auto at = list[i].is_object() ? list[i].find(key) : list[i].end();
      if (!list[i].is_object() || at == list[i].end()) return std::nullopt;
      return at->is_number() ? at->get<float>() : std::nanf("");
    };
    const auto x = number("x"), y = number("y"), visibility = number("visibility");
    if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y) || (visibility && !std::isfinite(*visibility)))
      return fail(ErrorCode::corrupt_data, std::string(part.key) + " " + std::to_string(i) + " has no place");
    // Points of hands have no visibility: they are there if the hand is.
    if (visibility.value_or(1) < (part.first == 0 ? kMpVisible : 1e-6F)) continue;
    joints[part.first + i] = {
        {*x * static_cast<float>(size.width), *y * static_cast<float>(size.height)}, visibility.value_or(1), true};
  }
  return {};
}

}  // namespace

bool is_mediapipe(const nlohmann::ordered_json& file) {
  return file.is_object() &&
         std::ranges::any_of(kMpParts, [&](const MpPart& part) { return part_in(file, part) != nullptr; });
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
        people.push_back({Layout::mediapipe75, std::vector<Joint>(joints_of(Layout::mediapipe75))});
      // MediaPipe writes nothing, or an empty list, for what it did not see.
      if (lists[person] == nullptr || lists[person]->empty()) continue;
      VULTUS_CHECK(read_points(*lists[person], part, size, people[person].joints)
                       .with_context("person " + std::to_string(person + 1)));
    }
  }
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
