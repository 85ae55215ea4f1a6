// Distributions whose place on the circumplex follows by hand.
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/expression/label_space.hpp>

namespace vultus::expression {
namespace {

TEST(Affect, OfACertainLabelIsItsPlace) {
  for (std::size_t i = 0; i < kExpressions; ++i) {
    std::array<double, kExpressions> certain{};
    certain.at(i) = 1;
    EXPECT_EQ(affect_of(certain), expression_affect().at(i)) << kExpressionNames.at(i);
  }
}

TEST(Affect, OfAMixtureIsItsMean) {
  // Half happiness (0.85, 0.4), half neutral (0, 0).
  const std::array<double, kExpressions> mixed{0, 0, 0, 0.5, 0, 0, 0.5};
  EXPECT_DOUBLE_EQ(affect_of(mixed).valence, 0.425);
  EXPECT_DOUBLE_EQ(affect_of(mixed).arousal, 0.2);
}

TEST(Affect, LabelsLieOnTheirSidesOfTheCircumplex) {
  const auto& places = expression_affect();
  EXPECT_GT(places[3].valence, 0);                                               // happiness
  for (const std::size_t i : {1U, 2U, 4U, 5U}) EXPECT_LT(places[i].valence, 0);  // fear, disgust, sadness, anger
  EXPECT_LT(places[4].arousal, 0);                                               // sadness
  for (const Affect& place : places) EXPECT_LE(std::hypot(place.valence, place.arousal), 1);
}

}  // namespace
}  // namespace vultus::expression
