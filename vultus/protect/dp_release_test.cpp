#include <vultus/protect/dp_release.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::protect {
namespace {

/// Rows along two directions: 24 rows of 16 values.
RowMatrix planted_rows() {
  RowMatrix rows{24, 16, {}};
  NoiseSource random = NoiseSource::seeded(3);
  std::vector<double> a, b;
  for (std::size_t j = 0; j < rows.columns; ++j) a.push_back(*random.normal()), b.push_back(*random.normal());
  for (std::size_t i = 0; i < rows.rows; ++i)
    for (std::size_t j = 0; j < rows.columns; ++j)
      rows.values.push_back(10 * a[j] + 5 * std::sin(static_cast<double>(i)) * b[j]);
  return rows;
}

double largest_difference(const RowMatrix& a, const RowMatrix& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) largest = std::max(largest, std::abs(a.values[i] - b.values[i]));
  return largest;
}

double mean_square(const RowMatrix& a, const RowMatrix& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) sum += (a.values[i] - b.values[i]) * (a.values[i] - b.values[i]);
  return sum / static_cast<double>(a.values.size());
}

TEST(DpRelease, WithoutNoiseAndWithAllDimensionsIsTheVideoForBothProjections) {
  for (const ProjectionKind kind : {ProjectionKind::orthonormal, ProjectionKind::gaussian}) {
    const RowMatrix rows = planted_rows();
    const auto projection = RandomProjection::draw(16, 16, kind, 1);
    NoiseSource noise = NoiseSource::seeded(1);
    const RowMatrix projected = projection->project(rows);
    const auto covariance = noisy_covariance(projected, 0, noise);
    EXPECT_LT(largest_difference(projection->reconstruct(projected, top_directions(*covariance, 16)), rows), 1e-8);
  }
}

TEST(DpRelease, WithAHugeEpsilonIsTheVideoButForTheLastNoise) {
  // Epsilon 5e4 for the projection: mu is about sqrt(2 epsilon) = 316, so sigma about 200 / 316 for each value.
  NoiseSource noise = NoiseSource::seeded(1);
  const auto made =
      release_rows(planted_rows(), {.budget = {1e5, .1}, .clip = 200, .dimensions = 16, .rank = 16}, noise);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->clipped, 0U);
  EXPECT_NEAR(std::sqrt(mean_square(made->rows, planted_rows())), 200.0 / 316, .1);
}

TEST(DpRelease, TwoDirectionsHoldRowsOfRankTwo) {
  const RowMatrix rows = planted_rows();
  const auto projection = RandomProjection::draw(16, 16, ProjectionKind::orthonormal, 5);
  NoiseSource noise = NoiseSource::seeded(1);
  const RowMatrix projected = projection->project(rows);
  const auto covariance = noisy_covariance(projected, 0, noise);
  EXPECT_LT(largest_difference(projection->reconstruct(projected, top_directions(*covariance, 2)), rows), 1e-8);
  EXPECT_GT(largest_difference(projection->reconstruct(projected, top_directions(*covariance, 1)), rows), 1);
}

TEST(DpRelease, ErrorsFallAsEpsilonGrows) {
  const RowMatrix rows = planted_rows();
  double last = 1e300;
  for (const double epsilon : {.5, 5.0, 50.0, 500.0, 5000.0}) {
    NoiseSource noise = NoiseSource::seeded(9);
    const auto made = release_rows(rows, {.budget = {epsilon, 1e-4}, .clip = 60, .dimensions = 16, .rank = 2}, noise);
    ASSERT_TRUE(made);
    const double error = mean_square(made->rows, rows);
    EXPECT_LT(error, last) << epsilon;
    last = error;
  }
}

TEST(DpRelease, ItsNoiseIsWhatTheFormulasSay) {
  const DpReleaseOptions options{.budget = {4, 2e-4}, .projection_share = .5, .clip = 10, .unit_rows = 1};
  const auto one = calibrate(options, 2);
  ASSERT_TRUE(one);
  // Sensitivities B |R| = 20 and (B |R|)^2 = 400; (2, 1e-4) for each, whose sigma of sensitivity 1 is 1.734351.
  EXPECT_NEAR(one->projection.sigma, 20 * 1.734351, 20 * 5e-7);
  EXPECT_NEAR(one->covariance.sigma, 400 * 1.734351, 400 * 5e-7);
  DpReleaseOptions more = options;
  more.unit_rows = 9;
  const auto nine = calibrate(more, 2);
  EXPECT_NEAR(nine->projection.sensitivity, 60, 1e-9);
  EXPECT_NEAR(nine->covariance.sensitivity, 3600, 1e-9);
  more.relation = NeighbourRelation::replace;
  EXPECT_NEAR(calibrate(more, 2)->projection.sensitivity, 120, 1e-9);
  EXPECT_NEAR(calibrate(more, 2)->covariance.sensitivity, 7200, 1e-9);
}

TEST(DpRelease, NoRowChangesOutputsByMoreThanTheSensitivities) {
  for (const ProjectionKind kind : {ProjectionKind::orthonormal, ProjectionKind::gaussian}) {
    const auto projection = RandomProjection::draw(30, 6, kind, 11);
    NoiseSource random = NoiseSource::seeded(2);
    RowMatrix rows{200, 30, std::vector<double>(6000, 0.0)};
    ASSERT_TRUE(random.add_to(rows.values, 50));
    clip_rows(rows, 7);
    const RowMatrix projected = projection->project(rows);
    for (std::size_t i = 0; i < rows.rows; ++i) {
      double square = 0;
      for (std::size_t j = 0; j < 6; ++j) square += projected.values[i * 6 + j] * projected.values[i * 6 + j];
      EXPECT_LE(std::sqrt(square), 7 * projection->norm() * (1 + 1e-12));
    }
    // And one row reaches it.
    RowMatrix longest{1, 30, projection->longest_row()};
    const RowMatrix reached = projection->project(longest);
    double square = 0;
    for (const double v : reached.values) square += v * v;
    EXPECT_NEAR(std::sqrt(square), projection->norm(), 1e-6 * projection->norm());
  }
}

TEST(DpRelease, RowsAreClippedToTheirNorm) {
  RowMatrix rows{2, 2, {3, 4, .3, .4}};
  EXPECT_EQ(clip_rows(rows, 1), 1U);
  EXPECT_NEAR(rows.values[0], .6, 1e-12);
  EXPECT_NEAR(rows.values[1], .8, 1e-12);
  EXPECT_EQ(rows.values[2], .3);
}

TEST(DpRelease, NoiseOfTheCovarianceIsSymmetric) {
  NoiseSource noise = NoiseSource::seeded(5);
  const auto covariance = noisy_covariance({2, 3, {1, 2, 3, 4, 5, 6}}, 10, noise);
  ASSERT_TRUE(covariance);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(covariance->values[3 * i + j], covariance->values[3 * j + i]);
  const auto clean = noisy_covariance({2, 3, {1, 2, 3, 4, 5, 6}}, 0, noise);
  EXPECT_EQ(clean->values, (std::vector<double>{17, 22, 27, 22, 29, 36, 27, 36, 45}));
}

TEST(DpRelease, TheSameVideoIsNeverReleasedWithTheSameNoise) {
  NoiseSource noise = NoiseSource::secure();
  const DpReleaseOptions options{.budget = {5, 1e-4}, .clip = 60, .dimensions = 8, .rank = 2};
  const auto a = release_rows(planted_rows(), options, noise), b = release_rows(planted_rows(), options, noise);
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->rows, b->rows);
}

TEST(DpRelease, RefusesWhatHasNoMeaning) {
  NoiseSource noise = NoiseSource::seeded(1);
  const DpReleaseOptions good{.clip = 60, .dimensions = 8, .rank = 2};
  const auto refused = [&](auto change) {
    DpReleaseOptions options = good;
    change(options);
    return !release_rows(planted_rows(), options, noise).has_value();
  };
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.clip = 0; }));
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.projection_share = 1; }));
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.dimensions = 17; }));
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.rank = 9; }));
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.budget.epsilon = -1; }));
  EXPECT_TRUE(refused([](DpReleaseOptions& o) { o.unit_rows = 0; }));
  RowMatrix broken = planted_rows();
  broken.values[3] = NAN;
  EXPECT_FALSE(release_rows(broken, good, noise));
  EXPECT_FALSE(release_rows({}, good, noise));
}

}  // namespace
}  // namespace vultus::protect
