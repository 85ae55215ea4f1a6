#include <vultus/engine/dp_expression.hpp>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

/// All on one label.
expression::Distribution sure_of(std::size_t label) {
  expression::Distribution one{};
  one.at(label) = 1;
  return one;
}

TEST(DpExpressionTally, AgreementIsAgainstChance) {
  // Rows before, columns after: {{20, 5}, {10, 15}}. Observed 35 of 50; by chance .5 * .6 + .5 * .4 = .5; kappa .4.
  DpExpressionTally tally;
  const auto add = [&](std::size_t before, std::size_t after, int times) {
    for (int i = 0; i < times; ++i) tally.add(sure_of(before), sure_of(after)).value();
  };
  add(3, 3, 20), add(3, 6, 5), add(6, 3, 10), add(6, 6, 15);
  for (int i = 0; i < 4; ++i) tally.add_lost();
  tally.add_unread();
  const DpExpression result = tally.result();
  EXPECT_EQ(result.frames, 54);
  EXPECT_EQ(result.compared, 50);
  EXPECT_EQ(result.without_face, 4);
  EXPECT_EQ(result.unread, 1);
  EXPECT_NEAR(result.agreement.value(), .7, 1e-12);
  EXPECT_NEAR(result.chance.value(), .5, 1e-12);
  EXPECT_NEAR(result.kappa.value(), .4, 1e-12);
  // 15 frames move all of one label to another: 2 of 7 labels by 1.
  EXPECT_NEAR(result.probability_difference.value(), 15.0 / 50 * 2 / 7, 1e-12);
  EXPECT_TRUE(result.reason.empty());
}

TEST(DpExpressionTally, OneLabelAloneHasNoKappa) {
  DpExpressionTally tally;
  for (int i = 0; i < 3; ++i) tally.add(sure_of(6), sure_of(6)).value();
  const DpExpression result = tally.result();
  EXPECT_EQ(result.agreement, 1);
  EXPECT_EQ(result.chance, 1);
  EXPECT_FALSE(result.kappa);
  EXPECT_FALSE(result.kappa_reason.empty());
}

TEST(DpExpressionTally, WhatCannotBeMeasuredHasAReason) {
  EXPECT_EQ(DpExpressionTally().result().reason, "there is no face");
  DpExpressionTally small;
  small.add_unread();
  EXPECT_EQ(small.result().reason, "no face of the original is found and large enough to be read");
  DpExpressionTally lost;
  lost.add_lost();
  const DpExpression result = lost.result();
  EXPECT_EQ(result.reason, "no face is found in the release where one was");
  EXPECT_EQ(result.without_face, 1);
  EXPECT_FALSE(result.agreement);
  EXPECT_FALSE(result.probability_difference);
}

}  // namespace
}  // namespace vultus::engine
