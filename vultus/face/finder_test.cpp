#include <vultus/face/finder.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

ScoredBox detection(float score, float width, float height) { return {{0, 0, width, height}, Score(score)}; }

TEST(FlagRule, KeepsWhatTheMeshNetworkBelievesAndWhatIsLargeAndSure) {
  const FlagRule rule{Score(0.2F), Score(0.95F), 48};
  struct Row {
    float flag, score, width, height;
    bool kept;
  };
  for (const Row& row : {Row{0.2F, 0.6F, 10, 10, true},    // believed, whatever else
                         Row{0.19F, 0.6F, 10, 10, false},  // neither
                         Row{0.19F, 0.95F, 48, 48, true},  // large and sure, at both limits
                         Row{0.19F, 0.94F, 48, 48, false}, Row{0.19F, 0.95F, 47, 90, false},
                         Row{0.19F, 0.95F, 90, 47, false}, Row{0, 1, 500, 500, true}, Row{1, 0, 0, 0, true}})
    EXPECT_EQ(keeps(rule, detection(row.score, row.width, row.height), Score(row.flag)), row.kept)
        << row.flag << " " << row.score << " " << row.width << "x" << row.height;
}

TEST(FlagRule, AsksTheMeshNetworkAboutALargeDetectionThatOnlyOneLookSaw) {
  ScoredBox elbow = detection(0.999F, 286, 278);
  elbow.confirmed = false;
  EXPECT_FALSE(keeps({}, elbow, Score(0.06F)));
  EXPECT_FALSE(keeps({}, elbow, Score(0.49F)));
  EXPECT_TRUE(keeps({}, elbow, Score(0.5F)));
}

FaceObservation observed(const RectF& box, float score, std::optional<float> flag) {
  FaceObservation face;
  face.box = box;
  face.detection = Score(score);
  if (flag) face.face_flag = Score(*flag);
  return face;
}

TEST(PartOfAFace, LiesMostlyInAClearlyLargerSureFace) {
  const FaceObservation whole = observed({0, 0, 100, 100}, 0.99F, 0.9F);
  EXPECT_TRUE(is_part_of(observed({20, 20, 40, 40}, 1, 1), whole));
  EXPECT_TRUE(is_part_of(observed({70, 0, 40, 40}, 1, 1), whole)) << "three quarters of it lie inside";
  EXPECT_FALSE(is_part_of(observed({80, 0, 40, 40}, 1, 1), whole)) << "half of it lies inside: a neighbour";
  EXPECT_FALSE(is_part_of(observed({5, 5, 90, 90}, 1, 1), whole)) << "nearly as large: left to the overlap rule";
  EXPECT_FALSE(is_part_of(whole, whole));
  EXPECT_FALSE(is_part_of(observed({20, 20, 40, 40}, 1, 1), observed({0, 0, 100, 100}, 0.8F, 0.9F)));
  EXPECT_FALSE(is_part_of(observed({20, 20, 40, 40}, 1, 1), observed({0, 0, 100, 100}, 0.99F, 0.4F)));
  EXPECT_TRUE(is_part_of(observed({20, 20, 40, 40}, 1, 1), observed({0, 0, 100, 100}, 0.68F, 1)))
      << "the detector is in doubt, the mesh network is not";
  EXPECT_TRUE(is_part_of(observed({20, 20, 40, 40}, 1, {}), observed({0, 0, 100, 100}, 0.99F, {})));
}

TEST(Prominence, WeighsSizeAgainstTheDistanceFromTheMiddle) {
  EXPECT_FLOAT_EQ(prominence({45, 45, 10, 10}, 100, 100), 100);            // in the middle: its area
  EXPECT_FLOAT_EQ(prominence({0, 45, 10, 10}, 100, 100), 100 - 2 * 2025);  // 45 pixels to the side
  // A bystander at the edge is larger, the person in the middle is meant.
  EXPECT_GT(prominence({95, 95, 60, 60}, 250, 250), prominence({0, 150, 70, 70}, 250, 250));
}

/// Fires on one anchor of 64 pixels in the middle of 320 x 256, and on one of 10 pixels at the upper left.
test::Outputs two_detections(runtime::Network& network) {
  const auto anchors = rfb_anchors(network.width(), network.height());
  std::vector<float> scores(2 * anchors.size()), regressions(4 * anchors.size());
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    if (anchors[i].size == 64 && anchors[i].x == 144 && anchors[i].y == 112) scores[2 * i + 1] = 0.99F;
    if (anchors[i].size == 10 && anchors[i].x == 20 && anchors[i].y == 20) scores[2 * i + 1] = 0.7F;
  }
  return {{"scores", scores}, {"regressions", regressions}};
}

test::Outputs face_like_points(runtime::Network&) {
  std::vector<float> points(136, 0.5F);
  for (std::size_t i = 36; i < 42; ++i) points[2 * i] = 0.25F;  // the subject's right eye is left in the picture
  for (std::size_t i = 42; i < 48; ++i) points[2 * i] = 0.75F;
  return {{"points", points}};
}

FaceFinder finder(std::optional<float> logit, int* asked = nullptr) {
  auto detector = Detector::load(test::fake_model("rfb", {1, 3, 240, 320}, two_detections), {}).value();
  auto landmarks = LandmarkNet::load(test::fake_model("ibug68", {1, 1, 64, 64}, face_like_points)).value();
  std::optional<FaceFlag> flag;
  if (logit)
    flag = FaceFlag::load(test::fake_model("mesh468", {1, 3, 192, 192}, [l = *logit, asked](runtime::Network&) {
             if (asked) ++*asked;
             return test::Outputs{{"flag", {l}}};
           })).value();
  return {std::move(detector), std::move(landmarks), std::move(flag)};
}

TEST(FaceFinder, GivesFacesWithPointsAndEyeDistanceBestFirst) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  const auto faces = finder(5).find(picture.view()).value();
  ASSERT_EQ(faces.size(), 2U);
  const FaceObservation& face = faces[0];
  EXPECT_EQ(face.detection, Score(0.99F));
  EXPECT_EQ(face.box, (RectF{112, 80, 64, 64}));
  ASSERT_TRUE(face.landmarks);
  EXPECT_EQ(face.landmarks->points.size(), 68U);
  EXPECT_EQ(face.keypoints[0], (Point2f{128, 112}));
  EXPECT_EQ(face.keypoints[1], (Point2f{160, 112}));
  ASSERT_TRUE(face.quality && face.quality->inter_eye_px);
  EXPECT_FLOAT_EQ(*face.quality->inter_eye_px, 32);
  EXPECT_FALSE(face.face_flag) << "the detector is sure of it";
  EXPECT_FLOAT_EQ(faces[1].face_flag.value().value(), 1 / (1 + std::exp(-5.0F)));
}

TEST(FaceFinder, AsksForASecondOpinionOnlyWhereItMatters) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  int asked = 0;
  auto faces = finder(5, &asked);
  const ScoredBox sure = detection(0.99F, 64, 64), doubtful = detection(0.9F, 64, 64), small = detection(0.99F, 20, 20);
  ScoredBox unconfirmed = sure, known = doubtful, part = sure;
  unconfirmed.confirmed = false;
  known.known = true;
  part.box = {sure.box.x + 8, sure.box.y + 8, 32, 32};
  const auto times = [&](std::vector<ScoredBox> detections) {
    asked = 0;
    EXPECT_TRUE(faces.describe(picture.view(), detections));
    return asked;
  };
  EXPECT_EQ(times({sure}), 0);
  EXPECT_EQ(times({known}), 0);
  EXPECT_EQ(times({doubtful}), 1);
  EXPECT_EQ(times({small}), 1);
  EXPECT_EQ(times({unconfirmed}), 1);
  EXPECT_EQ(times({sure, part}), 2) << "the part is small, and the whole may be no face";
}

TEST(FaceFinder, DropsTheSmallDetectionThatTheMeshNetworkRefusesAndKeepsTheLargeSureOne) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  const auto faces = finder(-5).find(picture.view()).value();
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].detection, Score(0.99F));
}

TEST(FaceFinder, BelievesTheDetectorWithoutASecondOpinion) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  const auto faces = finder({}).find(picture.view()).value();
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_FALSE(faces[0].face_flag) << "not measured is not 0";
}

TEST(FaceFinder, NeedsAColourPicture) { EXPECT_EQ(finder({}).find({}).error().code, ErrorCode::invalid_argument); }

TEST(FaceFinder, AsksTheMeshNetworkAboutASureDetectionAtTheEdgeOfAHugeFace) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  // More than half of the small one lies in the huge one, less than a part of it would.
  const std::vector<ScoredBox> boxes{{.box = {40, 40, 240, 190}, .score = Score(0.99F)},
                                     {.box = {100, 20, 48, 48}, .score = Score(0.967F)}};
  EXPECT_EQ(finder(-2).describe(picture.view(), boxes).value().size(), 1U) << "hair, says the mesh network";
  EXPECT_EQ(finder(5).describe(picture.view(), boxes).value().size(), 2U) << "somebody behind, says the mesh network";
  const std::vector<ScoredBox> apart{boxes[0], {.box = {0, 0, 48, 48}, .score = Score(0.967F)}};
  EXPECT_EQ(finder(-2).describe(picture.view(), apart).value().size(), 2U) << "beside it a sure one is not asked about";
}

TEST(FaceFinder, DropsTheSideOfALargerFaceThatTheWholePictureDoesNotShow) {
  const Image picture = Image::create(320, 240, PixelFormat::rgb8).value();
  // Half of it lies in the face: eye, cheek and ear.
  ScoredBox side{.box = {120, 70, 60, 100}, .score = Score(0.98F)};
  const auto told = [&](const ScoredBox& beside, const ScoredBox& whole) {
    return finder(5).describe(picture.view(), std::vector{whole, beside}).value().size();
  };
  ScoredBox whole{.box = {40, 40, 110, 180}, .score = Score(0.99F)};
  EXPECT_EQ(told(side, whole), 2U) << "the whole picture shows both: a neighbour";
  side.confirmed = false;
  EXPECT_EQ(told(side, whole), 1U);
  whole.confirmed = false;
  EXPECT_EQ(told(side, whole), 2U) << "the larger one is as doubtful";
  whole.confirmed = true;
  whole.box = {40, 40, 110, 100};
  EXPECT_EQ(told(side, whole), 2U) << "not clearly larger";
  whole.box = {10, 40, 110, 180};
  EXPECT_EQ(told(side, whole), 2U) << "apart";
}

}  // namespace
}  // namespace vultus::face
