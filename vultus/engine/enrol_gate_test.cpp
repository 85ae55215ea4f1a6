#include <vultus/engine/enrol_gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

using face::QualityMeasure;
using ::testing::HasSubstr;

SeenPicture portrait() {
  SeenPicture seen;
  seen.path = "a.jpg";
  SeenFace face;
  face.face.box = {0, 0, 100, 100};
  face.quality = face::QualityReport();
  seen.faces.push_back(std::move(face));
  return seen;
}

SeenPicture with(QualityMeasure measure, float value) {
  SeenPicture seen = portrait();
  seen.faces[0].quality->measures.at(static_cast<std::size_t>(measure)) = face::scored(measure, value);
  return seen;
}

std::string reason(const SeenPicture& seen, bool largest = false, bool force = false) {
  const auto refusal = refuse_picture(seen, {}, largest, force);
  return refusal ? refusal->reason : "";
}

TEST(EnrolGate, AFaceWithoutComplaintPasses) { EXPECT_EQ(reason(portrait()), ""); }

TEST(EnrolGate, EachLimitHasItsReasonAndNamesValueAndLimit) {
  EXPECT_EQ(reason(with(QualityMeasure::inter_eye_distance, 9.9F)), "too_small");
  EXPECT_EQ(reason(with(QualityMeasure::inter_eye_distance, 10)), "");
  EXPECT_EQ(reason(with(QualityMeasure::sharpness, 1.05F)), "blurred");
  EXPECT_EQ(reason(with(QualityMeasure::sharpness, 1.07F)), "");
  EXPECT_EQ(reason(with(QualityMeasure::head_pose_yaw, -51)), "not_frontal");
  EXPECT_EQ(reason(with(QualityMeasure::head_pose_yaw, 49)), "");
  EXPECT_EQ(reason(with(QualityMeasure::head_pose_pitch, 46)), "not_frontal");
  const auto small = refuse_picture(with(QualityMeasure::inter_eye_distance, 9.25F), {}, false, false);
  EXPECT_THAT(small->error.message, HasSubstr("a.jpg: the face is too small: 9.2"));
  EXPECT_THAT(small->error.message, HasSubstr("at least 10.0"));
}

TEST(EnrolGate, TheGridOfJpegIsNotTakenForSharpness) {
  // 1.06 is wanted, and 0.03 for each level by which the grid stands out: 1.102 for 1.4 levels.
  const auto saved = [](float sharpness, float grid) {
    SeenPicture seen = with(QualityMeasure::sharpness, sharpness);
    seen.faces[0].quality->measures.at(static_cast<std::size_t>(QualityMeasure::compression_artifacts)) =
        face::scored(QualityMeasure::compression_artifacts, grid);
    return seen;
  };
  EXPECT_EQ(reason(saved(1.076F, 1.4F)), "blurred");
  EXPECT_EQ(reason(saved(1.101F, 1.4F)), "blurred");
  EXPECT_EQ(reason(saved(1.103F, 1.4F)), "");
  EXPECT_EQ(reason(saved(1.07F, 0)), "");
  EXPECT_EQ(reason(saved(1.05F, -1)), "blurred") << "nothing is given for less than no grid";
  const auto refused = refuse_picture(saved(1.076F, 1.4F), {}, false, false);
  ASSERT_TRUE(refused);
  EXPECT_THAT(refused->error.message, HasSubstr("sharpness 1.076, at least 1.102 is wanted, since JPEG's blocks"));
}

TEST(EnrolGate, ForceTakesAllButPicturesWithoutAFace) {
  EXPECT_EQ(reason(with(QualityMeasure::inter_eye_distance, 1), false, true), "");
  EXPECT_EQ(reason(with(QualityMeasure::sharpness, 1), false, true), "");
  SeenPicture nobody;
  nobody.path = "b.jpg";
  EXPECT_EQ(reason(nobody, false, true), "no_face");
  nobody.error = fail(ErrorCode::corrupt_data, "b.jpg: cut off");
  EXPECT_EQ(reason(nobody, false, true), "corrupt_data");
}

TEST(EnrolGate, ASecondLargeFaceMakesItDoubtfulWhosePictureItIs) {
  SeenPicture two = portrait();
  two.faces.push_back(two.faces[0]);
  two.faces[1].face.box = {0, 0, 70, 70};  // 49 % of the area
  EXPECT_EQ(reason(two), "several_faces");
  EXPECT_EQ(reason(two, true), "");
  EXPECT_EQ(reason(two, false, true), "");
  two.faces[1].face.box = {0, 0, 60, 60};  // 36 %
  EXPECT_EQ(reason(two), "");
}

Candidate candidate(const char* name, int face, float similarity) {
  return {.subject = SubjectId(1), .name = name, .face = FaceId(face), .similarity = Cosine(similarity)};
}

std::string rival_reason(const Rivals& rivals) {
  const auto refusal = refuse_rivals("a.jpg", "Ada", rivals, {}, Cosine(0.5F));
  return refusal ? refusal->reason : "";
}

TEST(EnrolGate, CopiesAndOtherPeopleAreNamed) {
  EXPECT_EQ(rival_reason({}), "");
  EXPECT_EQ(rival_reason({.own = candidate("Ada", 7, 0.98F)}), "duplicate_of:7");
  EXPECT_EQ(rival_reason({.own = candidate("Ada", 7, 0.96F)}), "");
  EXPECT_EQ(rival_reason({.other = candidate("Joe: the second", 3, 0.5F)}), "conflicts_with:Joe: the second");
  EXPECT_EQ(rival_reason({.other = candidate("Joe", 3, 0.49F)}), "");
}

TEST(EnrolGate, OnesOwnFacesOutweighThoseOfASibling) {
  EXPECT_EQ(rival_reason({.own = candidate("Ada", 7, 0.8F), .other = candidate("Eve", 3, 0.6F)}), "");
  EXPECT_EQ(rival_reason({.own = candidate("Ada", 7, 0.55F), .other = candidate("Eve", 3, 0.6F)}),
            "conflicts_with:Eve");
}

TEST(ChanceThreshold, IsThatOfTheRateAndContinuesTheLastTwoRows) {
  const identity::ThresholdTable table{
      ModelId("m"), "a test", {{1e-1, Cosine(0.2F)}, {1e-3, Cosine(0.4F)}, {1e-5, Cosine(0.6F)}}};
  const auto at = [&](double most, double expected, std::int64_t subjects) {
    return chance_threshold(table, most, expected, subjects).value().value();
  };
  EXPECT_NEAR(at(1e-3, 0.01, 1), 0.4, 1e-6) << "the rate of a pair is never above 1e-3";
  EXPECT_NEAR(at(1e-3, 0.01, 1000), 0.6, 1e-6) << "0.01 / 1000 = 1e-5";
  EXPECT_NEAR(at(1e-3, 0.01, 100), 0.5, 1e-6) << "1e-4, half way between 1e-3 and 1e-5";
  EXPECT_NEAR(at(1e-3, 0.01, 100'000), 0.8, 1e-6) << "1e-7 lies two decades beyond: 0.2 more";
  EXPECT_NEAR(at(1e-3, 0.01, 0), 0.4, 1e-6);
  EXPECT_EQ(at(1e-3, 0.01, 1'000'000'000'000), 1.0F);
}

}  // namespace
}  // namespace vultus::engine
