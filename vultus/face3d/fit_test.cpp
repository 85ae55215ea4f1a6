#include <vultus/face3d/fit.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include <vultus/face3d/random.hpp>
#include <vultus/face3d/test_head.hpp>

namespace vultus::face3d {
namespace {

const Camera kCamera{640, 480, 600, 600, 320, 240};

struct Planted {
  RigidPose pose;
  FaceCoefficients face;
  Landmarks seen;
};

Planted planted(Random& random, double noise) {
  Planted made;
  made.pose = {rotation_of_openface({random.uniform(-.3, .3), random.uniform(-.6, .6), random.uniform(-.3, .3)}),
               {random.uniform(-60, 60), random.uniform(-40, 40), random.uniform(450, 800)}};
  for (std::size_t k = 0; k < head().parts().identity.size(); ++k) made.face.identity.push_back(random.normal());
  const std::vector<AuActivation> units{{12, random.uniform(0, 5), random.uniform(0, 5)}, {26, 3, 3}};
  made.face.expression = *head().expression_of(units);
  const auto points = head().points(head().parts().landmarks, made.face);
  for (const Vec3& p : *points) {
    const auto at = project(kCamera, made.pose.apply(p));
    made.seen.points.push_back(
        {at->x + static_cast<float>(noise * random.normal()), at->y + static_cast<float>(noise * random.normal())});
  }
  return made;
}

double landmark_error_mm(const FaceCoefficients& a, const FaceCoefficients& b) {
  const auto p = *head().points(head().parts().landmarks, a), q = *head().points(head().parts().landmarks, b);
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += length(p[i] - q[i]);
  return sum / static_cast<double>(p.size());
}

TEST(Fit, LiesOnThePointsOfPlantedFacesAndFindsTheirPose) {
  Random random(11);
  double fitted = 0, mean = 0;
  for (int i = 0; i < 10; ++i) {
    const Planted truth = planted(random, 0);
    const auto fit = fit_face(head(), truth.seen, kCamera, {.noise_px = .05});
    ASSERT_TRUE(fit.has_value()) << fit.error().message;
    EXPECT_LT(fit->rms_px, .2);
    EXPECT_LT(angle_of(transposed(fit->pose.rotation) * truth.pose.rotation), .035);  // 2 degrees
    fitted += landmark_error_mm(fit->face, truth.face);
    mean += landmark_error_mm({}, truth.face);
  }
  // One picture does not tell size from distance nor a wide mouth from a stretched one, but more than the mean head
  // does.
  EXPECT_LT(fitted, .6 * mean);
}

TEST(Fit, OnePixelOfNoiseStillLeavesItNearerThanTheMeanHead) {
  Random random(12);
  double fitted = 0, mean = 0, angle = 0;
  constexpr int kFaces = 20;
  for (int i = 0; i < kFaces; ++i) {
    const Planted truth = planted(random, 1);
    const auto fit = fit_face(head(), truth.seen, kCamera);
    ASSERT_TRUE(fit.has_value());
    fitted += landmark_error_mm(fit->face, truth.face);
    mean += landmark_error_mm({}, truth.face);
    angle += angle_of(transposed(fit->pose.rotation) * truth.pose.rotation);
  }
  EXPECT_LT(fitted, .6 * mean);
  EXPECT_LT(angle / kFaces, .06);
  RecordProperty("mean landmark error mm", std::to_string(fitted / kFaces));
  RecordProperty("mean head error mm", std::to_string(mean / kFaces));
  RecordProperty("mean angle rad", std::to_string(angle / kFaces));
}

TEST(Fit, KeepsWeightsOfShapesWithinTheirRange) {
  Random random(13);
  const Planted truth = planted(random, 3);
  const auto fit = fit_face(head(), truth.seen, kCamera, {.noise_px = .1, .outline = false});
  ASSERT_TRUE(fit.has_value());
  for (const double w : fit->face.expression) EXPECT_TRUE(w >= 0 && w <= 1);
  EXPECT_TRUE(head().vertices(fit->face).has_value());
}

TEST(Fit, RefusesPointsThatTheModelDoesNotKnow) {
  EXPECT_EQ(fit_face(head(), {LandmarkScheme::mesh468, std::vector<Point2f>(468)}, kCamera).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(fit_face(head(), {LandmarkScheme::ibug68, std::vector<Point2f>(5)}, kCamera).error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(fit_face(head(), {LandmarkScheme::ibug68, std::vector<Point2f>(68)}, kCamera));
  EXPECT_FALSE(fit_face(head(), {LandmarkScheme::ibug68, std::vector<Point2f>(68)}, kCamera, {.noise_px = 0}));
}

}  // namespace
}  // namespace vultus::face3d
