// Truth table of the decoder, by hand.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <vultus/expression/compound.hpp>
#include <vultus/expression/label_space.hpp>

namespace vultus::expression {
namespace {

TEST(Compounds, TwoCertainMembersMakeTheirCompound) {
  // surprise, fear, disgust, happiness, sadness, anger
  const std::array<std::pair<std::array<double, 6>, std::string_view>, 7> table{
      {{{1, 1, 0, 0, 0, 0}, "fearfully surprised"},
       {{1, 0, 0, 1, 0, 0}, "happily surprised"},
       {{1, 0, 0, 0, 1, 0}, "sadly surprised"},
       {{1, 0, 1, 0, 0, 0}, "disgustedly surprised"},
       {{1, 0, 0, 0, 0, 1}, "angrily surprised"},
       {{0, 1, 0, 0, 1, 0}, "sadly fearful"},
       {{0, 0, 0, 0, 1, 1}, "sadly angry"}}};
  for (const auto& [parts, name] : table) {
    EXPECT_EQ(kCompoundNames.at(best_compound(parts)), name);
    EXPECT_DOUBLE_EQ(compound_scores(parts).at(best_compound(parts)), 2);
  }
}

TEST(Compounds, TheSumDecidesAndTiesGoToTheFirst) {
  EXPECT_EQ(kCompoundNames.at(best_compound(std::array{.6, .3, .0, .2, .5, .1})), "sadly surprised");  // 1.1
  EXPECT_EQ(kCompoundNames.at(best_compound(std::array{.0, .0, .9, .9, .0, .0})), "happily surprised");
  EXPECT_EQ(best_compound(std::array{.0, .0, .0, .0, .0, .0}), 0U);
}

TEST(Compounds, EachMemberIsItsOwnPart) {
  for (const Compound& compound : kCompoundTable) {
    EXPECT_NE(compound.first, compound.second);
    EXPECT_LT(std::max(compound.first, compound.second), kCompoundParts);
  }
  EXPECT_EQ(kExpressionNames.at(kCompoundParts), "neutral");
}

}  // namespace
}  // namespace vultus::expression
