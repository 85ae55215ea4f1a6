// How often intervals of gaps hold the true gap: people are drawn from populations whose gaps are known.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <vultus/evaluation/fairness.hpp>

namespace vultus::evaluation {
namespace {

/// What each group answers: shares [group][truth][predicted], and how many people of each truth are drawn.
struct PlantedGroups {
  std::vector<std::vector<std::vector<double>>> shares;
  int people = 100;
  int rows_each = 1;  ///< pictures of a person, all answered alike
};

GroupedPredictions planted_names(const PlantedGroups& from) {
  GroupedPredictions all;
  for (std::size_t c = 0; c < from.shares.front().size(); ++c) all.classes.push_back("class " + std::to_string(c));
  for (std::size_t g = 0; g < from.shares.size(); ++g) all.groups.push_back("group " + std::to_string(g));
  return all;
}

/// The population itself, as a table of very many rows: its scores are the truth.
FairnessScores planted_truth(const PlantedGroups& from) {
  GroupedPredictions all = planted_names(from);
  std::vector<std::uint32_t> weights;
  for (std::uint32_t g = 0; g < all.groups.size(); ++g)
    for (std::uint32_t c = 0; c < all.classes.size(); ++c)
      for (std::uint32_t k = 0; k < all.classes.size(); ++k) {
        all.rows.push_back({c, k, g});
        weights.push_back(static_cast<std::uint32_t>(std::lround(1'000'000 * from.shares[g][c][k])));
      }
  return fairness_scores(all, weights).value();
}

struct DrawnPeople {
  GroupedPredictions predictions;
  RowGroups people;
};

DrawnPeople people_drawn(const PlantedGroups& from, Random& random) {
  DrawnPeople drawn{.predictions = planted_names(from), .people = {}};
  for (std::uint32_t g = 0; g < from.shares.size(); ++g)
    for (std::uint32_t c = 0; c < from.shares[g].size(); ++c)
      for (int person = 0; person < from.people; ++person) {
        double left = random.unit();
        std::uint32_t k = 0;
        while (k + 1 < from.shares[g][c].size() && left >= from.shares[g][c][k]) left -= from.shares[g][c][k++];
        for (int row = 0; row < from.rows_each; ++row) {
          drawn.predictions.rows.push_back({c, k, g});
          drawn.people.group_of.push_back(static_cast<std::uint32_t>(drawn.people.groups));
        }
        ++drawn.people.groups;
      }
  return drawn;
}

/// The share of 100 samples whose interval holds the truth, of each metric; and how often it begins above 0.
struct GapCoverage {
  std::vector<double> held, above_zero;
};

GapCoverage gap_coverage_of(const PlantedGroups& from, const char* name, int samples = 100) {
  const FairnessScores truth = planted_truth(from);
  const auto names = fairness_names();
  GapCoverage all{std::vector<double>(names.size()), std::vector<double>(names.size())};
  const double one = 1.0 / samples;
  Random random(7);
  for (int sample = 0; sample < samples; ++sample) {
    const DrawnPeople drawn = people_drawn(from, random);
    const auto intervals =
        fairness_intervals(drawn.predictions, drawn.people,
                           {.draws = 100, .seed = static_cast<std::uint64_t>(sample) + 1, .level = 0.95})
            .value();
    for (std::size_t m = 0; m < names.size(); ++m) {
      const double is = names[m].value(truth).value();
      // A truth of exactly 0 is held by an interval that begins there.
      all.held[m] += intervals[m] && intervals[m]->low <= is + 1e-9 && is - 1e-9 <= intervals[m]->high ? one : 0;
      all.above_zero[m] += intervals[m] && intervals[m]->low > 1e-9 ? one : 0;
    }
  }
  for (std::size_t m = 0; m < names.size(); ++m)
    ::testing::Test::RecordProperty(std::string(name) + "_" + names[m].name, std::to_string(all.held[m]));
  return all;
}

const std::vector<std::vector<double>> kUsual{{.8, .15, .05}, {.1, .7, .2}, {.05, .15, .8}};
const std::vector<std::vector<double>> kWorse{{.65, .2, .15}, {.2, .5, .3}, {.1, .25, .65}};

class FairnessIntervals : public ::testing::Test {
 protected:
  static void expect_held(const GapCoverage& all, double least) {
    const auto names = fairness_names();
    for (std::size_t m = 0; m < names.size(); ++m) EXPECT_GE(all.held[m], least) << names[m].name;
  }
};

TEST_F(FairnessIntervals, HoldNoGapWhereThereIsNone) {
  const GapCoverage all = gap_coverage_of({{kUsual, kUsual}, 60}, "none_2x60");
  expect_held(all, 0.9);
}

TEST_F(FairnessIntervals, HoldNoGapAmongManySmallGroups) {
  const GapCoverage all = gap_coverage_of({{kUsual, kUsual, kUsual, kUsual, kUsual}, 30}, "none_5x30");
  expect_held(all, 0.9);
}

TEST_F(FairnessIntervals, HoldAGapAndLeaveOutZero) {
  const GapCoverage all = gap_coverage_of({{kUsual, kWorse}, 100}, "gap_2x100");
  expect_held(all, 0.88);
  const auto names = fairness_names();
  for (std::size_t m = 0; m < names.size(); ++m)
    if (std::string(names[m].name) == "eqopp") {
      EXPECT_GE(all.above_zero[m], 0.9) << "a gap of 0.17 is seen";
    }
}

TEST_F(FairnessIntervals, HoldASmallGapOfManyPeople) {
  std::vector<std::vector<double>> slightly = kUsual;
  slightly[0] = {.76, .18, .06};
  const GapCoverage all = gap_coverage_of({{kUsual, slightly, kUsual}, 300}, "small_3x300");
  expect_held(all, 0.88);
}

TEST_F(FairnessIntervals, DrawPeopleWholeWhoHaveManyRows) {
  const GapCoverage all = gap_coverage_of({{kUsual, kUsual}, 60, 4}, "people_2x60x4");
  expect_held(all, 0.9);
}

TEST_F(FairnessIntervals, HoldSmallGapsInManyCells) {
  // Seven labels and five groups that differ a little everywhere, as in published tables of expressions: percentiles of
  // draws never hold the true tteqodds there.
  Random random(3);
  PlantedGroups many{.shares = {}, .people = 50, .rows_each = 1};
  for (int group = 0; group < 5; ++group) {
    many.shares.emplace_back();
    for (std::size_t c = 0; c < 7; ++c) {
      std::vector<double> row(7);
      double sum = 0;
      for (std::size_t k = 0; k < 7; ++k) sum += row[k] = (k == c ? 0.7 : 0.05) * (0.85 + 0.3 * random.unit());
      for (double& share : row) share /= sum;
      many.shares.back().push_back(std::move(row));
    }
  }
  expect_held(gap_coverage_of(many, "many_5x50", 40), 0.85);
}

TEST_F(FairnessIntervals, AreOfTheRowsThatAreThere) {
  Random random(1);
  DrawnPeople drawn = people_drawn({{kUsual, kWorse}, 50}, random);
  drawn.people.group_of.pop_back();
  EXPECT_EQ(fairness_intervals(drawn.predictions, drawn.people, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::evaluation
