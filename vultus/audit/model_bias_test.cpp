// What the audit of a model refuses, warns of and converges to.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <vultus/audit/model_bias.hpp>
#include <vultus/audit/propagation.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::audit {
namespace {

using evaluation::Table;
using evaluation::TableRow;

Table table_of(const std::vector<std::vector<std::string>>& rows) {
  std::vector<TableRow> all;
  for (const auto& row : rows) all.push_back({all.size() + 2, row});
  return Table::of("p.csv", {"group", "y_true", "y_pred"}, all).value();
}

ModelAuditOptions options() { return {.axis = "group", .only = {}, .classes = {}, .bootstrap = {.draws = 200}}; }

std::vector<std::vector<std::string>> sound_rows() {
  std::vector<std::vector<std::string>> rows;
  for (const std::string group : {"a", "b"})
    for (int i = 0; i < 40; ++i)
      rows.push_back({group, i % 2 == 0 ? "happy" : "sad", (i / 2) % 4 == 0 ? "sad" : "happy"});
  return rows;
}

TEST(AuditModel, NamesALabelTypoAndWhatIsMeant) {
  auto rows = sound_rows();
  rows[5][2] = "hapy";
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "p.csv: line 7: \"hapy\" in column \"y_pred\" is no label, is \"happy\" meant?; there are: happy, sad");
  rows[5][2] = "disgust";
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "p.csv: line 7: \"disgust\" in column \"y_pred\" is no label; there are: happy, sad");
}

TEST(AuditModel, NamesATypoInTheTruthThatNoOtherGroupHas) {
  auto rows = sound_rows();
  rows[4][1] = "hapy";
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "p.csv: line 6: \"hapy\" in column \"y_true\" is the label of 1 of 80 rows and of none in group \"b\", is "
            "\"happy\" meant?");
  // A class of its own is none: the group is what is wrong.
  rows[4][1] = "disgust";
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "group: group \"b\" has no sample of class \"disgust\": its recall there is unknown, not 0");
}

TEST(AuditModel, RefusesEmptyCellsSingleMembersAndGroupsThatAreNotThere) {
  auto rows = sound_rows();
  rows.push_back({"c", "sad", "sad"});
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "group: group \"c\" has 1 member: no rate can be told from one");
  rows.push_back({"c", "sad", "happy"});
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message,
            "group: group \"c\" has no sample of class \"happy\": its recall there is unknown, not 0");
  ModelAuditOptions some = options();
  some.only = {"a", "b"};
  EXPECT_EQ(audit_model(table_of(rows), some).value().rows_left_out, 2);
  some.only = {"a", "d"};
  EXPECT_EQ(audit_model(table_of(rows), some).error().message, "p.csv: nobody in column \"group\" is \"d\"");
  some = options();
  some.axis = "race";
  EXPECT_FALSE(audit_model(table_of(rows), some));
}

TEST(AuditModel, TakesItsClassesFromRowsThatAreComparedAndRefusesAnEmptyTruth) {
  auto rows = sound_rows();
  rows.push_back({"", "contempt", "sad"});
  rows.push_back({"", "", "sad"});
  const auto got = audit_model(table_of(rows), options());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->classes, (std::vector<std::string>{"happy", "sad"}));
  EXPECT_EQ(got->rows_left_out, 2);
  rows[3][1] = "";
  EXPECT_EQ(audit_model(table_of(rows), options()).error().message, "p.csv: line 5: column \"y_true\" is empty");
}

TEST(AuditModel, WarnsOfSmallCells) {
  const ModelAudit got = audit_model(table_of(sound_rows()), options()).value();
  ASSERT_EQ(got.small_cells.size(), 4U);
  EXPECT_EQ(got.small_cells[0], "a, happy: 20 samples");
  EXPECT_EQ(got.groups[1].support, (std::vector<std::int64_t>{20, 20}));
}

TEST(AuditModel, ConvergesToThePlantedValuesAndCoversThem) {
  // Planted population: recall .9 and .8 in group a, .7 and .8 in group b; two classes, so all errors go to the other
  // one. By hand: EqOpp = (|.9 - .7| + |.8 - .8|) / 2 = .1, TTEqOdds = the same, DemPar = |(.9 + .2) - (.7 + .2)| = .2.
  evaluation::Random random(4);
  std::vector<std::vector<std::string>> rows;
  const std::array<std::array<double, 2>, 2> recall{{{.9, .8}, {.7, .8}}};
  for (int i = 0; i < 40000; ++i) {
    const auto group = static_cast<std::size_t>(i % 2);
    const auto truth = static_cast<std::size_t>(i / 2 % 2);
    const bool right = random.unit() < recall.at(group).at(truth);
    rows.push_back({group == 0 ? "a" : "b", std::to_string(truth), std::to_string(right ? truth : 1 - truth)});
  }
  const ModelAudit got = audit_model(table_of(rows), options()).value();
  EXPECT_NEAR(got.figures[6].value, .1, .01);
  EXPECT_NEAR(got.figures[4].value, .1, .01);
  EXPECT_NEAR(got.figures[7].value, .2, .02);
  EXPECT_LT(got.figures[6].interval->low, .1);
  EXPECT_GT(got.figures[6].interval->high, .1);
}

TEST(Propagation, EqualsScipy) {
  // scipy.stats: linregress(x, y).slope, pearsonr, spearmanr; 3.5 stands twice.
  const std::vector<TrainedRun> runs{{"1", 1, 1.1}, {"2", 2, 1.9}, {"3", 3, 3.5},
                                     {"4", 4, 3.5}, {"5", 5, 4.8}, {"6", 6, 7}};
  const Propagation got = propagation(runs, {.draws = 200}).value();
  EXPECT_NEAR(got.figures[0].value, 1.0914285714285716, 1e-12);
  EXPECT_NEAR(got.figures[1].value, 0.9700515228633924, 1e-12);
  EXPECT_NEAR(got.figures[2].value, 0.9856107606091623, 1e-12);
  EXPECT_TRUE(got.figures[0].interval);
}

TEST(Propagation, RefusesWhatHasNoSlope) {
  EXPECT_FALSE(propagation(std::vector<TrainedRun>{{"1", 1, 1}, {"2", 2, 2}}));
  EXPECT_FALSE(propagation(std::vector<TrainedRun>{{"1", 1, 1}, {"2", 1, 2}, {"3", 1, 3}}));
  EXPECT_EQ(propagation(std::vector<TrainedRun>{{"1", 1, 1}, {"x", std::nan(""), 2}, {"3", 1, 3}}).error().message,
            "run \"x\": a bias is not a finite number");
}

}  // namespace
}  // namespace vultus::audit
