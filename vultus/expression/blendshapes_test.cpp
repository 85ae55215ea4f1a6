#include <vultus/expression/blendshapes.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <vultus/face/metric_pose.hpp>

namespace vultus::expression {
namespace {

/// The 68 points of the mean head, what the features do not hold at depth 0 and in the middle; in millimetres.
std::vector<float> mean_points() {
  std::vector<float> points(204);
  for (std::size_t i = 0; i < kBlendshapePoints; ++i) {
    const std::size_t point = i < 5 ? 6 + i : 12 + i;
    points[3 * point] = 90 * mean_rest().at(2 * i), points[3 * point + 1] = 90 * mean_rest().at(2 * i + 1);
    points[3 * point + 2] = static_cast<float>(i % 7) - 3;
  }
  points[3 * 36 + 2] = points[3 * 45 + 2] = 0;
  return points;
}

std::vector<float> turned(const std::vector<float>& points, const std::array<double, 3>& angles) {
  const auto r = face::matrix_of(angles);
  std::vector<float> out(points.size());
  for (std::size_t i = 0; i < points.size(); i += 3)
    for (std::size_t row = 0; row < 3; ++row)
      out[i + row] = static_cast<float>(r.at(3 * row) * points[i] + r.at(3 * row + 1) * points[i + 1] +
                                        r.at(3 * row + 2) * points[i + 2] + 100);
  return out;
}

float weight(const std::vector<float>& weights, std::string_view name) {
  const auto at = std::ranges::find(blendshapes(), name, &BlendshapeRow::name);
  if (at == blendshapes().end()) throw std::logic_error("no such shape");
  return weights.at(static_cast<std::size_t>(at - blendshapes().begin()));
}

TEST(Blendshapes, HaveBothSidesAndWhatPlantedFacesLetTell) {
  EXPECT_GE(blendshapes().size(), 20U);
  for (const BlendshapeRow& row : blendshapes()) {
    EXPECT_GT(row.planted_r2, 0.25) << row.name;
    if (!row.name.ends_with("_L")) continue;
    const std::string right = std::string(row.name.substr(0, row.name.size() - 1)) + "R";
    EXPECT_NE(std::ranges::find(blendshapes(), right, &BlendshapeRow::name), blendshapes().end()) << right;
  }
}

TEST(Blendshapes, OfAFaceAtRestAreZero) {
  const auto features = blendshape_features(mean_points(), {0, 0, 0});
  ASSERT_TRUE(features) << features.error().message;
  for (std::size_t i = 0; i < features->size(); ++i) EXPECT_NEAR(features->at(i), mean_rest().at(i), 2e-3) << i;
  for (const float w : blendshape_weights(*features, *features)) EXPECT_EQ(w, 0);
}

TEST(Blendshapes, DoNotChangeWhenTheHeadTurnsOrComesNearer) {
  const auto want = blendshape_features(mean_points(), {0, 0, 0}).value();
  for (const auto& angles : {std::array{0.3, 0.0, 0.0}, {0.0, -0.5, 0.0}, {-0.2, 0.4, 0.3}}) {
    auto points = turned(mean_points(), angles);
    for (float& v : points) v *= 1.7F;
    const auto got = blendshape_features(points, angles).value();
    for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got.at(i), want.at(i), 1e-4);
  }
}

TEST(Blendshapes, OpenTheJawAndSmileWhereThePointsDo) {
  const auto rest = blendshape_features(mean_points(), {0, 0, 0}).value();
  auto open = mean_points();
  for (const std::size_t i : {6U, 7U, 8U, 9U, 10U, 55U, 56U, 57U, 58U, 59U, 65U, 66U, 67U}) open[3 * i + 1] += 14;
  const auto jaw = blendshape_weights(blendshape_features(open, {0, 0, 0}).value(), rest);
  EXPECT_GT(weight(jaw, "jawOpen"), 0.2F);
  EXPECT_GT(weight(jaw, "jawOpen"), weight(jaw, "mouthSmile_L"));
  auto smile = mean_points();
  for (const std::size_t i : {48U, 60U}) smile[3 * i] -= 6, smile[3 * i + 1] -= 6;  // the subject's right corner
  const auto right = blendshape_weights(blendshape_features(smile, {0, 0, 0}).value(), rest);
  EXPECT_GT(weight(right, "mouthSmile_R"), weight(right, "mouthSmile_L") + 0.05F);
}

TEST(Blendshapes, OfAMirroredFaceAreMirrored) {
  constexpr std::array<std::size_t, 68> kMirror{16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
                                                26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33,
                                                32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52,
                                                51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65};
  auto crooked = mean_points();
  crooked[3 * 48] -= 7, crooked[3 * 48 + 1] -= 5, crooked[3 * 20 + 1] -= 6, crooked[3 * 8] += 5;
  std::vector<float> mirrored(crooked.size());
  for (std::size_t i = 0; i < 68; ++i) {
    mirrored[3 * kMirror.at(i)] = -crooked[3 * i];
    mirrored[3 * kMirror.at(i) + 1] = crooked[3 * i + 1], mirrored[3 * kMirror.at(i) + 2] = crooked[3 * i + 2];
  }
  const auto one = blendshape_weights(blendshape_features(crooked, {0, 0, 0}).value(), mean_rest());
  const auto other = blendshape_weights(blendshape_features(mirrored, {0, 0, 0}).value(), mean_rest());
  for (const BlendshapeRow& row : blendshapes()) {
    std::string name(row.name);
    if (name.ends_with("_L"))
      name.back() = 'R';
    else if (name.ends_with("_R"))
      name.back() = 'L';
    else if (name.ends_with("Left"))
      name.replace(name.size() - 4, 4, "Right");
    else if (name.ends_with("Right"))
      name.replace(name.size() - 5, 5, "Left");
    EXPECT_NEAR(weight(one, row.name), weight(other, name), 0.02) << row.name;
  }
}

TEST(Blendshapes, ThatAreNoFaceAreRefused) {
  EXPECT_FALSE(blendshape_features(std::vector<float>(30), {0, 0, 0}));
  EXPECT_FALSE(blendshape_features(std::vector<float>(204), {0, 0, 0}));
  auto broken = mean_points();
  broken[9] = NAN;
  EXPECT_FALSE(blendshape_features(broken, {0, 0, 0}));
}

TEST(RestLearner, IsTheMeanHeadAndThenThePerson) {
  RestLearner learner;
  EXPECT_EQ(learner.now(), mean_rest());
  BlendshapeFeatures own = mean_rest(), moved = own;
  for (float& v : own) v += 0.1F;
  for (float& v : moved) v += 0.5F;
  learner.add(0, own);
  EXPECT_NEAR(learner.now()[0], mean_rest()[0], 1e-6) << "nothing is known after no time";
  learner.add(0.75, own);
  learner.add(1.5, own);
  EXPECT_NEAR(learner.now()[0], mean_rest()[0] + 0.05, 1e-6) << "half of three seconds";
  for (int i = 8; i < 100; ++i) learner.add(i * 0.25, i % 4 == 0 ? moved : own);
  EXPECT_NEAR(learner.now()[0], own[0], 1e-6) << "what is done in a quarter of the time is no rest";
}

TEST(RestLearner, TrustsWhatItSawAndNotTheTimeThatWentBy) {
  RestLearner learner;
  BlendshapeFeatures own = mean_rest();
  for (float& v : own) v += 0.3F;
  learner.add(0, own);
  learner.add(50, own);  // a second at most of the fifty counts
  EXPECT_NEAR(learner.now()[0], mean_rest()[0] + 0.1, 1e-6);
  learner.add(200, own);
  EXPECT_NEAR(learner.now()[0], mean_rest()[0], 1e-6) << "one sample in the last minute";
}

}  // namespace
}  // namespace vultus::expression
