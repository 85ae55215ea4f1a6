#include <vultus/expression/displayed_units.hpp>

#include <array>

#include <gtest/gtest.h>

#include <vultus/expression/action_unit_signals.hpp>

namespace vultus::expression {
namespace {

/// A unit with P = .8 for surprise, .4 for fear, .05 for others, .03 for neutral.
ActionUnit unit_of_surprise() {
  ActionUnit unit;
  unit.facs = 99;
  unit.given = {0.8, 0.4, 0.05, 0.05, 0.05, 0.05, 0.03};
  return unit;
}

TEST(DisplayedUnits, GoFromNeutralToTheExpressionThatShowsThemMost) {
  const ActionUnit unit = unit_of_surprise();
  EXPECT_NEAR(*displayed_intensity(unit, {0, 0, 0, 0, 0, 0, 1}), 0, 1e-12);
  EXPECT_NEAR(*displayed_intensity(unit, {1, 0, 0, 0, 0, 0, 0}), 5, 1e-12);
  EXPECT_NEAR(*displayed_intensity(unit, {0, 1, 0, 0, 0, 0, 0}), 5 * 0.37 / 0.77, 1e-12);
  // Half surprise, half neutral: (.8 / 2 + .03 / 2 - .03) / .77 = 1 / 2.
  EXPECT_NEAR(*displayed_intensity(unit, {0.5, 0, 0, 0, 0, 0, 0.5}), 2.5, 1e-12);
}

TEST(DisplayedUnits, ThatNoExpressionShowsAreRefused) {
  ActionUnit unit = unit_of_surprise();
  unit.given.fill(0.05);
  EXPECT_FALSE(displayed_intensity(unit, {1, 0, 0, 0, 0, 0, 0}));
}

TEST(DisplayedUnits, AreAllInTheAuTableAndExpectedOfSomeExpression) {
  std::size_t weak = 0;
  for (const UnitRow& row : action_units()) {
    if (row.evidence != UnitEvidence::weak) continue;
    ++weak;
    const ActionUnit* unit = find_au(row.number);
    ASSERT_NE(unit, nullptr) << row.number;
    EXPECT_EQ(unit->name, row.name);
    EXPECT_TRUE(displayed_intensity(*unit, {0, 0, 0, 0, 0, 0, 1})) << row.number;
    double most = 0;
    for (std::size_t e = 0; e < kExpressions; ++e) {
      Distribution one{};
      one.at(e) = 1;
      most = std::max(most, *displayed_intensity(*unit, one));
    }
    EXPECT_NEAR(most, 5, 1e-12) << row.number;
  }
  EXPECT_EQ(weak, 11U);
}

TEST(UnitTable, HasTheNamesOfTheAuTable) {
  for (const UnitRow& row : action_units()) EXPECT_EQ(find_au(row.number)->name, row.name);
}

}  // namespace
}  // namespace vultus::expression
