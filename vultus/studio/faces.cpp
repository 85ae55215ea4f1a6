#include <vultus/studio/faces.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::studio {
namespace {

namespace fs = std::filesystem;
using face3d::Vec3;
using Json = nlohmann::ordered_json;

/// Rounded to so many digits behind the point: the truth is text, and reads like it.
double rounded(double v, double digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(v * scale) / scale;
}
Json vector_json(const Vec3& v, double digits) {
  return Json::array({rounded(v.x, digits), rounded(v.y, digits), rounded(v.z, digits)});
}

Json frame_json(const PlantedFrame& frame) {
  Json object;
  const face3d::RigidPose& pose = frame.scene.pose;
  const HeadPose angles = face3d::head_pose_of(pose.rotation);
  object["pose"] = {{"t_mm", vector_json(pose.translation, 3)},
                    {"openface_r_rad", vector_json(face3d::openface_angles(pose.rotation), 6)},
                    {"yaw_rad", rounded(angles.yaw.value(), 6)},
                    {"pitch_rad", rounded(angles.pitch.value(), 6)},
                    {"roll_rad", rounded(angles.roll.value(), 6)}};
  const auto gaze = face3d::gaze_angles(frame.gaze[0] + frame.gaze[1]);
  object["gaze"] = {{"right", vector_json(frame.gaze[0], 6)},
                    {"left", vector_json(frame.gaze[1], 6)},
                    {"angle_rad", {rounded(gaze[0], 6), rounded(gaze[1], 6)}},
                    {"right_eye_mm", vector_json(frame.eyes[0], 3)},
                    {"left_eye_mm", vector_json(frame.eyes[1], 3)}};
  Json units = Json::object();
  for (const AuActivation& unit : frame.units) {
    std::array<char, 8> name{};
    (void)std::snprintf(name.data(), name.size(), "AU%02d", unit.facs);
    units[name.data()] = {{"right", rounded(unit.right, 4)}, {"left", rounded(unit.left, 4)}};
  }
  object["au"] = std::move(units);
  object["box"] = {rounded(frame.box.x, 3), rounded(frame.box.y, 3), rounded(frame.box.width, 3),
                   rounded(frame.box.height, 3)};
  Json points = Json::array(), space = Json::array();
  for (const Point2f& p : frame.points) points.push_back(Json::array({rounded(p.x, 3), rounded(p.y, 3)}));
  for (const Vec3& p : frame.landmarks) space.push_back(vector_json(p, 3));
  object["landmarks68"] = std::move(points);
  object["landmarks68_mm"] = std::move(space);
  return object;
}

Json header_json(const face3d::FaceModel& model, const FacesOptions& options, const face3d::Camera& camera) {
  Json truth;
  truth["format"] = "vultus planted faces";
  truth["version"] = 1;
  truth["planted"] = true;
  truth["null"] = options.plant.null;
  truth["seed"] = options.plant.seed;
  truth["model"] = model.parts().name;
  truth["conventions"] =
      "millimetres and radians; camera at the origin, X image right, Y down, Z away; landmarks in the order of ibug68; "
      "left and right are the subject's";
  truth["camera"] = {{"width", camera.width}, {"height", camera.height}, {"fx", camera.fx},
                     {"fy", camera.fy},       {"cx", camera.cx},         {"cy", camera.cy}};
  if (options.video) truth["frames_per_second"] = options.plant.frames_per_second;
  return truth;
}

std::string file_name(std::size_t index, bool video) {
  std::array<char, 32> name{};
  (void)std::snprintf(name.data(), name.size(), "face_%05zu.%s", index, video ? "mp4" : "png");
  return name.data();
}

Result<Json> make_picture(const face3d::FaceModel& model, const PlantedPerson& person, const std::string& path) {
  VULTUS_TRY(const PlantedFrame frame, person.still(model));
  VULTUS_TRY(const Image image, face3d::render(model, frame.scene));
  VULTUS_TRY(const auto bytes, media::encode_png(image.view()));
  VULTUS_CHECK(media::write_file_atomically(path, bytes));
  Json object = frame_json(frame);
  object["identity"] = frame.scene.face.identity;
  return object;
}

Result<Json> make_clip(const face3d::FaceModel& model, const PlantedPerson& person, const PlantOptions& plant,
                       const std::string& path, std::size_t& frames, const std::stop_token& stop) {
  VULTUS_TRY(media::VideoWriter writer, media::VideoWriter::open(path, plant.width, plant.height, {.quality = 18}));
  Json list = Json::array();
  const auto count = std::max<std::int64_t>(1, std::llround(plant.frames_per_second * plant.seconds));
  Json identity;
  for (std::int64_t i = 0; i < count; ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "planted faces: stopped");
    const double at = static_cast<double>(i) / plant.frames_per_second;
    VULTUS_TRY(const PlantedFrame frame, person.frame(model, at));
    VULTUS_TRY(const Image image, face3d::render(model, frame.scene));
    VULTUS_CHECK(writer.add(image.view(), Seconds(at)));
    Json object;
    object["frame"] = i;
    object["time_s"] = rounded(at, 6);
    object.update(frame_json(frame));
    list.push_back(std::move(object));
    identity = frame.scene.face.identity;
    ++frames;
  }
  VULTUS_CHECK(writer.finish());
  Json blinks = Json::array();
  for (const PlantedBlink& blink : person.blinks())
    blinks.push_back({{"onset_s", rounded(blink.onset, 6)},
                      {"apex_s", rounded(blink.apex, 6)},
                      {"offset_s", rounded(blink.offset, 6)}});
  return Json{{"identity", std::move(identity)}, {"blinks", std::move(blinks)}, {"frames", std::move(list)}};
}

}  // namespace

Result<FacesMade> make_faces(const face3d::FaceModel& model, const FacesOptions& options, const std::string& folder,
                             const std::function<void(std::size_t)>& progress, const std::stop_token& stop) {
  VULTUS_CHECK(check(options.plant));
  if (options.count < 1 || options.count > 100'000)
    return fail(ErrorCode::invalid_argument,
                "planted faces: count must be within [1, 100000], not " + std::to_string(options.count));
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed || !fs::is_directory(folder, failed))
    return fail(ErrorCode::resource_limit, folder + ": the folder cannot be made: " + failed.message());
  VULTUS_TRY(const auto camera, face3d::default_camera(options.plant.width, options.plant.height));
  Json truth = header_json(model, options, camera);
  Json files = Json::array();
  FacesMade made;
  for (std::size_t i = 0; i < options.count; ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "planted faces: stopped");
    VULTUS_TRY(const PlantedPerson person, PlantedPerson::plan(model, options.plant, i));
    const std::string name = file_name(i, options.video);
    const std::string path = (std::filesystem::path(folder) / name).string();
    Json object{{"file", name}};
    if (options.video) {
      VULTUS_TRY(const Json clip, make_clip(model, person, options.plant, path, made.frames, stop));
      object.update(clip);
    } else {
      VULTUS_TRY(const Json picture, make_picture(model, person, path));
      object.update(picture);
      ++made.frames;
    }
    files.push_back(std::move(object));
    ++made.files;
    if (progress) progress(made.files);
  }
  truth["files"] = std::move(files);
  made.truth = folder + "/truth.json";
  VULTUS_CHECK(media::write_file_atomically(made.truth, truth.dump(1) + "\n"));
  return made;
}

}  // namespace vultus::studio
