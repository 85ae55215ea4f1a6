#include <vultus/studio/faces.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const face3d::FaceModel& head() {
  static const face3d::FaceModel kMade = *face3d::procedural_head();
  return kMade;
}

/// A folder that goes away with the test.
struct Folder {
  std::string path;
  explicit Folder(const std::string& name)
      : path((fs::temp_directory_path() / ("vultus-faces-" + std::to_string(::getpid()) + "-" + name)).string()) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

FacesOptions small_faces() {
  FacesOptions options;
  options.plant.width = 128;
  options.plant.height = 96;
  options.plant.seed = 7;
  options.count = 3;
  return options;
}

Json truth_of(const std::string& folder) {
  const auto bytes = media::read_file(folder + "/truth.json", 64U << 20U);
  return Json::parse(bytes->begin(), bytes->end());
}

TEST(PlantedFaces, TheSameSeedGivesTheSameBytes) {
  const Folder a("a"), b("b"), c("c");
  FacesOptions options = small_faces();
  ASSERT_TRUE(make_faces(head(), options, a.path).has_value());
  ASSERT_TRUE(make_faces(head(), options, b.path).has_value());
  for (const char* name : {"face_00000.png", "face_00001.png", "face_00002.png", "truth.json"})
    EXPECT_EQ(*media::read_file(a.path + "/" + name, 64U << 20U), *media::read_file(b.path + "/" + name, 64U << 20U));
  options.plant.seed = 8;
  ASSERT_TRUE(make_faces(head(), options, c.path).has_value());
  EXPECT_NE(*media::read_file(a.path + "/face_00000.png", 64U << 20U),
            *media::read_file(c.path + "/face_00000.png", 64U << 20U));
}

TEST(PlantedFaces, TruthIsFlaggedAndItsPointsAreTheProjectionsOfItsSpace) {
  const Folder folder("truth");
  ASSERT_TRUE(make_faces(head(), small_faces(), folder.path).has_value());
  const Json truth = truth_of(folder.path);
  EXPECT_EQ(truth["planted"], true);
  EXPECT_EQ(truth["seed"], 7);
  ASSERT_EQ(truth["files"].size(), 3U);
  const double fx = truth["camera"]["fx"], cx = truth["camera"]["cx"], cy = truth["camera"]["cy"];
  // OpenFace's rule by hand: (500 * 128/640 + 500 * 96/480) / 2 = 100.
  EXPECT_DOUBLE_EQ(fx, 100);
  for (const Json& file : truth["files"]) {
    EXPECT_TRUE(fs::exists(folder.path + "/" + file["file"].get<std::string>()));
    ASSERT_EQ(file["landmarks68"].size(), 68U);
    for (std::size_t i = 0; i < 68; ++i) {
      const Json& p = file["landmarks68_mm"][i];
      const double x = p[0], y = p[1], z = p[2];
      EXPECT_NEAR(file["landmarks68"][i][0].get<double>(), fx * x / z + cx, 2e-3);
      EXPECT_NEAR(file["landmarks68"][i][1].get<double>(), fx * y / z + cy, 2e-3);
    }
    // Both eyes look at one point, a metre from between them: their rays pass within rounding of each other there.
    const auto vec = [](const Json& v) { return face3d::Vec3{v[0], v[1], v[2]}; };
    const face3d::Vec3 right = vec(file["gaze"]["right"]), normal = face3d::cross(right, vec(file["gaze"]["left"]));
    const face3d::Vec3 apart = vec(file["gaze"]["left_eye_mm"]) - vec(file["gaze"]["right_eye_mm"]);
    const double n = face3d::length(normal);
    EXPECT_LT(std::abs(face3d::dot(apart, normal)) / n, .1);
    const double along = face3d::dot(face3d::cross(apart, vec(file["gaze"]["left"])), normal) / (n * n);
    EXPECT_NEAR(along, 1000, 40);  // half the distance of the eyes is 32
  }
}

TEST(PlantedFaces, TheNullSettingPlantsNothingInTheSamePeople) {
  PlantOptions plant;
  plant.null = true;
  PlantOptions full = plant;
  full.null = false;
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto nobody = PlantedPerson::plan(head(), plant, i), somebody = PlantedPerson::plan(head(), full, i);
    ASSERT_TRUE(nobody && somebody);
    EXPECT_TRUE(nobody->blinks().empty());
    for (const double t : {0.0, 1.3, 2.7}) {
      const auto frame = nobody->frame(head(), t);
      EXPECT_TRUE(frame->units.empty());
      EXPECT_LT(face3d::angle_of(frame->scene.pose.rotation), 1e-9);
      // Straight into the camera: from the eyes to the origin.
      EXPECT_GT(face3d::dot(frame->gaze[0], face3d::unit(-1.0 * frame->eyes[0])), .998);
    }
    EXPECT_EQ(nobody->still(head())->scene.face.identity, somebody->still(head())->scene.face.identity);
  }
}

TEST(PlantedFaces, BlinksShutTheEyesAtTheirApexAndNotBetweenThem) {
  PlantOptions plant;
  plant.seconds = 20;
  plant.units = {{12, 4, 4}};
  std::size_t blinks = 0;
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto person = PlantedPerson::plan(head(), plant, i);
    ASSERT_TRUE(person.has_value());
    blinks += person->blinks().size();
    double before = 0;
    for (const PlantedBlink& blink : person->blinks()) {
      const auto shut = [&](double t) {
        const auto frame = person->frame(head(), t);
        const auto at = std::ranges::find(frame->units, 45, &AuActivation::facs);
        return at == frame->units.end() ? 0 : at->right;
      };
      EXPECT_NEAR(shut(blink.apex), 5, 1e-9);
      EXPECT_EQ(shut(blink.onset), 0);
      EXPECT_EQ(shut(blink.offset), 0);
      EXPECT_GE(blink.onset, before);
      before = blink.offset;
    }
  }
  // About one in three seconds over 200 seconds: 66; a Poisson count is within 3 of its roots.
  EXPECT_NEAR(static_cast<double>(blinks), 66, 25);
}

TEST(PlantedFaces, AClipHasTruthForEveryFrame) {
  const Folder folder("clip");
  FacesOptions options = small_faces();
  options.video = true;
  options.count = 1;
  options.plant.seconds = .4;
  options.plant.frames_per_second = 10;
  const auto made = make_faces(head(), options, folder.path);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->frames, 4U);
  const Json file = truth_of(folder.path)["files"][0];
  EXPECT_EQ(file["frames"].size(), 4U);
  EXPECT_EQ(file["frames"][3]["time_s"], .3);
  EXPECT_GT(fs::file_size(folder.path + "/face_00000.mp4"), 500U);
}

TEST(PlantedFaces, RefusesOptionsOutsideTheirRange) {
  const auto refused = [](auto change) {
    PlantOptions plant;
    change(plant);
    return !check(plant).has_value();
  };
  EXPECT_FALSE(refused([](auto&) {}));
  EXPECT_TRUE(refused([](auto& p) { p.width = 10; }));
  EXPECT_TRUE(refused([](auto& p) { p.max_yaw = 2; }));
  EXPECT_TRUE(refused([](auto& p) { p.max_yaw = NAN; }));
  EXPECT_TRUE(refused([](auto& p) { p.seconds = 0; }));
  EXPECT_TRUE(refused([](auto& p) { p.frames_per_second = 500; }));
  EXPECT_TRUE(refused([](auto& p) { p.units = {{3, 1, 1}}; }));
}

}  // namespace
}  // namespace vultus::studio
