#include <vultus/body/coco_file.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace vultus::body {
namespace {

using CocoJson = nlohmann::ordered_json;

constexpr int kPerson = 1;  // the category
constexpr std::size_t kCocoJoints = 17, kWholeJoints = 133;

struct CocoPart {
  const char* key;
  const char* name;  // of its box and of the flag that it is there
  std::size_t first, count;
};
constexpr std::array<CocoPart, 5> kCocoParts{{{"keypoints", "", 0, kCocoJoints},
                                              {"foot_kpts", "foot", 17, 6},
                                              {"face_kpts", "face", 23, 68},
                                              {"lefthand_kpts", "lefthand", 91, 21},
                                              {"righthand_kpts", "righthand", 112, 21}}};
constexpr std::array<const char*, kCocoJoints> kCocoNames{
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};
// The bones as the annotations of COCO list them, from 1.
constexpr std::array<std::array<int, 2>, 19> kBones{{{16, 14},
                                                     {14, 12},
                                                     {17, 15},
                                                     {15, 13},
                                                     {12, 13},
                                                     {6, 12},
                                                     {7, 13},
                                                     {6, 7},
                                                     {6, 8},
                                                     {7, 9},
                                                     {8, 10},
                                                     {9, 11},
                                                     {2, 3},
                                                     {1, 2},
                                                     {1, 3},
                                                     {2, 4},
                                                     {3, 5},
                                                     {4, 6},
                                                     {5, 7}}};

/// Whether the third numbers of joints are the flags of annotations (0 not labelled, 1 labelled but hidden, 2 visible)
/// and no scores: scores are written with a point, and a list of scores has hardly a 2 in it.
bool are_flags(const CocoJson& list, const std::vector<float>& numbers) {
  bool integers = true, two = false;
  for (std::size_t i = 2; i < numbers.size(); i += 3) {
    const float v = numbers[i];
    if (v != 0 && v != 1 && v != 2) return false;
    two = two || v == 2;
    integers = integers && list[i].is_number_integer();
  }
  return integers || two;
}

Status read_joints(const CocoJson& list, const char* key, std::size_t count, std::span<Joint> joints) {
  VULTUS_TRY(const std::vector<float> numbers, triples_in(list, key, count));
  constexpr float kHidden = 0.5F;
  const bool flags = are_flags(list, numbers);
  for (std::size_t i = 0; i < count; ++i) {
    const float v = numbers[3 * i + 2];
    if (!(v > 0)) continue;
    const float sure = flags ? (v == 2 ? 1 : kHidden) : std::min(v, 1.0F);
    joints[i] = {{numbers[3 * i], numbers[3 * i + 1]}, sure, true};
  }
  return {};
}

Result<Keypoints> read_annotation(const CocoJson& person) {
  if (!person.is_object()) return fail(ErrorCode::corrupt_data, "a person is no object");
  const auto part_of = [&](const CocoPart& part) -> const CocoJson* {
    const auto at = person.find(part.key);
    return at == person.end() || (at->is_array() && at->empty()) ? nullptr : &*at;
  };
  const CocoJson* const keypoints = part_of(kCocoParts[0]);
  // Results of detectors have all joints in one list.
  const bool in_one = keypoints != nullptr && keypoints->is_array() && keypoints->size() == 3 * kWholeJoints;
  const bool whole = in_one || std::any_of(kCocoParts.begin() + 1, kCocoParts.end(),
                                           [&](const CocoPart& part) { return person.contains(part.key); });
  Keypoints made{whole ? Layout::wholebody133 : Layout::coco17, {}, 0, {}};
  made.joints.resize(joints_of(made.layout));
  const std::span joints(made.joints);
  if (in_one) {
    VULTUS_CHECK(read_joints(*keypoints, "keypoints", kWholeJoints, joints));
  } else {
    for (const CocoPart& part : kCocoParts)
      if (const CocoJson* const list = part_of(part); list != nullptr)
        VULTUS_CHECK(read_joints(*list, part.key, part.count, joints.subspan(part.first, part.count)));
  }
  return made;
}

/// Names of pictures by their numbers.
std::map<std::int64_t, std::string> names_in(const CocoJson* images) {
  std::map<std::int64_t, std::string> names;
  if (images == nullptr || !images->is_array()) return names;
  for (const CocoJson& image : *images) {
    if (!image.is_object()) continue;
    const auto id = image.find("id"), name = image.find("file_name");
    if (id != image.end() && name != image.end() && id->is_number_integer() && name->is_string())
      names.emplace(id->get<std::int64_t>(), name->get<std::string>());
  }
  return names;
}

/// x, y, width and height around the joints that are seen, zeros where none is.
std::array<double, 4> box_around(std::span<const Joint> joints) {
  bool any = false;
  double left = 0, top = 0, right = 0, bottom = 0;
  for (const Joint& joint : joints) {
    if (!joint.seen) continue;
    const double x = joint.place.x, y = joint.place.y;
    left = any ? std::min(left, x) : x, right = any ? std::max(right, x) : x;
    top = any ? std::min(top, y) : y, bottom = any ? std::max(bottom, y) : y;
    any = true;
  }
  return {left, top, right - left, bottom - top};
}

CocoJson annotation_of(const Keypoints& person, std::size_t number) {
  const std::span joints(person.joints);
  const auto box = box_around(joints);
  CocoJson object{{"id", number},
                  {"image_id", person.image},
                  {"category_id", kPerson},
                  {"iscrowd", 0},
                  {"bbox", box},
                  {"area", box[2] * box[3]},
                  {"num_keypoints", std::ranges::count_if(joints.first(kCocoJoints), &Joint::seen)}};
  for (const CocoPart& part : kCocoParts) {
    if (part.first >= joints.size()) break;  // COCO has the first part alone
    const std::span<const Joint> of_part = joints.subspan(part.first, part.count);
    CocoJson list = CocoJson::array();
    for (const Joint& joint : of_part) {
      if (joint.seen)
        list.insert(list.end(), {joint.place.x, joint.place.y, joint.confidence});
      else
        list.insert(list.end(), {0, 0, 0});
    }
    object[part.key] = std::move(list);
    if (part.first == 0) continue;
    object[std::string(part.name) + "_valid"] = std::ranges::any_of(of_part, &Joint::seen);
    if (part.count != 6) object[std::string(part.name) + "_box"] = box_around(of_part);
  }
  return object;
}

}  // namespace

Result<std::vector<float>> triples_in(const nlohmann::ordered_json& list, const char* key, std::size_t joints) {
  if (!list.is_array() || list.size() != 3 * joints)
    return fail(ErrorCode::corrupt_data,
                std::string(key) + " is no list of " + std::to_string(3 * joints) + " numbers");
  std::vector<float> numbers;
  for (const CocoJson& number : list) {
    if (!number.is_number()) return fail(ErrorCode::corrupt_data, std::string(key) + " holds no number");
    numbers.push_back(number.get<float>());
    if (!std::isfinite(numbers.back())) return fail(ErrorCode::corrupt_data, std::string(key) + " is not finite");
  }
  return numbers;
}

Result<std::vector<Keypoints>> read_coco(const nlohmann::ordered_json& list, const nlohmann::ordered_json* images) {
  const std::map<std::int64_t, std::string> names = names_in(images);
  std::map<std::string, std::int64_t> numbers;  // of pictures that are told by names
  std::vector<Keypoints> people;
  for (const CocoJson& person : list) {
    auto one = read_annotation(person);
    if (!one) return fail(one.error().code, "person " + std::to_string(people.size() + 1) + ": " + one.error().message);
    if (const auto id = person.find("image_id"); id != person.end() && id->is_number_integer()) {
      one->image = id->get<std::int64_t>();
      if (const auto name = names.find(one->image); name != names.end()) one->image_name = name->second;
    } else if (id != person.end() && id->is_string()) {
      one->image_name = id->get<std::string>();
      one->image = numbers.emplace(one->image_name, static_cast<std::int64_t>(numbers.size()) + 1).first->second;
    }
    people.push_back(*std::move(one));
  }
  return people;
}

nlohmann::ordered_json coco_json(const std::vector<Keypoints>& people, PictureSize size) {
  CocoJson images = CocoJson::array(), annotations = CocoJson::array();
  std::set<std::int64_t> told;
  for (const Keypoints& person : people) {
    annotations.push_back(annotation_of(person, annotations.size() + 1));
    if (!told.insert(person.image).second) continue;
    CocoJson image{{"id", person.image}, {"file_name", person.image_name}};
    if (size.width > 0 && size.height > 0) image["width"] = size.width, image["height"] = size.height;
    images.push_back(std::move(image));
  }
  CocoJson category{{"id", kPerson}, {"name", "person"}, {"supercategory", "person"}};
  category["keypoints"] = kCocoNames;
  category["skeleton"] = kBones;
  CocoJson file = CocoJson::object();
  file["images"] = std::move(images);
  file["annotations"] = std::move(annotations);
  file["categories"] = CocoJson::array({std::move(category)});
  return file;
}

}  // namespace vultus::body
