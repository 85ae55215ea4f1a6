// Tables of predictions give the numbers that their metrics give.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/evaluation/task.hpp>
#include <vultus/evaluation/task_plots.hpp>

namespace vultus::evaluation {
namespace {

double value_of(const std::vector<Figure>& figures, const std::string& name) {
  for (const Figure& figure : figures)
    if (figure.name == name) return figure.value;
  return std::nan("");
}

Table table_of(std::vector<std::string> columns, const std::vector<std::vector<std::string>>& rows) {
  std::vector<TableRow> all;
  for (const auto& row : rows) all.push_back({all.size() + 2, row});
  return Table::of("p.csv", std::move(columns), std::move(all)).value();
}

TEST(Task, ClassificationEqualsTheKnownAnswerWithIntervalsOverGroups) {
  // The matrix of the protocol methods, section 4: .68, .7, .667873, .678371.
  const std::array<std::array<int, 3>, 3> counts{{{8, 1, 1}, {2, 5, 3}, {0, 1, 4}}};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t truth = 0; truth < 3; ++truth)
    for (std::size_t called = 0; called < 3; ++called)
      for (int i = 0; i < counts.at(truth).at(called); ++i)
        rows.push_back({std::to_string(truth), std::to_string(called), "person " + std::to_string(rows.size() % 6)});
  const auto got = measure_task(table_of({"truth", "predicted", "person"}, rows), {.groups = "person"}).value();
  EXPECT_NEAR(value_of(got, "accuracy"), .68, 1e-12);
  EXPECT_NEAR(value_of(got, "UAR"), .7, 1e-12);
  EXPECT_NEAR(value_of(got, "UF1"), .667873, 5e-7);
  EXPECT_NEAR(value_of(got, "WF1"), .678371, 5e-7);
  EXPECT_EQ(got[0].groups, 6);
  EXPECT_EQ(got[0].samples, 25);
  EXPECT_NEAR(got[0].baseline.value(), .4, 1e-12);  // ten of 25 are of class 0
  ASSERT_TRUE(got[0].interval);
  EXPECT_LT(got[0].interval->low, .68);
  EXPECT_GT(got[0].interval->high, .68);
}

TEST(Task, ClassificationReadsProbabilities) {
  const auto got = measure_task(table_of({"truth", "predicted", "p:a", "p:b"},
                                         {{"a", "a", ".9", ".1"}, {"b", "b", ".2", ".8"}, {"b", "a", ".7", ".3"}}),
                                {})
                       .value();
  EXPECT_NEAR(value_of(got, "NLL"), -(std::log(.9) + std::log(.8) + std::log(.3)) / 3, 1e-12);
  EXPECT_NEAR(value_of(got, "Brier"), 2 * (.01 + .04 + .49) / 3, 1e-12);
  EXPECT_FALSE(std::isnan(value_of(got, "AVGF1")));
}

TEST(Task, DetectionRegressionAttackAndTextEqualTheirMetrics) {
  const auto found = measure_task(table_of({"truth", "score"}, {{"1", ".9"}, {"0", ".8"}, {"1", ".3"}, {"0", ".2"}}),
                                  {.task = Task::detection})
                         .value();
  EXPECT_NEAR(value_of(found, "AP"), 5.0 / 6, 1e-12);
  EXPECT_NEAR(value_of(found, "AP-1000"), 0.5416667, 5e-8);
  EXPECT_NEAR(value_of(found, "AUC"), .75, 1e-12);
  const auto close = measure_task(table_of({"truth", "predicted"}, {{"1", "2"}, {"2", "4"}, {"3", "6"}, {"4", "9"}}),
                                  {.task = Task::regression})
                         .value();
  EXPECT_NEAR(value_of(close, "Pearson"), 1 - .0056232873, 1e-9);
  EXPECT_NEAR(value_of(close, "MAE"), 2.75, 1e-12);
  EXPECT_NEAR(value_of(close, "bias"), 2.75, 1e-12);
  const Table attacks = table_of({"score", "species"}, {{".9", ""}, {".2", ""}, {".8", "print"}, {".1", "print"}});
  const auto fake = measure_task(attacks, {.task = Task::attack, .threshold = .5}).value();
  EXPECT_NEAR(value_of(fake, "ACER"), .5, 1e-12);
  EXPECT_NEAR(value_of(fake, "APCER of print"), .5, 1e-12);
  EXPECT_FALSE(measure_task(attacks, {.task = Task::attack})) << "no threshold";
  const auto read =
      measure_task(table_of({"truth", "predicted"}, {{"STOP", "STOP"}, {"ab", ""}}), {.task = Task::text});
  EXPECT_NEAR(value_of(read.value(), "1-NED"), .5, 1e-12);
}

TEST(Task, ClassificationTellsKappaAndWhetherTheTruthIsAmongTheFirst) {
  // Truth a, b, c, c called a, b, c, a. Observed agreement 3/4; by chance (1 2 + 1 1 + 2 1) / 16 = 5/16: kappa 7/11.
  // The last row ranks its truth second, so that the two most probable classes hold all four truths.
  const auto got = measure_task(table_of({"truth", "predicted", "p:a", "p:b", "p:c"}, {{"a", "a", ".8", ".1", ".1"},
                                                                                       {"b", "b", ".1", ".8", ".1"},
                                                                                       {"c", "c", ".1", ".1", ".8"},
                                                                                       {"c", "a", ".6", ".1", ".3"}}),
                                {})
                       .value();
  EXPECT_NEAR(value_of(got, "kappa"), 7.0 / 11, 1e-12);
  EXPECT_NEAR(value_of(got, "top-2 accuracy"), 1, 1e-12);
  EXPECT_TRUE(std::isnan(value_of(got, "top-3 accuracy"))) << "three of three classes hold every truth";
}

/// People a to i with two mated pairs each, and every pair of different people: 18 and 36 pairs.
std::vector<std::vector<std::string>> pairs_of_nine() {
  std::vector<std::vector<std::string>> rows;
  for (char first = 'a'; first <= 'i'; ++first) {
    rows.push_back({std::string(1, first), std::string(1, first), ".9", "1"});
    rows.push_back({std::string(1, first), std::string(1, first), first < 'e' ? ".2" : ".8", "2"});
    for (char second = first; ++second <= 'i';)
      rows.push_back({std::string(1, first), std::string(1, second), first == 'a' ? ".3" : ".1", "2"});
  }
  return rows;
}

TEST(Task, VerificationDrawsPeople) {
  const Table pairs = table_of({"first", "second", "score", "part"}, pairs_of_nine());
  const auto got = measure_task(pairs, {.task = Task::verification}).value();
  // Of 36 impostor pairs 3 may match at a FAR of .1, and 8 have .3: above it 14 of 18 mated pairs match.
  EXPECT_NEAR(value_of(got, "TAR at FAR 0.1"), 7.0 / 9, 1e-12);
  EXPECT_TRUE(std::isnan(value_of(got, "TAR at FAR 0.01"))) << "36 pairs cannot show it";
  EXPECT_TRUE(std::isnan(value_of(got, "accuracy"))) << "no folds";
  EXPECT_EQ(got[0].name, "EER");
  EXPECT_EQ(got[0].group_kind, "persons");
  EXPECT_EQ(got[0].groups, 9);
  EXPECT_TRUE(got[0].interval);
  const auto folds = measure_task(pairs, {.task = Task::verification, .fold = "part"});
  EXPECT_FALSE(std::isnan(value_of(folds.value(), "accuracy")));
  EXPECT_FALSE(measure_task(pairs, {.task = Task::verification, .groups = "part"}));
}

TEST(Task, PlotsShowWhatTheTaskHas) {
  const auto names = [](const Table& table, const TaskOptions& options) {
    std::string all;
    const auto plots = task_plots(table, options).value();
    for (const TaskPlot& plot : plots) {
      EXPECT_EQ(plot.svg.rfind("<svg", 0), 0U) << plot.name;
      all += plot.name + " ";
    }
    return all;
  };
  const Table called = table_of({"truth", "predicted"}, {{"a", "<b>"}, {"<b>", "<b>"}});
  EXPECT_EQ(names(called, {}), "confusion ");
  EXPECT_EQ(task_plots(called, {}).value()[0].svg.find("<b>"), std::string::npos) << "a name is no markup";
  const Table sure = table_of({"truth", "predicted", "p:a", "p:b"}, {{"a", "a", ".9", ".1"}, {"b", "b", ".2", ".8"}});
  EXPECT_EQ(names(sure, {}), "confusion reliability ");
  EXPECT_EQ(
      names(table_of({"first", "second", "score"}, {{"a", "a", "1"}, {"a", "b", "0"}}), {.task = Task::verification}),
      "roc det ");
  const Table found = table_of({"truth", "score"}, {{"1", ".9"}, {"0", ".8"}});
  EXPECT_EQ(names(found, {.task = Task::detection}), "roc det ");
  EXPECT_FALSE(task_plots(table_of({"truth", "score"}, {{"1", ".9"}}), {.task = Task::detection}));
  EXPECT_EQ(task_plots(found, {.task = Task::regression}).error().message,
            "the task regression has no plots: classification, detection and verification have");
}

TEST(Task, NamesWhatIsWrong) {
  EXPECT_EQ(measure_task(table_of({"truth", "guess"}, {{"a", "b"}}), {}).error().message,
            "p.csv: no column \"predicted\"; there are: truth, guess");
  EXPECT_EQ(measure_task(table_of({"truth", "predicted"}, {{"1", "x"}}), {.task = Task::regression}).error().message,
            "p.csv: line 2, column \"predicted\": \"x\" is not a finite number");
  EXPECT_EQ(measure_task(table_of({"truth", "score"}, {{"2", "1"}}), {.task = Task::detection}).error().message,
            "p.csv: line 2: truth 2 is neither 0 nor 1");
  EXPECT_FALSE(measure_task(table_of({"truth", "predicted"}, {{"a", "a"}}), {}));
  std::vector<std::vector<std::string>> many;
  for (int i = 0; i < 4097; ++i) many.push_back({std::to_string(i), std::to_string(i)});
  EXPECT_EQ(measure_task(table_of({"truth", "predicted"}, many), {}).error(),
            (Error{ErrorCode::invalid_argument, "p.csv: confusion matrix of 4097 classes: 2 to 4096"}));
  EXPECT_EQ(task_of("spotting").error().message,
            "task \"spotting\": must be one of classification, detection, regression, attack, text, "
            "verification");
}

}  // namespace
}  // namespace vultus::evaluation
