#include <vultus/body/keypoint_files.hpp>

#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/body/mediapipe_file.hpp>

namespace vultus::body {
namespace {

using FileJson = nlohmann::ordered_json;
struct Part {
  const char* key;
  std::size_t first, count;
};
constexpr std::array<Part, 3> kOpenPoseParts{
    {{"pose_keypoints_2d", 0, 25}, {"hand_left_keypoints_2d", 25, 21}, {"hand_right_keypoints_2d", 46, 21}}};
constexpr std::array<Part, 5> kWholeParts{{{"keypoints", 0, 17},
                                           {"foot_kpts", 17, 6},
                                           {"face_kpts", 23, 68},
                                           {"lefthand_kpts", 91, 21},
                                           {"righthand_kpts", 112, 21}}};

Status read_part(const FileJson& person, const Part& part, std::vector<Joint>& joints) {
  const auto at = person.find(part.key);
  // OpenPose writes an empty list for what it did not look for.
  if (at == person.end() || (at->is_array() && at->empty())) return {};
  if (!at->is_array() || at->size() != 3 * part.count)
    return fail(ErrorCode::corrupt_data,
                std::string(part.key) + " is no list of " + std::to_string(3 * part.count) + " numbers");
  for (std::size_t i = 0; i < part.count; ++i) {
    std::array<float, 3> v{};
    for (std::size_t k = 0; k < v.size(); ++k) {
      const FileJson& number = (*at)[3 * i + k];
      if (!number.is_number()) return fail(ErrorCode::corrupt_data, std::string(part.key) + " holds no number");
      v.at(k) = number.get<float>();
      if (!std::isfinite(v.at(k))) return fail(ErrorCode::corrupt_data, std::string(part.key) + " is not finite");
    }
    if (v[2] > 0) joints[part.first + i] = {{v[0], v[1]}, v[2], true};
  }
  return {};
}

Result<Keypoints> read_person(const FileJson& person, bool openpose) {
  if (!person.is_object()) return fail(ErrorCode::corrupt_data, "a person is no object");
  Keypoints made;
  bool whole = false;
  for (const Part& part : kWholeParts) whole = whole || (part.first > 0 && person.contains(part.key));
  made.layout = openpose ? Layout::openpose67 : whole ? Layout::wholebody133 : Layout::coco17;
  made.joints.resize(joints_of(made.layout));
  if (openpose)
    for (const Part& part : kOpenPoseParts) VULTUS_CHECK(read_part(person, part, made.joints));
  else
    for (const Part& part : kWholeParts)
      if (whole || part.first == 0) VULTUS_CHECK(read_part(person, part, made.joints));
  return made;
}

template <std::size_t N>
FileJson person_json(const Keypoints& person, const std::array<Part, N>& parts) {
  FileJson object = FileJson::object();
  for (const Part& part : parts) {
    if (part.first >= person.joints.size()) break;  // COCO has the first part alone
    FileJson& list = object[part.key] = FileJson::array();
    for (std::size_t i = part.first; i < part.first + part.count; ++i) {
      const Joint& joint = person.joints[i];
      if (joint.seen)
        list.insert(list.end(), {joint.place.x, joint.place.y, joint.confidence});
      else
        list.insert(list.end(), {0, 0, 0});
    }
  }
  return object;
}

}  // namespace

Result<std::vector<Keypoints>> read_keypoints(std::string_view json, PictureSize size) {
  if (json.size() > kMaxKeypointFile) return fail(ErrorCode::resource_limit, "a file of joints above 64 MiB");
  const FileJson file = FileJson::parse(json, nullptr, false);
  if (file.is_discarded()) return fail(ErrorCode::corrupt_data, "a file of joints that is no JSON");
  if (is_mediapipe(file)) return read_mediapipe(file, size);
  const bool openpose = file.is_object() && file.contains("people");
  const FileJson* list = file.is_array() ? &file : nullptr;
  if (file.is_object())
    if (const auto at = file.find(openpose ? "people" : "annotations"); at != file.end()) list = &*at;
  if (list == nullptr || !list->is_array())
    return fail(ErrorCode::corrupt_data,
                "no \"people\" (OpenPose), no \"annotations\" (COCO-WholeBody), no \"pose_landmarks\" (MediaPipe)");
  if (list->size() > kMaxPeopleInFile) return fail(ErrorCode::resource_limit, "too many people in a file of joints");
  std::vector<Keypoints> people;
  for (const FileJson& person : *list) {
    auto one = read_person(person, openpose);
    if (!one) return fail(one.error().code, "person " + std::to_string(people.size() + 1) + ": " + one.error().message);
    people.push_back(std::move(*one));
  }
  return people;
}

Result<std::string> write_keypoints(const std::vector<Keypoints>& people, PictureSize size) {
  const Layout layout = people.empty() ? Layout::openpose67 : people.front().layout;
  if (layout == Layout::signs54)
    return fail(ErrorCode::invalid_argument, "joints are written as mediapipe, openpose, coco or coco-wholebody");
  for (const Keypoints& person : people)
    if (person.layout != layout || person.joints.size() != joints_of(layout))
      return fail(ErrorCode::invalid_argument, "people of different layouts in one file of joints");
  if (layout == Layout::mediapipe75) {
    if (size.width <= 0 || size.height <= 0)
      return fail(ErrorCode::invalid_argument, "joints of MediaPipe are shares of the picture: its size is needed");
    return mediapipe_json(people, size).dump() + "\n";
  }
  FileJson list = FileJson::array();
  for (const Keypoints& person : people) {
    list.push_back(layout == Layout::openpose67 ? person_json(person, kOpenPoseParts)
                                                : person_json(person, kWholeParts));
  }
  FileJson file = FileJson::object();
  if (layout == Layout::openpose67) file["version"] = 1.3;
  file[layout == Layout::openpose67 ? "people" : "annotations"] = std::move(list);
  return file.dump() + "\n";
}

}  // namespace vultus::body
