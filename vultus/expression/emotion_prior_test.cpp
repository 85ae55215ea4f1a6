// The posterior against the product of its definition, and what the table's prototypes must give.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include <vultus/core/au_table.hpp>
#include <vultus/expression/emotion_prior.hpp>

namespace vultus::expression {
namespace {

constexpr std::array<double, kExpressions> kEven{1, 1, 1, 1, 1, 1, 1};

TEST(UnitPriors, AreTheProductOfTheirDefinition) {
  const std::array units{1, 4, 12};
  const std::array activity{0.9, 0.25, 0.0};
  const std::array<double, kExpressions> shares{2, 1, 1, 4, 1, 1, 3};
  const auto q = expression_of_units(unit_prior(units, shares).value(), activity).value();
  std::array<double, kExpressions> product{};
  double sum = 0;
  for (std::size_t e = 0; e < kExpressions; ++e) {
    product.at(e) = shares.at(e) / 13;
    for (std::size_t u = 0; u < units.size(); ++u) {
      const double given = find_au(units.at(u))->given.at(e);
      product.at(e) *= std::pow(given, activity.at(u)) * std::pow(1 - given, 1 - activity.at(u));
    }
    sum += product.at(e);
  }
  for (std::size_t e = 0; e < kExpressions; ++e) EXPECT_NEAR(q.at(e), product.at(e) / sum, 1e-12);
}

TEST(UnitPriors, OneUnitByHand) {
  // AU12 of the table: .8 for happiness; what the others have is read from the table, evenly likely expressions.
  const auto q = expression_of_units(unit_prior(std::array{12}, kEven).value(), std::array{1.0}).value();
  double sum = 0;
  for (std::size_t e = 0; e < kExpressions; ++e) sum += find_au(12)->given.at(e);
  EXPECT_NEAR(q.at(3), 0.8 / sum, 1e-12);
  EXPECT_EQ(std::ranges::max_element(q) - q.begin(), 3);
}

TEST(UnitPriors, PrototypesAreReadBack) {
  const auto& whole = face_regions().back();
  const UnitPrior prior = unit_prior(whole.units, kEven).value();
  for (std::size_t e = 0; e < kExpressions; ++e) {
    std::vector<double> activity;
    for (const int unit : whole.units) activity.push_back(find_au(unit)->given.at(e) > 0.5 ? 1 : 0);
    const auto q = expression_of_units(prior, activity).value();
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::max_element(q) - q.begin()), e) << kExpressionNames.at(e);
  }
}

TEST(FaceRegions, HoldUnitsOfTheTableAndTheWholeAllOfThem) {
  std::set<int> of_parts;
  for (const FaceRegion& region : face_regions()) {
    EXPECT_LT(region.top, region.bottom);
    for (const int unit : region.units) {
      EXPECT_NE(find_au(unit), nullptr) << unit;
      if (region.name != "whole") of_parts.insert(unit);
    }
  }
  EXPECT_EQ(of_parts.size(), au_table().size());
  EXPECT_EQ(face_regions().back().units.size(), au_table().size());
}

TEST(UnitPriors, FaultsAreNamed) {
  EXPECT_EQ(unit_prior(std::array{3}, kEven).error().message, "unit 3 is not in the AU table");
  EXPECT_FALSE(unit_prior({}, kEven));
  EXPECT_FALSE(unit_prior(std::array{1}, std::array<double, kExpressions>{1, 1, 0, 1, 1, 1, 1}));
  const UnitPrior prior = unit_prior(std::array{1}, kEven).value();
  EXPECT_FALSE(expression_of_units(prior, std::array{0.5, 0.5}));
  EXPECT_EQ(expression_of_units(prior, std::array{1.5}).error().message,
            "unit 1 has 1.500000, which is no probability");
}

TEST(LabelSpaces, TheHubNamesTheSameExpressions) {
  for (std::size_t e = 0; e < kExpressions; ++e) EXPECT_EQ(name_of(static_cast<AuEmotion>(e)), kExpressionNames.at(e));
}

}  // namespace
}  // namespace vultus::expression
