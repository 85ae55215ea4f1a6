#include <gtest/gtest.h>

#include <vultus/learn/class_scores.hpp>

namespace vultus::learn {
namespace {

TEST(ClassScores, AreThoseOfAHandCalculation) {
  // Class 0: two of three right; class 1: its one sample right; class 2: nothing said; class 3 does not occur.
  const ClassScores scores = class_scores({{0, 0, 0, 1, 2}, {0, 0, 1, 1, -1}}, 4);
  EXPECT_DOUBLE_EQ(scores.accuracy, 3.0 / 5);
  EXPECT_EQ(scores.recall, (std::vector<std::optional<double>>{2.0 / 3, 1.0, 0.0, std::nullopt}));
  EXPECT_DOUBLE_EQ(scores.uar, (2.0 / 3 + 1) / 3);
  EXPECT_DOUBLE_EQ(scores.f1, (4.0 / 5 + 2.0 / 3) / 3) << "2 * 2 / (3 + 2), 2 * 1 / (1 + 2), 0";
  EXPECT_DOUBLE_EQ(scores_of({{0, 1}, {0, 0}}, 2).at("uar"), 0.5);
}

}  // namespace
}  // namespace vultus::learn
