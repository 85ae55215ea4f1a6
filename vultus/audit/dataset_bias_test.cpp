// Known answers of data set bias, and what induction promises.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include <vultus/audit/dataset_bias.hpp>

namespace vultus::audit {
namespace {

using evaluation::Table;
using evaluation::TableRow;

TEST(Representation, EqualsTheKnownAnswers) {
  // Shares .7, .2, .1: exp(H) = 2.229592, bias .385204.
  const Representation got = representation({70, 20, 10}).value();
  EXPECT_NEAR(got.effective_groups, 2.229592, 5e-7);
  EXPECT_NEAR(got.bias, .385204, 5e-7);
  EXPECT_NEAR(got.imbalance, 7, 1e-12);
  EXPECT_NEAR(representation({5, 5, 5, 5}).value().bias, 0, 1e-12);
  EXPECT_FALSE(representation({5}));
  EXPECT_FALSE(representation({5, 0}));
}

/// Counts of each group (a, b, c) and class (x, y).
Table table_of(const std::vector<std::vector<int>>& counts) {
  std::vector<TableRow> rows;
  for (std::size_t g = 0; g < counts.size(); ++g)
    for (std::size_t c = 0; c < counts[g].size(); ++c)
      for (int i = 0; i < counts[g][c]; ++i)
        rows.push_back({rows.size() + 2, {std::string(1, static_cast<char>('a' + g)), c == 0 ? "x" : "y"}});
  return Table::of("d.csv", {"group", "label"}, rows).value();
}

TEST(DatasetBias, EqualsTheKnownAnswerOfTheSquareTable) {
  const DatasetBias got = dataset_bias(table_of({{30, 10}, {10, 30}}), "group", "label").value();
  EXPECT_NEAR(got.stereotypical->cramers_v, .5, 1e-12);
  EXPECT_NEAR(got.stereotypical->nmi, .188722, 5e-7);
  EXPECT_NEAR(got.representational.bias, 0, 1e-12);
  // Cell (a, x): p = 3/8 where independence gives 1/4: log(3/2) / -log(3/8).
  EXPECT_NEAR(got.pointwise[0][0], std::log(1.5) / -std::log(.375), 1e-12);
  EXPECT_FALSE(dataset_bias(table_of({{30, 10}, {10, 30}}), "group", "").value().stereotypical);
}

TEST(Induce, KeepsTheTotalOfEveryClassAtEveryFraction) {
  const Table table = table_of({{60, 50}, {70, 40}, {90, 45}});
  for (const BiasKind kind : {BiasKind::representational, BiasKind::stereotypical})
    for (int tenth = 0; tenth <= 10; ++tenth) {
      const InducePlan plan{.kind = kind,
                            .group_column = "group",
                            .label_column = "label",
                            .group = "b",
                            .classes = {"x"},
                            .fraction = tenth / 10.0};
      const Induced got = induce(table, plan).value();
      // Representational: at 1 all come from b: 40 of class y. Stereotypical: x gives min(70, 2 * 60), y 3 * 40.
      EXPECT_EQ(got.per_class, kind == BiasKind::representational ? 40 : 70);
      for (std::size_t c = 0; c < 2; ++c) {
        std::uint64_t total = 0;
        for (std::size_t g = 0; g < 3; ++g) total += got.table[g][c];
        EXPECT_EQ(total, static_cast<std::uint64_t>(got.per_class));
      }
      EXPECT_EQ(got.table[1][0],
                static_cast<std::uint64_t>(std::llround(tenth / 10.0 * static_cast<double>(got.per_class))));
      EXPECT_EQ(std::set<std::size_t>(got.rows.begin(), got.rows.end()).size(), got.rows.size()) << "no row twice";
      std::uint64_t of_b = 0;
      for (const std::size_t row : got.rows) of_b += table.at(row, 0) == "b" && table.at(row, 1) == "x" ? 1 : 0;
      EXPECT_EQ(of_b, got.table[1][0]);
      if (kind == BiasKind::stereotypical) {
        EXPECT_NEAR(static_cast<double>(got.table[1][1]), 70 / 3.0, 1);
      }
    }
}

TEST(Induce, NamesTheCellThatIsTooSmall) {
  const Table table = table_of({{6, 5}, {7, 4}});
  InducePlan plan{.group_column = "group", .label_column = "label", .group = "a", .fraction = .5, .per_class = 10};
  EXPECT_EQ(induce(table, plan).error().message, "b, y: 4 samples, 5 are needed");
  plan.group = "z";
  EXPECT_EQ(induce(table, plan).error().message, "column \"group\" has no \"z\"; there are: a, b");
  plan.group = "a";
  plan.fraction = 1.5;
  EXPECT_FALSE(induce(table, plan));
  plan.fraction = .5;
  plan.kind = BiasKind::stereotypical;
  EXPECT_FALSE(induce(table, plan)) << "no classes";
}

TEST(Induce, IsTheSameForTheSameSeedAlone) {
  const Table table = table_of({{60, 50}, {70, 40}});
  InducePlan plan{.group_column = "group", .label_column = "label", .group = "a", .fraction = .5};
  const auto first = induce(table, plan).value().rows;
  EXPECT_EQ(first, induce(table, plan).value().rows);
  plan.seed = 2;
  EXPECT_NE(first, induce(table, plan).value().rows);
}

}  // namespace
}  // namespace vultus::audit
