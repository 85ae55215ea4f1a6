#include <vultus/body/keypoint_files.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/body/coco_file.hpp>
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
constexpr std::size_t kBody25 = 25, kBody18 = 18;

Status read_part(const FileJson& person, const Part& part, std::vector<Joint>& joints) {
  const auto at = person.find(part.key);
  // OpenPose writes an empty list for what it did not look for.
  if (at == person.end() || (at->is_array() && at->empty())) return {};
  // The older model has 18 joints in the same order, without the middle of the hips (8) and the feet.
  const bool older = part.count == kBody25 && at->is_array() && at->size() == 3 * kBody18;
  const std::size_t count = older ? kBody18 : part.count;
  VULTUS_TRY(const std::vector<float> v, triples_in(*at, part.key, count));
  constexpr std::size_t kMiddleOfHips = 8;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t joint = part.first + (older && i >= kMiddleOfHips ? i + 1 : i);
    if (v[3 * i + 2] > 0) joints[joint] = {{v[3 * i], v[3 * i + 1]}, v[3 * i + 2], true};
  }
  return {};
}

Result<Keypoints> read_person(const FileJson& person) {
  if (!person.is_object()) return fail(ErrorCode::corrupt_data, "a person is no object");
  Keypoints made{Layout::openpose67, std::vector<Joint>(joints_of(Layout::openpose67)), 0, {}};
  for (const Part& part : kOpenPoseParts) VULTUS_CHECK(read_part(person, part, made.joints));
  return made;
}

FileJson person_json(const Keypoints& person) {
  FileJson object = FileJson::object();
  for (const Part& part : kOpenPoseParts) {
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

/// Text that is no UTF-8 came from the name of a file.
std::string file_text(const FileJson& file) {
  return file.dump(-1, ' ', false, FileJson::error_handler_t::replace) + "\n";
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
  if (!openpose) {
    const auto images = file.is_object() ? file.find("images") : file.end();
    return read_coco(*list, file.is_object() && images != file.end() ? &*images : nullptr);
  }
  std::vector<Keypoints> people;
  for (const FileJson& person : *list) {
    auto one = read_person(person);
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
  if (layout == Layout::coco17 || layout == Layout::wholebody133) return file_text(coco_json(people, size));
  if (std::ranges::any_of(people, [&](const Keypoints& one) { return one.image != people.front().image; }))
    return fail(ErrorCode::invalid_argument,
                "people of several pictures: a file of " + std::string(name_of(layout)) + " is of one picture");
  if (layout == Layout::mediapipe75) {
    if (size.width <= 0 || size.height <= 0)
      return fail(ErrorCode::invalid_argument, "joints of MediaPipe are shares of the picture: its size is needed");
    return file_text(mediapipe_json(people, size));
  }
  FileJson list = FileJson::array();
  for (const Keypoints& person : people) list.push_back(person_json(person));
  return file_text({{"version", 1.3}, {"people", std::move(list)}});
}

}  // namespace vultus::body
