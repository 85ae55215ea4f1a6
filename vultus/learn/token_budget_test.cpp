#include <vultus/learn/token_budget.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::learn {
namespace {

using ::testing::ElementsAre;

TEST(TokenBudget, MeansOfEachStep) {
  const std::vector<float> mask{0, 1, 2, 4, 1, 1};
  EXPECT_THAT(step_means(mask, 3).value(), ElementsAre(0.5, 3, 1));
  EXPECT_EQ(step_means(mask, 4).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(step_means(mask, 0).error().code, ErrorCode::invalid_argument);
}

TEST(TokenBudget, ThePeakAndItsNeighboursAboveHalfTheWay) {
  EXPECT_EQ(peak_interval(std::vector{0.0, 0.2, 0.8, 1.0, 0.5, 0.1, 0.9}).value(), (ClipInterval{2, 4}));
  EXPECT_EQ(peak_interval(std::vector{3.0}).value(), (ClipInterval{0, 0}));
  EXPECT_EQ(peak_interval(std::vector{1.0, 1.0, 1.0}).value(), (ClipInterval{0, 2}));
  EXPECT_EQ(peak_interval(std::vector<double>{}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(peak_interval(std::vector{1.0}, 0).error().code, ErrorCode::invalid_argument);
}

TEST(TokenBudget, OverlapOfIntervals) {
  EXPECT_DOUBLE_EQ(overlap({2, 4}, {3, 5}), 0.5);  // 3 and 4 of 2 to 5
  EXPECT_DOUBLE_EQ(overlap({0, 1}, {2, 3}), 0);
  EXPECT_DOUBLE_EQ(overlap({1, 3}, {1, 3}), 1);
}

TEST(TokenBudget, MultiplicationsByHand) {
  // 2 layers, d = 4, hidden 8, 3 tokens: 2 (4*3*16 + 2*9*4 + 2*3*4*8) = 2 (192 + 72 + 192)
  EXPECT_DOUBLE_EQ(encoder_multiplications({2, 4, 8}, 3), 912);
}

}  // namespace
}  // namespace vultus::learn
