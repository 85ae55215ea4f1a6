#include <vultus/core/geometry.hpp>

#include <array>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace vultus {
namespace {

TEST(IntersectionOverUnion, EqualsTheHandCalculation) {
  // 2x2 boxes that share a 1x1 corner: 1 / (4 + 4 - 1).
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 2, 2}, {1, 1, 2, 2}), 1.0F / 7.0F);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 2, 2}, {0, 0, 2, 2}), 1.0F);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 2, 2}, {2, 0, 2, 2}), 0.0F);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 0, 0}, {0, 0, 0, 0}), 0.0F);
}

constexpr std::array<Point2f, 4> kPoints{{{0, 0}, {4, 1}, {2, 5}, {-3, 2}}};

TEST(FitSimilarity, FindsTheTransformThatMadeThePoints) {
  const double angle = std::numbers::pi / 6;  // 30 degrees
  const Similarity made{2 * std::cos(angle), 2 * std::sin(angle), 5, -3};
  std::array<Point2f, 4> moved{};
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = made.apply(kPoints[i]);
  const auto found = fit_similarity(kPoints, moved);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->a, made.a, 1e-6);
  EXPECT_NEAR(found->b, made.b, 1e-6);
  EXPECT_NEAR(found->tx, 5, 1e-5);
  EXPECT_NEAR(found->ty, -3, 1e-5);
  EXPECT_NEAR(found->scale(), 2, 1e-6);
}

TEST(FitSimilarity, NeverReflects) {
  std::array<Point2f, 4> mirrored{};
  for (std::size_t i = 0; i < mirrored.size(); ++i) mirrored[i] = {-kPoints[i].x, kPoints[i].y};
  const auto found = fit_similarity(kPoints, mirrored);
  ASSERT_TRUE(found);
  // The determinant of (a -b; b a) is a^2 + b^2: a reflection would need a negative one.
  EXPECT_GE(found->a * found->a + found->b * found->b, 0);
  double residual = 0;
  for (std::size_t i = 0; i < mirrored.size(); ++i) {
    const Point2f p = found->apply(kPoints[i]);
    residual += std::hypot(p.x - mirrored[i].x, p.y - mirrored[i].y);
  }
  EXPECT_GT(residual, 1) << "only a reflection could fit these points";
}

TEST(FitSimilarity, RefusesPointsThatDecideNothing) {
  const std::array<Point2f, 2> same{{{1, 1}, {1, 1}}};
  EXPECT_FALSE(fit_similarity(same, same));
  EXPECT_FALSE(fit_similarity(std::span(kPoints).first(1), std::span(kPoints).first(1)));
  EXPECT_FALSE(fit_similarity(kPoints, std::span(kPoints).first(3)));
}

TEST(Similarity, InverseUndoes) {
  const Similarity t{1.5, -0.5, 10, 20};
  const auto back = t.inverse();
  ASSERT_TRUE(back);
  const Point2f p = back->apply(t.apply({3, 7}));
  EXPECT_NEAR(p.x, 3, 1e-5);
  EXPECT_NEAR(p.y, 7, 1e-5);
  EXPECT_FALSE((Similarity{0, 0, 1, 1}.inverse()));
}

}  // namespace
}  // namespace vultus
