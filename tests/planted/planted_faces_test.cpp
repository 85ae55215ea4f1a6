// How many renderings the default detector takes for faces, by how far the head is turned. docs/studio.md quotes what
// this prints with VULTUS_PLANTED_FACES=40.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include <tests/golden/models.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/studio/planted_face.hpp>

namespace vultus {
namespace {

constexpr std::array<double, 7> kYawDegrees{0, 15, 30, 45, 60, 75, 91};

struct Accepted {
  std::array<int, 6> of{}, found{};
  int elsewhere = 0;  // detections that do not hold the middle of the face
};

std::uint64_t faces_wanted() {
  const char* text = std::getenv("VULTUS_PLANTED_FACES");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 24;
}

/// The detector, landmarks and second opinion of the default preset.
face::FaceFinder default_finder() {
  auto detector = face::Detector::load(golden::model("fr_detect").value(), {.threshold = Score(.5F)}).value();
  auto landmarks = face::LandmarkNet::load(golden::model("fr_landmark").value()).value();
  auto flag = face::FaceFlag::load(golden::model("mp_face_mesh").value()).value();
  return {std::move(detector), std::move(landmarks), std::move(flag)};
}

Accepted look_at_faces(const face3d::FaceModel& model, double max_yaw_degrees) {
  face::FaceFinder finder = default_finder();
  const studio::PlantOptions plant{
      .seed = 42, .width = 320, .height = 240, .max_yaw = max_yaw_degrees * std::numbers::pi / 180};
  Accepted accepted;
  for (std::uint64_t i = 0; i < faces_wanted(); ++i) {
    const auto frame = studio::PlantedPerson::plan(model, plant, i).value().still(model).value();
    const Image picture = face3d::render(model, frame.scene).value();
    const auto faces = finder.find(picture.view()).value();
    const double yaw = std::abs(face3d::head_pose_of(frame.scene.pose.rotation).yaw.value()) * 180 / std::numbers::pi;
    std::size_t bin = 0;
    while (bin + 1 < accepted.of.size() && yaw >= kYawDegrees.at(bin + 1)) ++bin;
    bool found = false;
    for (const FaceObservation& face : faces) {
      const Point2f middle = frame.box.centre();
      const bool holds =
          face.box.x < middle.x && middle.x < face.box.right() && face.box.y < middle.y && middle.y < face.box.bottom();
      found = found || holds;
      accepted.elsewhere += holds ? 0 : 1;
    }
    ++accepted.of.at(bin);
    accepted.found.at(bin) += found ? 1 : 0;
  }
  return accepted;
}

void tell(const face3d::FaceModel& model, const Accepted& accepted) {
  for (std::size_t bin = 0; bin < accepted.of.size(); ++bin)
    std::printf("%s, yaw %.0f to %.0f: %d of %d\n", model.parts().name.c_str(), kYawDegrees.at(bin),
                kYawDegrees.at(bin + 1), accepted.found.at(bin), accepted.of.at(bin));
  std::printf("%s, elsewhere: %d\n", model.parts().name.c_str(), accepted.elsewhere);
}

/// Of faces turned by up to 30 degrees (pitch up to 18), four in five at least; what it is at all yaws is told.
void expect_most(const face3d::FaceModel& model) {
  tell(model, look_at_faces(model, 91));
  const Accepted accepted = look_at_faces(model, 30);
  tell(model, accepted);
  EXPECT_GE(5 * (accepted.found[0] + accepted.found[1]), 4 * (accepted.of[0] + accepted.of[1]));
}

TEST(PlantedFacesBeforeTheDetector, TheBuiltInHeadIsTakenForAFace) {
  const auto model = face3d::procedural_head().value();
  expect_most(model);
}

TEST(PlantedFacesBeforeTheDetector, AModelFolderIsTakenForAFace) {
  const char* set = std::getenv("VULTUS_SHARED");
  const std::string folder = std::string(set != nullptr ? set : VULTUS_SOURCE_DIR "/../shared") + "/data/ict_facekit";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "shared data folder is missing: " << folder;
  const auto model = face3d::load_face_model(folder).value();
  expect_most(model);
}

}  // namespace
}  // namespace vultus
