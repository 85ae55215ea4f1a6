// The published predictions of Biased Heritage, where the data folder is there: every metric to the sixth digit.
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <vultus/audit/model_bias.hpp>
#include <vultus/audit/propagation.hpp>

namespace vultus::audit {
namespace {

std::filesystem::path tables_folder() {
  const char* named = std::getenv("VULTUS_SHARED");
  const std::filesystem::path shared =
      named != nullptr ? std::filesystem::path(named) : std::filesystem::path(VULTUS_SOURCE_DIR) / ".." / "shared";
  return shared / "data" / "fairness_tables";
}

/// These files have no quotes.
evaluation::Table read(const std::string& run) {
  std::ifstream file(tables_folder() / (run + ".csv"));
  std::vector<std::string> columns;
  std::vector<evaluation::TableRow> rows;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    if (++number == 1)
      columns = fields;
    else
      rows.push_back({number, fields});
  }
  return evaluation::Table::of(run, columns, rows).value();
}

ModelAuditOptions gender() { return {.axis = "gender", .only = {}, .classes = {}, .bootstrap = {.draws = 100}}; }

/// Without the two groups that have next to nobody.
ModelAuditOptions race() {
  return {.axis = "race",
          .only = {"White", "Latino_Hispanic", "Black", "Middle Eastern", "East Asian"},
          .classes = {},
          .bootstrap = {.draws = 100}};
}

struct Known {
  const char* run;
  bool by_race;
  double error, od, cev, sde, tteqodds, ceqodds, eqopp, dempar;
};

// Table of the audit methods, section 1; the same formulas in NumPy give the same digits.
constexpr std::array<Known, 6> kKnown{
    {{"stereo-happy-f0.0-r0", false, .512615, .209459, .206704, .407758, .062955, .109180, .154059, .375203},
     {"stereo-happy-f0.5-r0", false, .448394, .086749, .013880, .110187, .020329, .027531, .044898, .062574},
     {"stereo-happy-f1.0-r0", false, .463303, .214404, .349921, .504096, .059517, .104119, .149103, .364672},
     {"representational-f0.0-r0", false, .471617, .169271, .055737, .251717, .036338, .053808, .080431, .187387},
     {"representational-f1.0-r0", false, .453842, .152319, .069724, .268278, .032040, .055803, .078732, .118537},
     {"stereo-h-white-f1.0-r0", true, .559252, .278839, .508238, .579636, .127347, .171184, .233789, .596830}}};

TEST(PublishedTables, AreRecomputedDigitByDigit) {
  if (!std::filesystem::exists(tables_folder()))
    GTEST_SKIP() << "no ../shared/data/fairness_tables (set VULTUS_SHARED)";
  for (const Known& known : kKnown) {
    const ModelAudit got = audit_model(read(known.run), known.by_race ? race() : gender()).value();
    EXPECT_EQ(got.rows, known.by_race ? 3367 : 3488);
    const std::array want{known.error,    known.od,      known.cev,   known.sde,
                          known.tteqodds, known.ceqodds, known.eqopp, known.dempar};
    ASSERT_EQ(got.figures.size(), want.size());
    for (std::size_t i = 0; i < got.figures.size(); ++i)
      EXPECT_NEAR(got.figures[i].value, want.at(i), 5e-7) << known.run << " " << got.figures[i].name;
  }
}

TEST(PublishedTables, CountGroupsAsTheDataCardDoes) {
  if (!std::filesystem::exists(tables_folder()))
    GTEST_SKIP() << "no ../shared/data/fairness_tables (set VULTUS_SHARED)";
  const ModelAudit got = audit_model(read("stereo-happy-f0.0-r0"), gender()).value();
  ASSERT_EQ(got.groups.size(), 2U);
  EXPECT_EQ(got.groups[0].members, 1599);  // Female
  EXPECT_EQ(got.groups[1].members, 1889);  // Male
  for (const auto& figure : got.figures) EXPECT_TRUE(figure.interval) << figure.name;
  // All seven groups: some cells are small, and the audit says so.
  ModelAuditOptions all = race();
  all.only.clear();
  const auto seven = audit_model(read("stereo-h-white-f1.0-r0"), all);
  if (seven) {
    EXPECT_FALSE(seven->small_cells.empty());
  } else {
    EXPECT_NE(seven.error().message.find("has no sample of class"), std::string::npos);
  }
}

TEST(PublishedTables, StereotypicalBiasPropagatesMoreThanRepresentational) {
  if (!std::filesystem::exists(tables_folder()))
    GTEST_SKIP() << "no ../shared/data/fairness_tables (set VULTUS_SHARED)";
  const auto slope = [](const std::string& kind) {
    std::vector<TrainedRun> runs;
    for (int tenth = 0; tenth <= 10; ++tenth) {
      const std::string f = tenth == 10 ? "1.0" : "0." + std::to_string(tenth);
      const ModelAudit audit = audit_model(read(kind + "-f" + f + "-r0"), gender()).value();
      runs.push_back({f, std::abs(tenth / 10.0 - .5) * 2, audit.figures[6].value});  // EqOpp
    }
    return propagation(runs, {.draws = 100}).value().figures;
  };
  const auto stereotypical = slope("stereo-happy");
  const auto representational = slope("representational");
  EXPECT_GT(stereotypical[0].value, representational[0].value);
  // scipy.stats.linregress, pearsonr and spearmanr on metrics reckoned in NumPy.
  EXPECT_NEAR(stereotypical[0].value, 0.10600159558511393, 1e-9);
  EXPECT_NEAR(stereotypical[1].value, 0.7979366781493119, 1e-9);
  EXPECT_NEAR(stereotypical[2].value, 0.8558554079181089, 1e-9);
  EXPECT_NEAR(representational[0].value, 0.042322001136658155, 1e-9);
}

}  // namespace
}  // namespace vultus::audit
